/*
 * The evaluation of a file of results against a COCO file, image by image.
 */
#ifndef EVAL_COCO_H
#define EVAL_COCO_H

#include "report/coco_input.h"
#include "report/eval_match.h"
#include "report/eval_totals.h"

/* What could not be counted, and so was left out. */
struct eval_left_out {
	uint64_t unknown_image, unknown_category, bad_mask, no_geometry;
	uint64_t without_score; /* these count, with a score of 1 */
	/* The first ids that are unknown, where there are such. */
	int64_t image, category;
	bool names_category; /* not all have none */
};

void
eval_left_out_add(struct eval_left_out *sum, const struct eval_left_out *more);

struct eval_coco;

/*
 * Links both files, with so many threads: annotations to images, in the order
 * of their ids, and to categories, in the order of the truth's list. NULL with
 * the message said where the truth contradicts itself: an image or category id
 * that occurs twice. The files and rules are borrowed.
 */
struct eval_coco *
eval_coco_open(const struct coco_input *truth, const struct coco_input *results,
	       const struct eval_rules *rules, unsigned jobs);
/* Takes NULL. */
void eval_coco_close(struct eval_coco *eval);

size_t eval_coco_images(const struct eval_coco *eval);
/* The i-th by id. */
const struct coco_image *
eval_coco_image(const struct eval_coco *eval, size_t i);
/* An image's file name, or an empty slice. */
struct slice eval_coco_name(const struct eval_coco *eval, size_t i);

/* Who wants to see each image, and what became of it. */
struct eval_watch {
	void (*see)(void *context, size_t image, const struct eval_image *what);
	void *context;
};

/*
 * Compares images [from, end) and adds them to `totals`; each image is then
 * shown to `watch`, if that is not NULL. Any thread, if no other has the same
 * totals.
 */
void eval_coco_run(const struct eval_coco *eval, size_t from, size_t end,
		   struct eval_totals *totals, struct eval_left_out *left_out,
		   const struct eval_watch *watch);

/* What was left out while linking. */
const struct eval_left_out *eval_coco_left_out(const struct eval_coco *eval);

#endif
