#include "image/bridge.h"

#include <math.h>
#include <stdlib.h>

enum {
	PARTS_COMPARED = 256,  /* of more, the nearest is not looked for */
	CORNERS_COMPARED = 48, /* of each of two parts, evenly chosen */
};

/* A point of the ring that is being made; `next` follows it. */
struct ring_node {
	struct point at;
	size_t next, before;
};

/* A part that is to be joined. */
struct ring_part {
	size_t begin, end; /* its nodes */
	struct box box;
	bool joined;
	size_t near; /* the nearest part that is joined */
	double distance;
};

struct bridger {
	struct ring_node *nodes;
	size_t count, room;
	struct ring_part *parts;
	size_t part_room;
	struct point *ring;
	size_t ring_room;
};

struct bridger *
bridger_open(void)
{
	return xcalloc(1, sizeof(struct bridger));
}

void
bridger_close(struct bridger *bridger)
{
	if (!bridger)
		return;
	free(bridger->nodes);
	free(bridger->parts);
	free(bridger->ring);
	free(bridger);
}

static size_t
put_node(struct bridger *bridger, struct point at)
{
	if (bridger->count == bridger->room) {
		bridger->room = bridger->room ? 2 * bridger->room : 256;
		bridger->nodes = xreallocarray(bridger->nodes, bridger->room,
					       sizeof(*bridger->nodes));
	}
	bridger->nodes[bridger->count].at = at;
	return bridger->count++;
}

static void
link_nodes(struct bridger *bridger, size_t from, size_t to)
{
	bridger->nodes[from].next = to;
	bridger->nodes[to].before = from;
}

static void
take_parts(struct bridger *bridger, const struct polygon *polygon)
{
	size_t i, part, begin = 0;

	bridger->count = 0;
	if (polygon->parts > bridger->part_room) {
		bridger->part_room = 2 * polygon->parts;
		bridger->parts =
			xreallocarray(bridger->parts, bridger->part_room,
				      sizeof(*bridger->parts));
	}
	for (part = 0; part < polygon->parts; part++) {
		size_t end = polygon->ends[part];

		bridger->parts[part] = (struct ring_part){
			.begin = begin,
			.end = end,
			.box = points_box(polygon->points + begin, end - begin),
			.distance = INFINITY,
		};
		for (i = begin; i < end; i++)
			put_node(bridger, polygon->points[i]);
		for (i = begin; i < end; i++)
			link_nodes(bridger, i, i + 1 < end ? i + 1 : begin);
		begin = end;
	}
}

/* How far two intervals are apart. */
static double
gap(double a, double a_length, double b, double b_length)
{
	return fmax(0, fmax(b - a - a_length, a - b - b_length));
}

static double
box_distance(const struct box *a, const struct box *b)
{
	return hypot(gap(a->x, a->w, b->x, b->w), gap(a->y, a->h, b->y, b->h));
}

/* Nodes [from, to) of a part, each `step`th. */
struct node_range {
	size_t from, to, step;
};

/* Sets at[] to the nearest nodes of two stretches, if nearer than `best`. */
static double
compare_stretches(const struct bridger *bridger, struct node_range a,
		  struct node_range b, double best, size_t at[2])
{
	size_t i, j;

	for (i = a.from; i < a.to; i += a.step) {
		const struct point p = bridger->nodes[i].at;

		for (j = b.from; j < b.to; j += b.step) {
			const struct point q = bridger->nodes[j].at;
			double d = (p.x - q.x) * (p.x - q.x) +
				   (p.y - q.y) * (p.y - q.y);

			if (d < best) {
				best = d;
				at[0] = i;
				at[1] = j;
			}
		}
	}
	return best;
}

static struct node_range
whole_part(const struct ring_part *part)
{
	return (struct node_range){part->begin, part->end,
				   1 + (part->end - part->begin) /
						   CORNERS_COMPARED};
}

/* What was passed over around a node, CORNERS_COMPARED nodes at most. */
static struct node_range
stretch_around(const struct ring_part *part, size_t at, size_t step)
{
	const size_t reach =
		step < CORNERS_COMPARED / 2 ? step : CORNERS_COMPARED / 2;

	return (struct node_range){
		at - part->begin > reach ? at - reach : part->begin,
		part->end - at > reach ? at + reach : part->end, 1};
}

/* Where two parts are near each other: a node of each. */
static void
find_crossing(const struct bridger *bridger, const struct ring_part *a,
	      const struct ring_part *b, size_t at[2])
{
	const struct node_range first = whole_part(a), second = whole_part(b);
	double best = compare_stretches(bridger, first, second, INFINITY, at);

	if (first.step == 1 && second.step == 1)
		return;
	compare_stretches(bridger, stretch_around(a, at[0], first.step),
			  stretch_around(b, at[1], second.step), best, at);
}

/* From a over to b, around b's ring, and back to a. */
static void
build_bridge(struct bridger *bridger, size_t a, size_t b)
{
	size_t a2 = put_node(bridger, bridger->nodes[a].at);
	size_t b2 = put_node(bridger, bridger->nodes[b].at);

	link_nodes(bridger, a2, bridger->nodes[a].next);
	link_nodes(bridger, bridger->nodes[b].before, b2);
	link_nodes(bridger, b2, a2);
	link_nodes(bridger, a, b);
}

static void
join_part(struct bridger *bridger, size_t joined, size_t next)
{
	size_t at[2] = {bridger->parts[joined].begin,
			bridger->parts[next].begin};

	find_crossing(bridger, &bridger->parts[joined], &bridger->parts[next],
		      at);
	build_bridge(bridger, at[0], at[1]);
}

/* Joins all parts, at each step the one that is nearest to those joined. */
static void
join_nearest(struct bridger *bridger, size_t count)
{
	struct ring_part *parts = bridger->parts;
	size_t last = 0, next, left, i;

	parts[0].joined = true;
	for (left = count - 1; left; left--) {
		next = SIZE_MAX;
		for (i = 0; i < count; i++) {
			double d =
				box_distance(&parts[i].box, &parts[last].box);

			if (parts[i].joined)
				continue;
			if (d < parts[i].distance) {
				parts[i].distance = d;
				parts[i].near = last;
			}
			if (next == SIZE_MAX ||
			    parts[i].distance < parts[next].distance)
				next = i;
		}
		join_part(bridger, parts[next].near, next);
		parts[next].joined = true;
		last = next;
	}
}

const struct point *
bridger_join(struct bridger *bridger, const struct polygon *polygon, size_t *n)
{
	size_t i, at;

	*n = polygon->parts ? polygon->ends[0] : 0;
	if (polygon->parts < 2)
		return polygon->points;
	take_parts(bridger, polygon);
	if (polygon->parts <= PARTS_COMPARED)
		join_nearest(bridger, polygon->parts);
	else
		for (i = 1; i < polygon->parts; i++)
			join_part(bridger, i - 1, i);
	if (bridger->count > bridger->ring_room) {
		bridger->ring_room = 2 * bridger->count;
		bridger->ring = xreallocarray(bridger->ring, bridger->ring_room,
					      sizeof(*bridger->ring));
	}
	for (i = 0, at = 0; i < bridger->count; i++) {
		bridger->ring[i] = bridger->nodes[at].at;
		at = bridger->nodes[at].next;
	}
	*n = bridger->count;
	return bridger->ring;
}
