#include "image/trace.h"

#include <stdlib.h>

#include "base/buf.h"
#include "image/simplify.h"

#define NONE UINT32_MAX

/*
 * A corner of the outline, or a point where a slit begins; `next` is the one
 * that follows on its ring, with the instance on the right hand.
 */
struct corner {
	uint32_t x, y;
	uint32_t next;
	uint32_t above; /* where a run's bottom edge starts: its top edge */
	uint32_t ring;  /* NONE until it is found */
	bool anchor;    /* a slit hangs there: never thinned away */
	bool dropped;   /* thinned away */
};

/* A ring of corners. */
struct outline {
	uint32_t first;
	uint32_t hook; /* of a hole: where its slit ends */
	uint32_t part; /* the ring that a hole is in, itself for others */
	int64_t area;  /* pixels within; of a hole, less than 0 */
	bool thinned;  /* a part that is done */
	double left; /* of a part that is not: the area of its thinned rings */
};

struct tracer {
	const struct run *runs;
	struct corner *corners;
	size_t corner_count, corner_room, corner_limit;
	/*
	 * For each end of each run, top and bottom: the corner where the
	 * horizontal edge there starts, which may be columns to the left.
	 */
	uint32_t *starts;
	size_t start_room;
	struct outline *rings;
	size_t ring_count, ring_room;
	/* One ring while it is thinned. */
	struct point *thin;
	bool *keep;
	size_t thin_room;
	/* The result. */
	struct point *points;
	size_t *ends;
	size_t point_room, end_room;
};

struct tracer *
tracer_open(void)
{
	struct tracer *tracer = xcalloc(1, sizeof(*tracer));

	tracer->corner_limit = SIZE_MAX;
	return tracer;
}

void
tracer_limit_corners(struct tracer *tracer, size_t corners)
{
	tracer->corner_limit = corners;
}

void
tracer_close(struct tracer *tracer)
{
	if (!tracer)
		return;
	free(tracer->corners);
	free(tracer->starts);
	free(tracer->rings);
	free(tracer->thin);
	free(tracer->keep);
	free(tracer->points);
	free(tracer->ends);
	free(tracer);
}

/* The room for an array that must hold `need`, when it has `room`. */
static size_t
grown(size_t room, size_t need)
{
	return need > room + room / 2 ? need : room + room / 2 + 16;
}

static uint32_t
add_corner(struct tracer *t, uint32_t x, uint32_t y)
{
	if (t->corner_count == t->corner_room) {
		t->corner_room = grown(t->corner_room, t->corner_count + 1);
		t->corners = xreallocarray(t->corners, t->corner_room,
					   sizeof(*t->corners));
	}
	if (t->corner_count == NONE)
		mem_exhausted();
	t->corners[t->corner_count] =
		(struct corner){.x = x, .y = y, .ring = NONE};
	return (uint32_t)t->corner_count++;
}

static uint32_t
copy_corner(struct tracer *t, uint32_t c)
{
	uint32_t copy = add_corner(t, t->corners[c].x, t->corners[c].y);

	t->corners[copy].next = t->corners[c].next;
	return copy;
}

/* Ends of runs are counted: 2 i is the top of run i, 2 i + 1 its bottom. */
struct ends {
	size_t at, end;
};

static bool
is_bottom(size_t end)
{
	return end & 1;
}

static uint32_t
end_y(const struct tracer *t, size_t end)
{
	const struct run *run = &t->runs[end / 2];

	return is_bottom(end) ? run->y1 : run->y0;
}

/* Corner c is where the horizontal edge at an end of a run stops. */
static void
close_edge(struct tracer *t, size_t end, uint32_t c)
{
	uint32_t start = t->starts[end];

	if (is_bottom(end))
		t->corners[c].next = start;
	else
		t->corners[start].next = c;
}

/* Corner c is where the horizontal edge at an end of a run starts. */
static void
open_edge(struct tracer *t, size_t end, uint32_t c)
{
	t->starts[end] = c;
	if (is_bottom(end))
		t->corners[c].above = t->starts[end - 1];
}

/*
 * Finds the corners on the line between two neighbouring columns, given the
 * ends of the runs left and right of it. Walking down, the outline follows the
 * line wherever only one side is inside. Where a run on one side ends at the
 * height at which one on the other side begins, two corners meet; the bottom
 * goes first, so pixels that touch by a corner only are kept apart.
 */
