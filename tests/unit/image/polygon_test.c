/* Polygons traced from masks, and the geometry of drawn ones. */
#include "image/polygon.h"

#include <math.h>
#include <stdio.h>

#include "image/rasterize.h"
#include "image/trace.h"
#include "mask.h"
#include "tap.h"

static struct tracer *tracer;
static struct rasterizer *rasterizer;

/*
 * Whether a polygon of horizontal and vertical edges is the mask: a pixel is
 * inside a part when an odd number of its edges are above the pixel's centre.
 */
static bool
covers(const struct polygon *polygon, const struct mask *mask)
{
	size_t pixels = (size_t)mask->w * mask->h, part, i = 0;
	unsigned char *united = xcalloc(pixels, 1);
	unsigned char *inside = xcalloc(pixels, 1);
	bool same;

	for (part = 0; part < polygon->parts; part++) {
		size_t begin = i, n = polygon->ends[part] - begin;

		memset(inside, 0, pixels);
		for (; i < polygon->ends[part]; i++) {
			struct point a = polygon->points[i];
			struct point b =
				polygon->points[begin + (i + 1 - begin) % n];
			size_t x, y;

			for (x = (size_t)fmin(a.x, b.x);
			     x < (size_t)fmax(a.x, b.x); x++)
				for (y = (size_t)a.y; y < mask->h; y++)
					inside[y * mask->w + x] ^= 1;
		}
		for (n = 0; n < pixels; n++)
			united[n] |= inside[n];
	}
	same = memcmp(united, mask->set, pixels) == 0;
	free(united);
	free(inside);
	return same;
}

/* Every edge has a length and goes along x or along y. */
static bool
is_rectilinear(const struct polygon *polygon)
{
	size_t part, i = 0;

	for (part = 0; part < polygon->parts; part++) {
		struct point last = polygon->points[polygon->ends[part] - 1];

		if (polygon->ends[part] - i < 4)
			return false;
		for (; i < polygon->ends[part]; i++) {
			struct point p = polygon->points[i];

			if ((p.x == last.x) == (p.y == last.y))
				return false;
			last = p;
		}
	}
	return true;
}

/* The number of sets of pixels that hang together by their sides. */
static size_t
count_pieces(const struct mask *mask)
{
	size_t pixels = (size_t)mask->w * mask->h, i, depth, pieces = 0;
	size_t *stack = xcalloc(4 * pixels + 4, sizeof(*stack));
	unsigned char *left = xcalloc(pixels, 1);

	memcpy(left, mask->set, pixels);
	for (i = 0; i < pixels; i++) {
		pieces += left[i];
		for (stack[0] = i, depth = 1; depth--;) {
			size_t at = stack[depth];
			size_t x = at % mask->w, y = at / mask->w;

			if (!left[at])
				continue;
			left[at] = 0;
			stack[depth] = x ? at - 1 : at;
			stack[depth + 1] = x + 1 < mask->w ? at + 1 : at;
			stack[depth + 2] = y ? at - mask->w : at;
			stack[depth + 3] = y + 1 < mask->h ? at + mask->w : at;
			depth += 4;
		}
	}
	free(left);
	free(stack);
	return pieces;
}

static bool
fills_to(const struct polygon *polygon, const struct mask *mask)
{
	struct instance filled;
	bool some = rasterizer_draw(rasterizer, polygon, mask->w, mask->h, 1,
				    &filled);

	return some && filled.count == mask->instance.count &&
	       filled.area == mask->instance.area &&
	       memcmp(filled.runs, mask->runs,
		      filled.count * sizeof(*filled.runs)) == 0 &&
	       instance_iou(&filled, &mask->instance) == 1;
}

/* What must hold of the exact polygon of any mask. */
static bool
is_exact(struct mask *mask)
{
	struct polygon polygon;

	if (!mask_update(mask))
		return true;
	polygon = tracer_trace(tracer, &mask->instance, 0);
	return is_rectilinear(&polygon) && covers(&polygon, mask) &&
	       polygon.parts == count_pieces(mask) &&
	       polygon_area(&polygon) == (double)mask->instance.area &&
	       fills_to(&polygon, mask);
}

