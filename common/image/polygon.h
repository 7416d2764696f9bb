/*
 * Polygons: what one is, how COCO writes it, and what it measures.
 *
 * Coordinates are continuous: pixel (x, y) covers [x, x + 1) x [y, y + 1), y
 * grows downwards. How a polygon becomes pixels again is rasterize.h's.
 */
#ifndef POLYGON_H
#define POLYGON_H

#include "base/buf.h"

struct point {
	double x, y;
};

/*
 * Closed rings, each filled even-odd and then united, as COCO reads a polygon
 * (the last point of a ring is joined to its first, which is not repeated).
 */
struct polygon {
	const struct point *points; /* of all parts, one after the other */
	const size_t *ends;         /* part i ends before points[ends[i]] */
	size_t parts;
};

/* Appends COCO's form, as JSON: [[x,y,x,y,...],...]. */
void polygon_put(struct buf *to, const struct polygon *polygon);

/*
 * The area within the parts, by the shoelace formula: right where no part
 * crosses itself, as what is traced; even_odd.h measures the others.
 */
double polygon_area(const struct polygon *polygon);

/* A rectangle whose corners need not be on pixels. */
struct box {
	double x, y, w, h;
};

/* The smallest one around n points; all zero when n is 0. */
struct box points_box(const struct point *points, size_t n);

#endif
