#include "image/components.h"

#include <stdlib.h>
#include <string.h>

#include "base/inline.h"
#include "base/mem.h"

struct component_finder {
	size_t *parents; /* of runs; a root is its own */
	size_t *of;
	size_t room;
	struct component *list;
	size_t list_room;
};

struct component_finder *
component_finder_open(void)
{
	return xcalloc(1, sizeof(struct component_finder));
}

void
component_finder_close(struct component_finder *finder)
{
	if (!finder)
		return;
	free(finder->parents);
	free(finder->of);
	free(finder->list);
	free(finder);
}

/* The root of a run's tree; halves the way to it for the next time. */
INLINE size_t
find_root(size_t *parents, size_t run)
{
	while (parents[run] != run) {
		parents[run] = parents[parents[run]];
		run = parents[run];
	}
	return run;
}

/* Joins two trees, unless they are one; the earlier root stays one. */
INLINE size_t
unite(size_t *parents, size_t a, size_t b)
{
	a = find_root(parents, a);
	b = find_root(parents, b);
	if (a < b)
		parents[b] = a;
	else
		parents[a] = b;
	return a != b;
}

static void
make_room(struct component_finder *finder, size_t count)
{
	if (count <= finder->room)
		return;
	finder->room = count + count / 2;
	finder->parents = xreallocarray(finder->parents, finder->room,
					sizeof(*finder->parents));
	finder->of =
		xreallocarray(finder->of, finder->room, sizeof(*finder->of));
}

/* The end of the column that begins at a run. */
static size_t
column_end(const struct run *runs, size_t from, size_t count)
{
	size_t at = from + (from < count);

	while (at < count && runs[at].x == runs[from].x)
		at++;
	return at;
}

/* Joins the runs of two neighbouring columns [a, b) and [b, c). */
INLINE size_t
unite_columns(size_t *parents, const struct run *runs, size_t a, size_t b,
	      size_t c, uint32_t reach)
{
	size_t i = a, j = b, united = 0;

	while (i < b && j < c) {
		if (runs[i].y0 < runs[j].y1 + reach &&
		    runs[j].y0 < runs[i].y1 + reach)
			united += unite(parents, i, j);
		if (runs[i].y1 < runs[j].y1)
			i++;
		else
			j++;
	}
	return united;
}

/* Whether the run behind `at` goes on with it, and is alone in its column. */
INLINE bool
goes_on(const struct run *runs, size_t at, size_t count, uint32_t reach)
{
	const struct run *run = &runs[at];

	return at + 1 < count && run[1].x == run->x + 1 &&
	       (at + 2 == count || run[2].x != run[1].x) &&
	       run->y0 < run[1].y1 + reach && run[1].y0 < run->y1 + reach;
}

/*
 * Joins what there is to join: how often two trees became one. Most columns
 * of most shapes have one run, which goes on with that of the column before.
 */
static size_t
join_all(size_t *parents, const struct run *runs, size_t count, bool diagonal)
{
	size_t a = 0, b = column_end(runs, 0, count), i, united = 0;

	while (a < count) {
		if (b == a + 1 && goes_on(runs, a, count, diagonal)) {
			const size_t root = find_root(parents, a);

			for (; goes_on(runs, a, count, diagonal); united++)
				parents[++a] = root;
			b = a + 1;
		}
		for (i = a + 1; i < b; i++)
			if (runs[i].y0 == runs[i - 1].y1)
				united += unite(parents, i - 1, i);
		i = column_end(runs, b, count);
		if (b < count && runs[b].x == runs[a].x + 1)
			united +=
				unite_columns(parents, runs, a, b, i, diagonal);
		a = b;
		b = i;
	}
	return united;
}

size_t
components_count(struct component_finder *finder, const struct run *runs,
		 size_t count, bool diagonal)
{
	size_t i;

	make_room(finder, count);
	for (i = 0; i < count; i++)
		finder->parents[i] = i;
	return count - join_all(finder->parents, runs, count, diagonal);
}

static struct component *
add_component(struct component_finder *finder, size_t number,
	      const struct run *run)
{
	struct component *component;

	if (number == finder->list_room) {
		finder->list_room = 2 * number + 16;
		finder->list = xreallocarray(finder->list, finder->list_room,
					     sizeof(*finder->list));
	}
	component = &finder->list[number];
	*component = (struct component){.box = {run->x, run->y0, 0, 0},
					.x = run->x,
					.y = run->y0};
	return component;
}

