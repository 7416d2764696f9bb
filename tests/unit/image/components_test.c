/* Components and fringes on runs, against flood fill on a raster. */
#include "image/components.h"

#include <stdio.h>
#include <string.h>

#include "random.h"
#include "tap.h"

enum { SIDE = 12, ROUNDS = 4000 };

static unsigned char grid[SIDE][SIDE];

static bool
is_set(int x, int y)
{
	return x >= 0 && y >= 0 && x < SIDE && y < SIDE && grid[y][x] == 1;
}

static size_t
make_runs(struct run *runs)
{
	uint32_t x, y, end;
	size_t n = 0;

	for (x = 0; x < SIDE; x++)
		for (y = 0; y < SIDE; y = end + 1) {
			for (end = y; is_set((int)x, (int)end); end++)
				;
			if (end > y)
				runs[n++] = (struct run){1, x, y, end};
		}
	return n;
}

/* Takes away what hangs together with a pixel: how much that was. */
static uint64_t
flood(int x, int y, bool diagonal)
{
	uint64_t area = 1;
	int dx, dy;

	if (!is_set(x, y))
		return 0;
	grid[y][x] = 2;
	for (dy = -1; dy <= 1; dy++)
		for (dx = -1; dx <= 1; dx++)
			if (diagonal || dx == 0 || dy == 0)
				area += flood(x + dx, y + dy, diagonal);
	return area;
}

static uint64_t
naive_fringe(void)
{
	uint64_t fringe = 0;
	int x, y;

	for (y = 0; y < SIDE; y++)
		for (x = 0; x < SIDE; x++)
			fringe += is_set(x, y) &&
				  ((!is_set(x, y - 1) && !is_set(x, y + 1)) ||
				   (!is_set(x - 1, y) && !is_set(x + 1, y)));
	return fringe;
}

/* Compares components by their areas, each found from one of its pixels. */
static bool
same_components(const struct components *found, bool diagonal)
{
	size_t i;
	int x, y;
	bool good = true;

	for (i = 0; i < found->count; i++)
		good &= flood((int)found->list[i].x, (int)found->list[i].y,
			      diagonal) == found->list[i].area;
	for (y = 0; y < SIDE; y++)
		for (x = 0; x < SIDE; x++)
			good &= !is_set(x, y);
	return good;
}

static bool
boxes_hold(const struct components *found, const struct run *runs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct pixel_box box = found->list[found->of[i]].box;

		if (runs[i].x < box.x || runs[i].x >= box.x + box.w ||
		    runs[i].y0 < box.y || runs[i].y1 > box.y + box.h)
			return false;
	}
	return true;
}

int
main(void)
{
	struct component_finder *finder = component_finder_open();
	struct run runs[SIDE * SIDE];
	bool areas = true, boxes = true, counts = true, fringes = true;

	size_t round, n;

	random_seed(11);

	for (round = 0; round < ROUNDS; round++) {
		const bool diagonal = round % 2;
		const uint32_t share = 10 + random_below(80);
		struct components found;
		struct instance instance;
		int i;

		for (i = 0; i < SIDE * SIDE; i++)
			grid[i / SIDE][i % SIDE] = random_below(100) < share;
		n = make_runs(runs);
		instance = instance_of(1, runs, n);
		if (n)
			fringes &=
				instance_fringe(&instance) == naive_fringe() &&
				instance_fringe_most(&instance) >=
					naive_fringe();
		i = (int)components_count(finder, runs, n, diagonal);
		found = components_list(finder, runs, n);
		counts &= (size_t)i == found.count;
		boxes &= boxes_hold(&found, runs, n);
		areas &= same_components(&found, diagonal);
	}

	ok(areas, "components are those of a flood fill");
	ok(counts, "and as many as were counted");
	ok(boxes, "boxes hold all runs");
	ok(fringes,
	   "fringes are those of a raster, and no more than was thought");
	component_finder_close(finder);
	return done_testing();
}
