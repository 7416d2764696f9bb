/* Rings thinned by a tolerance. */
#include "image/simplify.h"

#include <math.h>
#include <stdio.h>

#include "mask.h"
#include "tap.h"

enum { ROOM = 20000 };

static struct point ring[ROOM];
static bool keep[ROOM];

static double
distance_to_segment(struct point p, struct point a, struct point b)
{
	double length = hypot(b.x - a.x, b.y - a.y), t = 0;

	if (length > 0)
		t = ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) /
		    (length * length);
	t = fmax(0, fmin(1, t));
	return hypot(p.x - a.x - t * (b.x - a.x), p.y - a.y - t * (b.y - a.y));
}

static size_t
count_kept(size_t n)
{
	size_t i, kept = 0;

	for (i = 0; i < n; i++)
		kept += keep[i];
	return kept;
}

/* The farthest that a point left out is from the edge in its place. */
static double
worst_distance(size_t n)
{
	double worst = 0;
	size_t i, before = 0, after;

	for (i = 0; i < n; i++) {
		if (keep[i]) {
			before = i;
			continue;
		}
		for (after = i; after < n && !keep[after]; after++)
			;
		worst = fmax(worst,
			     distance_to_segment(ring[i], ring[before],
						 ring[after < n ? after : 0]));
	}
	return worst;
}

/* Twice the area of the first n points, or of those that stay. */
static double
turn(size_t n, bool kept_only)
{
	struct point last = ring[0];
	double twice = 0;
	size_t i;

	for (i = 1; i <= n; i++) {
		struct point p = ring[i % n];

		if (kept_only && i < n && !keep[i])
			continue;
		twice += last.x * p.y - p.x * last.y;
		last = p;
	}
	return twice;
}

static void
make_circle(size_t n, double radius)
{
	size_t i;

	for (i = 0; i < n; i++) {
		double angle = 2 * acos(-1) * (double)i / (double)n;

		ring[i] = (struct point){radius * cos(angle),
					 radius * sin(angle)};
	}
}

static void
test_circle(void)
{
	size_t n = ROOM, kept;

	make_circle(n, 1000);
	memset(keep, 0, sizeof(keep));
	simplify_ring(ring, keep, n, 1);
	kept = count_kept(n);
	ok(worst_distance(n) <= 1, "a large circle keeps to the tolerance");
	ok(kept > 20 && kept < 200, "with few points (%zu)", kept);
	ok(keep[0], "the first point stays");
}

static void
test_anchors(void)
{
	size_t n = 1000;

	make_circle(n, 100);
	memset(keep, 0, sizeof(keep));
	keep[123] = keep[124] = keep[999] = true;
	simplify_ring(ring, keep, n, 5);
	ok(keep[123] && keep[124] && keep[999], "points that must stay do");
	ok(count_kept(n) < 40, "others still go");
	ok(worst_distance(n) <= 5, "the tolerance holds between them");
}

static void
test_small_rings(void)
{
	static const struct point square[] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};

	memcpy(ring, square, sizeof(square));
	memset(keep, 0, sizeof(keep));
	simplify_ring(ring, keep, 4, 100);
	ok(count_kept(4) >= 3, "a pixel outlives any tolerance");
	memset(keep, 0, sizeof(keep));
	simplify_ring(ring, keep, 4, 0);
	ok(count_kept(4) == 4, "no tolerance, nothing left out");
	simplify_ring(ring, keep, 0, 1);
	ok(true, "a ring of no points");
}

/* A staircase to and fro, a pixel wide: its chord holds no area. */
static void
test_staircase(void)
{
	size_t i, n = 400;

	for (i = 0; i < n / 2; i++) {
		double x = (double)((i + 1) / 2), y = (double)(i / 2);

		ring[i] = (struct point){x, y};
		ring[n - 1 - i] = (struct point){x - 1, y + 1};
	}
	memset(keep, 0, sizeof(keep));
	simplify_ring(ring, keep, n, 3);
	ok(count_kept(n) >= 3 && turn(n, true) * turn(n, false) > 0,
	   "a thin staircase does not vanish");
	ok(count_kept(n) < 20, "and is thinned");
	ok(worst_distance(n) <= 3, "within the tolerance");
}

/* Waves that grow to one end: no cut ever halves what is left. */
static void
test_waves(void)
{
	size_t i, n = 4000;

	for (i = 0; i < n; i++) {
		double height = i < n / 2 ? (double)i : (double)(n - i);

		ring[i] = (struct point){i < n / 2 ? 0 : 10,
					 i % 2 ? height : -height};
	}
	memset(keep, 0, sizeof(keep));
	simplify_ring(ring, keep, n, 1);
	ok(worst_distance(n) <= 1, "waves that grow and shrink");
	for (i = 0; i < n; i++) {
		double height = (double)(n - i);

		ring[i] = (struct point){0, i % 2 ? height : -height};
	}
	memset(keep, 0, sizeof(keep));
	simplify_ring(ring, keep, n, 1);
	ok(worst_distance(n) <= 1, "waves that shrink");
}

static void
test_random_rings(void)
{
	const uint64_t seed = 20092;
	uint64_t state = seed;
	unsigned round, few = 0, far = 0, turned = 0;

	for (round = 0; round < 3000; round++) {
		size_t i, n = 4 + mask_random(&state) % 100;
		double tolerance = (double)(mask_random(&state) % 40) / 4;

		for (i = 0; i < n; i++) {
			ring[i].x = (double)(mask_random(&state) % 50);
			ring[i].y = (double)(mask_random(&state) % 50);
			keep[i] = mask_random(&state) % 50 == 0;
		}
		simplify_ring(ring, keep, n, tolerance);
		few += count_kept(n) < 3;
		far += worst_distance(n) > tolerance * (1 + 1e-12);
		turned += turn(n, true) * turn(n, false) < 0;
	}
	ok(few == 0, "random rings keep three points (seed %llu)",
	   (unsigned long long)seed);
	ok(far == 0, "no point left out is farther than the tolerance");
	ok(turned == 0, "no ring is turned over");
}

int
main(void)
{
	test_circle();
	test_anchors();
	test_small_rings();
	test_staircase();
	test_waves();
	test_random_rings();
	return done_testing();
}
