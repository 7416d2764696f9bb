/* The outline of an instance along the edges of its pixels. */
#ifndef TRACE_H
#define TRACE_H

#include "image/instance.h"
#include "image/polygon.h"

/* Traces instance after instance; its memory is kept for the next one. */
struct tracer;

struct tracer *tracer_open(void);
/* Takes NULL. */
void tracer_close(struct tracer *tracer);

/*
 * Gives up where an outline has more corners, which take 80 bytes each or less.
 */
void tracer_limit_corners(struct tracer *tracer, size_t corners);

/*
 * The outline of an instance along the edges of its pixels, one part for every
 * set of pixels that hang together by their sides. A hole is joined to the
 * outline by a slit of no width, walked down and up along x = constant. COCO's
 * rasteriser gives back the instance, pixel for pixel: it counts the horizontal
 * edges that a column's centre line crosses, and a vertical slit has none.
 *
 * With a tolerance above 0 (pixels), corners are left out as long as none is
 * farther than that from the new outline. A part or a hole that would vanish,
 * or a part of which its holes would leave nothing, is thinned less, so that
 * each part has 3 points or more and an area.
 *
 * The part with the largest outline comes first, since some readers take no
 * other; the rest follow by their leftmost column. Outlines run clockwise as
 * seen on the screen and holes the other way, so polygon_area gives the area
 * within. The cost grows with the length of the outlines, not with the pixels
 * inside. The result is borrowed until the next call. Where it is given up, it
 * has no parts.
 */
struct polygon tracer_trace(struct tracer *tracer,
			    const struct instance *instance, double tolerance);

/*
 * Likewise, for drawing: each ring is a part of its own, holes too, and what
 * is within is what is filled even-odd by all parts together. No ring has
 * fewer than 3 points.
 */
struct polygon
tracer_outline(struct tracer *tracer, const struct instance *instance,
	       double tolerance);

#endif