static void
test_drawn(const char *name, const char *const *rows, const char *expected)
{
	struct mask mask = mask_draw(rows);
	struct polygon polygon = tracer_trace(tracer, &mask.instance, 0);
	struct buf text = {0};

	polygon_put(&text, &polygon);
	if (!ok(strcmp(buf_cstr(&text), expected) == 0, "%s", name))
		printf("# %s\n", buf_cstr(&text));
	ok(is_exact(&mask), "%s is filled to the same pixels", name);
	buf_release(&text);
	mask_free(&mask);
}

#define ROWS(...)                 \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

static void
test_shapes(void)
{
	test_drawn("a pixel is a square", ROWS("...", ".#.", "..."),
		   "[[1,1,2,1,2,2,1,2]]");
	test_drawn("an outline has corners only", ROWS("##.", "###", "##."),
		   "[[0,0,2,0,2,1,3,1,3,2,2,2,2,3,0,3]]");
	test_drawn("pixels that touch by a corner are two parts",
		   ROWS("#.", ".#"), "[[0,0,1,0,1,1,0,1],[1,1,2,1,2,2,1,2]]");
	test_drawn("and so on the other diagonal", ROWS(".#", "#."),
		   "[[0,1,1,1,1,2,0,2],[1,0,2,0,2,1,1,1]]");
	test_drawn("columns apart are two parts", ROWS("#.#"),
		   "[[0,0,1,0,1,1,0,1],[2,0,3,0,3,1,2,1]]");
	test_drawn("the largest part comes first",
		   ROWS("#.#.##.##", "....##.##"),
		   "[[4,0,6,0,6,2,4,2],[0,0,1,0,1,1,0,1],[2,0,3,0,3,1,2,1],"
		   "[7,0,9,0,9,2,7,2]]");
	test_drawn("a hole hangs on the outline by a slit",
		   ROWS("###", "#.#", "###"),
		   "[[0,0,1,0,1,1,1,2,2,2,2,1,1,1,1,0,3,0,3,3,0,3]]");
	test_drawn("a slit may end at a corner",
		   ROWS("#...", "####", "#.##", "####"),
		   "[[0,0,1,0,1,1,1,2,1,3,2,3,2,2,1,2,1,1,4,1,4,4,0,4]]");
	test_drawn("holes of one edge hang side by side",
		   ROWS("#####", "#.#.#", "#####"),
		   "[[0,0,1,0,1,1,1,2,2,2,2,1,1,1,1,0,"
		   "3,0,3,1,3,2,4,2,4,1,3,1,3,0,5,0,5,3,0,3]]");
	test_drawn("a hole may hang on a hole",
		   ROWS("###", "#.#", "###", "#.#", "###"),
		   "[[0,0,1,0,1,1,1,2,1,3,1,4,2,4,2,3,1,3,1,2,2,2,2,1,1,1,"
		   "1,0,3,0,3,5,0,5]]");
	test_drawn("what is in a hole is a part",
		   ROWS("#####", "#...#", "#.#.#", "#...#", "#####"),
		   "[[0,0,1,0,1,1,1,4,4,4,4,1,1,1,1,0,5,0,5,5,0,5],"
		   "[2,2,3,2,3,3,2,3]]");
}

static void
test_small_masks(void)
{
	struct mask mask = mask_make(4, 4);
	unsigned pattern, i, wrong = 0;

	for (pattern = 0; pattern < 65536; pattern++) {
		for (i = 0; i < 16; i++)
			mask.set[i] = pattern >> i & 1;
		wrong += !is_exact(&mask);
	}
	ok(wrong == 0, "all masks of 4 x 4 pixels are exact");
	mask_free(&mask);
}

/* Noise of some density, or a checkerboard; each pixel may be a block. */
static void
scribble(struct mask *mask, uint64_t *state)
{
	uint64_t density = mask_random(state) % 102;
	uint32_t block = mask_random(state) % 3 ? 1 : 3, x, y;

	for (y = 0; y < mask->h; y++)
		for (x = 0; x < mask->w; x++) {
			bool on = mask_random(state) % 100 < density;

			if (density == 101)
				on = (x ^ y) & 1;
			else if (x % block)
				on = mask_at(mask, (int64_t)x - 1, y);
			else if (y % block)
				on = mask_at(mask, x, (int64_t)y - 1);
			mask->set[(size_t)y * mask->w + x] = on;
		}
}

/* What a ring encloses, less than 0 where more runs the wrong way. */
static double
signed_area(const struct point *ring, size_t n)
{
	double area = 0;
	size_t i;

	for (i = 0; i < n; i++)
		area += ring[i].x * ring[(i + 1) % n].y -
			ring[i].y * ring[(i + 1) % n].x;
	return area / 2;
}

