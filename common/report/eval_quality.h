/*
 * Panoptic quality (Kirillov et al., "Panoptic Segmentation", 2019), as
 * panopticapi computes it: a predicted segment is right where its category is
 * the true one's and their IoU is above one half. Pixels that the truth leaves
 * void take no part; a predicted segment mostly of such pixels, or of a crowd
 * of its category, is not held against anyone.
 */
#ifndef EVAL_QUALITY_H
#define EVAL_QUALITY_H

#include "base/buf.h"
#include "report/eval_match.h"
#include "report/eval_pixels.h"

/* Sums of a category over images. */
struct eval_quality {
	double iou; /* of matched ones */
	uint64_t matched, false_positive, false_negative;
};

/* A match, a miss or a false alarm. */
struct eval_segment_pair {
	uint32_t truth, prediction; /* index in its list, or EVAL_VOID */
	double iou;
};

/* Its memory serves image after image; a zeroed one is ready. */
struct eval_quality_work {
	uint64_t *area, *void_area; /* by prediction */
	uint64_t *truth_area;
	bool *truth_matched, *prediction_matched;
	size_t truth_room, prediction_room;
	struct eval_segment_pair *pairs; /* of the last image */
	size_t pair_count, pair_room;
};

void eval_quality_work_release(struct eval_quality_work *work);

/*
 * Adds an image to the sums, which are by category, and lists its pairs. Where
 * `void_counts`, pixels that the truth leaves void are pixels of nothing, and
 * a prediction there is wrong as anywhere else.
 */
void
eval_quality_add(struct eval_quality_work *work, const struct eval_scene *scene,
		 bool void_counts, struct eval_quality *quality);

/* The pairs of the last image as those of eval_match.h. */
void
eval_quality_list(const struct eval_quality_work *work,
		  const struct eval_scene *scene, struct eval_image *image);

/*
 * PQ, SQ and RQ of sums: -1 each where nothing was there or predicted.
 */
struct eval_quality_means {
	double pq, sq, rq;
};

struct eval_quality_means eval_quality_mean(const struct eval_quality *quality);

#endif
