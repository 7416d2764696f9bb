#include "image/rasterize.h"

#include <math.h>
#include <stdlib.h>

#include "image/overlap.h"

/* Steps of the fine grid in one pixel. */
enum { FINE = 5 };

/* A point of the fine grid. */
struct fine_point {
	int64_t x, y;
};

struct rasterizer {
	uint32_t width, height;
	/* Where columns cross a part's edges: column << 32 | row. */
	uint64_t *crossings;
	size_t crossing_count, crossing_room;
	struct run *runs;
	size_t run_count, run_room;
};

struct rasterizer *
rasterizer_open(void)
{
	return xcalloc(1, sizeof(struct rasterizer));
}

void
rasterizer_close(struct rasterizer *rasterizer)
{
	if (!rasterizer)
		return;
	free(rasterizer->crossings);
	free(rasterizer->runs);
	free(rasterizer);
}

/* Far outside of any image, and exact as a double when multiplied. */
static int64_t
fine_coordinate(double value)
{
	const double limit = 1 << 30;
	double fine = FINE * value + .5;

	if (isnan(fine))
		return 0;
	return (int64_t)fmax(-limit, fmin(limit, fine));
}

static struct fine_point
fine_node(struct point p)
{
	return (struct fine_point){fine_coordinate(p.x), fine_coordinate(p.y)};
}

/* The nearest step to where an edge is after `steps` steps along its longer
 * side; the arithmetic is that of the library, so ties fall as they do there.
 */
static int64_t
fine_line(int64_t from, double slope, int64_t steps)
{
	return (int64_t)((double)from + slope * (double)steps + .5);
}

/* The first row whose centre, fine row 5 row + 2, is not above fine row y. */
static uint32_t
first_row(int64_t y, uint32_t height)
{
	if (y <= 0)
		return 0;
	y = (y + FINE / 2) / FINE;
	return y < height ? (uint32_t)y : height;
}

static void
add_crossing(struct rasterizer *f, uint32_t column, int64_t y)
{
	if (f->crossing_count == f->crossing_room) {
		f->crossing_room += f->crossing_room / 2 + 64;
		f->crossings = xreallocarray(f->crossings, f->crossing_room,
					     sizeof(*f->crossings));
	}
	f->crossings[f->crossing_count++] =
		(uint64_t)column << 32 | first_row(y, f->height);
}

/*
 * Where an edge that is no higher than wide, walked from its left end, steps
 * from fine column x to x + 1: the upper one of both points.
 */
static int64_t
flat_crossing(struct fine_point left, double slope, int64_t x)
{
	int64_t before = fine_line(left.y, slope, x - left.x);
	int64_t after = fine_line(left.y, slope, x + 1 - left.x);

	return before < after ? before : after;
}

/* The same for an edge that is higher than wide, walked from the top. */
static int64_t
steep_crossing(struct fine_point top, double slope, int64_t height, int64_t x)
{
	bool rising = slope > 0;
	int64_t steps = (int64_t)(((double)x + .5 - (double)top.x) / slope);

	if (steps < 1)
		steps = 1;
	if (steps > height)
		steps = height;
	while (steps > 1 && (fine_line(top.x, slope, steps - 1) > x) == rising)
		steps--;
	while (steps < height && (fine_line(top.x, slope, steps) > x) != rising)
		steps++;
	return top.y + steps - 1;
}

static void
cross_edge(struct rasterizer *f, struct fine_point a, struct fine_point b)
{
	bool flat = llabs(b.x - a.x) >= llabs(b.y - a.y);
	bool back = flat ? a.x > b.x : a.y > b.y;
	struct fine_point from = back ? b : a, to = back ? a : b;
	int64_t low = a.x < b.x ? a.x : b.x, high = a.x < b.x ? b.x : a.x;
	int64_t column = low <= 2 ? 0 : (low + 2) / FINE;
	int64_t end = high < 3 ? 0 : (high + 2) / FINE;
	double slope;

	if (end > f->width)
		end = f->width;
	if (column >= end)
		return;
	slope = flat ? (double)(to.y - from.y) / (double)(to.x - from.x)
		     : (double)(to.x - from.x) / (double)(to.y - from.y);
	for (; column < end; column++) {
		int64_t x = FINE * column + 2;

		add_crossing(f, (uint32_t)column,
			     flat ? flat_crossing(from, slope, x)
				  : steep_crossing(from, slope, to.y - from.y,
						   x));
	}
}

static int
compare_crossings(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int
compare_runs(const void *a, const void *b)
{
	const struct run *r = a, *s = b;

	if (r->x != s->x)
		return (r->x > s->x) - (r->x < s->x);
	return (r->y0 > s->y0) - (r->y0 < s->y0);
}

static void
add_run(struct rasterizer *f, struct run run)
{
	if (f->run_count == f->run_room) {
		f->run_room += f->run_room / 2 + 64;
		f->runs = xreallocarray(f->runs, f->run_room, sizeof(*f->runs));
	}
	f->runs[f->run_count++] = run;
}

/* Adds the runs of one part. A ring crosses a column an even number of times.
 */
static void
fill_part(struct rasterizer *f, const struct point *ring, size_t n, uint32_t id)
{
	struct fine_point last;
	size_t i;

	if (!n)
		return;
	f->crossing_count = 0;
	last = fine_node(ring[n - 1]);
	for (i = 0; i < n; i++) {
		struct fine_point node = fine_node(ring[i]);

		cross_edge(f, last, node);
		last = node;
	}
	if (f->crossing_count)
		qsort(f->crossings, f->crossing_count, sizeof(*f->crossings),
		      compare_crossings);
	for (i = 0; i + 1 < f->crossing_count; i += 2) {
		uint64_t top = f->crossings[i], bottom = f->crossings[i + 1];

		if (top != bottom)
			add_run(f,
				(struct run){id, (uint32_t)(top >> 32),
					     (uint32_t)top, (uint32_t)bottom});
	}
}

/* Unites runs that overlap or touch, given in order. */
static size_t
unite_runs(struct run *runs, size_t count)
{
	size_t i, n = 0;

	for (i = 0; i < count; i++) {
		if (!n || runs[n - 1].x != runs[i].x ||
		    runs[n - 1].y1 < runs[i].y0)
			runs[n++] = runs[i];
		else if (runs[n - 1].y1 < runs[i].y1)
			runs[n - 1].y1 = runs[i].y1;
	}
	return n;
}

bool
rasterizer_draw(struct rasterizer *f, const struct polygon *polygon,
		uint32_t width, uint32_t height, uint32_t id,
		struct instance *instance)
{
	size_t part, begin = 0;

	f->width = width;
	f->height = height;
	f->run_count = 0;
	for (part = 0; part < polygon->parts; part++) {
		fill_part(f, polygon->points + begin,
			  polygon->ends[part] - begin, id);
		begin = polygon->ends[part];
	}
	if (polygon->parts > 1 && f->run_count)
		qsort(f->runs, f->run_count, sizeof(*f->runs), compare_runs);
	f->run_count = unite_runs(f->runs, f->run_count);
	*instance = instance_of(id, f->runs, f->run_count);
	return f->run_count > 0;
}

double
instance_iou(const struct instance *a, const struct instance *b)
{
	const uint64_t common = overlap_pixels(a, b);
	const uint64_t all = a->area + b->area - common;

	return all ? (double)common / (double)all : 0;
}
