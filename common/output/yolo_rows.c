#include "output/yolo_rows.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "image/bridge.h"
#include "image/clip.h"
#include "image/hull.h"
#include "image/inset.h"
#include "image/rle_read.h"
#include "image/trace.h"
#include "output/yolo_classes.h"
#include "output/yolo_shape.h"
#include "record/shape_type.h"
#include "json/lookup.h"

/* The members of an annotation that are looked at. */
enum {
	ID,
	TRACK_ID,
	CATEGORY_ID,
	TYPE,
	POINTS,
	BBOX,
	SEGMENTATION,
	ISCROWD,
	MEMBERS
};

static const struct slice keys[MEMBERS] = {
	[ID] = {"id", 2},
	[TRACK_ID] = {"track_id", 8},
	[CATEGORY_ID] = {"category_id", 11},
	[TYPE] = {"type", 4},
	[POINTS] = {"points", 6},
	[BBOX] = {"bbox", 4},
	[SEGMENTATION] = {"segmentation", 12},
	[ISCROWD] = {"iscrowd", 7},
};

struct yolo_rows {
	enum yolo_task task;
	enum yolo_form form;
	struct release_classes classes;
	/* Of the record at hand. */
	const struct record *record;
	struct point size; /* of the image */
	size_t number;     /* of the annotation, from 1 */
	struct slice found[MEMBERS];
	size_t first, *ends; /* where rows begin, and each one's end */
	size_t row_count, row_room;
	struct yolo_shape shape;
	struct run_list runs;
	struct tracer *tracer;
	struct bridger *bridger;
	struct clip clip;
	struct buf failure;
};

struct yolo_rows *
yolo_rows_open(enum yolo_task task, enum yolo_form form)
{
	struct yolo_rows *rows = xcalloc(1, sizeof(*rows));

	rows->task = task;
	rows->form = form;
	rows->tracer = tracer_open();
	rows->bridger = bridger_open();
	return rows;
}

void
yolo_rows_close(struct yolo_rows *rows)
{
	if (!rows)
		return;
	release_classes_end(&rows->classes);
	free(rows->ends);
	yolo_shape_end(&rows->shape);
	run_list_release(&rows->runs);
	tracer_close(rows->tracer);
	bridger_close(rows->bridger);
	clip_release(&rows->clip);
	buf_release(&rows->failure);
	free(rows);
}

const char *
yolo_rows_failure(struct yolo_rows *rows)
{
	return buf_cstr(&rows->failure);
}

__attribute__((format(printf, 2, 3))) static int
fail(struct yolo_rows *rows, const char *format, ...)
{
	va_list args;

	buf_reset(&rows->failure);
	va_start(args, format);
	buf_vprintf(&rows->failure, format, args);
	va_end(args);
	return -1;
}

/* --- Writing */

/* Writes two digits. */
static char *
write_pair(char *p, uint32_t pair)
{
	static const char digits[] = "00010203040506070809"
				     "10111213141516171819"
				     "20212223242526272829"
				     "30313233343536373839"
				     "40414243444546474849"
				     "50515253545556575859"
				     "60616263646566676869"
				     "70717273747576777879"
				     "80818283848586878889"
				     "90919293949596979899";

	memcpy(p, digits + 2 * (size_t)pair, 2);
	return p + 2;
}

/*
 * Writes a number of millionths, 1000000 at most, as a fraction of 1. A
 * millionth is a hundredth of a pixel in an image of 10,000.
 */
static char *
write_fraction(char *p, uint32_t millionths)
{
	if (millionths == 0 || millionths == 1000000) {
		*p = millionths ? '1' : '0';
		return p + 1;
	}
	*p++ = '0';
	*p++ = '.';
	p = write_pair(p, millionths / 10000);
	p = write_pair(p, millionths / 100 % 100);
	p = write_pair(p, millionths % 100);
	while (p[-1] == '0')
		p--;
	return p;
}

