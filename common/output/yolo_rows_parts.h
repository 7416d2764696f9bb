/* What the files of the yolo_rows module share. */
#ifndef YOLO_ROWS_PARTS_H
#define YOLO_ROWS_PARTS_H

#include "image/bridge.h"
#include "image/clip.h"
#include "image/rle_read.h"
#include "image/trace.h"
#include "output/annotation_members.h"
#include "output/categories.h"
#include "output/yolo_rows.h"
#include "output/yolo_shape.h"

struct yolo_rows {
	enum yolo_task task;
	enum yolo_form form;
	const struct point_options *points;
	struct categories categories; /* of the record's release */
	/* Of the record at hand. */
	const struct record *record;
	struct point size; /* of the image */
	size_t number;     /* of the annotation, from 1 */
	struct slice found[MEMBERS];
	size_t first, *ends; /* where rows begin, and each one's end */
	size_t row_count, row_room;
	uint64_t *without;
	struct yolo_shape shape;
	struct run_list runs;
	struct tracer *tracer;
	struct bridger *bridger;
	struct clip clip;
	/* Of poses: the annotations, and what each has. */
	struct point_groups groups;
	struct slice (*members)[MEMBERS];
	size_t member_room;
	struct buf failure;
};

/* Appends points as coordinates. */
void yolo_put_points(const struct yolo_rows *rows, const struct point *points,
		     size_t n, struct buf *to);
/* Appends a box: its centre and size. */
void yolo_put_box(const struct yolo_rows *rows, const struct box *box,
		  struct buf *to);
bool yolo_read_box(struct slice list, struct box *box);
/* Cuts a box down to the image: false where nothing is left of it. */
bool yolo_clip_box(const struct yolo_rows *rows, struct box *box);
/*
 * Finds the members and the category of an annotation, the one at hand from
 * now on: its place in the list of categories, or SIZE_MAX, which was said and
 * counted.
 */
size_t yolo_take_annotation(struct yolo_rows *rows, struct slice annotation);

/*
 * Begins a row of a class and returns where; what ends it takes YOLO_WITHOUTS,
 * or why there is no row after all, which it counts.
 */
size_t
yolo_begin_row(const struct yolo_rows *rows, size_t class, struct buf *to);
void yolo_end_row(struct yolo_rows *rows, struct buf *to, size_t begin,
		  enum yolo_without why);

/*
 * Appends what comes behind the class for the outline, or the turned box, of
 * the annotation at hand, which has this box: YOLO_WITHOUTS, or why there is
 * none.
 */
enum yolo_without
yolo_put_shape(struct yolo_rows *rows, const struct box *box, struct buf *to);
/* Appends the rows of poses of a list of annotations. */
void yolo_put_poses(struct yolo_rows *rows, struct slice list, struct buf *to);

#endif
