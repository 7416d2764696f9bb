#include "report/eval_score.h"

#include <math.h>
#include <stdlib.h>

/* Of a category in a range of area, at each threshold and limit. */
struct table {
	double precision[EVAL_MOST][EVAL_THRESHOLDS][EVAL_RECALLS];
	double recall[EVAL_MOST][EVAL_THRESHOLDS];
	bool counts; /* it has true objects */
};

struct eval_score {
	size_t categories;
	unsigned most[EVAL_MOST];
	struct eval_hit *hits;
	size_t count, room;
	uint64_t (*truths)[EVAL_RANGES]; /* by category */
	struct table *tables;            /* categories x ranges */
	/* While one category is computed. */
	uint32_t *order;
	double *precision, *recall; /* after each prediction */
};

struct eval_score *
eval_score_open(size_t categories, const unsigned most[EVAL_MOST])
{
	struct eval_score *score = xcalloc(1, sizeof(*score));

	score->categories = categories;
	memcpy(score->most, most, sizeof(score->most));
	score->truths = xcalloc(categories + 1, sizeof(*score->truths));
	return score;
}

struct eval_score *
eval_score_like(const struct eval_score *score)
{
	return eval_score_open(score->categories, score->most);
}

void
eval_score_close(struct eval_score *score)
{
	if (!score)
		return;
	free(score->hits);
	free(score->truths);
	free(score->tables);
	free(score->order);
	free(score->precision);
	free(score->recall);
	free(score);
}

void
eval_score_grow(struct eval_score *score, size_t categories)
{
	if (categories <= score->categories)
		return;
	score->truths = xreallocarray(score->truths, categories + 1,
				      sizeof(*score->truths));
	for (size_t i = score->categories; i <= categories; i++)
		memset(score->truths[i], 0, sizeof(*score->truths));
	score->categories = categories;
}

static void
keep_hits(struct eval_score *score, const struct eval_hit *hits, size_t count)
{
	if (score->count + count > score->room) {
		score->room = score->room + score->room / 2 + count + 1024;
		score->hits = xreallocarray(score->hits, score->room,
					    sizeof(*score->hits));
	}
	if (count)
		memcpy(score->hits + score->count, hits, count * sizeof(*hits));
	score->count += count;
}

void
eval_score_add(struct eval_score *score, const struct eval_image *image)
{
	size_t i;
	int range;

	keep_hits(score, image->hits, image->hit_count);
	for (i = 0; i < image->truth_count; i++)
		for (range = 0; range < EVAL_RANGES; range++)
			score->truths[image->truths[i].category][range] +=
				image->truths[i].count[range];
}

void
eval_score_merge(struct eval_score *score, const struct eval_score *later)
{
	size_t category;
	int range;

	keep_hits(score, later->hits, later->count);
	for (category = 0; category < score->categories; category++)
		for (range = 0; range < EVAL_RANGES; range++)
			score->truths[category][range] +=
				later->truths[category][range];
}

uint64_t
eval_score_predictions(const struct eval_score *score, size_t category)
{
	uint64_t count = 0;

	for (size_t i = 0; i < score->count; i++)
		count += score->hits[i].category == category;
	return count;
}

uint64_t
eval_score_truths(const struct eval_score *score, size_t category)
{
	return score->truths[category][0];
}

static int
compare_hits(const void *left, const void *right, void *hits)
{
	const uint32_t i = *(const uint32_t *)left;
	const uint32_t j = *(const uint32_t *)right;
	const struct eval_hit *a = (const struct eval_hit *)hits + i;
	const struct eval_hit *b = (const struct eval_hit *)hits + j;

	if (a->category != b->category)
		return a->category < b->category ? -1 : 1;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return i < j ? -1 : i > j;
}

/* The recall that precision is taken at: numpy.linspace(0, 1, 101). */
static double
recall_at(int i)
{
	return i == EVAL_RECALLS - 1 ? 1 : i * (1.0 / (EVAL_RECALLS - 1));
}

/*
 * Precision and recall after each of the predictions, those that are ignored
 * left out of both, and their number. `order` has one category's.
 */
static size_t
walk_hits(struct eval_score *score, const uint32_t *order, size_t n, int range,
	  int most, int t)
{
	const double truths =
		(double)score->truths[score->hits[order[0]].category][range];
	double right = 0, wrong = 0;
	size_t i, count = 0;

	for (i = 0; i < n; i++) {
		const struct eval_hit *hit = &score->hits[order[i]];

		if (hit->rank >= score->most[most])
			continue;
		if (!(hit->ignored[range] >> t & 1)) {
			right += hit->matched[range] >> t & 1;
			wrong += !(hit->matched[range] >> t & 1);
		}
		score->recall[count] = right / truths;
		score->precision[count] = right / (wrong + right + 0x1p-52);
		count++;
	}
	return count;
}

