/* What is told of pixels: panoptic quality, and the confusion of categories. */
#include "base/diag.h"
#include "report/eval_print.h"
#include "json/json.h"

/* Which categories a mean is taken over. */
enum category_scope { ALL, THINGS, STUFF };

static const char *const kind_names[] = {"all", "things", "stuff"};

static bool
is_of_kind(const struct eval_report *report, size_t category,
	   enum category_scope kind)
{
	struct buf name = {0};
	bool stuff = false;

	report->category(report->context, category, &name, &stuff);
	buf_release(&name);
	return kind == ALL || stuff == (kind == STUFF);
}

/* The mean over categories that occur; their number. */
static size_t
mean_quality(const struct eval_report *report, enum category_scope kind,
	     struct eval_quality_means *mean)
{
	struct eval_quality_means sum = {0, 0, 0};
	size_t c, count = 0;

	for (c = 0; c < report->totals->categories; c++) {
		const struct eval_quality_means one =
			eval_quality_mean(&report->totals->quality[c]);

		if (one.pq < 0 || !is_of_kind(report, c, kind))
			continue;
		sum.pq += one.pq;
		sum.sq += one.sq;
		sum.rq += one.rq;
		count++;
	}
	*mean = (struct eval_quality_means){-1, -1, -1};
	if (count)
		*mean = (struct eval_quality_means){sum.pq / (double)count,
						    sum.sq / (double)count,
						    sum.rq / (double)count};
	return count;
}

static void
put_panoptic_text(const struct eval_report *report, struct buf *to)
{
	struct eval_quality_means mean;
	int kind;
	size_t c;

	buf_printf(to, "%8s %8s %8s %10s  %s\n", "PQ", "SQ", "RQ", "categories",
		   "");
	for (kind = ALL; kind <= STUFF; kind++) {
		const size_t count =
			mean_quality(report, (enum category_scope)kind, &mean);

		buf_printf(to, "%8.3f %8.3f %8.3f %10zu  %s\n", mean.pq,
			   mean.sq, mean.rq, count, kind_names[kind]);
	}
	buf_printf(to, "\n%8s %8s %8s %8s %8s %8s  %s\n", "PQ", "SQ", "RQ",
		   "matched", "false", "missed", "category");
	for (c = 0; c < report->totals->categories; c++) {
		const struct eval_quality *q = &report->totals->quality[c];

		mean = eval_quality_mean(q);
		if (mean.pq < 0)
			continue;
		buf_printf(to, "%8.3f %8.3f %8.3f %8llu %8llu %8llu  ", mean.pq,
			   mean.sq, mean.rq, (unsigned long long)q->matched,
			   (unsigned long long)q->false_positive,
			   (unsigned long long)q->false_negative);
		eval_print_name(report, c, to);
		buf_putc(to, '\n');
	}
}

static void
put_semantic_text(const struct eval_report *report, struct buf *to)
{
	const struct eval_pixel_means means =
		eval_totals_pixel_means(report->totals);
	size_t c;

	buf_printf(to,
		   "%8.3f  mean IoU\n%8.3f  pixel accuracy\n%8.3f  kappa\n\n"
		   "%8s  %s\n",
		   means.iou, means.accuracy, means.kappa, "IoU", "category");
	for (c = 0; c < report->totals->categories; c++) {
		const double iou = eval_totals_iou(report->totals, c);

		if (iou < 0)
			continue;
		buf_printf(to, "%8.3f  ", iou);
		eval_print_name(report, c, to);
		buf_putc(to, '\n');
	}
}

static void
put_member(const char *key, double number, struct buf *to)
{
	buf_printf(to, ",\"%s\":", key);
	eval_print_number(to, number);
}

/* What two labellers have in common. */
struct agreement {
	uint64_t matched, objects; /* of both together */
	double share, iou, kappa;  /* -1 where there is nothing */
};

static struct agreement
agreement_of(const struct eval_totals *totals)
{
	struct agreement agreement = {.share = -1, .iou = -1};
	double iou = 0;

	for (size_t c = 0; c < totals->categories; c++) {
		const struct eval_quality *q = &totals->quality[c];

		agreement.matched += q->matched;
		agreement.objects +=
			2 * q->matched + q->false_positive + q->false_negative;
		iou += q->iou;
	}
	if (agreement.objects)
		agreement.share = 2 * (double)agreement.matched /
				  (double)agreement.objects;
	if (agreement.matched)
		agreement.iou = iou / (double)agreement.matched;
	agreement.kappa = eval_totals_pixel_means(totals).kappa;
	return agreement;
}

