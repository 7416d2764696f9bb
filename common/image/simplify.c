#include "image/simplify.h"

/* The longest span that is looked at as one. */
enum { SPAN_MAX = 4096 };

/* Points [first, last] of a ring whose ends stay; `last` may be n: ring[0]. */
struct chain {
	size_t first, last;
};

static double
segment_distance2(struct point p, struct point a, struct point b)
{
	double dx = b.x - a.x, dy = b.y - a.y;
	double px = p.x - a.x, py = p.y - a.y;
	double length2 = dx * dx + dy * dy;
	double along = px * dx + py * dy;
	double across = px * dy - py * dx;

	if (along <= 0)
		return px * px + py * py;
	if (along >= length2)
		return (p.x - b.x) * (p.x - b.x) + (p.y - b.y) * (p.y - b.y);
	return across * across / length2;
}

/* The point farthest from the chord, or span.first if all are within it. */
static size_t
farthest(const struct point *ring, size_t n, struct chain span,
	 double tolerance2)
{
	struct point a = ring[span.first];
	struct point b = ring[span.last < n ? span.last : 0];
	size_t i, worst = span.first;

	for (i = span.first + 1; i < span.last; i++) {
		double d = segment_distance2(ring[i], a, b);

		if (d > tolerance2) {
			tolerance2 = d;
			worst = i;
		}
	}
	return worst;
}

/* The shorter half is done first, so the stack holds log2(SPAN_MAX) spans. */
static void
simplify_chain(const struct point *ring, bool *keep, size_t n,
	       struct chain span, double tolerance2)
{
	struct chain stack[16];
	size_t depth = 0, middle;

	for (;;) {
		middle = farthest(ring, n, span, tolerance2);
		if (middle == span.first) {
			if (!depth)
				return;
			span = stack[--depth];
			continue;
		}
		keep[middle] = true;
		if (middle - span.first < span.last - middle) {
			stack[depth++] = (struct chain){middle, span.last};
			span.last = middle;
		} else {
			stack[depth++] = (struct chain){span.first, middle};
			span.first = middle;
		}
	}
}

/* One pass over the spans between the points that stay. */
static void
thin_pass(const struct point *ring, bool *keep, size_t n, double tolerance)
{
	struct chain span = {0, 0};

	while (span.first < n) {
		span.last = span.first + 1;
		while (span.last < n && !keep[span.last] &&
		       span.last - span.first < SPAN_MAX)
			span.last++;
		if (span.last < n)
			keep[span.last] = true;
		simplify_chain(ring, keep, n, span, tolerance * tolerance);
		span.first = span.last;
	}
}

/* Twice the signed area between the points that stay; all if keep is NULL. */
static double
twice_area(const struct point *ring, const bool *keep, size_t n)
{
	struct point last = ring[0];
	double area = 0;
	size_t i;

	for (i = 1; i < n; i++) {
		if (keep && !keep[i])
			continue;
		area += (last.x - ring[0].x) * (ring[i].y - ring[0].y) -
			(ring[i].x - ring[0].x) * (last.y - ring[0].y);
		last = ring[i];
	}
	return area;
}

void
simplify_ring(const struct point *ring, bool *keep, size_t n, double tolerance)
{
	double area;
	size_t i;

	if (!n)
		return;
	keep[0] = true;
	area = twice_area(ring, NULL, n);
	for (; tolerance >= 0.25; tolerance /= 2) {
		thin_pass(ring, keep, n, tolerance);
		/* Fewer than three points have none. */
		if (area * twice_area(ring, keep, n) > 0)
			return;
	}
	for (i = 0; i < n; i++)
		keep[i] = true;
}
