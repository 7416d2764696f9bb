/*
 * What an evaluation adds up over images: matches of objects, panoptic
 * quality, or the confusion of categories, by what is asked.
 */
#ifndef EVAL_TOTALS_H
#define EVAL_TOTALS_H

#include "report/eval_quality.h"
#include "report/eval_score.h"

struct eval_totals {
	size_t categories;
	struct eval_score *score;     /* of boxes, masks, keypoints */
	struct eval_quality *quality; /* by category, of segments */
	/*
	 * Pixels by true and by predicted category; the last of each is void.
	 * NULL before there are any.
	 */
	uint64_t *confusion;
	uint64_t images;
};

/* Empty ones for so many categories. */
struct eval_totals
eval_totals_make(size_t categories, const unsigned most[EVAL_MOST]);
/* Empty ones for the same categories and limits. */
struct eval_totals eval_totals_like(const struct eval_totals *totals);
void eval_totals_release(struct eval_totals *totals);

/* Takes in those of later images, for as many categories. */
void
eval_totals_merge(struct eval_totals *totals, const struct eval_totals *later);
/* Room for more categories, which come behind those there are. */
void eval_totals_grow(struct eval_totals *totals, size_t categories);

/* Adds the pixels that an image's segments have in common. */
void eval_totals_add_pixels(struct eval_totals *totals,
			    const struct eval_scene *scene);

/* Pixels of a true and a predicted category; `categories` is void. */
uint64_t eval_totals_pixels(const struct eval_totals *totals, size_t truth,
			    size_t prediction);

/* What follows from a confusion of categories. */
struct eval_pixel_means {
	double accuracy; /* right pixels by pixels that have a true category */
	double iou;      /* mean over categories that occur, or -1 */
	double kappa;    /* Cohen's, over all pixels, void a category, too */
};

struct eval_pixel_means
eval_totals_pixel_means(const struct eval_totals *totals);
/* IoU of one category: -1 where it is on neither side. */
double eval_totals_iou(const struct eval_totals *totals, size_t category);

#endif
