/*
 * The area of a ring that may cross itself, touch itself or run over the same
 * line twice: that of the points which an odd number of its turns encloses, as
 * readers fill a polygon. A shoelace sum takes away what runs the other way.
 */
#ifndef EVEN_ODD_H
#define EVEN_ODD_H

#include "image/polygon.h"

/* Measures ring after ring; its memory is kept for the next one. */
struct even_odd;

struct even_odd *even_odd_open(void);
/* Takes NULL. */
void even_odd_close(struct even_odd *even_odd);

/*
 * Sets the area within one ring of n finite points, in square pixels: exact
 * but for rounding. False where looking for the places at which the ring
 * crosses itself takes too long, as with a million edges that are all in each
 * other's way; the cost of outlines that people or programs draw grows like
 * n log n.
 */
bool even_odd_area(struct even_odd *even_odd, const struct point *ring,
		   size_t n, double *area);

#endif