enum { FRACTION = 9 /* bytes of one, and what stands before it */ };

static uint32_t
to_millionths(double part, double unit)
{
	const double n = part * unit + 0.5;

	return n < 0 ? 0 : n > 1e6 ? 1000000 : (uint32_t)n;
}

/* Appends points as fractions of the image, each behind a separator. */
static void
put_points(struct yolo_rows *rows, const struct point *points, size_t n,
	   struct buf *to)
{
	const double across = 1e6 / rows->size.x, down = 1e6 / rows->size.y;
	const char separator = rows->form == YOLO_JSON ? ',' : ' ';
	char *p = buf_reserve(to, n * 2 * FRACTION);
	size_t i;

	for (i = 0; i < n; i++) {
		*p++ = separator;
		p = write_fraction(p, to_millionths(points[i].x, across));
		*p++ = separator;
		p = write_fraction(p, to_millionths(points[i].y, down));
	}
	to->len = (size_t)(p - to->data);
}

/* --- Shapes */

/* Cuts a box down to the image: false where nothing is left of it. */
static bool
clip_box(const struct yolo_rows *rows, struct box *box)
{
	double right = fmin(box->x + box->w, rows->size.x);
	double bottom = fmin(box->y + box->h, rows->size.y);

	box->x = fmax(box->x, 0);
	box->y = fmax(box->y, 0);
	box->w = right - box->x;
	box->h = bottom - box->y;
	/* What is less rounds to nothing. */
	return box->w * 1e6 >= rows->size.x && box->h * 1e6 >= rows->size.y;
}

static void
box_corners(const struct box *box, struct point corners[4])
{
	corners[0] = (struct point){box->x, box->y};
	corners[1] = (struct point){box->x + box->w, box->y};
	corners[2] = (struct point){box->x + box->w, box->y + box->h};
	corners[3] = (struct point){box->x, box->y + box->h};
}

/* The outline of pixels that are run-length encoded: false where it is none. */
static bool
trace_rle(struct yolo_rows *rows, struct slice rle)
{
	struct instance instance = {.id = 1};
	struct polygon polygon;

	rows->runs.count = 0;
	if (rle_read(rle, (uint32_t)rows->size.x, (uint32_t)rows->size.y, 1,
		     &rows->runs) ||
	    !rows->runs.count)
		return false;
	instance.runs = rows->runs.list;
	instance.count = rows->runs.count;
	polygon = tracer_trace(rows->tracer, &instance, 0);
	yolo_shape_take(&rows->shape, &polygon);
	return true;
}

/*
 * The outline of the annotation at hand as rows->shape: a polygon drawn, the
 * outline of pixels, or a box. False where it has none.
 */
static bool
find_outline(struct yolo_rows *rows, const struct box *box)
{
	const struct slice segmentation = rows->found[SEGMENTATION];
	struct point corners[4];
	const size_t end = 4;

	if (json_type(segmentation) == JSON_OBJECT)
		return trace_rle(rows, segmentation);
	if (json_type(segmentation) == JSON_ARRAY)
		return yolo_shape_read(&rows->shape, segmentation);
	if (shape_type_find(rows->found[TYPE]) != SHAPE_BOX)
		return false;
	box_corners(box, corners);
	yolo_shape_take(&rows->shape, &(struct polygon){corners, &end, 1});
	return true;
}

/*
 * Cuts the shape, which has this box, down to the image, part by part: false
 * where nothing of it is left.
 */
static bool
clip_shape(struct yolo_rows *rows, struct box box)
{
	struct yolo_shape *shape = &rows->shape, cut = {0};
	size_t part, begin = 0;

	if (clip_is_inside(shape->points, shape->count, rows->size, 0))
		return clip_box(rows, &box);
	for (part = 0; part < shape->parts; part++) {
		clip_ring(&rows->clip, shape->points + begin,
			  shape->ends[part] - begin, rows->size);
		begin = shape->ends[part];
		if (rows->clip.count >= 3)
			yolo_shape_add(&cut, rows->clip.points,
				       rows->clip.count);
	}
	yolo_shape_end(shape);
	*shape = cut;
	box = points_box(shape->points, shape->count);
	return clip_box(rows, &box);
}

