/*
 * The rows of a YOLO label file, as ultralytics reads them: "class x y ..." in
 * fractions of the image's width and height, within 0 and 1. One kind of row
 * for a task: a box's centre and size (detect), an outline (segment), the four
 * corners of a box that may be turned (obb), a box with keypoints (pose).
 */
#ifndef YOLO_ROWS_H
#define YOLO_ROWS_H

#include "base/buf.h"
#include "output/point_groups.h"

enum yolo_task {
	YOLO_DETECT,
	YOLO_SEGMENT,
	YOLO_POSE,
	YOLO_OBB,
	YOLO_SEMANTIC, /* rows are those of YOLO_SEGMENT */
};

/* Why annotations have no row. */
enum yolo_without {
	YOLO_NO_GEOMETRY, /* seg-decode has found none */
	YOLO_NO_SIZE,     /* they cover nothing of the image */
	YOLO_NO_SHAPE,    /* points, and lines where an outline is asked for */
	YOLO_CROWD,
	YOLO_NO_CATEGORY, /* theirs is none of the release's */
	YOLO_NO_OBJECT,   /* points that belong to no object */
	YOLO_POINT_AGAIN, /* points of a kind that their object has already */
	YOLO_AGAIN,       /* the row is there already: one object drawn twice */
	YOLO_WITHOUTS
};

/* How rows are written, all of them on one line. */
enum yolo_form {
	YOLO_TEXT, /* c x y ...;c x y ...; */
	YOLO_JSON, /* [c,x,y,...],[c,x,y,...], */
};

/* Makes the rows of record after record; each worker has its own. */
struct yolo_rows;

/* `points` tells how they are grouped, for poses; borrowed. */
struct yolo_rows *yolo_rows_open(enum yolo_task task, enum yolo_form form,
				 const struct point_options *points);
/* Takes NULL. */
void yolo_rows_close(struct yolo_rows *rows);

/*
 * Appends the rows of a record that has its geometry, and adds to `without`.
 * The class of a row is the place of its category in the list of the record's
 * release; the place behind the last stands for objects that are not drawn,
 * see point_object_name. 1; 0 where nothing was labelled; -1 when it cannot be
 * done: yolo_rows_failure says why.
 */
int yolo_rows_put(struct yolo_rows *rows, const struct record *record,
		  struct buf *to, uint64_t without[YOLO_WITHOUTS]);
const char *yolo_rows_failure(struct yolo_rows *rows);

#endif
