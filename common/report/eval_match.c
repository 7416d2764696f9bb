#include "report/eval_match.h"

#include <math.h>
#include <stdlib.h>

#include "image/overlap.h"

/* numpy.linspace(.5, .95, 10): .5 + i * .05, the last one as given. */
const double eval_thresholds[EVAL_THRESHOLDS] = {
	0.5,
	0.5 + 1 * ((0.95 - 0.5) / 9),
	0.5 + 2 * ((0.95 - 0.5) / 9),
	0.5 + 3 * ((0.95 - 0.5) / 9),
	0.5 + 4 * ((0.95 - 0.5) / 9),
	0.5 + 5 * ((0.95 - 0.5) / 9),
	0.5 + 6 * ((0.95 - 0.5) / 9),
	0.5 + 7 * ((0.95 - 0.5) / 9),
	0.5 + 8 * ((0.95 - 0.5) / 9),
	0.95,
};

const double eval_person_sigmas[EVAL_PERSON] = {
	.026, .025, .025, .035, .035, .079, .079, .072, .072,
	.062, .062, .107, .107, .087, .087, .089, .089,
};

/* Areas that a range has, both ends among them. */
static const struct {
	double least, most;
} ranges[EVAL_RANGES] = {
	{0, 1e10},
	{0, 32 * 32},
	{32 * 32, 96 * 96},
	{96 * 96, 1e10},
};

/* The objects of one category at hand. */
struct group {
	const struct eval_object *truths, *predictions;
	size_t truth_count, prediction_count; /* the latter: at most `most` */
};

struct eval_matcher {
	const struct eval_rules *rules;
	double *iou; /* predictions x truths */
	size_t iou_room;
	size_t *order;    /* of truths: those that count first */
	bool *taken;      /* of truths */
	bool *is_ignored; /* likewise, in the range at hand */
	size_t truth_room;
	struct eval_object *sorted;
	size_t sorted_room;
};

struct eval_matcher *
eval_matcher_open(const struct eval_rules *rules)
{
	struct eval_matcher *matcher = xcalloc(1, sizeof(*matcher));

	matcher->rules = rules;
	return matcher;
}

void
eval_matcher_close(struct eval_matcher *matcher)
{
	if (!matcher)
		return;
	free(matcher->iou);
	free(matcher->order);
	free(matcher->taken);
	free(matcher->is_ignored);
	free(matcher->sorted);
	free(matcher);
}

void
eval_image_release(struct eval_image *image)
{
	free(image->hits);
	free(image->truths);
	free(image->pairs);
	*image = (struct eval_image){0};
}

/* Room for `count` elements, twice as much as before where there is none. */
static void *
grow(void *list, size_t *room, size_t count, size_t size)
{
	if (count <= *room)
		return list;
	*room = count > 2 * *room ? count : 2 * *room;
	return xreallocarray(list, *room, size);
}

static double
box_iou(const struct eval_object *truth, const struct eval_object *prediction)
{
	const double *g = truth->box, *d = prediction->box;
	const double w = fmin(d[2] + d[0], g[2] + g[0]) - fmax(d[0], g[0]);
	const double h = fmin(d[3] + d[1], g[3] + g[1]) - fmax(d[1], g[1]);
	const double own = d[2] * d[3];

	if (w <= 0 || h <= 0)
		return 0;
	return w * h / (truth->crowd ? own : own + g[2] * g[3] - w * h);
}

static double
mask_iou(const struct eval_object *truth, const struct eval_object *prediction)
{
	uint64_t common, all;

	if (!truth->mask || !prediction->mask)
		return 0;
	common = overlap_pixels(truth->mask, prediction->mask);
	if (common == 0)
		return 0;
	all = prediction->mask->area;
	if (!truth->crowd)
		all += truth->mask->area - common;
	return (double)common / (double)all;
}

/* How far a coordinate lies outside of [low, high]. */
static double
interval_gap(double at, double low, double high)
{
	return fmax(0, low - at) + fmax(0, at - high);
}

/*
 * Object keypoint similarity: over the labelled points, or where none is, over
 * all by their distance from the box twice as wide and high.
 */
static double
keypoint_similarity(const struct eval_rules *rules,
		    const struct eval_object *truth,
		    const struct eval_object *prediction)
{
	const double *g = truth->keypoints, *d = prediction->keypoints;
	const double *box = truth->box;
	double sum = 0;
	size_t i, labelled = 0, count = 0;

	for (i = 0; i < rules->keypoints; i++)
		labelled += g[3 * i + 2] > 0;
	for (i = 0; i < rules->keypoints; i++, g += 3, d += 3) {
		const double sigma = 2 * rules->sigmas[i];
		double dx = d[0] - g[0], dy = d[1] - g[1], e;

		if (labelled && !(g[2] > 0))
			continue;
		if (!labelled) {
			dx = interval_gap(d[0], box[0] - box[2],
					  box[0] + 2 * box[2]);
			dy = interval_gap(d[1], box[1] - box[3],
					  box[1] + 2 * box[3]);
		}
		e = (dx * dx + dy * dy) / (sigma * sigma) /
		    (truth->area + 0x1p-52) / 2;
		sum += exp(-e);
		count++;
	}
	return count ? sum / (double)count : 0;
}