static void
join_columns(struct tracer *t, uint32_t x, struct ends left, struct ends right)
{
	uint32_t upper = NONE; /* where the vertical edge here starts */

	while (left.at < left.end || right.at < right.end) {
		uint64_t yl = left.at < left.end ? end_y(t, left.at) : NONE;
		uint64_t yr = right.at < right.end ? end_y(t, right.at) : NONE;
		bool inside_left = is_bottom(left.at);
		bool on_left = yl < yr || (yl == yr && inside_left);
		uint32_t c;

		if (yl == yr && inside_left == is_bottom(right.at)) {
			t->starts[right.at++] = t->starts[left.at++];
			continue;
		}
		c = add_corner(t, x, (uint32_t)(on_left ? yl : yr));
		if (on_left)
			close_edge(t, left.at++, c);
		else
			open_edge(t, right.at++, c);
		if (upper == NONE) {
			upper = c;
			continue;
		}
		if (inside_left)
			t->corners[upper].next = c;
		else
			t->corners[c].next = upper;
		upper = NONE;
	}
}

/* Finds the corners, column by column; false where there are too many. */
static bool
find_corners(struct tracer *t, const struct instance *instance)
{
	const struct run *runs = instance->runs;
	struct ends left = {0, 0}, right;
	size_t i = 0;

	t->runs = runs;
	t->corner_count = 0;
	if (t->start_room < 2 * instance->count) {
		t->start_room = grown(t->start_room, 2 * instance->count);
		t->starts = xreallocarray(t->starts, t->start_room,
					  sizeof(*t->starts));
	}
	while (i < instance->count && t->corner_count <= t->corner_limit) {
		uint32_t x = runs[i].x;

		right.at = 2 * i;
		while (i < instance->count && runs[i].x == x)
			i++;
		right.end = 2 * i;
		join_columns(t, x, left, right);
		left = right;
		if (i < instance->count && runs[i].x == x + 1)
			continue;
		join_columns(t, x + 1, left,
			     (struct ends){right.end, right.end});
		left = (struct ends){right.end, right.end};
	}
	return t->corner_count <= t->corner_limit;
}

/* Walks the ring of a corner, and notes it. */
static void
add_ring(struct tracer *t, uint32_t first)
{
	struct corner *corners = t->corners;
	const uint32_t number = (uint32_t)t->ring_count;
	struct outline ring = {.first = first, .part = number};
	uint32_t c = first;

	do {
		const struct corner *next = &corners[corners[c].next];

		ring.area -= ((int64_t)next->x - corners[c].x) * next->y;
		corners[c].ring = number;
		c = corners[c].next;
	} while (c != first);
	if (t->ring_count == t->ring_room) {
		t->ring_room = grown(t->ring_room, t->ring_count + 1);
		t->rings = xreallocarray(t->rings, t->ring_room,
					 sizeof(*t->rings));
	}
	t->rings[t->ring_count++] = ring;
}

/*
 * Finds the rings. Corners were made column by column from the top, so a ring
 * is met at the topmost corner of its leftmost side.
 */
static void
find_rings(struct tracer *t)
{
	uint32_t c;

	t->ring_count = 0;
	for (c = 0; c < t->corner_count; c++)
		if (t->corners[c].ring == NONE)
			add_ring(t, c);
}

static bool
is_hole(const struct outline *ring)
{
	return ring->area < 0;
}

/*
 * Finds the part that each hole is in: that of the ring above it, which was
 * found earlier.
 */
static void
find_parts(struct tracer *t)
{
	size_t i;

	for (i = 0; i < t->ring_count; i++) {
		struct outline *ring = &t->rings[i];
		uint32_t edge = t->corners[ring->first].above;

		if (is_hole(ring))
			ring->part = t->rings[t->corners[edge].ring].part;
	}
}

/*
 * Finds where the slit of each hole ends. Above the hole's first corner is a
 * run of the instance; its top edge belongs to a ring that was found earlier,
 * since a corner of the same one would be further up in this column. The slit
 * goes up to that edge. Of the holes under one edge the last comes first, so
 * that each finds the edge's left part still starting at the same corner.
 */
static void
find_hooks(struct tracer *t)
{
	size_t i = t->ring_count;

	while (i--) {
		struct outline *ring = &t->rings[i];
		uint32_t x, edge, hook;

		if (!is_hole(ring))
			continue;
		x = t->corners[ring->first].x;
		edge = hook = t->corners[ring->first].above;
		if (t->corners[edge].x != x) {
			hook = add_corner(t, x, t->corners[edge].y);
			t->corners[hook].next = t->corners[edge].next;
			t->corners[edge].next = hook;
		}
		t->corners[hook].anchor = true;
		ring->hook = hook;
	}
}

static size_t
gather_ring(struct tracer *t, uint32_t first)
{
	uint32_t c = first;
	size_t n = 0;

	do {
		const struct corner *corner = &t->corners[c];

		if (n == t->thin_room) {
			t->thin_room = grown(t->thin_room, n + 1);
			t->thin = xreallocarray(t->thin, t->thin_room,
						sizeof(*t->thin));
			t->keep = xreallocarray(t->keep, t->thin_room,
						sizeof(*t->keep));
		}
		t->thin[n] = (struct point){corner->x, corner->y};
		t->keep[n++] = corner->anchor;
		c = corner->next;
	} while (c != first);
	return n;
}

