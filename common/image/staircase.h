/*
 * Staircases of single pixels drawn as the lines they stand for, for readers
 * that fill an outline and draw its border too (see inset.h): a diagonal line
 * passes the pixels at its corners alone, and the pixel in the corner between
 * them is inside. So the pixels stay the same, with half the points or fewer.
 */
#ifndef STAIRCASE_H
#define STAIRCASE_H

#include "image/polygon.h"

/*
 * Leaves out the inner corners of steps of 1 x 1 pixel, and what lies on one
 * diagonal then. The ring runs along pixel edges with what it encloses on its
 * right, as tracer_trace gives it. How many points are left.
 */
size_t staircase_flatten(struct point *ring, size_t n);

#endif
