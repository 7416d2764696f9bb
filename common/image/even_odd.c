#include "image/even_odd.h"

#include <math.h>
#include <stdlib.h>

/*
 * Walking along a ring, the side on which its inside lies changes where it
 * crosses itself and nowhere else. So the area is a shoelace sum over the
 * pieces between crossings, with the other sign after each one.
 *
 * What makes crossings hard are points that lie on edges and edges that lie on
 * each other. The area does not jump when points move a little, so whether two
 * edges cross is asked of points that are moved by less than a part in 2^32 of
 * the ring's size, each by another amount, to whole numbers whose products are
 * exact: there nothing touches, and the answers agree with each other. Where
 * they cross is taken from the points as they are.
 */

/* Bits of a moved coordinate, and of the amount that it is moved by. */
enum { GRID_BITS = 55, JITTER_BITS = 22 };
/* An orientation is the difference of two products of differences. */
_Static_assert(2 * (GRID_BITS + 1) + 1 < 127, "orientations fit 128 bits");

/* When to give up: boxes compared, and crossings found. */
enum { COMPARED_MAX = 1 << 27, CROSSINGS_MAX = 1 << 21 };

__extension__ typedef __int128 int128;

/* A point that was moved to the grid. */
struct grid_point {
	int64_t x, y;
};

/* The smallest rectangle around the edges of a node of the tree. */
struct grid_box {
	struct grid_point low, high;
};

/* Where an edge, which begins at a point of this number, meets another one. */
struct crossing {
	size_t edge;
	double along; /* 0 to 1 */
	struct point at;
};

struct even_odd {
	const struct point *ring;
	size_t n;
	struct grid_point *moved;
	size_t moved_room;
	/*
	 * A binary tree over the edges in the ring's order: node k has 2 k and
	 * 2 k + 1 below it, leaf i is node `leaves` + i.
	 */
	struct grid_box *boxes;
	size_t leaves, box_room;
	struct crossing *crossings;
	size_t count, room;
	uint64_t compared;
};

struct even_odd *
even_odd_open(void)
{
	return xcalloc(1, sizeof(struct even_odd));
}

void
even_odd_close(struct even_odd *e)
{
	if (!e)
		return;
	free(e->moved);
	free(e->boxes);
	free(e->crossings);
	free(e);
}

/* A number that looks like chance, the same in every run (splitmix64). */
static int64_t
jitter(uint64_t i)
{
	i = (i + 1) * 0x9e3779b97f4a7c15u;
	i = (i ^ i >> 30) * 0xbf58476d1ce4e5b9u;
	i = (i ^ i >> 27) * 0x94d049bb133111ebu;
	return (int64_t)((i ^ i >> 31) >> (64 - JITTER_BITS));
}

static void
move_points(struct even_odd *e)
{
	const struct box box = points_box(e->ring, e->n);
	const double size = fmax(fmax(box.w, box.h), 1e-9);
	int exponent;
	size_t i;

	if (e->n > e->moved_room) {
		e->moved_room = e->n;
		e->moved = xreallocarray(e->moved, e->n, sizeof(*e->moved));
	}
	(void)frexp(size, &exponent);
	exponent = GRID_BITS - 1 - exponent;
	for (i = 0; i < e->n; i++) {
		double x = ldexp(e->ring[i].x - box.x, exponent);
		double y = ldexp(e->ring[i].y - box.y, exponent);

		e->moved[i].x = (int64_t)x + jitter(2 * i);
		e->moved[i].y = (int64_t)y + jitter(2 * i + 1);
	}
}

