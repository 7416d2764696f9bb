/*
 * The geometry of annotations in a finished COCO file: box, segmentation and
 * keypoints, each by itself and against one another.
 */
#ifndef CHECK_SHAPE_H
#define CHECK_SHAPE_H

#include "report/check_files_parts.h"
#include "report/coco_input.h"

/* Judges annotation after annotation. */
struct shape_judge;

/* Borrows the judge that it tells. */
struct shape_judge *shape_judge_open(struct file_judge *judge);
/* Takes NULL. */
void shape_judge_close(struct shape_judge *shapes);

/*
 * Reads an annotation, an object, which is then at hand: borrowed, or NULL
 * where it has no category.
 */
const struct coco_annotation *
shape_judge_read(struct shape_judge *shapes, struct slice object);
void
shape_judge_box(struct shape_judge *shapes, const struct coco_image *image);
/* `value` is the member, raw; true where it is a compressed RLE. */
bool
shape_judge_segmentation(struct shape_judge *shapes,
			 const struct coco_image *image, struct slice value);
/* Likewise keypoints and num_keypoints; `category` is NULL if unknown. */
void shape_judge_keypoints(struct shape_judge *shapes,
			   const struct coco_image *image,
			   const struct known_category *category,
			   struct slice value, struct slice number);

/*
 * Holds a box x, y, w, h against those that are right, of which it may be any,
 * and an area against two between which it may be.
 */
void judge_box_differs(struct file_judge *judge, const double *box,
		       const double (*right)[4], size_t n);
void judge_area_differs(struct file_judge *judge, double area, double one,
			double other);

#endif
