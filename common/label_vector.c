/* Annotations that are drawn with points: boxes, polygons, lines, points. */
#include <math.h>

#include "label_parts.h"

/* Reads an annotation's points into decoder->points: their number, or -1. */
static ptrdiff_t
read_points(struct label_decoder *decoder, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member pair, number;
	size_t n = 0;

	while (json_next(&iter, &pair) > 0) {
		struct json_iter inner = json_iterate(pair.value);
		double xy[2];
		int i;

		for (i = 0; i < 2; i++)
			if (json_next(&inner, &number) <= 0 ||
			    !json_double(number.value, &xy[i]) ||
			    !isfinite(xy[i]))
				return -1;
		if (n == decoder->point_room) {
			decoder->point_room = n ? 2 * n : 64;
			decoder->points =
				xreallocarray(decoder->points,
					      decoder->point_room,
					      sizeof(*decoder->points));
		}
		decoder->points[n++] = (struct point){xy[0], xy[1]};
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
	int i;

	while (json_next(&iter, &pair) > 0) {
		inner = json_iterate(pair.value);
		for (i = 0; i < 2 && json_next(&inner, &number) > 0; i++) {
			buf_puts(to, before);
			buf_slice(to, number.value);
			before = ",";
		}
	}
	buf_puts(to, "]]");
}

static void
set_area(struct label_decoder *decoder, struct slice annotation, double area)
{
	json_put_double(&decoder->value, area);
	label_set(decoder, annotation, "area");
	label_set_crowd(decoder, annotation);
}

static void
set_polygon(struct label_decoder *decoder, struct slice annotation,
	    struct slice list, size_t n)
{
	struct box box = points_box(decoder->points, n);

	label_set_box(decoder, annotation, &box);
	if (decoder->options->segmentation != SEGMENTATION_NONE) {
		put_flat(&decoder->value, list);
		label_set(decoder, annotation, "segmentation");
	}
	set_area(decoder, annotation, ring_area(decoder->points, n));
}

/* A point is a keypoint that is visible; its box is its pixel. */
static void
set_point(struct label_decoder *decoder, struct slice annotation)
{
	struct point point = decoder->points[0];
	struct box box = {floor(point.x), floor(point.y), 1, 1};

	label_set_box(decoder, annotation, &box);
	buf_putc(&decoder->value, '[');
	json_put_double(&decoder->value, point.x);
	buf_putc(&decoder->value, ',');
	json_put_double(&decoder->value, point.y);
	buf_puts(&decoder->value, ",2]");
	label_set(decoder, annotation, "keypoints");
	buf_putc(&decoder->value, '1');
	label_set(decoder, annotation, "num_keypoints");
	set_area(decoder, annotation, 1);
}

static void
set_box(struct label_decoder *decoder, struct slice annotation, size_t n)
{
	struct box box = points_box(decoder->points, n);

	label_set_box(decoder, annotation, &box);
	set_area(decoder, annotation, box.w * box.h);
}

/* The least number of points that make each type. */
static const struct {
	const char *type;
	size_t points;
} shapes[] = {
	{"bbox", 2},
	{"polygon", 3},
	{"polyline", 2},
	{"point", 1},
};

enum { BBOX, POLYGON, POLYLINE, POINT, SHAPES };

static int
find_shape(struct slice annotation)
{
	struct slice type;
	int i;

	if (!json_find(annotation, "type", &type))
		return SHAPES;
	for (i = 0; i < SHAPES; i++)
		if (json_string_is(type, slice_of(shapes[i].type)))
			break;
	return i;
}

static int
decode_shape(struct label_decoder *decoder, const struct record *record,
	     const struct annotation *annotation, size_t number)
{
	int shape = find_shape(annotation->text);
	struct slice list;
	ptrdiff_t n;

	if (shape == SHAPES)
		return label_fail(decoder,
				  "annotation %zu has a type that is "
				  "not bbox, polygon, polyline or "
				  "point",
				  number);
	if (!json_find(annotation->text, "points", &list) ||
	    (n = read_points(decoder, list)) < 0)
		return label_fail(decoder,
				  "points of annotation %zu are no list of "
				  "[x,y]",
				  number);
	if ((size_t)n < shapes[shape].points) {
		diag_say(&record->place,
			 "annotation %zu: a %s of %td points, left without "
			 "geometry",
			 number, shapes[shape].type, n);
		return 0;
	}
	if (shape == POLYGON)
		set_polygon(decoder, annotation->text, list, (size_t)n);
	else if (shape == POINT)
		set_point(decoder, annotation->text);
	else
		set_box(decoder, annotation->text, (size_t)n);
	return 0;
}

int
label_decode_vector(struct label_decoder *decoder, const struct record *record)
{
	size_t i;

	for (i = 0; i < decoder->count; i++)
		if (decode_shape(decoder, record, &decoder->annotations[i],
				 i + 1) < 0)
			return -1;
	return 0;
}
