/* Rows of outlines and of turned boxes. */
#include <math.h>

#include "image/hull.h"
#include "image/inset.h"
#include "image/rle_read.h"
#include "image/staircase.h"
#include "output/yolo_rows_parts.h"
#include "record/shape_type.h"

bool
yolo_clip_box(const struct yolo_rows *rows, struct box *box)
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
		return yolo_clip_box(rows, &box);
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
	return yolo_clip_box(rows, &box);
}

/* Makes outlines of pixels what readers fill as these pixels. */
static void
fit_outline(struct yolo_shape *shape)
{
	size_t part, begin = 0, end = 0, n;

	for (part = 0; part < shape->parts; part++) {
		struct point *ring = shape->points + end;

		n = shape->ends[part] - begin;
		memmove(ring, shape->points + begin, n * sizeof(*ring));
		begin = shape->ends[part];
		n = staircase_flatten(ring, n);
		inset_ring(ring, n);
		end += n;
		shape->ends[part] = end;
	}
	shape->count = end;
}

static void
put_outline(struct yolo_rows *rows, struct buf *to)
{
	struct polygon polygon;
	const struct point *ring;
	size_t n;

	/* Not what someone drew. */
	if (!rows->found[POINTS].p)
		fit_outline(&rows->shape);
	polygon = yolo_shape_polygon(&rows->shape);
	ring = bridger_join(rows->bridger, &polygon, &n);
	yolo_put_points(rows, ring, n, to);
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
	yolo_put_points(rows, corners, 4, to);
	return true;
}

enum yolo_without
yolo_put_shape(struct yolo_rows *rows, const struct box *box, struct buf *to)
{
	yolo_shape_reset(&rows->shape);
	if (!find_outline(rows, box))
		return YOLO_NO_GEOMETRY;
	if (!clip_shape(rows, *box))
		return YOLO_NO_SIZE;
	if (rows->task == YOLO_OBB)
		return put_turned_box(rows, to) ? YOLO_WITHOUTS : YOLO_NO_SIZE;
	put_outline(rows, to);
	return YOLO_WITHOUTS;
}
