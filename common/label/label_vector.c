/* Annotations that are drawn with points: boxes, polygons, lines, points. */
#include <math.h>

#include "label/label_parts.h"
#include "record/shape_type.h"

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

/* What a point takes, with all that is made of it while it is looked at. */
enum { POINT_COST = 256 };

/*
 * Reads an annotation's points into decoder->points, as many as there may be:
 * their number, or -1.
 */
static ptrdiff_t
read_points(struct label_decoder *decoder, struct slice list)
{
	const uint64_t most = decoder->options->max_label / POINT_COST;

	struct json_iter iter = json_iterate(list);
	struct json_member pair;
	struct point point;
	size_t n = 0;

	if (json_type(list) != JSON_ARRAY)
		return -1;
	while (n <= most && json_next(&iter, &pair) > 0) {
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

/* An annotation's points, or what of them is within the image. */
struct drawing {
	enum shape_type shape;
	const struct point *points;
	size_t n;
	bool clipped;
};

/* A box has two corners; what is within the image has two again. */
static void
clip_box(struct clip *clip, struct box box, struct point size)
{
	const struct point corners[] = {{box.x, box.y},
					{box.x + box.w, box.y},
					{box.x + box.w, box.y + box.h},
					{box.x, box.y + box.h}};

	clip_ring(clip, corners, 4, size);
}

/* Clips what is not a point to the image. */
static void
clip_drawing(struct label_decoder *decoder, struct drawing *drawing)
{
	struct clip *clip = &decoder->clip;
	const struct point *points = drawing->points;
	const size_t n = drawing->n;
	size_t i;

	if (drawing->shape == SHAPE_POLYGON)
		clip_ring(clip, points, n, decoder->size);
	else if (drawing->shape == SHAPE_BOX)
		clip_box(clip, points_box(points, n), decoder->size);
	else
		clip_line(clip, points, n, decoder->size);
	for (i = 0; i < clip->count; i++) {
		clip->points[i].x = settle(clip->points[i].x);
		clip->points[i].y = settle(clip->points[i].y);
	}
	drawing->points = clip->points;
	drawing->n = clip->count;
	drawing->clipped = true;
}

/* The pixel that a coordinate is in; the last one has the image's edge, too. */
static double
pixel_of(double at, double size)
{
	return at < size ? floor(at) : size - 1;
}

/*
 * The box around a shape. That of a point is its pixel; so is a side of a
 * line's that runs straight across or down: no box of COCO's is empty.
 */
static struct box
drawing_box(const struct drawing *drawing, struct point size)
{
	struct box box = points_box(drawing->points, drawing->n);

	box.w = settle(box.w);
	box.h = settle(box.h);
	if (drawing->shape == SHAPE_BOX || drawing->shape == SHAPE_POLYGON)
		return box;
	if (box.w <= 0) {
		box.x = pixel_of(box.x, size.x);
		box.w = 1;
	}
	if (box.h <= 0) {
		box.y = pixel_of(box.y, size.y);
		box.h = 1;
	}
	return box;
}

/* COCO's keypoint: its place, and 2 for visible; or nothing, and 0. */
static void
set_keypoint(struct label_decoder *decoder, const struct point *point)
{
	struct buf *value = &decoder->value;

	buf_putc(value, '[');
	json_put_double(value, point ? point->x : 0);
	buf_putc(value, ',');
	json_put_double(value, point ? point->y : 0);
	buf_puts(value, point ? ",2]" : ",0]");
	label_set(decoder, KEYPOINTS);
	buf_putc(value, point ? '1' : '0');
	label_set(decoder, NUM_KEYPOINTS);
}

static void
set_outline(struct label_decoder *decoder, const struct drawing *drawing)
{
	const struct polygon polygon = {drawing->points, &drawing->n, 1};

	if (drawing->shape != SHAPE_POLYGON ||
	    decoder->options->segmentation == SEGMENTATION_NONE) {
		label_clear(decoder, SEGMENTATION);
		return;
	}
	if (drawing->clipped)
		polygon_put(&decoder->value, &polygon);
	else
		put_flat(&decoder->value, decoder->members[POINTS]);
	label_set(decoder, SEGMENTATION);
}

/* Sets the geometry of a shape that is in the image and covers `area`. */
static void
set_drawn_geometry(struct label_decoder *decoder, const struct drawing *drawing,
		   const struct box *box, double area)
{
	const bool is_area =
		drawing->shape == SHAPE_BOX || drawing->shape == SHAPE_POLYGON;

	if (is_area && area < (double)decoder->options->min_area) {
		label_clear_geometry(decoder);
		return;
	}
	label_set_box(decoder, box);
	json_put_double(&decoder->value, area);
	label_set(decoder, AREA);
	set_outline(decoder, drawing);
	if (drawing->shape == SHAPE_POINT)
		set_keypoint(decoder, drawing->points);
}

/* Says of a shape of n points what is wrong with it, and goes on without. */
static void
skip_shape(struct label_decoder *decoder, enum shape_type shape, size_t n,
	   const char *why)
{
	label_leave_out(decoder, "a %s of %zu point%s, %s",
			shape_type_names[shape], n, n == 1 ? "" : "s", why);
}

/* Sets the geometry of a shape whose points are read: 0, or -1. */
static int
decode_drawing(struct label_decoder *decoder, struct drawing drawing)
{
	const size_t n = drawing.n;
	struct box box;
	double area;

	if (!clip_is_inside(drawing.points, n, decoder->size, 0))
		clip_drawing(decoder, &drawing);
	box = drawing_box(&drawing, decoder->size);
	area = box.w * box.h;
	if (drawing.shape == SHAPE_POLYGON &&
	    !even_odd_area(decoder->even_odd, drawing.points, drawing.n, &area))
		return label_fail(decoder,
				  "annotation no. %zu is a polygon of %zu "
				  "points that crosses itself too often to be "
				  "measured",
				  decoder->number, n);
	area = settle(area);
	if (drawing.n && area > 0) {
		if (!clip_is_inside(decoder->points, n, decoder->size, 1))
			label_count_oddity(decoder, LABEL_CLIPPED);
		set_drawn_geometry(decoder, &drawing, &box, area);
		return 0;
	}
	skip_shape(decoder, drawing.shape, n,
		   drawing.clipped ? "which is outside the image"
				   : "which covers nothing");
	if (drawing.clipped && drawing.shape == SHAPE_POINT)
		set_keypoint(decoder, NULL);
	return 0;
}

/* Sets the geometry of a shape: 0, or -1. */
static int
decode_shape(struct label_decoder *decoder, enum shape_type shape)
{
	ptrdiff_t n = read_points(decoder, decoder->members[POINTS]);

	if (n < 0) {
		label_leave_out(decoder,
				"a %s whose points are no list of [x,y] in "
				"pixels",
				shape_type_names[shape]);
		return 0;
	}
	if ((uint64_t)n > decoder->options->max_label / POINT_COST)
		return label_fail(
			decoder,
			"annotation no. %zu has more than %td points; "
			"--max-label allows more",
			decoder->number, n - 1);
	if ((size_t)n < shape_least_points[shape]) {
		skip_shape(decoder, shape, (size_t)n, "which covers nothing");
		return 0;
	}
	if (shape == SHAPE_POINT && n > 1) {
		skip_shape(decoder, shape, (size_t)n, "where one is meant");
		return 0;
	}
	return decode_drawing(decoder,
			      (struct drawing){.shape = shape,
					       .points = decoder->points,
					       .n = (size_t)n});
}

static int
decode_annotation(struct label_decoder *decoder,
		  const struct annotation *annotation)
{
	struct slice type;
	enum shape_type shape;
	int result = 0;

	label_begin(decoder, annotation);
	type = decoder->members[TYPE];
	shape = shape_type_find(type);
	if (shape != SHAPE_TYPES)
		result = decode_shape(decoder, shape);
	else if (type.n)
		label_leave_out(decoder,
				"of type %.*s, which is not bbox, polygon, "
				"polyline or point",
				label_shown(type), type.p);
	else
		label_leave_out(decoder, "without a type");
	return label_end(decoder) < 0 ? -1 : result;
}

int
label_decode_vector(struct label_decoder *decoder)
{
	size_t i;

	for (i = 0; i < decoder->count; i++)
		if (decode_annotation(decoder, &decoder->annotations[i]) < 0)
			return -1;
	return 0;
}
