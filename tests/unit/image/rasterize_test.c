/*
 * Polygons made pixels. The drawings are what pycocotools 2.0 makes of the same
 * numbers; tests/polygon_coco.py compares many more where it is installed.
 */
#include "image/rasterize.h"

#include <math.h>
#include <stdio.h>

#include "mask.h"
#include "tap.h"

enum { WIDTH = 12, HEIGHT = 8 };

static struct rasterizer *rasterizer;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROWS(...)                 \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

static bool
fill(const struct point *points, size_t n, struct instance *instance)
{
	struct polygon polygon = {points, &n, 1};

	return rasterizer_draw(rasterizer, &polygon, WIDTH, HEIGHT, 7,
			       instance);
}

static bool
same_runs(const struct instance *a, const struct instance *b)
{
	size_t i;

	if (a->count != b->count || a->area != b->area)
		return false;
	for (i = 0; i < a->count; i++)
		if (a->runs[i].x != b->runs[i].x ||
		    a->runs[i].y0 != b->runs[i].y0 ||
		    a->runs[i].y1 != b->runs[i].y1)
			return false;
	return true;
}

static void
test_ring(const char *name, const struct point *points, size_t n,
	  const char *const *rows)
{
	struct mask mask = mask_draw(rows);
	struct instance filled;

	fill(points, n, &filled);
	ok(same_runs(&filled, &mask.instance), "%s", name);
	mask_free(&mask);
}

static void
test_slopes(void)
{
	static const struct point triangle[] = {{.5, .5}, {11, 2.3}, {4, 7.7}};
	static const struct point sliver[] = {{2, 0},
					      {3.2, 0},
					      {9.5, 8},
					      {8.3, 8}};
	static const struct point diagonal[] = {{1, 1}, {6, 6}, {1, 6}};
	static const struct point flat[] = {{1, 2.45},
					    {11, 2.55},
					    {11, 2.6},
					    {1, 2.5}};

	test_ring("slopes of all kinds", triangle, COUNT(triangle),
		  ROWS("............", ".#####......", "..#########.",
		       "..#######...", "..######....", "...####.....",
		       "...###......", "............"));
	test_ring("a steep sliver", sliver, COUNT(sliver),
		  ROWS("..##........", "...#........", "....#.......",
		       ".....#......", "......#.....", "......##....",
		       ".......#....", "........#..."));
	test_ring("a diagonal through centres", diagonal, COUNT(diagonal),
		  ROWS("............", ".#..........", ".##.........",
		       ".###........", ".####.......", ".#####......",
		       "............", "............"));
	test_ring("a flat sliver by the rounding of the fine grid", flat,
		  COUNT(flat),
		  ROWS("............", "............", ".#####......",
		       "............", "............", "............",
		       "............", "............"));
}

static void
test_rings(void)
{
	static const struct point star[] = {
		{6, 0}, {8.5, 8}, {1.5, 3}, {10.5, 3}, {3.5, 8}};
	static const struct point outside[] = {{-5, -3}, {7.3, -1}, {20, 6.4},
					       {5, 12},  {-4, 9.2}, {3, 4}};
	static const struct point repeated[] = {{1, 1}, {1, 1}, {5, 1},
						{5, 1}, {5, 4}, {1, 4}};

	test_ring("what a ring winds around twice is not inside", star,
		  COUNT(star),
		  ROWS("............", "......#.....", ".....##.....",
		       "..###..###..", "....#..#....", "....#..#....",
		       "....##.#....", "............"));
	test_ring("what is outside of the image is cut off", outside,
		  COUNT(outside),
		  ROWS("##########..", "############", ".###########",
		       "...#########", "..##########", ".###########",
		       "############", "############"));
	test_ring("points may repeat", repeated, COUNT(repeated),
		  ROWS("............", ".####.......", ".####.......",
		       ".####.......", "............", "............",
		       "............", "............"));
}

static void
test_parts(void)
{
	static const struct point points[] = {{0, 0},  {6, 0},
					      {6, 5},  {0, 5}, /* the first */
					      {4, 3},  {12, 3},
					      {12, 8}, {4, 8}};
	static const size_t ends[] = {4, 8};
	struct polygon polygon = {points, ends, 2};
	struct mask mask =
		mask_draw(ROWS("######......", "######......", "######......",
			       "############", "############", "....########",
			       "....########", "....########"));
	struct instance filled;
	static const struct point square[] = {{1.5, 2.5},
					      {4.5, 2.5},
					      {4.5, 4.5},
					      {1.5, 4.5}};
	size_t i, wrong = 0;

	rasterizer_draw(rasterizer, &polygon, WIDTH, HEIGHT, 7, &filled);
	ok(same_runs(&filled, &mask.instance), "parts are united");
	ok(filled.id == 7 && filled.box.x == 0 && filled.box.y == 0 &&
		   filled.box.w == 12 && filled.box.h == 8,
	   "the result is a whole instance");
	for (i = 0; i < filled.count; i++)
		wrong += filled.runs[i].id != 7;
	ok(wrong == 0, "its runs too have the id");
	ok(fill(square, COUNT(square), &filled) && filled.box.x == 2 &&
		   filled.box.y == 3 && filled.box.w == 3 && filled.box.h == 2,
	   "its box is that of its pixels");
	mask_free(&mask);
}

static void
test_odd_input(void)
{
	static const struct point far[] = {{-1e300, -1e300},
					   {1e300, -1e300},
					   {1e300, 1e300},
					   {-1e300, 1e300}};
	static const struct point broken[] = {{NAN, NAN},
					      {INFINITY, 2},
					      {3, -INFINITY}};
	static const struct point line[] = {{1, 1}, {9, 7}};
	struct polygon none = {NULL, NULL, 0};
	struct instance filled;

	ok(fill(far, COUNT(far), &filled) && filled.area == WIDTH * HEIGHT,
	   "a ring around everything");
	ok(fill(broken, COUNT(broken), &filled) || filled.area == 0,
	   "what is not a number does no harm");
	ok(!fill(line, COUNT(line), &filled) && filled.area == 0 &&
		   filled.count == 0,
	   "two points hold nothing");
	ok(!fill(line, 0, &filled), "nor do none");
	ok(!rasterizer_draw(rasterizer, &none, WIDTH, HEIGHT, 1, &filled),
	   "nor does a polygon without parts");
}

static void
test_iou(void)
{
	struct mask a = mask_draw(ROWS("##..", "##..", "..##"));
	struct mask b = mask_draw(ROWS(".##.", ".##.", "..##"));
	struct mask c = mask_draw(ROWS("....", "....", "##.."));
	struct instance empty = {0};

	ok(instance_iou(&a.instance, &a.instance) == 1, "IoU with itself is 1");
	ok(instance_iou(&a.instance, &b.instance) == .5, "IoU of 4 in 8");
	ok(instance_iou(&b.instance, &a.instance) == .5, "either way round");
	ok(instance_iou(&a.instance, &c.instance) == 0, "IoU of strangers");
	ok(instance_iou(&a.instance, &empty) == 0, "IoU with nothing");
	ok(instance_iou(&empty, &empty) == 0, "IoU of nothing");
	mask_free(&a);
	mask_free(&b);
	mask_free(&c);
}

int
main(void)
{
	rasterizer = rasterizer_open();
	test_slopes();
	test_rings();
	test_parts();
	test_odd_input();
	test_iou();
	rasterizer_close(rasterizer);
	return done_testing();
}