static void
put_agreement_text(const struct eval_report *report, struct buf *to)
{
	const struct agreement a = agreement_of(report->totals);

	if (!report->group.n)
		buf_printf(to, "%8s %8s %8s %8s  %s\n", "images", "matched",
			   "IoU", "kappa", "labellers");
	buf_printf(to, "%8llu %8.3f %8.3f %8.3f  ",
		   (unsigned long long)report->totals->images, a.share, a.iou,
		   a.kappa);
	if (report->group.n)
		diag_escape(to, report->group);
	else
		buf_puts(to, "all");
	buf_putc(to, '\n');
}

static void
put_agreement(const struct eval_report *report, struct buf *to)
{
	const struct agreement a = agreement_of(report->totals);

	buf_printf(to, "{\"eval\":\"agreement\",\"images\":%llu",
		   (unsigned long long)report->totals->images);
	eval_print_group(report, to);
	put_member("matched", a.share, to);
	put_member("iou", a.iou, to);
	put_member("kappa", a.kappa, to);
	buf_puts(to, "}\n");
}

void
eval_print_pixels_text(const struct eval_report *report, struct buf *to)
{
	if (report->agree)
		put_agreement_text(report, to);
	else if (report->iou == EVAL_PANOPTIC)
		put_panoptic_text(report, to);
	else
		put_semantic_text(report, to);
}

static void
put_quality(const struct eval_quality_means *mean, struct buf *to)
{
	put_member("pq", mean->pq, to);
	put_member("sq", mean->sq, to);
	put_member("rq", mean->rq, to);
}

static void
put_panoptic(const struct eval_report *report, struct buf *to)
{
	struct eval_quality_means mean;
	int kind;
	size_t c;

	for (kind = ALL; kind <= STUFF; kind++) {
		buf_printf(to,
			   "{\"eval\":\"panoptic\",\"of\":\"%s\","
			   "\"images\":%llu,\"categories\":%zu",
			   kind_names[kind],
			   (unsigned long long)report->totals->images,
			   mean_quality(report, (enum category_scope)kind,
					&mean));
		eval_print_group(report, to);
		put_quality(&mean, to);
		buf_puts(to, "}\n");
	}
	for (c = 0; c < report->totals->categories; c++) {
		const struct eval_quality *q = &report->totals->quality[c];

		mean = eval_quality_mean(q);
		if (mean.pq < 0)
			continue;
		buf_puts(to, "{\"eval\":\"category\",\"iou\":\"panoptic\"");
		eval_print_group(report, to);
		eval_print_category(report, c, to);
		put_quality(&mean, to);
		buf_printf(to, ",\"tp\":%llu,\"fp\":%llu,\"fn\":%llu}\n",
			   (unsigned long long)q->matched,
			   (unsigned long long)q->false_positive,
			   (unsigned long long)q->false_negative);
	}
}

/* The row of a true category: pixels by predicted one, the void last. */
static void
put_row(const struct eval_totals *totals, size_t category, struct buf *to)
{
	const size_t side = totals->categories + 1;

	buf_puts(to, ",\"pixels\":[");
	for (size_t i = 0; i < side; i++) {
		buf_puts(to, i ? "," : "");
		buf_uint(to, eval_totals_pixels(totals, category, i));
	}
	buf_putc(to, ']');
}

static void
put_semantic(const struct eval_report *report, struct buf *to)
{
	const struct eval_totals *totals = report->totals;
	const struct eval_pixel_means means = eval_totals_pixel_means(totals);
	size_t c;

	buf_printf(to, "{\"eval\":\"semantic\",\"images\":%llu",
		   (unsigned long long)totals->images);
	eval_print_group(report, to);
	put_member("miou", means.iou, to);
	put_member("accuracy", means.accuracy, to);
	put_member("kappa", means.kappa, to);
	put_row(totals, totals->categories, to);
	buf_puts(to, "}\n");
	for (c = 0; c < totals->categories; c++) {
		buf_puts(to, "{\"eval\":\"category\",\"iou\":\"semantic\"");
		eval_print_group(report, to);
		eval_print_category(report, c, to);
		put_member("iou_pixels", eval_totals_iou(totals, c), to);
		put_row(totals, c, to);
		buf_puts(to, "}\n");
	}
}

void
eval_print_pixels_ndjson(const struct eval_report *report, struct buf *to)
{
	if (report->agree)
		put_agreement(report, to);
	else if (report->iou == EVAL_PANOPTIC)
		put_panoptic(report, to);
	else
		put_semantic(report, to);
}
