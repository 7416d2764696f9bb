/*
 * Average precision and recall from matches, as COCO's detection challenge
 * defines them (pycocotools 2.0.11, cocoeval.py): for each category, range of
 * area and number of predictions an image, precision at 101 recalls and ten
 * thresholds. Images come in the order of their ids: predictions of one score
 * stay in that order.
 *
 * Memory is 40 bytes a prediction, and some numbers a category.
 */
#ifndef EVAL_SCORE_H
#define EVAL_SCORE_H

#include "report/eval_match.h"

enum {
	EVAL_RECALLS = 101, /* 0, 0.01 to 1 */
	EVAL_MOST = 3,      /* limits of predictions an image */
};

struct eval_score;

/* `most` are limits of predictions an image, ascending. */
struct eval_score *
eval_score_open(size_t categories, const unsigned most[EVAL_MOST]);
/* An empty one for the same categories and limits. */
struct eval_score *eval_score_like(const struct eval_score *score);
/* Takes NULL. */
void eval_score_close(struct eval_score *score);

/* Room for more categories, which come behind those there are. */
void eval_score_grow(struct eval_score *score, size_t categories);

/* Takes in what came of the next image. */
void eval_score_add(struct eval_score *score, const struct eval_image *image);

/* Takes in what another one has taken in, whose images come later. */
void eval_score_merge(struct eval_score *score, const struct eval_score *later);

/* True objects of a category taken in, of any area. */
uint64_t eval_score_truths(const struct eval_score *score, size_t category);

/* After the last image: all is computed, once, with so many threads. */
void eval_score_finish(struct eval_score *score, unsigned jobs);
/* What follows is asked after that. Predictions of a category taken in. */
uint64_t
eval_score_predictions(const struct eval_score *score, size_t category);

/* Which of the ten thresholds; EVAL_ALL: the mean over them. */
enum { EVAL_ALL = -1 };

/*
 * Mean precision over recalls, categories that have true objects and
 * thresholds; -1 where there is none. `category` is EVAL_ALL or one of them,
 * `threshold` EVAL_ALL or one, `most` an index of the limits.
 */
double eval_score_precision(const struct eval_score *score, int category,
			    int threshold, int range, int most);
/* Likewise the mean of the highest recalls. */
double eval_score_recall(const struct eval_score *score, int category,
			 int threshold, int range, int most);

/*
 * The precision at each recall of a category at one threshold, any area and
 * the highest limit: EVAL_RECALLS numbers, or NULL without true objects.
 */
const double *eval_score_curve(const struct eval_score *score, size_t category,
			       int threshold);

#endif
