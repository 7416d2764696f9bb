/* Coordinates as YOLO has them: fractions of the image, in six decimals. */
#ifndef YOLO_FRACTIONS_H
#define YOLO_FRACTIONS_H

#include "base/buf.h"
#include "image/polygon.h"

/*
 * Appends points as fractions of an image of this width and height, cut down
 * to it, each number behind a separator.
 */
void yolo_fractions_put(const struct point *points, size_t n, struct point size,
			char separator, struct buf *to);

#endif