static double
object_iou(const struct eval_rules *rules, const struct eval_object *truth,
	   const struct eval_object *prediction)
{
	switch (rules->iou) {
	case EVAL_BBOX:
		return box_iou(truth, prediction);
	case EVAL_SEGM:
		return mask_iou(truth, prediction);
	default:
		return keypoint_similarity(rules, truth, prediction);
	}
}

static void
measure_overlaps(struct eval_matcher *m, const struct group *group)
{
	const size_t n = group->truth_count;
	size_t d, g;

	m->iou = grow(m->iou, &m->iou_room, n * group->prediction_count,
		      sizeof(*m->iou));
	for (d = 0; d < group->prediction_count; d++)
		for (g = 0; g < n; g++)
			m->iou[d * n + g] =
				object_iou(m->rules, &group->truths[g],
					   &group->predictions[d]);
}

static bool
in_range(double area, int range)
{
	return area >= ranges[range].least && area <= ranges[range].most;
}

/* Those that count come first; returns how many do. */
static size_t
order_truths(struct eval_matcher *m, const struct group *group, int range)
{
	size_t g, counted = 0, at;

	for (g = 0; g < group->truth_count; g++) {
		m->is_ignored[g] = group->truths[g].ignored ||
				   !in_range(group->truths[g].area, range);
		if (!m->is_ignored[g])
			m->order[counted++] = g;
	}
	for (g = 0, at = counted; g < group->truth_count; g++)
		if (m->is_ignored[g])
			m->order[at++] = g;
	return counted;
}

/* The true object that a prediction takes, or group->truth_count. */
static size_t
choose_truth(const struct eval_matcher *m, const struct group *group, size_t d,
	     double threshold)
{
	const size_t n = group->truth_count;
	double best = fmin(threshold, 1 - 1e-10);
	size_t i, chosen = n;

	for (i = 0; i < n; i++) {
		const size_t g = m->order[i];

		if (m->taken[g] && !group->truths[g].crowd)
			continue;
		if (chosen != n && !m->is_ignored[chosen] && m->is_ignored[g])
			break;
		if (m->iou[d * n + g] < best)
			continue;
		best = m->iou[d * n + g];
		chosen = g;
	}
	return chosen;
}

void
eval_image_add(struct eval_image *image, struct eval_pair pair)
{
	image->pairs = grow(image->pairs, &image->pair_room,
			    image->pair_count + 1, sizeof(*image->pairs));
	image->pairs[image->pair_count++] = pair;
}

static void
add_pair(struct eval_image *image, const struct eval_object *truth,
	 const struct eval_object *prediction, double iou)
{
	struct eval_pair pair = {
		.has_truth = truth != NULL,
		.has_prediction = prediction != NULL,
		.iou = iou,
	};

	if (truth) {
		pair.truth = truth->id;
		pair.category = truth->category;
	}
	if (prediction) {
		pair.prediction = prediction->id;
		pair.category = prediction->category;
		pair.score = prediction->score;
	}
	eval_image_add(image, pair);
}

/* What a person wants to see: the pairs at the first threshold, of any area. */
static void
note_pair(const struct eval_matcher *m, const struct group *group, size_t d,
	  size_t g, struct eval_image *image)
{
	const bool none = g == group->truth_count;

	if (none || !m->is_ignored[g])
		add_pair(image, none ? NULL : &group->truths[g],
			 &group->predictions[d],
			 none ? 0 : m->iou[d * group->truth_count + g]);
}

static void
note_missed(const struct eval_matcher *m, const struct group *group,
	    struct eval_image *image)
{
	for (size_t g = 0; g < group->truth_count; g++)
		if (!m->taken[g] && !m->is_ignored[g])
			add_pair(image, &group->truths[g], NULL, 0);
}

/* Matches at one threshold, in one range of area. */
static void
match_at(struct eval_matcher *m, const struct group *group, int range, int t,
	 struct eval_image *image)
{
	const size_t n = group->truth_count;
	const uint16_t bit = (uint16_t)(1 << t);
	struct eval_hit *hits = NULL;
	size_t d;

