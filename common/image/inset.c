#include "image/inset.h"

#include <math.h>

/* The unit vector from a to b, turned right; zero where they are one. */
static struct point
inward(struct point a, struct point b)
{
	double dx = b.x - a.x, dy = b.y - a.y, length;

	/* The edges of pixels go straight across or down. */
	if (dx == 0 || dy == 0)
		return (struct point){dy == 0  ? 0
				      : dy > 0 ? -1
					       : 1,
				      dx == 0  ? 0
				      : dx > 0 ? 1
					       : -1};
	length = hypot(dx, dy);
	return (struct point){-dy / length, dx / length};
}

void
inset_ring(struct point *ring, size_t n)
{
	struct point before, here, first, after;
	size_t i;

	if (n < 3)
		return;
	first = ring[0];
	before = inward(ring[n - 1], first);
	for (i = 0; i < n; i++) {
		here = ring[i];
		after = inward(here, i + 1 < n ? ring[i + 1] : first);
		ring[i].x += INSET * (before.x + after.x);
		ring[i].y += INSET * (before.y + after.y);
		before = after;
	}
}
