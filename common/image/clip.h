/*
 * What of a drawn shape is within its image: x from 0 to the width, y from 0 to
 * the height, in pixels.
 */
#ifndef CLIP_H
#define CLIP_H

#include "image/polygon.h"

/* A zeroed one is empty; its memory serves shape after shape. */
struct clip {
	struct point *points; /* the result */
	size_t count, room;
	struct point *spare;
	size_t spare_room;
};

void clip_release(struct clip *clip);

/*
 * Whether no point of a shape is outside by more than `margin` pixels; `size`
 * is the image's.
 */
bool clip_is_inside(const struct point *points, size_t n, struct point size,
		    double margin);

/*
 * The part of a ring that is inside, as one ring: what it encloses, even-odd,
 * is what the whole one encloses there. Parts that do not hang together are
 * joined along the image's edge (Sutherland and Hodgman, "Reentrant polygon
 * clipping", Communications of the ACM 17(1), 1974), but no further than they
 * reach. Of a ring that is wholly outside fewer than three points are left.
 */
void clip_ring(struct clip *clip, const struct point *ring, size_t n,
	       struct point size);

/* The ends of the pieces of an open line that are inside. */
void clip_line(struct clip *clip, const struct point *line, size_t n,
	       struct point size);

#endif