	if (group->prediction_count)
		hits = &image->hits[image->hit_count - group->prediction_count];
	if (n)
		memset(m->taken, 0, n * sizeof(*m->taken));
	for (d = 0; d < group->prediction_count; d++) {
		const size_t g = choose_truth(m, group, d, eval_thresholds[t]);

		if (range == 0 && t == 0)
			note_pair(m, group, d, g, image);
		if (g == n) {
			if (!in_range(group->predictions[d].area, range))
				hits[d].ignored[range] |= bit;
			continue;
		}
		m->taken[g] = true;
		hits[d].matched[range] |= bit;
		if (m->is_ignored[g])
			hits[d].ignored[range] |= bit;
	}
	if (range == 0 && t == 0)
		note_missed(m, group, image);
}

static void
add_hits(const struct group *group, struct eval_image *image)
{
	size_t d;

	image->hits = grow(image->hits, &image->hit_room,
			   image->hit_count + group->prediction_count,
			   sizeof(*image->hits));
	for (d = 0; d < group->prediction_count; d++)
		image->hits[image->hit_count++] = (struct eval_hit){
			.score = group->predictions[d].score,
			.category = group->predictions[d].category,
			.rank = (uint16_t)d,
		};
}

static void
match_group(struct eval_matcher *m, const struct group *group,
	    struct eval_image *image)
{
	struct eval_truths truths = {0};
	int range, t;

	measure_overlaps(m, group);
	add_hits(group, image);
	for (range = 0; range < EVAL_RANGES; range++) {
		truths.count[range] = (uint32_t)order_truths(m, group, range);
		for (t = 0; t < EVAL_THRESHOLDS; t++)
			match_at(m, group, range, t, image);
	}
	truths.category = group->truth_count ? group->truths[0].category
					     : group->predictions[0].category;
	image->truths = grow(image->truths, &image->truth_room,
			     image->truth_count + 1, sizeof(*image->truths));
	image->truths[image->truth_count++] = truths;
}

/* By category and, where `by_score`, the best first; stable. */
static bool
goes_before(const struct eval_object *a, const struct eval_object *b,
	    bool by_score)
{
	if (a->category != b->category)
		return a->category < b->category;
	return by_score && a->score > b->score;
}

static void
merge(const struct eval_object *from, struct eval_object *to, size_t half,
      size_t n, bool by_score)
{
	size_t i = 0, j = half, k;

	for (k = 0; k < n; k++) {
		const bool right =
			i == half ||
			(j < n && goes_before(&from[j], &from[i], by_score));

		to[k] = from[right ? j++ : i++];
	}
}

/* Merge sort, since the order of equal ones is the files'. */
static void
sort_objects(struct eval_matcher *m, struct eval_object *list, size_t n,
	     bool by_score)
{
	size_t width, at;

	m->sorted = grow(m->sorted, &m->sorted_room, n, sizeof(*m->sorted));
	for (width = 1; width < n; width *= 2) {
		for (at = 0; at < n; at += 2 * width) {
			const size_t left = n - at;
			const size_t half = left < width ? left : width;

			merge(list + at, m->sorted + at, half,
			      left < 2 * width ? left : 2 * width, by_score);
		}
		memcpy(list, m->sorted, n * sizeof(*list));
	}
}

/* Takes the objects of the lowest category from two sorted lists. */
static uint32_t
next_category(const struct eval_object *a, size_t a_count,
	      const struct eval_object *b, size_t b_count)
{
	if (!a_count)
		return b->category;
	if (!b_count)
		return a->category;
	return a->category < b->category ? a->category : b->category;
}

static size_t
count_category(const struct eval_object *list, size_t n, uint32_t category)
{
	size_t i = 0;

	while (i < n && list[i].category == category)
		i++;
	return i;
}

void
eval_match(struct eval_matcher *m, struct eval_object *truths,
	   size_t truth_count, struct eval_object *predictions,
	   size_t prediction_count, struct eval_image *image)
{
	image->hit_count = image->truth_count = image->pair_count = 0;
	sort_objects(m, truths, truth_count, false);
	sort_objects(m, predictions, prediction_count, true);
	if (truth_count > m->truth_room) {
		m->truth_room = truth_count;
		m->order =
			xreallocarray(m->order, truth_count, sizeof(*m->order));
		m->taken =
			xreallocarray(m->taken, truth_count, sizeof(*m->taken));
		m->is_ignored = xreallocarray(m->is_ignored, truth_count,
					      sizeof(*m->is_ignored));
	}
	while (truth_count || prediction_count) {
		const uint32_t category =
			next_category(truths, truth_count, predictions,
				      prediction_count);
		const size_t g = count_category(truths, truth_count, category);
		const size_t d =
			count_category(predictions, prediction_count, category);
		const struct group group = {truths, predictions, g,
					    d < m->rules->most
						    ? d
						    : m->rules->most};

		match_group(m, &group, image);
		if (g)
			truths += g;
		truth_count -= g;
		if (d)
			predictions += d;
		prediction_count -= d;
	}
}
