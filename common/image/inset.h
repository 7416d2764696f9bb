/*
 * Outlines of pixels for readers that take a coordinate for a pixel. An outline
 * along pixel edges has pixels 10 to 19 from x = 10 to x = 20; OpenCV's
 * fillPoly, to which ultralytics gives coordinates cut down to integers, fills
 * its border too, and so 10 to 20. Moved inwards a little, the outline is from
 * 10.1 to 19.9: cut down, it begins at 10 and ends at 19.
 */
#ifndef INSET_H
#define INSET_H

#include "image/polygon.h"

/* How far inwards, in pixels. */
#define INSET 0.1

/*
 * Moves a ring of n points, clockwise as seen on the screen, inwards; what runs
 * the other way, such as a hole, outwards, which is inwards of what it is a
 * hole in. Points that are met twice stay twice.
 */
void inset_ring(struct point *ring, size_t n);

#endif
