/* Annotations that are drawn with points: boxes, polygons, lines, points. */
#include <math.h>

#include "label/label_parts.h"

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

enum shape { BOX, POLYGON, POLYLINE, POINT, SHAPES };

static const struct {
	const char *type;
	size_t points; /* the least number that makes one */
} shapes[SHAPES] = {
	[BOX] = {"bbox", 2},
	[POLYGON] = {"polygon", 3},
	[POLYLINE] = {"polyline", 2},
	[POINT] = {"point", 1},
};

static enum shape
find_shape(struct slice type)
{
	size_t i;

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
	if (shape == BOX || shape == POLYGON)
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
set_keypoint(struct label_decoder *decoder)
{
	buf_putc(&decoder->value, '[');
	json_put_double(&decoder->value, decoder->points[0].x);
	buf_putc(&decoder->value, ',');
	json_put_double(&decoder->value, decoder->points[0].y);
	buf_puts(&decoder->value, ",2]");
	label_set(decoder, KEYPOINTS);
	buf_putc(&decoder->value, '1');
	label_set(decoder, NUM_KEYPOINTS);
}

/*
 * Sets the geometry of a shape of n points: true, or false where it covers no
 * area.
 */
static bool
set_drawn_geometry(struct label_decoder *decoder, enum shape shape, size_t n)
{
	struct box box = shape_box(shape, decoder->points, n);
	double area = settle(shape == POLYGON ? ring_area(decoder->points, n)
					      : box.w * box.h);

	if (area <= 0)
		return false;
	if ((shape == BOX || shape == POLYGON) &&
	    area < (double)decoder->options->min_area) {
		label_clear_geometry(decoder);
		return true;
	}
	label_set_box(decoder, &box);
	json_put_double(&decoder->value, area);
	label_set(decoder, AREA);
	if (shape == POLYGON &&
	    decoder->options->segmentation != SEGMENTATION_NONE) {
		put_flat(&decoder->value, decoder->members[POINTS]);
		label_set(decoder, SEGMENTATION);
	} else {
		label_clear(decoder, SEGMENTATION);
	}
	if (shape == POINT)
		set_keypoint(decoder);
	return true;
}

/* An annotation that is there and cannot be seen: it goes on without. */
static void
skip_shape(struct label_decoder *decoder, const struct record *record,
	   size_t number, const char *type, size_t n)
{
	diag_say(&record->place,
		 "annotation no. %zu: a %s of %zu point%s, which covers "
		 "nothing, is left without geometry",
		 number, type, n, n == 1 ? "" : "s");
	label_clear_geometry(decoder);
}

static int
decode_shape(struct label_decoder *decoder, const struct record *record,
	     struct slice annotation, size_t number)
{
	enum shape shape;
	ptrdiff_t n;

	label_begin(decoder, annotation);
	shape = find_shape(decoder->members[TYPE]);
	if (shape == SHAPES)
		return label_fail(decoder,
				  "annotation no. %zu has a type that is not "
				  "bbox, polygon, polyline or point",
				  number);
	n = read_points(decoder, decoder->members[POINTS]);
	if (n < 0)
		return label_fail(decoder,
				  "points of annotation no. %zu are no list of "
				  "[x,y] in pixels",
				  number);
	if ((size_t)n < shapes[shape].points ||
	    !set_drawn_geometry(decoder, shape, (size_t)n))
		skip_shape(decoder, record, number, shapes[shape].type,
			   (size_t)n);
	label_end(decoder);
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