/* Precision never falls towards lower recalls; taken at each of the 101. */
static void
sample_curve(struct eval_score *score, size_t count,
	     double precision[EVAL_RECALLS])
{
	size_t i, at = 0;
	int r;

	for (i = count; i-- > 1;)
		if (score->precision[i] > score->precision[i - 1])
			score->precision[i - 1] = score->precision[i];
	for (r = 0; r < EVAL_RECALLS; r++) {
		while (at < count && score->recall[at] < recall_at(r))
			at++;
		precision[r] = at < count ? score->precision[at] : 0;
	}
}

static void
fill_table(struct eval_score *score, const uint32_t *order, size_t n, int range,
	   struct table *table)
{
	int most, t;

	for (most = 0; n && most < EVAL_MOST; most++) {
		for (t = 0; t < EVAL_THRESHOLDS; t++) {
			const size_t count =
				walk_hits(score, order, n, range, most, t);

			table->recall[most][t] =
				count ? score->recall[count - 1] : 0;
			sample_curve(score, count, table->precision[most][t]);
		}
	}
}

void
eval_score_finish(struct eval_score *score)
{
	const size_t n = score->count;
	size_t category, from = 0, end, i;
	int range;

	score->order = xreallocarray(NULL, n, sizeof(*score->order));
	score->precision = xreallocarray(NULL, n, sizeof(*score->precision));
	score->recall = xreallocarray(NULL, n, sizeof(*score->recall));
	score->tables = xcalloc(score->categories * EVAL_RANGES + 1,
				sizeof(*score->tables));
	for (i = 0; i < n; i++)
		score->order[i] = (uint32_t)i;
	qsort_r(score->order, n, sizeof(*score->order), compare_hits,
		score->hits);
	for (category = 0; category < score->categories; category++) {
		for (end = from;
		     end < n &&
		     score->hits[score->order[end]].category == category;
		     end++)
			;
		for (range = 0; range < EVAL_RANGES; range++) {
			struct table *table =
				&score->tables[category * EVAL_RANGES +
					       (size_t)range];

			table->counts = score->truths[category][range] > 0;
			if (table->counts)
				fill_table(score, score->order + from,
					   end - from, range, table);
		}
		from = end;
	}
}

/* What a mean is taken over. */
struct choice {
	size_t from, end; /* categories */
	int first, last;  /* thresholds */
	int range, most;
};

static struct choice
choose(const struct eval_score *score, int category, int threshold, int range,
       int most)
{
	return (struct choice){
		.from = category == EVAL_ALL ? 0 : (size_t)category,
		.end = category == EVAL_ALL ? score->categories
					    : (size_t)category + 1,
		.first = threshold == EVAL_ALL ? 0 : threshold,
		.last = threshold == EVAL_ALL ? EVAL_THRESHOLDS - 1 : threshold,
		.range = range,
		.most = most,
	};
}

static const struct table *
table_of(const struct eval_score *score, size_t category, int range)
{
	const struct table *table =
		&score->tables[category * EVAL_RANGES + (size_t)range];

	return table->counts ? table : NULL;
}

double
eval_score_precision(const struct eval_score *score, int category,
		     int threshold, int range, int most)
{
	const struct choice over =
		choose(score, category, threshold, range, most);
	double sum = 0;
	size_t c, count = 0;
	int t, r;

	for (c = over.from; c < over.end; c++) {
		const struct table *table = table_of(score, c, over.range);

		for (t = over.first; table && t <= over.last; t++)
			for (r = 0; r < EVAL_RECALLS; r++, count++)
				sum += table->precision[over.most][t][r];
	}
	return count ? sum / (double)count : -1;
}

double
eval_score_recall(const struct eval_score *score, int category, int threshold,
		  int range, int most)
{
	const struct choice over =
		choose(score, category, threshold, range, most);
	double sum = 0;
	size_t c, count = 0;
	int t;

	for (c = over.from; c < over.end; c++) {
		const struct table *table = table_of(score, c, over.range);

		for (t = over.first; table && t <= over.last; t++, count++)
			sum += table->recall[over.most][t];
	}
	return count ? sum / (double)count : -1;
}

const double *
eval_score_curve(const struct eval_score *score, size_t category, int threshold)
{
	const struct table *table = table_of(score, category, 0);

	return table ? table->precision[EVAL_MOST - 1][threshold] : NULL;
}
