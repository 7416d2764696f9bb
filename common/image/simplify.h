/*
 * Rings with fewer points, by the method of Douglas and Peucker ("Algorithms
 * for the reduction of the number of points required to represent a digitized
 * line or its caricature", The Canadian Cartographer 10(2), 1973).
 */
#ifndef SIMPLIFY_H
#define SIMPLIFY_H

#include "image/polygon.h"

/*
 * Chooses the points of a closed ring that stay, so that every other one is
 * within `tolerance` of the edge that takes its place. On entry keep[i] is true
 * for points that must stay (ring[0] always does); on return, for all that do:
 * at least three, around an area on the same side as before. Where the
 * tolerance would leave less of a ring, a smaller one is taken.
 *
 * The cost is linear in n but for a constant: after some thousand points one is
 * kept in any case, which bounds the method's quadratic worst case.
 */
void
simplify_ring(const struct point *ring, bool *keep, size_t n, double tolerance);

#endif
