#include "image/hull.h"

#include <math.h>
#include <stdlib.h>

static int
compare_points(const void *left, const void *right)
{
	const struct point *a = left, *b = right;

	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return a->y < b->y ? -1 : a->y > b->y;
}

/* Above 0 where the way from a over b to c turns right on the screen. */
static double
turn_at(struct point a, struct point b, struct point c)
{
	return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
}

/* Adds a corner to a chain, from which those it makes idle go. */
static size_t
extend(struct point *chain, size_t count, size_t least, struct point next)
{
	while (count > least &&
	       turn_at(chain[count - 2], chain[count - 1], next) <= 0)
		count--;
	chain[count] = next;
	return count + 1;
}

size_t
hull_of_points(struct point *points, size_t n)
{
	struct point *chain;
	size_t count = 0, upper, i;

	qsort(points, n, sizeof(*points), compare_points);
	for (i = 0; i < n; i++)
		if (count == 0 ||
		    compare_points(&points[i], &points[count - 1]) != 0)
			points[count++] = points[i];
	n = count;
	if (n < 3)
		return n;
	chain = xreallocarray(NULL, n + 1, 2 * sizeof(*chain));
	count = 0;
	for (i = 0; i < n; i++)
		count = extend(chain, count, 1, points[i]);
	upper = count;
	for (i = n - 1; i-- > 0;)
		count = extend(chain, count, upper, points[i]);
	/* The last one is the first again. */
	memcpy(points, chain, (count - 1) * sizeof(*points));
	free(chain);
	return count - 1;
}

static double
along(struct point p, struct point direction)
{
	return p.x * direction.x + p.y * direction.y;
}

/* The corner that is farthest in a direction, looked for from `at` on. */
static size_t
farthest_along(const struct point *hull, size_t n, size_t at,
	       struct point direction)
{
	size_t steps;

	for (steps = 0; steps < n; steps++) {
		size_t next = at + 1 < n ? at + 1 : 0;

		if (along(hull[next], direction) < along(hull[at], direction))
			break;
		at = next;
	}
	return at;
}

/* A rectangle along a unit vector, by how far it reaches that way and across.
 */
struct extent {
	struct point along;
	double from, to, top, bottom;
};

static double
extent_area(const struct extent *e)
{
	return (e->to - e->from) * (e->bottom - e->top);
}

static void
put_corners(const struct extent *e, struct point corners[4])
{
	const double u[] = {e->from, e->to, e->to, e->from};
	const double v[] = {e->top, e->top, e->bottom, e->bottom};
	const struct point d = e->along;
	size_t i;

	for (i = 0; i < 4; i++)
		corners[i] = (struct point){u[i] * d.x - v[i] * d.y,
					    u[i] * d.y + v[i] * d.x};
}

bool
hull_rectangle(const struct point *hull, size_t n, struct point corners[4])
{
	struct extent best = {.to = INFINITY, .bottom = INFINITY};
	size_t i, ahead = 0, across = 0, behind = 0;

	if (n < 3)
		return false;
	for (i = 0; i < n; i++) {
		struct point a = hull[i], b = hull[i + 1 < n ? i + 1 : 0];
		double length = hypot(b.x - a.x, b.y - a.y);
		struct point d = {(b.x - a.x) / length, (b.y - a.y) / length};
		struct point right = {-d.y, d.x}, back = {-d.x, -d.y};
		struct extent e = {.along = d, .top = along(a, right)};

		/* Each is reached from the one before: three walks in all. */
		ahead = farthest_along(hull, n, i > ahead ? i : ahead, d);
		across = farthest_along(hull, n, i ? across : ahead, right);
		behind = farthest_along(hull, n, i ? behind : across, back);
		e.to = along(hull[ahead], d);
		e.bottom = along(hull[across], right);
		e.from = along(hull[behind], d);
		if (extent_area(&e) < extent_area(&best))
			best = e;
	}
	if (!(extent_area(&best) > 0) || isinf(extent_area(&best)))
		return false;
	put_corners(&best, corners);
	return true;
}
