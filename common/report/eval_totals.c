#include "report/eval_totals.h"

#include <stdlib.h>

static struct eval_totals
make_totals(size_t categories, struct eval_score *score)
{
	return (struct eval_totals){
		.categories = categories,
		.score = score,
		.quality = xcalloc(categories + 1, sizeof(struct eval_quality)),
	};
}

struct eval_totals
eval_totals_make(size_t categories, const unsigned most[EVAL_MOST])
{
	return make_totals(categories, eval_score_open(categories, most));
}

struct eval_totals
eval_totals_like(const struct eval_totals *totals)
{
	return make_totals(totals->categories, eval_score_like(totals->score));
}

void
eval_totals_release(struct eval_totals *totals)
{
	eval_score_close(totals->score);
	free(totals->quality);
	free(totals->confusion);
	*totals = (struct eval_totals){0};
}

/* Room for pixels of each category and of each other one. */
static void
reserve_pixels(struct eval_totals *totals)
{
	const size_t side = totals->categories + 1;

	if (!totals->confusion)
		totals->confusion = xcalloc(side * side, sizeof(uint64_t));
}

static void
merge_pixels(struct eval_totals *totals, const struct eval_totals *later)
{
	const size_t side = totals->categories + 1;

	if (!later->confusion)
		return;
	reserve_pixels(totals);
	for (size_t i = 0; i < side * side; i++)
		totals->confusion[i] += later->confusion[i];
}

void
eval_totals_merge(struct eval_totals *totals, const struct eval_totals *later)
{
	size_t i;

	eval_score_merge(totals->score, later->score);
	for (i = 0; i < totals->categories; i++) {
		struct eval_quality *sum = &totals->quality[i];
		const struct eval_quality *more = &later->quality[i];

		sum->iou += more->iou;
		sum->matched += more->matched;
		sum->false_positive += more->false_positive;
		sum->false_negative += more->false_negative;
	}
	merge_pixels(totals, later);
	totals->images += later->images;
}

static void
grow_pixels(struct eval_totals *totals, size_t categories)
{
	const size_t old = totals->categories, side = categories + 1;
	uint64_t *confusion;
	size_t t, p;

	if (!totals->confusion)
		return;
	confusion = xcalloc(side * side, sizeof(*confusion));
	for (t = 0; t <= old; t++)
		for (p = 0; p <= old; p++)
			confusion[(t == old ? categories : t) * side +
				  (p == old ? categories : p)] =
				totals->confusion[t * (old + 1) + p];
	free(totals->confusion);
	totals->confusion = confusion;
}

void
eval_totals_grow(struct eval_totals *totals, size_t categories)
{
	const size_t old = totals->categories, side = categories + 1;

	if (categories <= old)
		return;
	grow_pixels(totals, categories);
	totals->quality =
		xreallocarray(totals->quality, side, sizeof(*totals->quality));
	for (size_t t = old; t < side; t++)
		totals->quality[t] = (struct eval_quality){0};
	eval_score_grow(totals->score, categories);
	totals->categories = categories;
}

void
eval_totals_add_pixels(struct eval_totals *totals,
		       const struct eval_scene *scene)
{
	const size_t none = totals->categories, side = none + 1;

	reserve_pixels(totals);
	for (size_t i = 0; i < scene->common_count; i++) {
		const struct eval_common *common = &scene->common[i];
		const size_t truth =
			common->truth == EVAL_VOID
				? none
				: scene->truths[common->truth].category;
		const size_t prediction =
			common->prediction == EVAL_VOID
				? none
				: scene->predictions[common->prediction]
					  .category;

		totals->confusion[truth * side + prediction] += common->pixels;
	}
}

uint64_t
eval_totals_pixels(const struct eval_totals *totals, size_t truth,
		   size_t prediction)
{
	const size_t side = totals->categories + 1;

	return totals->confusion ? totals->confusion[truth * side + prediction]
				 : 0;
}

/* Sums of a row (true pixels) and a column (predicted ones) of a category. */
static void
sum_category(const struct eval_totals *totals, size_t category, uint64_t *row,
	     uint64_t *column)
{
	const size_t side = totals->categories + 1;

	*row = *column = 0;
	for (size_t i = 0; i < side; i++) {
		*row += eval_totals_pixels(totals, category, i);
		*column += eval_totals_pixels(totals, i, category);
	}
}

/* Predictions on pixels that the truth leaves void count against nobody. */
double
eval_totals_iou(const struct eval_totals *totals, size_t category)
{
	const size_t none = totals->categories;
	const uint64_t right = eval_totals_pixels(totals, category, category);
	uint64_t row, column, all;

	sum_category(totals, category, &row, &column);
	column -= eval_totals_pixels(totals, none, category);
	all = row + column - right;
	return all ? (double)right / (double)all : -1;
}

struct eval_pixel_means
eval_totals_pixel_means(const struct eval_totals *totals)
{
	const size_t none = totals->categories, side = none + 1;
	double right = 0, labelled = 0, all = 0, same = 0, chance = 0;
	double iou = 0;
	size_t c, occurring = 0;

	for (c = 0; c < side; c++) {
		uint64_t row, column;
		const double hit = (double)eval_totals_pixels(totals, c, c);

		sum_category(totals, c, &row, &column);
		same += hit;
		all += (double)row;
		chance += (double)row * (double)column;
		if (c == none)
			break;
		right += hit;
		labelled += (double)row;
		if (eval_totals_iou(totals, c) >= 0) {
			iou += eval_totals_iou(totals, c);
			occurring++;
		}
	}
	chance = all > 0 ? chance / (all * all) : 1;
	return (struct eval_pixel_means){
		.accuracy = labelled > 0 ? right / labelled : -1,
		.iou = occurring ? iou / (double)occurring : -1,
		.kappa = chance < 1 ? (same / all - chance) / (1 - chance) : 1,
	};
}