/* Drops the corners of a ring that the tolerance allows: the area then. */
static double
thin_ring(struct tracer *t, uint32_t first, double tolerance)
{
	size_t i, n = gather_ring(t, first);
	struct point last = t->thin[0];
	uint32_t c = first;
	double area = 0;

	simplify_ring(t->thin, t->keep, n, tolerance);
	for (i = 0; i < n; i++) {
		const struct point next = t->thin[i];

		t->corners[c].dropped = !t->keep[i];
		c = t->corners[c].next;
		if (!t->keep[i])
			continue;
		area -= (next.x - last.x) * (next.y + last.y) / 2;
		last = next;
	}
	area -= (t->thin[0].x - last.x) * (t->thin[0].y + last.y) / 2;
	return area;
}

/*
 * Thins all rings. A part of which its holes would leave nothing is thinned
 * again, by less, until in the end it keeps all corners.
 */
static void
thin_parts(struct tracer *t, double tolerance)
{
	bool again = true;
	size_t i;

	for (; again; tolerance /= 2) {
		again = false;
		for (i = 0; i < t->ring_count; i++) {
			struct outline *part = &t->rings[t->rings[i].part];

			if (!part->thinned)
				part->left += thin_ring(t, t->rings[i].first,
							tolerance);
		}
		for (i = 0; i < t->ring_count; i++) {
			struct outline *part = &t->rings[i];

			if (part->part != i || part->thinned)
				continue;
			part->thinned = part->left > 0;
			part->left = 0;
			again |= !part->thinned;
		}
	}
}

/* Makes a hole and the ring it hangs on one ring, by a slit and back. */
static void
cut_slit(struct tracer *t, uint32_t hole, uint32_t hook)
{
	uint32_t begin = copy_corner(t, hole);
	uint32_t back = copy_corner(t, hook);

	t->corners[hook].next = begin;
	t->corners[hole].next = back;
}

static void
add_point(struct tracer *t, size_t n, const struct corner *corner)
{
	if (n == t->point_room) {
		t->point_room = grown(t->point_room, n + 1);
		t->points = xreallocarray(t->points, t->point_room,
					  sizeof(*t->points));
	}
	t->points[n] = (struct point){corner->x, corner->y};
}

/* Appends a ring as a part. */
static void
add_part(struct tracer *t, struct polygon *polygon, uint32_t first)
{
	size_t n = polygon->parts ? t->ends[polygon->parts - 1] : 0;
	uint32_t c = first;

	do {
		if (!t->corners[c].dropped)
			add_point(t, n++, &t->corners[c]);
		c = t->corners[c].next;
	} while (c != first);
	t->ends[polygon->parts++] = n;
}

/* The rings as parts, without the holes unless asked; the largest one first. */
static struct polygon
collect_parts(struct tracer *t, bool holes)
{
	struct polygon polygon = {0};
	size_t i, largest = 0;

	if (t->end_room < t->ring_count) {
		t->end_room = grown(t->end_room, t->ring_count);
		t->ends = xreallocarray(t->ends, t->end_room, sizeof(*t->ends));
	}
	for (i = 1; i < t->ring_count; i++)
		if (t->rings[i].area > t->rings[largest].area)
			largest = i;
	if (t->ring_count)
		add_part(t, &polygon, t->rings[largest].first);
	for (i = 0; i < t->ring_count; i++)
		if (i != largest && (holes || !is_hole(&t->rings[i])))
			add_part(t, &polygon, t->rings[i].first);
	polygon.points = t->points;
	polygon.ends = t->ends;
	return polygon;
}

struct polygon
tracer_trace(struct tracer *t, const struct instance *instance,
	     double tolerance)
{
	size_t i;

	if (!find_corners(t, instance))
		return (struct polygon){0};
	find_rings(t);
	find_parts(t);
	find_hooks(t);
	if (tolerance > 0)
		thin_parts(t, tolerance);
	for (i = 0; i < t->ring_count; i++)
		if (is_hole(&t->rings[i]))
			cut_slit(t, t->rings[i].first, t->rings[i].hook);
	return collect_parts(t, false);
}

struct polygon
tracer_outline(struct tracer *t, const struct instance *instance,
	       double tolerance)
{
	size_t i;

	if (!find_corners(t, instance))
		return (struct polygon){0};
	find_rings(t);
	for (i = 0; i < t->ring_count && tolerance > 0; i++)
		thin_ring(t, t->rings[i].first, tolerance);
	return collect_parts(t, true);
}
