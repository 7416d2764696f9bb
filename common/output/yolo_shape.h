/* The outline of an annotation on its way to a row. */
#ifndef YOLO_SHAPE_H
#define YOLO_SHAPE_H

#include "image/polygon.h"

/* Rings, one after the other; a zeroed one is empty. */
struct yolo_shape {
	struct point *points;
	size_t count, room;
	size_t *ends;
	size_t parts, part_room;
};

void yolo_shape_end(struct yolo_shape *shape);
void yolo_shape_reset(struct yolo_shape *shape);
/* Adds a ring. */
void
yolo_shape_add(struct yolo_shape *shape, const struct point *ring, size_t n);
/* Adds the parts of a polygon. */
void yolo_shape_take(struct yolo_shape *shape, const struct polygon *polygon);
/*
 * Adds those of COCO's form, valid JSON, that have 3 points or more: false
 * where it is not of that form, or none has.
 */
bool yolo_shape_read(struct yolo_shape *shape, struct slice json);
/* Borrowed. */
struct polygon yolo_shape_polygon(const struct yolo_shape *shape);

#endif
