#include "output/yolo_shape.h"

#include <stdlib.h>

#include "json/json.h"

void
yolo_shape_end(struct yolo_shape *shape)
{
	free(shape->points);
	free(shape->ends);
	*shape = (struct yolo_shape){0};
}

void
yolo_shape_reset(struct yolo_shape *shape)
{
	shape->count = shape->parts = 0;
}

static void
reserve_points(struct yolo_shape *shape, size_t n)
{
	if (shape->room - shape->count >= n)
		return;
	shape->room = 2 * (shape->count + n);
	shape->points = xreallocarray(shape->points, shape->room,
				      sizeof(*shape->points));
}

/* Ends a part behind the last point. */
static void
end_part(struct yolo_shape *shape)
{
	if (shape->parts == shape->part_room) {
		shape->part_room = shape->parts ? 2 * shape->parts : 16;
		shape->ends = xreallocarray(shape->ends, shape->part_room,
					    sizeof(*shape->ends));
	}
	shape->ends[shape->parts++] = shape->count;
}

void
yolo_shape_add(struct yolo_shape *shape, const struct point *ring, size_t n)
{
	reserve_points(shape, n);
	memcpy(shape->points + shape->count, ring, n * sizeof(*ring));
	shape->count += n;
	end_part(shape);
}

void
yolo_shape_take(struct yolo_shape *shape, const struct polygon *polygon)
{
	size_t part, begin = 0;

	for (part = 0; part < polygon->parts; part++) {
		yolo_shape_add(shape, polygon->points + begin,
			       polygon->ends[part] - begin);
		begin = polygon->ends[part];
	}
}

struct polygon
yolo_shape_polygon(const struct yolo_shape *shape)
{
	return (struct polygon){shape->points, shape->ends, shape->parts};
}

/*
 * Reads a number at *p, which is behind it then. Most coordinates are a few
 * digits long: those are read here, the rest by json_double.
 */
static bool
read_number(const char **p, const char *end, double *number)
{
	struct slice token = {*p, 0};
	uint32_t whole = 0;
	const char *at = *p;

	while (at < end && at - token.p < 9 && *at >= '0' && *at <= '9')
		whole = whole * 10 + (uint32_t)(*at++ - '0');
	if (at < end && at > token.p && (*at == ',' || *at == ']')) {
		*p = at;
		*number = whole;
		return true;
	}
	while (at < end && *at != ',' && *at != ']')
		at++;
	token.n = (size_t)(at - token.p);
	while (token.n && strchr(" \t\r\n", token.p[token.n - 1]))
		token.n--;
	*p = at;
	return json_double(token, number);
}

static const char *
skip_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
		p++;
	return p;
}

/* Reads [x,y,...] as a part: false where it is something else. */
static bool
read_part(struct yolo_shape *shape, struct slice part)
{
	const char *p = part.p, *end = part.p + part.n;
	const size_t before = shape->count;
	double number, x = 0;
	size_t n = 0;

	if (json_type(part) != JSON_ARRAY)
		return false;
	/* At a bracket or comma; numbers have a byte each at least. */
	reserve_points(shape, part.n / 4 + 1);
	while (p < end && *p != ']') {
		p = skip_space(p + 1, end);
		if (!read_number(&p, end, &number))
			return false;
		if (n++ % 2 == 0)
			x = number;
		else
			shape->points[shape->count++] =
				(struct point){x, number};
	}
	if (n < 6 || n % 2)
		shape->count = before;
	else
		end_part(shape);
	return n % 2 == 0;
}

bool
yolo_shape_read(struct yolo_shape *shape, struct slice json)
{
	struct json_iter iter = json_iterate(json);
	struct json_member part;

	while (json_next(&iter, &part) > 0)
		if (!read_part(shape, part.value))
			return false;
	return shape->parts > 0;
}
