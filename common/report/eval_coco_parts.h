/* What the files of eval_coco share. */
#ifndef EVAL_COCO_PARTS_H
#define EVAL_COCO_PARTS_H

#include "report/eval_coco.h"

/* The annotations of one side that can be linked, image by image. */
struct eval_side {
	const struct coco_input *file;
	uint32_t *order; /* of annotations, by image, then as in the file */
	size_t *ends;    /* image i has order[ends[i - 1]] up to ends[i] */
	uint32_t *category;
	bool boxes; /* of results: their areas are the boxes' */
};

struct eval_coco {
	const struct eval_rules *rules;
	uint32_t *images, *categories; /* of the truth, by id */
	size_t image_count, category_count;
	struct eval_side truth, results;
	struct eval_left_out left_out;
};

#endif
