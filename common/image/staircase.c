#include "image/staircase.h"

#include <math.h>

/* Above 0 where the way from a by b to c turns right, as seen on the screen. */
static double
turn(struct point a, struct point b, struct point c)
{
	return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
}

/* True for an edge of one pixel's side. */
static bool
is_unit(struct point a, struct point b)
{
	const double dx = fabs(b.x - a.x), dy = fabs(b.y - a.y);

	return (dx == 1 && dy == 0) || (dx == 0 && dy == 1);
}

/* True where the third of five points is an inner corner between two outer. */
static bool
is_inner(const struct point p[5])
{
	return is_unit(p[1], p[2]) && is_unit(p[2], p[3]) &&
	       turn(p[1], p[2], p[3]) < 0 && turn(p[0], p[1], p[2]) > 0 &&
	       turn(p[2], p[3], p[4]) > 0;
}

static size_t
drop_inner(struct point *ring, size_t n)
{
	const struct point first[2] = {ring[0], ring[1]};
	struct point p[5] = {ring[n - 2], ring[n - 1], ring[0], ring[1]};
	size_t i, kept = 0;

	for (i = 0; i < n; i++) {
		p[4] = i + 2 < n ? ring[i + 2] : first[i + 2 - n];
		if (!is_inner(p))
			ring[kept++] = p[2];
		p[0] = p[1];
		p[1] = p[2];
		p[2] = p[3];
		p[3] = p[4];
	}
	return kept;
}

/* True where b lies on the diagonal from a to c, between them. */
static bool
is_on_diagonal(struct point a, struct point b, struct point c)
{
	const double dx = b.x - a.x, dy = b.y - a.y;
	const double ex = c.x - b.x, ey = c.y - b.y;

	return fabs(dx) == fabs(dy) && fabs(ex) == fabs(ey) && dx * ex > 0 &&
	       dy * ey > 0;
}

static size_t
drop_between(struct point *ring, size_t n)
{
	const struct point first = ring[0];
	size_t i, kept = 1;

	for (i = 1; i < n; i++) {
		const struct point next = i + 1 < n ? ring[i + 1] : first;

		if (!is_on_diagonal(ring[kept - 1], ring[i], next))
			ring[kept++] = ring[i];
	}
	return kept;
}

size_t
staircase_flatten(struct point *ring, size_t n)
{
	if (n < 6)
		return n;
	n = drop_inner(ring, n);
	return n < 4 ? n : drop_between(ring, n);
}
