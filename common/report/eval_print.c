#include "report/eval_print.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "json/json.h"

/* A line of COCO's summary. */
struct figure {
	const char *name; /* in JSON */
	bool recall;
	int threshold; /* EVAL_ALL or one */
	int range, most;
};

static const struct figure of_masks[] = {
	{"AP", false, EVAL_ALL, 0, 2},   {"AP50", false, 0, 0, 2},
	{"AP75", false, 5, 0, 2},        {"APs", false, EVAL_ALL, 1, 2},
	{"APm", false, EVAL_ALL, 2, 2},  {"APl", false, EVAL_ALL, 3, 2},
	{"AR1", true, EVAL_ALL, 0, 0},   {"AR10", true, EVAL_ALL, 0, 1},
	{"AR100", true, EVAL_ALL, 0, 2}, {"ARs", true, EVAL_ALL, 1, 2},
	{"ARm", true, EVAL_ALL, 2, 2},   {"ARl", true, EVAL_ALL, 3, 2},
};

static const struct figure of_keypoints[] = {
	{"AP", false, EVAL_ALL, 0, 2},  {"AP50", false, 0, 0, 2},
	{"AP75", false, 5, 0, 2},       {"APm", false, EVAL_ALL, 2, 2},
	{"APl", false, EVAL_ALL, 3, 2}, {"AR", true, EVAL_ALL, 0, 2},
	{"AR50", true, 0, 0, 2},        {"AR75", true, 5, 0, 2},
	{"ARm", true, EVAL_ALL, 2, 2},  {"ARl", true, EVAL_ALL, 3, 2},
};

const char *const eval_iou_names[] = {"bbox",     "segm",     "keypoints",
				      "panoptic", "semantic", NULL};

static const char *const range_names[] = {"all", "small", "medium", "large"};

static const struct figure *
figures(const struct eval_report *report, size_t *count)
{
	*count = report->iou == EVAL_KEYPOINTS
			 ? sizeof(of_keypoints) / sizeof(*of_keypoints)
			 : sizeof(of_masks) / sizeof(*of_masks);
	return report->iou == EVAL_KEYPOINTS ? of_keypoints : of_masks;
}

static double
value_of(const struct eval_report *report, const struct figure *figure,
	 int category)
{
	return (figure->recall
			? eval_score_recall
			: eval_score_precision)(report->totals->score, category,
						figure->threshold,
						figure->range, figure->most);
}

/* Two spaces and right-aligned names are COCO's own form of these lines. */
static void
put_summary(const struct eval_report *report, struct buf *to)
{
	size_t count, i;
	const struct figure *list = figures(report, &count);

	for (i = 0; i < count; i++) {
		const struct figure *f = &list[i];
		char iou[16];

		if (f->threshold == EVAL_ALL)
			strcpy(iou, "0.50:0.95");
		else
			snprintf(iou, sizeof(iou), "%.2f",
				 eval_thresholds[f->threshold]);
		buf_printf(to,
			   " %-18s %s @[ IoU=%-9s | area=%6s | maxDets=%3u ] "
			   "= %.3f\n",
			   f->recall ? "Average Recall" : "Average Precision",
			   f->recall ? "(AR)" : "(AP)", iou,
			   range_names[f->range], report->most[f->most],
			   value_of(report, f, EVAL_ALL));
	}
}

/* A category that nothing is known of tells nothing. */
static bool
is_empty(const struct eval_report *report, size_t category)
{
	return !eval_score_truths(report->totals->score, category) &&
	       !eval_score_predictions(report->totals->score, category);
}

void
eval_print_name(const struct eval_report *report, size_t category,
		struct buf *to)
{
	struct buf name = {0};
	bool stuff;

	report->category(report->context, category, &name, &stuff);
	diag_escape(to, buf_view(&name));
	buf_release(&name);
}

void
eval_print_category(const struct eval_report *report, size_t category,
		    struct buf *to)
{
	struct buf name = {0};
	bool stuff;

	buf_printf(to, ",\"id\":%lld,\"category\":",
		   (long long)report->category(report->context, category, &name,
					       &stuff));
	json_put_string(to, buf_view(&name));
	buf_release(&name);
}

/* Whose figures follow, where they are not of all. */
static void
put_heading(const struct eval_report *report, struct buf *to)
{
	if (!report->group.n || report->agree)
		return;
	buf_puts(to, "\n== ");
	diag_escape(to, report->group);
	buf_putc(to, '\n');
}

void
eval_print_group(const struct eval_report *report, struct buf *to)
{
	if (!report->group.n)
		return;
	buf_puts(to, ",\"group\":");
	json_put_string(to, report->group);
}

