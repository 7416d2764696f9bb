/*
 * Polygons: the outline of an instance as COCO writes it, and the geometry of
 * polygons that people drew.
 *
 * Coordinates are continuous: pixel (x, y) covers [x, x + 1) x [y, y + 1), y
 * grows downwards. How a polygon becomes pixels again is fill.h's.
 */
#ifndef POLYGON_H
#define POLYGON_H

#include "base/mem.h"
#include "image/instance.h"

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

/* Traces instance after instance; its memory is kept for the next one. */
struct tracer;

struct tracer *tracer_open(void);
/* Takes NULL. */
void tracer_close(struct tracer *tracer);

/*
 * The outline of an instance along the edges of its pixels, one part for every
 * set of pixels that hang together by their sides. A hole is joined to the
 * outline by a slit of no width, walked down and up along x = constant. COCO's
 * rasteriser gives back the instance, pixel for pixel: it counts the horizontal
 * edges that a column's centre line crosses, and a vertical slit has none.
 *
 * With a tolerance above 0 (pixels), corners are left out as long as none is
 * farther than that from the new outline. A part or a hole that would vanish is
 * thinned less, so that each part has 3 points or more.
 *
 * The part with the largest outline comes first, since some readers take no
 * other; the rest follow by their leftmost column. Outlines run clockwise as
 * seen on the screen and holes the other way, so polygon_area gives the area
 * within. The cost grows with the length of the outlines, not with the pixels
 * inside. The result is borrowed until the next call.
 */
struct polygon tracer_trace(struct tracer *tracer,
			    const struct instance *instance, double tolerance);

/* Appends COCO's form, as JSON: [[x,y,x,y,...],...]. */
void polygon_put(struct buf *to, const struct polygon *polygon);

/* The area within one ring of n points, by the shoelace formula; 0 or more. */
double ring_area(const struct point *ring, size_t n);
/* The sum of ring_area over the parts. */
double polygon_area(const struct polygon *polygon);

/* A rectangle whose corners need not be on pixels. */
struct box {
	double x, y, w, h;
};

/* The smallest one around n points; all zero when n is 0. */
struct box points_box(const struct point *points, size_t n);

#endif