static void
put_outline(struct yolo_rows *rows, struct buf *to)
{
	struct yolo_shape *shape = &rows->shape;
	struct polygon polygon;
	const struct point *ring;
	size_t part, begin = 0, n;

	/* The outline of pixels, not what someone drew. */
	for (part = 0; part < shape->parts && !rows->found[POINTS].p; part++) {
		inset_ring(shape->points + begin, shape->ends[part] - begin);
		begin = shape->ends[part];
	}
	polygon = yolo_shape_polygon(shape);
	ring = bridger_join(rows->bridger, &polygon, &n);
	put_points(rows, ring, n, to);
}

/* The smallest rectangle around the shape, turned as it may be. */
static bool
put_turned_box(struct yolo_rows *rows, struct buf *to)
{
	struct yolo_shape *shape = &rows->shape;
	struct point corners[4];
	size_t n;

	n = hull_of_points(shape->points, shape->count);
	if (!hull_rectangle(shape->points, n, corners))
		return false;
	put_points(rows, corners, 4, to);
	return true;
}

static void
put_box(struct yolo_rows *rows, const struct box *box, struct buf *to)
{
	const struct point numbers[] = {
		{box->x + box->w / 2, box->y + box->h / 2},
		{box->w, box->h},
	};

	put_points(rows, numbers, 2, to);
}

/* --- Annotations */

static bool
read_box(struct slice list, struct box *box)
{
	double *const numbers[] = {&box->x, &box->y, &box->w, &box->h};
	struct json_iter iter = json_iterate(list);
	struct json_member number;
	size_t i;

	if (json_type(list) != JSON_ARRAY)
		return false;
	for (i = 0; i < 4; i++)
		if (json_next(&iter, &number) <= 0 ||
		    !json_double(number.value, numbers[i]))
			return false;
	return true;
}

/* Names the annotation at hand, for messages. */
static struct slice
annotation_name(const struct yolo_rows *rows)
{
	if (rows->found[ID].p)
		return rows->found[ID];
	return rows->found[TRACK_ID];
}

static enum yolo_without
no_size(struct yolo_rows *rows)
{
	struct slice name = annotation_name(rows);

	diag_warn(
		&rows->record->place,
		"annotation %.*s (no. %zu) covers nothing of the image: it is "
		"left out",
		(int)(name.n < 40 ? name.n : 40), name.p ? name.p : "",
		rows->number);
	return YOLO_NO_SIZE;
}

/*
 * Appends what comes behind the class, by the task. YOLO_WITHOUTS, or why
 * there is no row.
 */
static enum yolo_without
put_row(struct yolo_rows *rows, struct buf *to)
{
	const enum shape_type type = shape_type_find(rows->found[TYPE]);
	struct box box;

	if (slice_is(rows->found[ISCROWD], "1"))
		return YOLO_CROWD;
	if (type == SHAPE_POINT ||
	    (type == SHAPE_POLYLINE && rows->task != YOLO_DETECT))
		return YOLO_NO_SHAPE;
	if (!read_box(rows->found[BBOX], &box))
		return YOLO_NO_GEOMETRY;
	if (rows->task == YOLO_DETECT) {
		if (!clip_box(rows, &box))
			return no_size(rows);
		put_box(rows, &box, to);
		return YOLO_WITHOUTS;
	}
	yolo_shape_reset(&rows->shape);
	if (!find_outline(rows, &box))
		return YOLO_NO_GEOMETRY;
	if (!clip_shape(rows, box))
		return no_size(rows);
	if (rows->task == YOLO_SEGMENT)
		put_outline(rows, to);
	else if (!put_turned_box(rows, to))
		return no_size(rows);
	return YOLO_WITHOUTS;
}

