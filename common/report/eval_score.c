#include "report/eval_score.h"

#include <math.h>
#include <stdlib.h>

#include "base/crew.h"

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
	/* From when all is computed. */
	struct table *tables; /* categories x ranges */
	uint32_t *order;      /* of hits, by category */
	size_t *ends;         /* of each category in it */
};

/* A category while it is computed. */
struct scored_category {
	const struct eval_score *score;
	size_t category;
	double *precision, *recall; /* after each prediction */
	size_t room;
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
	free(score->ends);
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
	return score->ends[category] -
	       (category ? score->ends[category - 1] : 0);
}

uint64_t
eval_score_truths(const struct eval_score *score, size_t category)
{
	return score->truths[category][0];
}

/* Of one category: the best first, else as they came. */
static int
compare_hits(const void *left, const void *right, void *hits)
{
	const uint32_t i = *(const uint32_t *)left;
	const uint32_t j = *(const uint32_t *)right;
	const struct eval_hit *a = (const struct eval_hit *)hits + i;
	const struct eval_hit *b = (const struct eval_hit *)hits + j;

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
 * left out of both, and their number. `order` has the category's.
 */
static size_t
walk_hits(struct scored_category *one, const uint32_t *order, size_t n,
	  int range, int most, int t)
{
	const struct eval_score *score = one->score;
	const double truths = (double)score->truths[one->category][range];
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
		one->recall[count] = right / truths;
		one->precision[count] = right / (wrong + right + 0x1p-52);
		count++;
	}
	return count;
}

/* Precision never falls towards lower recalls; taken at each of the 101. */
static void
sample_curve(struct scored_category *one, size_t count,
	     double precision[EVAL_RECALLS])
{
	size_t i, at = 0;
	int r;

	for (i = count; i-- > 1;)
		if (one->precision[i] > one->precision[i - 1])
			one->precision[i - 1] = one->precision[i];
	for (r = 0; r < EVAL_RECALLS; r++) {
		while (at < count && one->recall[at] < recall_at(r))
			at++;
		precision[r] = at < count ? one->precision[at] : 0;
	}
}

static void
fill_table(struct scored_category *one, const uint32_t *order, size_t n,
	   int range, struct table *table)
{
	int most, t;

	for (most = 0; n && most < EVAL_MOST; most++) {
		for (t = 0; t < EVAL_THRESHOLDS; t++) {
			const size_t count =
				walk_hits(one, order, n, range, most, t);

			table->recall[most][t] =
				count ? one->recall[count - 1] : 0;
			sample_curve(one, count, table->precision[most][t]);
		}
	}
}

/* Computes the tables of one category. */
static void
finish_category(void *context, void *piece)
{
	struct eval_score *score = context;
	struct scored_category *one = piece;
	const size_t category = one->category;
	const size_t from = category ? score->ends[category - 1] : 0;
	const size_t n = score->ends[category] - from;
	uint32_t *order = score->order + from;
	int range;

	if (n > one->room) {
		one->room = 2 * n;
		one->precision = xreallocarray(one->precision, one->room,
					       sizeof(*one->precision));
		one->recall = xreallocarray(one->recall, one->room,
					    sizeof(*one->recall));
	}
	qsort_r(order, n, sizeof(*order), compare_hits, score->hits);
	for (range = 0; range < EVAL_RANGES; range++) {
		struct table *table =
			&score->tables[category * EVAL_RANGES + (size_t)range];

		table->counts = score->truths[category][range] > 0;
		if (table->counts)
			fill_table(one, order, n, range, table);
	}
}

static void
release_category(void *piece)
{
	struct scored_category *one = piece;

	free(one->precision);
	free(one->recall);
}

/* Puts hits in the order of their categories, by counting. */
static void
sort_categories(struct eval_score *score)
{
	size_t i, before = 0;

	score->order =
		xreallocarray(NULL, score->count + 1, sizeof(*score->order));
	score->ends = xcalloc(score->categories + 1, sizeof(*score->ends));
	for (i = 0; i < score->count; i++)
		score->ends[score->hits[i].category]++;
	for (i = 0; i < score->categories; i++) {
		const size_t count = score->ends[i];

		score->ends[i] = before;
		before += count;
	}
	for (i = 0; i < score->count; i++)
		score->order[score->ends[score->hits[i].category]++] =
			(uint32_t)i;
}

void
eval_score_finish(struct eval_score *score, unsigned jobs)
{
	const struct crew_rules rules = {
		.jobs = jobs,
		.piece_size = sizeof(struct scored_category),
		.release = release_category,
		.work = finish_category,
		.context = score,
	};
	struct crew *crew;

	sort_categories(score);
	score->tables = xcalloc(score->categories * EVAL_RANGES + 1,
				sizeof(*score->tables));
	crew = crew_open(&rules);
	for (size_t i = 0; i < score->categories; i++) {
		struct scored_category *one = crew_piece(crew);

		one->score = score;
		one->category = i;
		crew_send(crew);
	}
	crew_close(crew);
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
