/* The convex hull of points, and the smallest rectangle around them. */
#ifndef HULL_H
#define HULL_H

#include "image/polygon.h"

/*
 * Orders points[0, n) so that the corners of their hull come first, clockwise
 * as seen on the screen, and returns how many there are: 1 or 2 where all
 * points are one or on a line. (Andrew, "Another efficient algorithm for convex
 * hulls in two dimensions", Information Processing Letters 9(5), 1979.)
 */
size_t hull_of_points(struct point *points, size_t n);

/*
 * The corners of the rectangle of least area around a hull of n corners,
 * clockwise; it may be turned, and one of its sides lies along one of the
 * hull's. False where it covers no area.
 */
bool
hull_rectangle(const struct point *hull, size_t n, struct point corners[4]);

#endif