static void
widen(struct component *component, const struct run *run)
{
	struct pixel_box *box = &component->box;
	uint32_t bottom = box->y + box->h;

	component->area += run->y1 - run->y0;
	box->w = run->x - box->x + 1;
	if (run->y1 > bottom)
		bottom = run->y1;
	if (run->y0 < box->y)
		box->y = run->y0;
	box->h = bottom - box->y;
}

struct components
components_list(struct component_finder *finder, const struct run *runs,
		size_t count)
{
	size_t i, n = 0;

	for (i = 0; i < count; i++) {
		size_t root = find_root(finder->parents, i);

		if (root == i) {
			add_component(finder, n, &runs[i]);
			finder->of[i] = n++;
		} else {
			finder->of[i] = finder->of[root];
		}
		widen(&finder->list[finder->of[i]], &runs[i]);
	}
	return (struct components){finder->list, n, finder->of};
}

/* The runs of the column x, found on from `at`: [*from, *to). */
static void
find_column(const struct instance *instance, uint32_t x, size_t at,
	    size_t *from, size_t *to)
{
	const struct run *runs = instance->runs;

	while (at < instance->count && runs[at].x < x)
		at++;
	*from = at;
	while (at < instance->count && runs[at].x == x)
		at++;
	*to = at;
}

/* How many pixels of [y, y1) some runs [from, to) cover, from y on: their end,
 * or y where none does; *next is where the next cover begins. */
static uint32_t
cover_at(const struct run *runs, size_t from, size_t to, uint32_t y,
	 uint32_t *next)
{
	for (; from < to; from++) {
		if (runs[from].y1 <= y)
			continue;
		if (runs[from].y0 <= y)
			return runs[from].y1;
		if (runs[from].y0 < *next)
			*next = runs[from].y0;
		break;
	}
	return y;
}

/* The pixels of a run that neither of two columns has beside it. */
static uint64_t
bare_pixels(const struct run *runs, const struct run *run, const size_t left[2],
	    const size_t right[2])
{
	uint64_t bare = 0;
	uint32_t y = run->y0, end, other, next;

	while (y < run->y1) {
		next = run->y1;
		end = cover_at(runs, left[0], left[1], y, &next);
		other = cover_at(runs, right[0], right[1], y, &next);
		end = end > other ? end : other;
		if (end == y) {
			bare += next - y;
			end = next;
		}
		y = end;
	}
	return bare;
}

uint64_t
instance_fringe(const struct instance *instance)
{
	const struct run *runs = instance->runs;
	size_t left[2] = {0, 0}, right[2] = {0, 0}, a, b, i;
	uint64_t fringe = 0;

	for (a = 0; a < instance->count; a = b) {
		b = column_end(runs, a, instance->count);
		if (a == 0 || left[0] == left[1] ||
		    runs[left[0]].x + 1 != runs[a].x)
			left[0] = left[1] = a;
		find_column(instance, runs[a].x + 1, b, &right[0], &right[1]);
		if (b < instance->count && runs[b].x != runs[a].x + 1)
			right[0] = right[1] = b;
		for (i = a; i < b; i++)
			fringe += runs[i].y1 - runs[i].y0 == 1
					  ? 1
					  : bare_pixels(runs, &runs[i], left,
							right);
		left[0] = a;
		left[1] = b;
	}
	return fringe;
}

/* The rows that two runs have in common. */
static uint32_t
common_rows(const struct run *a, const struct run *b)
{
	const uint32_t y0 = a->y0 > b->y0 ? a->y0 : b->y0;
	const uint32_t y1 = a->y1 < b->y1 ? a->y1 : b->y1;

	return y0 < y1 ? y1 - y0 : 0;
}

/*
 * At most those without a neighbour on the left, and those of runs of one
 * pixel. Of the neighbours, those in one run on the left are enough: most often
 * that is the one before, else the first that does not end above.
 */
uint64_t
instance_fringe_most(const struct instance *instance)
{
	const struct run *run = instance->runs, *left = run;
	const struct run *end = run + instance->count;
	uint64_t most = instance->area + (run->y1 - run->y0 == 1);

	while (++run < end) {
		uint32_t both =
			run->x == run[-1].x + 1 ? common_rows(run, run - 1) : 0;

		if (!both) {
			while (left->x + 1 < run->x ||
			       (left->x + 1 == run->x && left->y1 <= run->y0))
				left++;
			if (left->x + 1 == run->x)
				both = common_rows(run, left);
		}
		most += run->y1 - run->y0 == 1;
		most -= both;
	}
	return most;
}