void
eval_print_text(const struct eval_report *report, struct buf *to)
{
	size_t c;

	put_heading(report, to);
	if (report->iou >= EVAL_PANOPTIC) {
		eval_print_pixels_text(report, to);
		return;
	}
	put_summary(report, to);
	buf_printf(to, "\n%8s %8s %8s %8s %8s  %s\n", "AP", "AP50", "AP75",
		   "true", "found", "category");
	for (c = 0; c < report->totals->categories; c++) {
		if (is_empty(report, c))
			continue;
		buf_printf(to, "%8.3f %8.3f %8.3f %8llu %8llu  ",
			   value_of(report, &of_masks[0], (int)c),
			   value_of(report, &of_masks[1], (int)c),
			   value_of(report, &of_masks[2], (int)c),
			   (unsigned long long)
				   eval_score_truths(report->totals->score, c),
			   (unsigned long long)eval_score_predictions(
				   report->totals->score, c));
		eval_print_name(report, c, to);
		buf_putc(to, '\n');
	}
}

void
eval_print_number(struct buf *to, double number)
{
	if (number < 0)
		buf_puts(to, "null");
	else
		json_put_double(to, number);
}

static void
put_figures(const struct eval_report *report, int category, struct buf *to)
{
	size_t count, i;
	const struct figure *list = figures(report, &count);

	for (i = 0; i < count; i++) {
		buf_printf(to, ",\"%s\":", list[i].name);
		eval_print_number(to, value_of(report, &list[i], category));
	}
	buf_puts(to, "}\n");
}

void
eval_print_ndjson(const struct eval_report *report, struct buf *to)
{
	const char *iou = eval_iou_names[report->iou];
	size_t c;

	if (report->iou >= EVAL_PANOPTIC) {
		eval_print_pixels_ndjson(report, to);
		return;
	}
	buf_printf(to, "{\"eval\":\"coco\",\"iou\":\"%s\",\"images\":%llu", iou,
		   (unsigned long long)report->totals->images);
	eval_print_group(report, to);
	put_figures(report, EVAL_ALL, to);
	for (c = 0; c < report->totals->categories; c++) {
		if (is_empty(report, c))
			continue;
		buf_printf(to, "{\"eval\":\"category\",\"iou\":\"%s\"", iou);
		eval_print_group(report, to);
		eval_print_category(report, c, to);
		buf_printf(to, ",\"true\":%llu,\"found\":%llu",
			   (unsigned long long)
				   eval_score_truths(report->totals->score, c),
			   (unsigned long long)eval_score_predictions(
				   report->totals->score, c));
		put_figures(report, (int)c, to);
	}
}

/* A list of ids: of pairs, of predictions alone, or of true ones alone. */
static void
put_ids(const struct eval_image *image, bool truth, bool prediction,
	struct buf *to)
{
	size_t i, count = 0;

	for (i = 0; i < image->pair_count; i++) {
		const struct eval_pair *pair = &image->pairs[i];

		if (pair->has_truth != truth ||
		    pair->has_prediction != prediction)
			continue;
		buf_puts(to, count++ ? "," : "");
		if (!truth || !prediction) {
			buf_int(to, truth ? pair->truth : pair->prediction);
			continue;
		}
		buf_putc(to, '[');
		buf_int(to, pair->truth);
		buf_putc(to, ',');
		buf_int(to, pair->prediction);
		buf_putc(to, ',');
		json_put_double(to, pair->iou);
		buf_putc(to, ']');
	}
}

double
eval_image_quality(const struct eval_image *image)
{
	double sum = 0;
	size_t i, paired = 0;

	for (i = 0; i < image->pair_count; i++) {
		const struct eval_pair *pair = &image->pairs[i];

		if (!pair->has_truth || !pair->has_prediction)
			continue;
		sum += pair->iou;
		paired++;
	}
	return image->pair_count
		       ? 2 * sum / (double)(image->pair_count + paired)
		       : 1;
}

void
eval_print_image(const struct eval_image *image, struct slice head,
		 struct buf *to)
{
	buf_slice(to, head);
	buf_puts(to, ",\"quality\":");
	json_put_double(to, eval_image_quality(image));
	buf_puts(to, ",\"pairs\":[");
	put_ids(image, true, true, to);
	buf_puts(to, "],\"fp\":[");
	put_ids(image, false, true, to);
	buf_puts(to, "],\"fn\":[");
	put_ids(image, true, false, to);
	buf_puts(to, "]}\n");
}
