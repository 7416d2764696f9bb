#include <stdlib.h>

#include "report/eval_print.h"
#include "json/json.h"

void
eval_print_curves(const struct eval_report *report, struct buf *to)
{
	struct buf shown = {0};
	size_t c;
	int t, r;

	buf_puts(to, "category\tiou\trecall\tprecision\n");
	for (c = 0; c < report->totals->categories; c++) {
		buf_reset(&shown);
		eval_print_name(report, c, &shown);
		for (t = 0; t < EVAL_THRESHOLDS; t++) {
			const double *curve =
				eval_score_curve(report->totals->score, c, t);

			for (r = 0; curve && r < EVAL_RECALLS; r++) {
				buf_printf(to, "%s\t%.2f\t%.2f\t",
					   buf_cstr(&shown), eval_thresholds[t],
					   r / (EVAL_RECALLS - 1.0));
				json_put_double(to, curve[r]);
				buf_putc(to, '\n');
			}
		}
	}
	buf_release(&shown);
}

enum { SVG_SIDE = 400, SVG_MARGIN = 50 };

/* The mean over categories of the precision at a recall. */
static double
mean_precision(const struct eval_report *report, int t, int r)
{
	double sum = 0;
	size_t c, count = 0;

	for (c = 0; c < report->totals->categories; c++) {
		const double *curve =
			eval_score_curve(report->totals->score, c, t);

		sum += curve ? curve[r] : 0;
		count += curve != NULL;
	}
	return count ? sum / (double)count : 0;
}

static void
put_curve(const struct eval_report *report, int t, struct buf *to)
{
	int r;

	buf_printf(to,
		   "<polyline fill=\"none\" stroke=\"hsl(%d 70%% 45%%)\" "
		   "points=\"",
		   t * 30);
	for (r = 0; r < EVAL_RECALLS; r++)
		buf_printf(to, "%s%.1f,%.1f", r ? " " : "",
			   SVG_MARGIN + SVG_SIDE * (r / (EVAL_RECALLS - 1.0)),
			   SVG_MARGIN + SVG_SIDE * (1 - mean_precision(report,
								       t, r)));
	buf_printf(to, "\"><title>IoU %.2f</title></polyline>\n",
		   eval_thresholds[t]);
	buf_printf(to,
		   "<text x=\"%d\" y=\"%d\" fill=\"hsl(%d 70%% 45%%)\">%.2f"
		   "</text>\n",
		   SVG_MARGIN + SVG_SIDE + 10, SVG_MARGIN + 12 + 18 * t, t * 30,
		   eval_thresholds[t]);
}

void
eval_print_svg(const struct eval_report *report, struct buf *to)
{
	const int side = SVG_SIDE + 2 * SVG_MARGIN;
	int i, t;

	buf_printf(to,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d "
		   "%d\" font-family=\"sans-serif\" font-size=\"12\">\n"
		   "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
		   side, side);
	for (i = 0; i <= 10; i += 2) {
		const int at = SVG_MARGIN + SVG_SIDE * i / 10;

		buf_printf(to,
			   "<path d=\"M%d %dV%dM%d %dH%d\" stroke=\"#ddd\"/>\n"
			   "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">"
			   "%.1f</text>\n<text x=\"%d\" y=\"%d\" "
			   "text-anchor=\"end\">%.1f</text>\n",
			   at, SVG_MARGIN, SVG_MARGIN + SVG_SIDE, SVG_MARGIN,
			   at, SVG_MARGIN + SVG_SIDE, at,
			   SVG_MARGIN + SVG_SIDE + 18, i / 10.0, SVG_MARGIN - 6,
			   at + 4, 1 - i / 10.0);
	}
	buf_printf(to,
		   "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">recall"
		   "</text>\n<text x=\"%d\" y=\"%d\">precision (%s), by IoU"
		   "</text>\n",
		   side / 2, side - 10, SVG_MARGIN, SVG_MARGIN - 16,
		   eval_iou_names[report->iou]);
	for (t = 0; t < EVAL_THRESHOLDS; t++)
		put_curve(report, t, to);
	buf_puts(to, "</svg>\n");
}
