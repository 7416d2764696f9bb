#include "image/clip.h"

#include <stdlib.h>

void
clip_release(struct clip *clip)
{
	free(clip->points);
	free(clip->spare);
}

bool
clip_is_inside(const struct point *points, size_t n, struct point size,
	       double margin)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!(points[i].x >= -margin &&
		      points[i].x <= size.x + margin &&
		      points[i].y >= -margin && points[i].y <= size.y + margin))
			return false;
	return true;
}

static void
reserve(struct point **points, size_t *room, size_t n)
{
	if (n <= *room)
		return;
	*room = n + n / 2;
	*points = xreallocarray(*points, *room, sizeof(**points));
}

/* An edge of the image: where one coordinate is `limit`. */
struct image_edge {
	bool is_y, is_upper; /* y, not x; what is below the limit is inside */
	double limit;
};

static double
coordinate(struct point p, bool is_y)
{
	return is_y ? p.y : p.x;
}

static bool
is_within(struct point p, const struct image_edge *side)
{
	double at = coordinate(p, side->is_y);

	return side->is_upper ? at <= side->limit : at >= side->limit;
}

/* Where the line between a point inside and one outside meets the side. */
static struct point
meet(struct point inner, struct point outer, const struct image_edge *side)
{
	double from = coordinate(inner, side->is_y);
	double to = coordinate(outer, side->is_y);
	double along = (side->limit - from) / (to - from);
	struct point at = {inner.x + along * (outer.x - inner.x),
			   inner.y + along * (outer.y - inner.y)};

	if (side->is_y)
		at.y = side->limit;
	else
		at.x = side->limit;
	return at;
}

/* Makes what was gathered in `spare` the result. */
static void
exchange(struct clip *clip, size_t count)
{
	struct point *points = clip->points;
	size_t room = clip->room;

	clip->points = clip->spare;
	clip->room = clip->spare_room;
	clip->spare = points;
	clip->spare_room = room;
	clip->count = count;
}

/* Clips the result so far to one side. */
static void
clip_to(struct clip *clip, const struct image_edge *side)
{
	size_t i, count = 0;

	reserve(&clip->spare, &clip->spare_room, 2 * clip->count);
	for (i = 0; i < clip->count; i++) {
		const struct point last =
			clip->points[(i ? i : clip->count) - 1];
		const struct point next = clip->points[i];

		if (is_within(last, side) != is_within(next, side))
			clip->spare[count++] = is_within(last, side)
						       ? meet(last, next, side)
						       : meet(next, last, side);
		if (is_within(next, side))
			clip->spare[count++] = next;
	}
	exchange(clip, count);
}

/*
 * Whether the way from a over b to c runs along an edge of the image and back,
 * or stays where it is.
 */
static bool
is_spike(struct point a, struct point b, struct point c, struct point size)
{
	const bool along_y =
		a.x == b.x && b.x == c.x && (b.x == 0 || b.x == size.x);
	const bool along_x =
		a.y == b.y && b.y == c.y && (b.y == 0 || b.y == size.y);

	if (along_y && along_x)
		return true;
	return (along_y && (b.y - a.y) * (c.y - b.y) <= 0) ||
	       (along_x && (b.x - a.x) * (c.x - b.x) <= 0);
}

/* Takes away what runs along the image's edge for nothing. */
static void
drop_spikes(struct clip *clip, struct point size)
{
	struct point *p = clip->points;
	size_t i, n = 0, first = 0;

	for (i = 0; i < clip->count; i++) {
		while (n > 1 && is_spike(p[n - 2], p[n - 1], p[i], size))
			n--;
		p[n++] = p[i];
	}
	/* The same where the ring closes. */
	for (;;) {
		if (n - first > 2 &&
		    is_spike(p[n - 2], p[n - 1], p[first], size))
			n--;
		else if (n - first > 2 &&
			 is_spike(p[n - 1], p[first], p[first + 1], size))
			first++;
		else
			break;
	}
	memmove(p, p + first, (n - first) * sizeof(*p));
	clip->count = n - first > 2 ? n - first : 0;
}

static void
four_sides(struct point size, struct image_edge sides[4])
{
	sides[0] = (struct image_edge){false, false, 0};
	sides[1] = (struct image_edge){false, true, size.x};
	sides[2] = (struct image_edge){true, false, 0};
	sides[3] = (struct image_edge){true, true, size.y};
}

void
clip_ring(struct clip *clip, const struct point *ring, size_t n,
	  struct point size)
{
	struct image_edge sides[4];
	size_t i;

	reserve(&clip->points, &clip->room, n);
	if (n)
		memcpy(clip->points, ring, n * sizeof(*ring));
	clip->count = n;
	four_sides(size, sides);
	for (i = 0; i < 4; i++)
		clip_to(clip, &sides[i]);
	drop_spikes(clip, size);
}

/* Shortens a piece to what is inside; false where nothing is. */
static bool
clip_piece(struct point *a, struct point *b, const struct image_edge sides[4])
{
	size_t i;

	for (i = 0; i < 4; i++) {
		bool a_within = is_within(*a, &sides[i]);
		bool b_within = is_within(*b, &sides[i]);

		if (!a_within && !b_within)
			return false;
		if (!b_within)
			*b = meet(*a, *b, &sides[i]);
		else if (!a_within)
			*a = meet(*b, *a, &sides[i]);
	}
	return true;
}

void
clip_line(struct clip *clip, const struct point *line, size_t n,
	  struct point size)
{
	struct image_edge sides[4];
	size_t i;

	reserve(&clip->points, &clip->room, 2 * n);
	clip->count = 0;
	four_sides(size, sides);
	for (i = 1; i < n; i++) {
		struct point a = line[i - 1], b = line[i];

		if (!clip_piece(&a, &b, sides))
			continue;
		clip->points[clip->count++] = a;
		clip->points[clip->count++] = b;
	}
}
