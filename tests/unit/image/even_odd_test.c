/* The area of rings of every kind, whole and clipped, against slow sums. */
#include "image/even_odd.h"

#include <math.h>
#include <stdlib.h>

#include "image/clip.h"
#include "random.h"
#include "tap.h"

enum { POINTS_MAX = 12, HEIGHTS_MAX = 512 };

static struct even_odd *even_odd;

static double
area_of(const struct point *ring, size_t n)
{
	double area;

	return even_odd_area(even_odd, ring, n, &area) ? area : -1;
}

static bool
is_near(double a, double b)
{
	return fabs(a - b) < 1e-6;
}

static int
compare_numbers(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
across(struct point a, struct point b, struct point c, struct point d)
{
	return (b.x - a.x) * (d.y - c.y) - (b.y - a.y) * (d.x - c.x);
}

/* Adds the height at which the lines of two edges meet. */
static size_t
add_height(double *heights, size_t count, const struct point e[4])
{
	double scale = across(e[0], e[1], e[2], e[3]);
	double along = scale != 0 ? across(e[0], e[2], e[2], e[3]) / scale : -1;

	if (along >= 0 && along <= 1)
		heights[count++] = e[0].y + along * (e[1].y - e[0].y);
	return count;
}

/* Heights between which no edge meets another, or a side of the image. */
static size_t
find_heights(const struct point *ring, size_t n, struct point size,
	     double *heights)
{
	size_t count = 0, i, j;

	heights[count++] = 0;
	heights[count++] = size.y;
	for (i = 0; i < n; i++) {
		struct point a = ring[i], b = ring[(i + 1) % n];

		heights[count++] = a.y;
		count = add_height(heights, count,
				   (struct point[]){a, b, {0, 0}, {0, 1}});
		count = add_height(
			heights, count,
			(struct point[]){a, b, {size.x, 0}, {size.x, 1}});
		for (j = 0; j < i; j++)
			count = add_height(heights, count,
					   (struct point[]){a, b, ring[j],
							    ring[j + 1]});
	}
	qsort(heights, count, sizeof(*heights), compare_numbers);
	return count;
}

/* What is inside at height y, from x = 0 to the image's width. */
static double
width_at(const struct point *ring, size_t n, double y, double width)
{
	double places[POINTS_MAX], sum = 0;
	size_t count = 0, i;

	for (i = 0; i < n; i++) {
		struct point a = ring[i], b = ring[(i + 1) % n];

		if ((a.y < y) != (b.y < y))
			places[count++] =
				fmin(fmax(a.x + (y - a.y) / (b.y - a.y) *
							  (b.x - a.x),
					  0),
				     width);
	}
	qsort(places, count, sizeof(*places), compare_numbers);
	for (i = 0; i + 1 < count; i += 2)
		sum += places[i + 1] - places[i];
	return sum;
}

/* The area within the image, by strips in which all edges are straight. */
static double
slow_area(const struct point *ring, size_t n, struct point size)
{
	double heights[HEIGHTS_MAX], sum = 0;
	size_t count = find_heights(ring, n, size, heights), i;

	for (i = 0; i + 1 < count; i++) {
		double top = heights[i], bottom = heights[i + 1];

		if (top >= 0 && bottom <= size.y)
			sum += (bottom - top) *
			       width_at(ring, n, (top + bottom) / 2, size.x);
	}
	return sum;
}

static void
test_shapes(void)
{
	static const struct point equal[] = {{0, 0},
					     {30, 30},
					     {30, 0},
					     {0, 30}};
	static const struct point unequal[] = {{0, 0},
					       {60, 60},
					       {60, 30},
					       {0, 90}};
	static const struct point star[] = {
		{50, 0}, {80, 90}, {0, 35}, {100, 35}, {20, 90}};
	static const struct point twice[] = {{1, 1}, {9, 1}, {9, 7}, {1, 7},
					     {1, 1}, {9, 1}, {9, 7}, {1, 7}};
	static const struct point slit[] = {{0, 0}, {9, 0}, {9, 9}, {0, 9},
					    {0, 0}, {3, 3}, {3, 6}, {6, 6},
					    {6, 3}, {3, 3}};
	static const struct point far[] = {{1e9, 1e9},
					   {1e9, 1e9 + 3},
					   {1e9 + 4, 1e9 + 3}};

	ok(area_of(equal, 4) == 450, "a bow: its two halves are added");
	ok(area_of(unequal, 4) == slow_area(unequal, 4, (struct point){99, 99}),
	   "one with halves that differ");
	ok(is_near(area_of(star, 5),
		   slow_area(star, 5, (struct point){100, 100})),
	   "a star is empty in the middle");
	ok(area_of(twice, 8) == 0, "an outline drawn twice covers nothing");
	ok(area_of(twice, 4) == 48, "and once what it encloses");
	ok(area_of(slit, 10) == 72, "a hole at the end of a slit is empty");
	ok(area_of(far, 3) == 6, "far from zero nothing is lost");
	ok(area_of(twice, 2) == 0 && area_of(twice, 0) == 0,
	   "fewer than three points have none");
}

/* Whole numbers make edges that touch and lie on each other. */
static struct point
random_point(bool whole, unsigned from, unsigned size)
{
	double x = random_below(size), y = random_below(size);

	if (!whole) {
		x += random_below(1 << 20) / 1048576.0;
		y += random_below(1 << 20) / 1048576.0;
	}
	return (struct point){x - from, y - from};
}

static void
test_random(bool whole)
{
	const struct point size = {8, 7};
	struct clip clip = {0};
	unsigned wrong = 0, wrong_clipped = 0, outside = 0, i;

	for (i = 0; i < 20000; i++) {
		size_t n = 3 + random_below(POINTS_MAX - 3), j;
		struct point ring[POINTS_MAX];
		struct box box;

		for (j = 0; j < n; j++)
			ring[j] = random_point(whole, 0, 7);
		wrong += !is_near(area_of(ring, n), slow_area(ring, n, size));
		for (j = 0; j < n; j++)
			ring[j] = random_point(whole, 4, 15);
		clip_ring(&clip, ring, n, size);
		box = points_box(clip.points, clip.count);
		outside += !clip_is_inside(clip.points, clip.count, size, 0) ||
			   box.w > 8 || box.h > 7;
		wrong_clipped += !is_near(area_of(clip.points, clip.count),
					  slow_area(ring, n, size));
	}
	ok(wrong == 0, "%u random rings, %s points: %u areas wrong", i,
	   whole ? "whole" : "any", wrong);
	ok(wrong_clipped == 0, "and clipped: %u wrong", wrong_clipped);
	ok(outside == 0, "of which nothing is outside");
	clip_release(&clip);
}

static void
test_clip(void)
{
	static const struct point around[] = {{-5, -5},
					      {20, -5},
					      {20, 20},
					      {-5, 20}};
	static const struct point above[] = {{1, -9}, {30, -9}, {30, -1}};
	/* In at the left, out at the top, and all around the other way. */
	static const struct point hook[] = {{2, 3},   {3, 2},   {3, -5},
					    {20, -5}, {20, 15}, {20, -6},
					    {2, -6},  {2, 2}};
	static const struct point line[] = {{-5, 5},  {5, 5},  {5, 20},
					    {15, 20}, {15, 5}, {9, 5}};
	const struct point size = {10, 10};
	struct clip clip = {0};
	struct box box;

	clip_ring(&clip, around, 4, size);
	ok(area_of(clip.points, clip.count) == 100,
	   "a ring around the image is all of it");
	clip_ring(&clip, above, 3, size);
	ok(clip.count == 0, "one outside is nothing");
	clip_ring(&clip, hook, 8, size);
	box = points_box(clip.points, clip.count);
	ok(clip.count >= 3 && box.x == 2 && box.w == 1 && box.h == 3,
	   "the image's edge is not followed for nothing");
	clip_line(&clip, line, 6, size);
	box = points_box(clip.points, clip.count);
	ok(clip.count == 6 && box.x == 0 && box.y == 5 && box.w == 10 &&
		   box.h == 5,
	   "a line that leaves and comes back is in pieces");
	ok(clip_is_inside(line + 1, 1, size, 0) &&
		   !clip_is_inside(line, 6, size, 9.5) &&
		   clip_is_inside(line, 6, size, 10),
	   "what is inside is known");
	clip_release(&clip);
}

static void
test_large(void)
{
	const size_t n = 1000000;
	struct point *ring = xreallocarray(NULL, n, sizeof(*ring));
	double area;
	size_t i;

	for (i = 0; i < n; i++) {
		double turn = 6.283185307179586 * (double)i / (double)n;
		double radius = i & 1 ? 1000.1 : 1000;

		ring[i] =
			(struct point){radius * cos(turn), radius * sin(turn)};
	}
	ok(fabs(area_of(ring, n) - 3.141592653589793 * 1000 * 1000.1) < 1e-2,
	   "a million points in order are measured: %f", area_of(ring, n));
	for (i = 0; i < n; i++)
		ring[i] = random_point(false, 0, 1000);
	ok(!even_odd_area(even_odd, ring, n, &area),
	   "a million points at random are given up");
	free(ring);
}

int
main(void)
{
	random_seed(8);
	even_odd = even_odd_open();
	test_shapes();
	test_random(true);
	test_random(false);
	test_clip();
	test_large();
	even_odd_close(even_odd);
	return done_testing();
}