static void
test_random_masks(void)
{
	const uint64_t seed = 20090;
	uint64_t state = seed;
	unsigned i, wrong = 0, small = 0, empty = 0;

	for (i = 0; i < 4000; i++) {
		uint64_t largest = i % 200 ? 40 : 300;
		struct mask mask =
			mask_make((uint32_t)(mask_random(&state) % largest) + 1,
				  (uint32_t)(mask_random(&state) % largest) +
					  1);
		struct polygon polygon;
		size_t part, begin = 0;

		scribble(&mask, &state);
		wrong += !is_exact(&mask);
		if (mask_update(&mask)) {
			double tolerance = (double)(i % 8) / 2;

			polygon =
				tracer_trace(tracer, &mask.instance, tolerance);
			for (part = 0; part < polygon.parts; part++) {
				size_t n = polygon.ends[part] - begin;

				small += n < 3;
				empty += signed_area(polygon.points + begin,
						     n) <= 0;
				begin = polygon.ends[part];
			}
		}
		mask_free(&mask);
	}
	ok(wrong == 0, "random masks are exact (seed %llu)",
	   (unsigned long long)seed);
	ok(small == 0, "thinned parts have three points or more");
	ok(empty == 0, "and more area than their holes");
}

static struct mask
draw_disc(uint32_t size, double inner, double outer)
{
	struct mask mask = mask_make(size, size);
	uint32_t x, y;

	for (y = 0; y < size; y++)
		for (x = 0; x < size; x++) {
			double r =
				hypot(x + .5 - size / 2., y + .5 - size / 2.);

			mask.set[y * size + x] = r < outer && r >= inner;
		}
	mask_update(&mask);
	return mask;
}

static void
test_thinning(void)
{
	struct mask ring = draw_disc(200, 40, 90);
	struct polygon polygon = tracer_trace(tracer, &ring.instance, 0);
	size_t whole = polygon.ends[0], last = whole;
	double tolerance, iou = 1;
	struct instance filled;
	bool fewer = true;

	for (tolerance = 1; tolerance <= 4; tolerance *= 2) {
		polygon = tracer_trace(tracer, &ring.instance, tolerance);
		rasterizer_draw(rasterizer, &polygon, 200, 200, 1, &filled);
		fewer = fewer && polygon.parts == 1 && polygon.ends[0] < last;
		last = polygon.ends[0];
		iou = fmin(iou, instance_iou(&filled, &ring.instance));
	}
	ok(fewer, "a larger tolerance leaves fewer points");
	ok(last < whole / 10, "and at last a tenth of them");
	ok(iou > .9, "a thinned donut keeps its shape and its hole");
	mask_free(&ring);
}

static void
test_geometry(void)
{
	static const struct point house[] = {
		{0, 2}, {2, 0}, {4, 2}, {4, 5.5}, {0, 5.5}};
	static const struct point back[] = {{1e9, 1e9},
					    {1e9, 1e9 + 3},
					    {1e9 + 4, 1e9 + 3}};
	static const size_t ends[] = {5, 8};
	struct point both[8];
	struct polygon polygon = {both, ends, 2};
	struct box box = points_box(house, 5);
	struct buf text = {0};

	memcpy(both, house, sizeof(house));
	memcpy(both + 5, back, sizeof(back));
	ok(polygon_area(&polygon) == 24,
	   "areas are added up, whichever way a part runs");
	ok(box.x == 0 && box.y == 0 && box.w == 4 && box.h == 5.5,
	   "box around points");
	box = points_box(house, 0);
	ok(box.w == 0 && box.h == 0, "box around nothing");
	polygon.parts = 1;
	ok(polygon_area(&polygon) == 18, "area of one part");
	polygon_put(&text, &polygon);
	ok(strcmp(buf_cstr(&text), "[[0,2,2,0,4,2,4,5.5,0,5.5]]") == 0,
	   "numbers with a fraction");
	buf_release(&text);
}

int
main(void)
{
	int status;

	tracer = tracer_open();
	rasterizer = rasterizer_open();
	test_shapes();
	test_small_masks();
	test_random_masks();
	test_thinning();
	test_geometry();
	status = done_testing();
	tracer_close(tracer);
	rasterizer_close(rasterizer);
	return status;
}
