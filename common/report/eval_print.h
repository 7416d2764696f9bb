/* What an evaluation tells, for people and for programs. */
#ifndef EVAL_PRINT_H
#define EVAL_PRINT_H

#include "report/eval_match.h"
#include "report/eval_totals.h"

/* What is evaluated. */
struct eval_report {
	const struct eval_totals *totals; /* their score finished */
	enum eval_iou iou;
	bool agree;           /* of two labellers, in place of quality */
	struct slice group;   /* what it is of, if not of all; its text */
	const unsigned *most; /* the limits of predictions an image */
	/* A category: its id, and its name and whether it is stuff. */
	int64_t (*category)(const void *context, size_t category,
			    struct buf *name, bool *stuff);
	const void *context;
};

/* Their names, as --iou takes them, up to a NULL. */
extern const char *const eval_iou_names[];

/*
 * Appends the figures of all, then a table of the categories that have true
 * objects or predictions. For boxes, masks and keypoints the first lines are
 * those of COCO's summary.
 */
void eval_print_text(const struct eval_report *report, struct buf *to);
/* The same as lines of JSON: one of all, then one a category. */
void eval_print_ndjson(const struct eval_report *report, struct buf *to);

/*
 * Likewise the parts of these for pixels; eval_print_text and eval_print_ndjson
 * call them.
 */
void eval_print_pixels_text(const struct eval_report *report, struct buf *to);
void eval_print_pixels_ndjson(const struct eval_report *report, struct buf *to);

/* Lines of category, IoU, recall and precision, tabs between. */
void eval_print_curves(const struct eval_report *report, struct buf *to);
/* The mean curve of each of the ten thresholds as a picture. */
void eval_print_svg(const struct eval_report *report, struct buf *to);

/* 1 where all of an image is found exactly, 0 where nothing is. */
double eval_image_quality(const struct eval_image *image);
/*
 * Appends what became of one image, a line: ids of pairs with their IoU, of
 * predictions that are none, and of true objects that were missed. `head` has
 * the members that tell the image, such as {"name":"a.jpg","image_id":1.
 */
void eval_print_image(const struct eval_image *image, struct slice head,
		      struct buf *to);

/* Appends a category's name as a message shows it. */
void eval_print_name(const struct eval_report *report, size_t category,
		     struct buf *to);
/* Appends a member "group", where the figures are not of all. */
void eval_print_group(const struct eval_report *report, struct buf *to);
/* Appends members "id" and "category" of a line. */
void eval_print_category(const struct eval_report *report, size_t category,
			 struct buf *to);
/* Appends a figure: as COCO prints it, or null where there is none. */
void eval_print_number(struct buf *to, double number);

#endif
