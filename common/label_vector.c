/* Annotations that are drawn with points: boxes, polygons, lines, points. */
#include <math.h>

#include "label_parts.h"

/* Pixels are counted in less; what is beyond can be no coordinate. */
#define FARTHEST 1e9

/* Takes [x,y] apart. */
static bool
read_point(struct slice pair, struct point *point)
{
	struct json_iter iter = json_iterate(pair);
	struct json_member number;
	double *const xy[] = {&point->x, &point->y};
	size_t i;

	if (json_type(pair) != JSON_ARRAY)
		return false;
	for (i = 0; i < 2; i++)
		if (json_next(&iter, &number) <= 0 ||
		    !json_double(number.value, xy[i]) ||
		    fabs(*xy[i]) > FARTHEST)
			return false;
	return json_next(&iter, &number) == 0;
}

/* Reads an annotation's points into decoder->points: their number, or -1. */
static ptrdiff_t
read_points(struct label_decoder *decoder, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member pair;
	struct point point;
	size_t n = 0;

	if (json_type(list) != JSON_ARRAY)
		return -1;
	while (json_next(&iter, &pair) > 0) {
		if (!read_point(pair.value, &point))
			return -1;
		if (n == decoder->point_room) {
			decoder->point_room = n ? 2 * n : 64;
			decoder->points =
				xreallocarray(decoder->points,
					      decoder->point_room,
					      sizeof(*decoder->points));
		}
		decoder->points[n++] = point;
	}
	return (ptrdiff_t)n;
}

/* Puts [[x,y],...] as COCO's [[x,y,...]], numbers spelt as they came. */
static void
put_flat(struct buf *to, struct slice list)
{
	struct json_iter iter = json_iterate(list), inner;
	struct json_member pair, number;
	const char *before = "[[";

	while (json_next(&iter, &pair) > 0) {
		inner = json_iterate(pair.value);
		while (json_next(&inner, &number) > 0) {
			buf_puts(to, before);
			buf_slice(to, number.value);
			before = ",";
		}
	}
	buf_puts(to, "]]");
}

/*
 * Rounds to a millionth of a pixel, which takes away what binary fractions
 * have added: 212.75 - 38.04 is 174.71, not 174.70999999999998.
 */
static double
settle(double number)
{
	return round(number * 1e6) / 1e6;
}

enum shape { BBOX, POLYGON, POLYLINE, POINT, SHAPES };

static const struct {
	const char *type;
	size_t points; /* the least number that makes one */
} shapes[SHAPES] = {
	[BBOX] = {"bbox", 2},
	[POLYGON] = {"polygon", 3},
	[POLYLINE] = {"polyline", 2},
	[POINT] = {"point", 1},
};

static enum shape
find_shape(struct slice annotation)
{
	struct slice type;
	size_t i = SHAPES;

	if (json_find(annotation, "type", &type))
		for (i = 0; i < SHAPES; i++)
			if (json_string_is(type, slice_of(shapes[i].type)))
				break;
	return (enum shape)i;
}

/*
 * The box around a shape. That of a point is its pixel; so is a side of a
 * line's that runs straight across or down: no box of COCO's is empty.
 */
static struct box
shape_box(enum shape shape, const struct point *points, size_t n)
{
	struct box box = points_box(points, n);

	box.w = settle(box.w);
	box.h = settle(box.h);
	if (shape == BBOX || shape == POLYGON)
		return box;
	if (box.w <= 0) {
		box.x = floor(box.x);
		box.w = 1;
	}
	if (box.h <= 0) {
		box.y = floor(box.y);
		box.h = 1;
	}
	return box;
}

/* COCO's keypoint: its place, and 2 for visible. */
static void
set_keypoint(struct label_decoder *decoder, struct slice annotation)
{
	buf_putc(&decoder->value, '[');
	json_put_double(&decoder->value, decoder->points[0].x);
	buf_putc(&decoder->value, ',');
	json_put_double(&decoder->value, decoder->points[0].y);
	buf_puts(&decoder->value, ",2]");
	label_set(decoder, annotation, "keypoints");
	buf_putc(&decoder->value, '1');
	label_set(decoder, annotation, "num_keypoints");
}

/* A shape at hand: its points are in decoder->points. */
struct drawn {
	struct slice text; /* the annotation */
	struct slice list; /* its points */
	enum shape shape;
	size_t points;
};

/* Sets a shape's geometry: true, or false where it covers no area. */
static bool
set_geometry(struct label_decoder *decoder, const struct drawn *drawn)
{
	const enum shape shape = drawn->shape;
	struct box box = shape_box(shape, decoder->points, drawn->points);
	double area = box.w * box.h;

	if (shape == POLYGON)
		area = ring_area(decoder->points, drawn->points);
	area = settle(area);
	if (area <= 0)
		return false;
	if ((shape == BBOX || shape == POLYGON) &&
	    area < (double)decoder->options->min_area) {
		label_clear_geometry(decoder, drawn->text);
		return true;
	}
	label_set_box(decoder, drawn->text, &box);
	json_put_double(&decoder->value, area);
	label_set(decoder, drawn->text, "area");
	if (shape == POLYGON &&
	    decoder->options->segmentation != SEGMENTATION_NONE) {
		put_flat(&decoder->value, drawn->list);
		label_set(decoder, drawn->text, "segmentation");
	} else {
		label_clear(decoder, drawn->text, "segmentation");
	}
	if (shape == POINT)
		set_keypoint(decoder, drawn->text);
	return true;
}

/* An annotation that is there and cannot be seen: it goes on without. */
static void
skip_shape(struct label_decoder *decoder, const struct record *record,
	   const struct drawn *drawn, size_t number)
{
	diag_say(
		&record->place,
		"annotation no. %zu: a %s of %zu point%s, which covers nothing, "
		"is left without geometry",
		number, shapes[drawn->shape].type, drawn->points,
		drawn->points == 1 ? "" : "s");
	label_clear_geometry(decoder, drawn->text);
}

static int
decode_shape(struct label_decoder *decoder, const struct record *record,
	     struct slice annotation, size_t number)
{
	struct drawn drawn = {.text = annotation,
			      .shape = find_shape(annotation)};
	ptrdiff_t n;

	if (drawn.shape == SHAPES)
		return label_fail(
			decoder,
			"annotation no. %zu has a type that is not bbox, "
			"polygon, polyline or point",
			number);
	if (!json_find(annotation, "points", &drawn.list) ||
	    (n = read_points(decoder, drawn.list)) < 0)
		return label_fail(decoder,
				  "points of annotation no. %zu are no list of "
				  "[x,y] in pixels",
				  number);
	drawn.points = (size_t)n;
	if (drawn.points < shapes[drawn.shape].points ||
	    !set_geometry(decoder, &drawn))
		skip_shape(decoder, record, &drawn, number);
	label_set_crowd(decoder, annotation);
	return 0;
}

int
label_decode_vector(struct label_decoder *decoder, const struct record *record)
{
	size_t i;

	for (i = 0; i < decoder->count; i++)
		if (decode_shape(decoder, record, decoder->annotations[i].text,
				 i + 1) < 0)
			return -1;
	return 0;
}
