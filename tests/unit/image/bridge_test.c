/* Parts joined into one ring, and outlines moved inwards. */
#include "image/bridge.h"
#include "image/inset.h"

#include <math.h>
#include <stdlib.h>

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

/* How many times a ring's edges are crossed from a point to the right. */
static unsigned
crossings(const struct point *ring, size_t n, struct point at)
{
	unsigned count = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		struct point a = ring[i], b = ring[(i + 1) % n];
		double x;

		if ((a.y > at.y) == (b.y > at.y))
			continue;
		x = a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x);
		count += x > at.x;
	}
	return count;
}

enum { PARTS = 300, SIDE = 20 };

/* Squares on a grid, each a part. */
static void
test_squares(size_t parts)
{
	struct bridger *bridger = bridger_open();
	struct point *points = calloc(parts * 4, sizeof(*points));
	size_t *ends = calloc(parts, sizeof(*ends));
	struct polygon polygon = {points, ends, parts};
	bool inside = true, outside = true;
	const struct point *ring;
	size_t i, n;

	for (i = 0; i < parts; i++) {
		double x = (double)(i % SIDE) * 10 + random_below(4);
		double y = (double)(i / SIDE) * 10 + random_below(4);

		points[4 * i] = (struct point){x, y};
		points[4 * i + 1] = (struct point){x + 5, y};
		points[4 * i + 2] = (struct point){x + 5, y + 5};
		points[4 * i + 3] = (struct point){x, y + 5};
		ends[i] = 4 * i + 4;
	}
	ring = bridger_join(bridger, &polygon, &n);
	for (i = 0; i < parts; i++) {
		struct point at = {points[4 * i].x + 2.37,
				   points[4 * i].y + 2.41};

		inside &= crossings(ring, n, at) % 2;
		at.x += 3.21;
		outside &= crossings(ring, n, at) % 2 == 0;
	}
	ok(n == parts * 4 + (parts - 1) * 2, "%zu parts: two points a bridge",
	   parts);
	ok(inside && outside, "the ring encloses what the parts did");
	ok(fabs(area_of(ring, n) - 25.0 * (double)parts) < 1e-6,
	   "and the same area");
	free(points);
	free(ends);
	bridger_close(bridger);
}

static void
test_inset(void)
{
	struct point ring[] = {{2, 3}, {6, 3}, {6, 8}, {2, 8}};
	const struct point wanted[] = {{2.1, 3.1},
				       {5.9, 3.1},
				       {5.9, 7.9},
				       {2.1, 7.9}};
	bool same = true;
	size_t i;

	inset_ring(ring, 4);
	for (i = 0; i < 4; i++)
		same &= fabs(ring[i].x - wanted[i].x) < 1e-9 &&
			fabs(ring[i].y - wanted[i].y) < 1e-9;
	ok(same, "an outline is moved inwards by a tenth of a pixel");
}

int
main(void)
{
	random_seed(1);
	test_squares(1);
	test_squares(2);
	test_squares(40);
	test_squares(PARTS);
	test_inset();
	bridger_close(NULL);
	return done_testing();
}
