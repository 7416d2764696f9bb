#include "image/polygon.h"

#include <math.h>

#include "json/json.h"

/* Whole numbers, which the outlines of pixels have, take the short way. */
static void
put_coordinate(struct buf *to, double number)
{
	if (number >= 0 && number < UINT32_MAX && number == floor(number))
		buf_uint(to, (uint64_t)number);
	else
		json_put_double(to, number);
}

void
polygon_put(struct buf *to, const struct polygon *polygon)
{
	size_t part, i = 0;

	buf_putc(to, '[');
	for (part = 0; part < polygon->parts; part++) {
		buf_puts(to, part ? ",[" : "[");
		for (; i < polygon->ends[part]; i++) {
			put_coordinate(to, polygon->points[i].x);
			buf_putc(to, ',');
			put_coordinate(to, polygon->points[i].y);
			buf_putc(to, i + 1 < polygon->ends[part] ? ',' : ']');
		}
	}
	buf_putc(to, ']');
}

static double
ring_area(const struct point *ring, size_t n)
{
	double twice = 0;
	size_t i;

	/* Seen from the first point, far from zero little is lost. */
	for (i = 2; i < n; i++) {
		struct point a = ring[i - 1], b = ring[i];

		twice += (a.x - ring[0].x) * (b.y - ring[0].y) -
			 (b.x - ring[0].x) * (a.y - ring[0].y);
	}
	return fabs(twice) / 2;
}

double
polygon_area(const struct polygon *polygon)
{
	double area = 0;
	size_t part, begin = 0;

	for (part = 0; part < polygon->parts; part++) {
		area += ring_area(polygon->points + begin,
				  polygon->ends[part] - begin);
		begin = polygon->ends[part];
	}
	return area;
}

struct box
points_box(const struct point *points, size_t n)
{
	struct point low, high;
	size_t i;

	if (!n)
		return (struct box){0};
	low = high = points[0];
	for (i = 1; i < n; i++) {
		const struct point p = points[i];

		/* fmin and fmax are calls, as they know of NaN. */
		low.x = p.x < low.x ? p.x : low.x;
		low.y = p.y < low.y ? p.y : low.y;
		high.x = p.x > high.x ? p.x : high.x;
		high.y = p.y > high.y ? p.y : high.y;
	}
	return (struct box){low.x, low.y, high.x - low.x, high.y - low.y};
}
