#include "output/yolo_rows_parts.h"

#include <stdarg.h>
#include <stdlib.h>

#include "output/uncategorized.h"
#include "output/yolo_fractions.h"
#include "record/shape_type.h"

struct yolo_rows *
yolo_rows_open(enum yolo_task task, enum yolo_form form,
	       const struct point_options *points)
{
	struct yolo_rows *rows = xcalloc(1, sizeof(*rows));

	rows->task = task;
	rows->form = form;
	rows->points = rows->groups.options = points;
	rows->categories.silent = true;
	rows->tracer = tracer_open();
	rows->bridger = bridger_open();
	return rows;
}

void
yolo_rows_close(struct yolo_rows *rows)
{
	if (!rows)
		return;
	categories_release(&rows->categories);
	free(rows->ends);
	free(rows->members);
	point_groups_release(&rows->groups);
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

/* --- Rows */

void
yolo_put_points(const struct yolo_rows *rows, const struct point *points,
		size_t n, struct buf *to)
{
	yolo_fractions_put(points, n, rows->size,
			   rows->form == YOLO_JSON ? ',' : ' ', to);
}

void
yolo_put_box(const struct yolo_rows *rows, const struct box *box,
	     struct buf *to)
{
	const struct point numbers[] = {
		{box->x + box->w / 2, box->y + box->h / 2},
		{box->w, box->h},
	};

	yolo_put_points(rows, numbers, 2, to);
}

bool
yolo_read_box(struct slice list, struct box *box)
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

size_t
yolo_begin_row(const struct yolo_rows *rows, size_t class, struct buf *to)
{
	const size_t begin = to->len;

	if (rows->form == YOLO_JSON)
		buf_putc(to, '[');
	buf_uint(to, class);
	return begin;
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

/* Ends the row from `begin` on, unless it is there: as put_row. */
static enum yolo_without
keep_row(struct yolo_rows *rows, struct buf *to, size_t begin)
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

/* Names the annotation at hand, for messages. */
static struct slice
annotation_name(const struct yolo_rows *rows)
{
	return rows->found[ID].p ? rows->found[ID] : rows->found[TRACK_ID];
}

static void
say_no_size(const struct yolo_rows *rows)
{
	struct slice name = annotation_name(rows);

	diag_warn(
		&rows->record->place,
		"annotation %.*s (no. %zu) covers nothing of the image: it is "
		"left out",
		(int)(name.n < 40 ? name.n : 40), name.p ? name.p : "",
		rows->number);
}

void
yolo_end_row(struct yolo_rows *rows, struct buf *to, size_t begin,
	     enum yolo_without why)
{
	if (why == YOLO_WITHOUTS)
		why = keep_row(rows, to, begin);
	if (why == YOLO_WITHOUTS)
		return;
	if (why == YOLO_NO_SIZE)
		say_no_size(rows);
	to->len = begin;
	rows->without[why]++;
}

/* --- Annotations */

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
	if (!yolo_read_box(rows->found[BBOX], &box))
		return YOLO_NO_GEOMETRY;
	if (rows->task != YOLO_DETECT)
		return yolo_put_shape(rows, &box, to);
	if (!yolo_clip_box(rows, &box))
		return YOLO_NO_SIZE;
	yolo_put_box(rows, &box, to);
	return YOLO_WITHOUTS;
}

size_t
yolo_take_annotation(struct yolo_rows *rows, struct slice annotation)
{
	const struct category *category = NULL;
	int64_t id;

	annotation_find(annotation, rows->found);
	if (json_id(rows->found[CATEGORY_ID], &id))
		category = categories_find(&rows->categories, id);
	if (category)
		return (size_t)(category - rows->categories.list);
	uncategorized_say(&rows->record->place, rows->number,
			  annotation_name(rows), rows->found[CATEGORY_ID]);
	rows->without[YOLO_NO_CATEGORY]++;
	return SIZE_MAX;
}

static void
put_annotations(struct yolo_rows *rows, struct slice list, struct buf *to)
{
	struct json_iter iter = json_iterate(list);
	struct json_member annotation;
	size_t class, begin;

	for (rows->number = 1; json_next(&iter, &annotation) > 0;
	     rows->number++) {
		class = yolo_take_annotation(rows, annotation.value);
		if (class == SIZE_MAX)
			continue;
		begin = yolo_begin_row(rows, class, to);
		yolo_end_row(rows, to, begin, put_row(rows, to));
	}
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
	const char *why;

	rows->record = record;
	rows->without = without;
	if (!json_find_path(record->label, &list, "attributes", "annotations",
			    NULL))
		return 0;
	why = categories_take_alone(&rows->categories, record->release);
	if (why)
		return fail(rows, "%s", why);
	if (read_size(rows) < 0)
		return -1;
	rows->first = to->len;
	rows->row_count = 0;
	if (rows->task == YOLO_POSE)
		yolo_put_poses(rows, list, to);
	else
		put_annotations(rows, list, to);
	return 1;
}