/* Sets the class of the annotation at hand: 0, or -1. */
static int
find_class(struct yolo_rows *rows, size_t *class)
{
	const struct slice name = annotation_name(rows);
	const int n = (int)(name.n < 40 ? name.n : 40);
	int64_t id;

	if (!json_int(rows->found[CATEGORY_ID], &id))
		return fail(rows,
			    "annotation %.*s (no. %zu) has no integer "
			    "category_id",
			    n, name.p ? name.p : "", rows->number);
	if (!release_classes_find(&rows->classes, id, class))
		return fail(rows,
			    "category_id %lld of annotation %.*s (no. %zu) is "
			    "not among the release's",
			    (long long)id, n, name.p ? name.p : "",
			    rows->number);
	return 0;
}

/* Whether the row from `begin` on is one that was put before. */
static bool
is_again(const struct yolo_rows *rows, const struct buf *to, size_t begin)
{
	const size_t n = to->len - begin;
	size_t i, at = rows->first;

	for (i = 0; i < rows->row_count; at = rows->ends[i++])
		if (rows->ends[i] - at == n &&
		    memcmp(to->data + at, to->data + begin, n) == 0)
			return true;
	return false;
}

/* Ends the row from `begin` on: as put_row. */
static enum yolo_without
end_row(struct yolo_rows *rows, struct buf *to, size_t begin)
{
	buf_puts(to, rows->form == YOLO_JSON ? "]," : ";");
	if (is_again(rows, to, begin))
		return YOLO_AGAIN;
	if (rows->row_count == rows->row_room) {
		rows->row_room = rows->row_room ? 2 * rows->row_room : 64;
		rows->ends = xreallocarray(rows->ends, rows->row_room,
					   sizeof(*rows->ends));
	}
	rows->ends[rows->row_count++] = to->len;
	return YOLO_WITHOUTS;
}

static int
put_annotation(struct yolo_rows *rows, struct slice annotation, struct buf *to,
	       uint64_t *without)
{
	const size_t begin = to->len;
	enum yolo_without why;
	size_t class = 0;

	members_find(annotation, keys, MEMBERS, rows->found);
	if (find_class(rows, &class) < 0)
		return -1;
	if (rows->form == YOLO_JSON)
		buf_putc(to, '[');
	buf_uint(to, class);
	why = put_row(rows, to);
	if (why == YOLO_WITHOUTS)
		why = end_row(rows, to, begin);
	if (why == YOLO_WITHOUTS)
		return 0;
	to->len = begin;
	without[why]++;
	return 0;
}

/* Reads the image's size: 0, or -1. */
static int
read_size(struct yolo_rows *rows)
{
	double *const numbers[] = {&rows->size.x, &rows->size.y};
	static const char *const names[] = {"width", "height"};
	struct slice image, value;
	int64_t number;
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!record_asset(rows->record, ASSET_IMAGE, &image) ||
		    !json_find(image, names[i], &value) ||
		    !json_int(value, &number) || number < 1 ||
		    number > UINT32_MAX)
			return fail(rows, "the image has no width and height");
		*numbers[i] = (double)number;
	}
	return 0;
}

int
yolo_rows_put(struct yolo_rows *rows, const struct record *record,
	      struct buf *to, uint64_t without[YOLO_WITHOUTS])
{
	struct slice list;
	struct json_iter iter;
	struct json_member annotation;
	const char *why;

	rows->record = record;
	if (!json_find_path(record->label, &list, "attributes", "annotations",
			    NULL))
		return 0;
	why = release_classes_read(&rows->classes, record->release);
	if (why)
		return fail(rows, "%s", why);
	if (read_size(rows) < 0)
		return -1;
	rows->first = to->len;
	rows->row_count = 0;
	iter = json_iterate(list);
	for (rows->number = 1; json_next(&iter, &annotation) > 0;
	     rows->number++)
		if (put_annotation(rows, annotation.value, to, without) < 0)
			return -1;
	return 1;
}