static size_t
next_point(const struct even_odd *e, size_t i)
{
	return i + 1 < e->n ? i + 1 : 0;
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
greatest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static struct grid_box
edge_box(const struct even_odd *e, size_t i)
{
	struct grid_point a = e->moved[i], b = e->moved[next_point(e, i)];

	return (struct grid_box){{least(a.x, b.x), least(a.y, b.y)},
				 {greatest(a.x, b.x), greatest(a.y, b.y)}};
}

static struct grid_box
join_boxes(struct grid_box a, struct grid_box b)
{
	return (struct grid_box){{least(a.low.x, b.low.x),
				  least(a.low.y, b.low.y)},
				 {greatest(a.high.x, b.high.x),
				  greatest(a.high.y, b.high.y)}};
}

static bool
grid_boxes_meet(struct grid_box a, struct grid_box b)
{
	return a.low.x <= b.high.x && b.low.x <= a.high.x &&
	       a.low.y <= b.high.y && b.low.y <= a.high.y;
}

static void
grow_tree(struct even_odd *e)
{
	static const struct grid_box nothing = {{INT64_MAX, INT64_MAX},
						{INT64_MIN, INT64_MIN}};
	size_t i;

	for (e->leaves = 1; e->leaves < e->n; e->leaves *= 2)
		;
	if (2 * e->leaves > e->box_room) {
		e->box_room = 2 * e->leaves;
		e->boxes =
			xreallocarray(e->boxes, e->box_room, sizeof(*e->boxes));
	}
	for (i = 0; i < e->leaves; i++)
		e->boxes[e->leaves + i] = i < e->n ? edge_box(e, i) : nothing;
	for (i = e->leaves - 1; i > 0; i--)
		e->boxes[i] = join_boxes(e->boxes[2 * i], e->boxes[2 * i + 1]);
}

/* On which side of the line from a to b is c: twice the area between them. */
static int128
orientation(struct grid_point a, struct grid_point b, struct grid_point c)
{
	return (int128)(b.x - a.x) * (c.y - a.y) -
	       (int128)(b.y - a.y) * (c.x - a.x);
}

static bool
differ(int128 a, int128 b)
{
	return (a < 0) != (b < 0);
}

static double
cross(struct point a, struct point b)
{
	return a.x * b.y - a.y * b.x;
}

static struct point
minus(struct point a, struct point b)
{
	return (struct point){a.x - b.x, a.y - b.y};
}

static void
add_crossing(struct even_odd *e, struct crossing crossing)
{
	if (e->count == e->room) {
		e->room = e->room ? 2 * e->room : 64;
		e->crossings = xreallocarray(e->crossings, e->room,
					     sizeof(*e->crossings));
	}
	e->crossings[e->count++] = crossing;
}

/*
 * Adds the crossing of edges i and j. `along_i` and `along_j` tell where the
 * moved ones cross; they are right where the edges lie on each other, for then
 * any place will do that is on both.
 */
static void
cross_edges(struct even_odd *e, size_t i, size_t j, double along_i,
	    double along_j)
{
	const struct point a = e->ring[i], c = e->ring[j];
	const struct point ab = minus(e->ring[next_point(e, i)], a);
	const struct point cd = minus(e->ring[next_point(e, j)], c);
	const double across = cross(ab, cd);
	struct point at;

	if (fabs(across) > 1e-12 * (hypot(ab.x, ab.y) * hypot(cd.x, cd.y))) {
		along_i = cross(minus(c, a), cd) / across;
		along_j = cross(minus(c, a), ab) / across;
		along_i = fmax(0, fmin(1, along_i));
		along_j = fmax(0, fmin(1, along_j));
	}
	at = (struct point){a.x + along_i * ab.x, a.y + along_i * ab.y};
	add_crossing(e, (struct crossing){i, along_i, at});
	add_crossing(e, (struct crossing){j, along_j, at});
}

static void
compare_edges(struct even_odd *e, size_t i, size_t j)
{
	const struct grid_point *p = e->moved;
	struct grid_point a = p[i], b = p[next_point(e, i)];
	struct grid_point c = p[j], d = p[next_point(e, j)];
	int128 at_c, at_d, at_a, at_b;

	/* Neighbours have a point in common, and no other. */
	if (next_point(e, i) == j || next_point(e, j) == i)
		return;
	at_c = orientation(a, b, c);
	at_d = orientation(a, b, d);
	if (!differ(at_c, at_d))
		return;
	at_a = orientation(c, d, a);
	at_b = orientation(c, d, b);
	if (differ(at_a, at_b))
		cross_edges(e, i, j, (double)at_a / (double)(at_a - at_b),
			    (double)at_c / (double)(at_c - at_d));
}

/* Two nodes of the tree, of one depth, whose edges are to be compared. */
struct node_pair {
	size_t a, b;
};

/* The stack of pairs holds at most three for each level of the tree. */
enum { PAIRS_MAX = 3 * 64 };

/* Finds where the ring crosses itself: false when it takes too long. */
static bool
find_crossings(struct even_odd *e)
{
	struct node_pair stack[PAIRS_MAX] = {{1, 1}};
	size_t depth = 1;

	e->count = 0;
	e->compared = 0;
	while (depth) {
		struct node_pair at = stack[--depth];

		if (e->compared++ > COMPARED_MAX || e->count > CROSSINGS_MAX)
			return false;
		if (at.a != at.b &&
		    !grid_boxes_meet(e->boxes[at.a], e->boxes[at.b]))
			continue;
		if (at.a >= e->leaves) {
			if (at.a != at.b)
				compare_edges(e, at.a - e->leaves,
					      at.b - e->leaves);
			continue;
		}
		stack[depth++] = (struct node_pair){2 * at.a, 2 * at.b};
		stack[depth++] = (struct node_pair){2 * at.a, 2 * at.b + 1};
		stack[depth++] = (struct node_pair){2 * at.a + 1, 2 * at.b + 1};
		if (at.a != at.b)
			stack[depth++] =
				(struct node_pair){2 * at.a + 1, 2 * at.b};
	}
	return true;
}

static int
order_crossings(const void *left, const void *right)
{
	const struct crossing *a = left, *b = right;

	if (a->edge != b->edge)
		return a->edge < b->edge ? -1 : 1;
	return (a->along > b->along) - (a->along < b->along);
}

/* The shoelace sum of the pieces; seen from the first point, little is lost. */
static double
add_pieces(const struct even_odd *e)
{
	const struct crossing *at = e->crossings;
	struct point last = {0, 0}, next;
	double twice = 0, sign = 1;
	size_t i, left = e->count;

	for (i = 0; i < e->n; i++) {
		for (; left && at->edge == i; at++, left--) {
			next = minus(at->at, e->ring[0]);
			twice += sign * cross(last, next);
			sign = -sign;
			last = next;
		}
		next = minus(e->ring[next_point(e, i)], e->ring[0]);
		twice += sign * cross(last, next);
		last = next;
	}
	return fabs(twice) / 2;
}

bool
even_odd_area(struct even_odd *e, const struct point *ring, size_t n,
	      double *area)
{
	*area = 0;
	if (n < 3)
		return true;
	e->ring = ring;
	e->n = n;
	e->count = 0;
	if (n > 3) {
		move_points(e);
		grow_tree(e);
		if (!find_crossings(e))
			return false;
	}
	if (e->count)
		qsort(e->crossings, e->count, sizeof(*e->crossings),
		      order_crossings);
	*area = add_pieces(e);
	return true;
}
