/* Hulls, and the smallest rectangles around them. */
#include "image/hull.h"

#include <math.h>

#include "random.h"
#include "tap.h"

/* The area within a ring that does not cross itself. */
static double
area_of(const struct point *ring, size_t n)
{
	double twice = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		struct point a = ring[i], b = ring[(i + 1) % n];

		twice += a.x * b.y - a.y * b.x;
	}
	return fabs(twice) / 2;
}

static double
cross(struct point a, struct point b, struct point c)
{
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* All points are on the right of each edge, or on it. */
static bool
holds_all(const struct point *hull, size_t h, const struct point *all, size_t n)
{
	size_t i, j;

	for (i = 0; i < h; i++)
		for (j = 0; j < n; j++)
			if (cross(hull[i], hull[(i + 1) % h], all[j]) < -1e-6)
				return false;
	return true;
}

/* The least area, by trying each edge of the hull with all of its corners. */
static double
least_area(const struct point *hull, size_t h)
{
	double best = INFINITY;
	size_t i, j;

	for (i = 0; i < h; i++) {
		struct point a = hull[i], b = hull[(i + 1) % h];
		double length = hypot(b.x - a.x, b.y - a.y);
		double from = INFINITY, to = -INFINITY, deep = 0;

		for (j = 0; j < h; j++) {
			double u = ((hull[j].x - a.x) * (b.x - a.x) +
				    (hull[j].y - a.y) * (b.y - a.y)) /
				   length;

			from = fmin(from, u);
			to = fmax(to, u);
			deep = fmax(deep, cross(a, b, hull[j]) / length);
		}
		best = fmin(best, (to - from) * deep);
	}
	return best;
}

static void
test_random(void)
{
	bool held = true, convex = true, least = true;
	struct point all[64], points[64], corners[4];
	unsigned round, range;
	size_t n, i, h;

	for (round = 0; round < 20000; round++) {
		n = 3 + random_below(61);
		range = random_below(2) ? 6 : 1000;
		for (i = 0; i < n; i++)
			all[i] = points[i] =
				(struct point){random_below(range),
					       random_below(range)};
		h = hull_of_points(points, n);
		if (h < 3) {
			held &= !hull_rectangle(points, h, corners);
			continue;
		}
		for (i = 0; i < h; i++)
			convex &= cross(points[i], points[(i + 1) % h],
					points[(i + 2) % h]) > 0;
		held &= holds_all(points, h, all, n);
		held &= hull_rectangle(points, h, corners) &&
			holds_all(corners, 4, all, n);
		least &= fabs(area_of(corners, 4) - least_area(points, h)) <
			 1e-6 * (1 + least_area(points, h));
	}
	ok(convex, "a hull turns right at each corner");
	ok(held, "it and the rectangle hold all points");
	ok(least, "no rectangle along one of the hull's sides is smaller");
}

int
main(void)
{
	struct point line[] = {{0, 0}, {5, 5}, {2, 2}, {5, 5}};
	struct point one[] = {{3, 3}, {3, 3}};
	struct point corners[4];

	random_seed(1);
	ok(hull_of_points(line, 4) == 2, "points on a line have two corners");
	ok(hull_of_points(one, 2) == 1, "one point has one");
	ok(!hull_rectangle(line, 2, corners), "around neither is an area");
	test_random();
	return done_testing();
}
