/* The rules of annotations that are drawn with points. */
#include <math.h>
#include <stdlib.h>

#include "record/shape_type.h"
#include "report/check_parts.h"

static enum shape_type
type_of(const struct judged *judged)
{
	return shape_type_find(json_get(judged->text, "type"));
}

static bool
read_point(struct slice pair, struct point *point)
{
	struct json_iter iter = json_iterate(pair);
	struct json_member number;

	return json_next(&iter, &number) > 0 &&
	       json_double(number.value, &point->x) &&
	       json_next(&iter, &number) > 0 &&
	       json_double(number.value, &point->y);
}

static void
add_point(struct judge *judge, size_t at, struct point point)
{
	if (at == judge->point_room) {
		judge->point_room = 2 * at + 256;
		judge->points = xreallocarray(judge->points, judge->point_room,
					      sizeof(*judge->points));
	}
	judge->points[at] = point;
}

/* Reads the points of all annotations; those that are none are left out. */
static void
read_all_points(struct judge *judge)
{
	struct json_iter iter;
	struct json_member pair;
	struct point point;
	struct slice list;
	size_t i, n = 0;

	if (judge->count > judge->end_room) {
		judge->end_room = 2 * judge->count;
		judge->point_ends =
			xreallocarray(judge->point_ends, judge->end_room,
				      sizeof(*judge->point_ends));
	}
	for (i = 0; i < judge->count; i++) {
		if (json_find(judge->list[i].text, "points", &list)) {
			iter = json_iterate(list);
			while (json_next(&iter, &pair) > 0)
				if (read_point(pair.value, &point))
					add_point(judge, n++, point);
		}
		judge->point_ends[i] = n;
	}
}

static struct point *
points_of(const struct judge *judge, size_t i, size_t *n)
{
	size_t from = i ? judge->point_ends[i - 1] : 0;

	*n = judge->point_ends[i] - from;
	return judge->points + from;
}

/* How far the farthest point is beyond the image; 0: none is. */
static double
distance_outside(const struct judge *judge, const struct judged *judged)
{
	const double *box = judged->box;

	return fmax(fmax(-box[0], -box[1]),
		    fmax(box[0] + box[2] - judge->width,
			 box[1] + box[3] - judge->height));
}

static void
judge_outside(struct judge *judge, const struct judged *judged)
{
	double far;

	if (!judge->width || !judge->height)
		return;
	far = distance_outside(judge, judged);
	if (far > judge->options->limits[RULE_OUTSIDE])
		judge_put_value(judge, RULE_OUTSIDE, judged, NULL, far,
				"it reaches %.6g px beyond the image", far);
}

/* A point that is the next one's, too; a polygon's last one is its first's. */
static void
judge_repeats(struct judge *judge, const struct judged *judged,
	      const struct point *points, size_t n)
{
	const bool closed = type_of(judged) == SHAPE_POLYGON;
	size_t i, next;

	for (i = 0; n > 1 && i < (closed ? n : n - 1); i++) {
		next = (i + 1) % n;
		if (points[i].x == points[next].x &&
		    points[i].y == points[next].y) {
			const double at[2] = {points[i].x, points[i].y};

			judge_put(judge, RULE_DUPLICATE_POINT, judged, at,
				  "points %zu and %zu are one", i + 1,
				  next + 1);
			return;
		}
	}
}

/*
 * An outline that crosses itself encloses less, by even and odd, than its
 * turns add up to; one that only touches itself does not. Twice the area, as
 * turns add up to it, comes signed.
 */
static double
turned_area(const struct point *points, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct point *a = &points[i], *b = &points[(i + 1) % n];

		sum += a->x * b->y - b->x * a->y;
	}
	return fabs(sum) / 2;
}

static void
judge_polygon(struct judge *judge, struct judged *judged,
	      const struct point *points, size_t n)
{
	double turned = turned_area(points, n), area = turned;

	even_odd_area(judge->even_odd, points, n, &area);
	judged->area = area;
	if (n < 3 || !(area > 0)) {
		judge_put(judge, RULE_DEGENERATE, judged, NULL,
			  "a polygon of %zu points that covers nothing", n);
		return;
	}
	if (fabs(area - turned) > 1e-6 * fmax(area, turned))
		judge_put(judge, RULE_SELF_CROSSING, judged, NULL,
			  "its outline crosses itself");
}

static void
judge_box(struct judge *judge, struct judged *judged, size_t n)
{
	judged->area = judged->box[2] * judged->box[3];
	if (n < 2 || !(judged->area > 0))
		judge_put(judge, RULE_DEGENERATE, judged, NULL,
			  "a box that covers nothing");
}

static void
judge_shape(struct judge *judge, size_t i)
{
	struct judged *judged = &judge->list[i];
	const double limit = judge->options->limits[RULE_TINY];
	size_t n;
	const struct point *points = points_of(judge, i, &n);
	const struct box box = points_box(points, n);
	const bool is_box = type_of(judged) == SHAPE_BOX;
	double side;

	judged->area = 0;
	judged->box[0] = box.x;
	judged->box[1] = box.y;
	judged->box[2] = box.w;
	judged->box[3] = box.h;
	if (n)
		judge_outside(judge, judged);
	if (is_box)
		judge_box(judge, judged, n);
	else if (type_of(judged) == SHAPE_POLYGON)
		judge_polygon(judge, judged, points, n);
	else if (n < (type_of(judged) == SHAPE_POLYLINE ? 2u : 1u))
		judge_put(judge, RULE_DEGENERATE, judged, NULL,
			  "%zu points make no shape", n);
	if (!is_box)
		judge_repeats(judge, judged, points, n);
	side = fmin(box.w, box.h);
	if (judged->area > 0 && side < limit)
		judge_put_value(judge, RULE_TINY, judged, NULL, side,
				"%.4g x %.4g px", box.w, box.h);
}

/* The part of one box that the other covers, in square pixels. */
static double
shared_box(const struct judged *a, const struct judged *b)
{
	double w = fmin(a->box[0] + a->box[2], b->box[0] + b->box[2]) -
		   fmax(a->box[0], b->box[0]);
	double h = fmin(a->box[1] + a->box[3], b->box[1] + b->box[3]) -
		   fmax(a->box[1], b->box[1]);

	return w > 0 && h > 0 ? w * h : 0;
}

/* An annotation's pixels, in a raster that reaches as far as both do. */
static void
draw_shape(struct judge *judge, unsigned side, size_t i, const double size[2],
	   struct instance *instance)
{
	size_t n;
	const struct point *points = points_of(judge, i, &n);
	const double *box = judge->list[i].box;
	const struct point corners[4] = {{box[0], box[1]},
					 {box[0] + box[2], box[1]},
					 {box[0] + box[2], box[1] + box[3]},
					 {box[0], box[1] + box[3]}};
	struct polygon polygon = {points, &n, 1};

	if (type_of(&judge->list[i]) == SHAPE_BOX) {
		n = 4;
		polygon.points = corners;
	}
	rasterizer_draw(judge->rasterizers[side], &polygon, (uint32_t)size[0],
			(uint32_t)size[1], 1, instance);
}

/* Sets the IoU of two annotations, and the share of the smaller one in both. */
static bool
compare_pair(struct judge *judge, size_t i, size_t j, double *iou,
	     double *covered)
{
	const struct judged *a = &judge->list[i], *b = &judge->list[j];
	const double shared = shared_box(a, b);
	double size[2], both;
	struct instance left, right;

	if (!(shared > 0) || !(a->area > 0) || !(b->area > 0))
		return false;
	if (type_of(a) == SHAPE_BOX && type_of(b) == SHAPE_BOX) {
		*iou = shared / (a->area + b->area - shared);
		*covered = shared / fmin(a->area, b->area);
		return true;
	}
	size[0] = ceil(fmax(a->box[0] + a->box[2], b->box[0] + b->box[2])) + 1;
	size[1] = ceil(fmax(a->box[1] + a->box[3], b->box[1] + b->box[3])) + 1;
	if (!(size[0] > 0 && size[1] > 0 &&
	      size[0] * size[1] < (double)judge->options->max_pixels))
		return false;
	draw_shape(judge, 0, i, size, &left);
	draw_shape(judge, 1, j, size, &right);
	if (!left.area || !right.area)
		return false;
	*iou = instance_iou(&left, &right);
	both = *iou * (double)(left.area + right.area) / (1 + *iou);
	*covered = both /
		   (double)(left.area < right.area ? left.area : right.area);
	return true;
}

/* Two annotations of one category: what there is most to say of them. */
static void
judge_pair(struct judge *judge, size_t i, size_t j)
{
	const double *limits = judge->options->limits;
	const struct judged *small = &judge->list[i], *large = &judge->list[j];
	double iou, covered;

	if (!compare_pair(judge, i, j, &iou, &covered))
		return;
	if (small->area > large->area) {
		const struct judged *swap = small;

		small = large;
		large = swap;
	}
	if (iou > limits[RULE_DUPLICATE_OBJECT])
		judge_put_value(judge, RULE_DUPLICATE_OBJECT, small, NULL, iou,
				"it is annotation %lld once more",
				(long long)large->id);
	else if (iou > limits[RULE_OVERLAP])
		judge_put_value(judge, RULE_OVERLAP, small, NULL, iou,
				"it overlaps annotation %lld by %.2f",
				(long long)large->id, iou);
	else if (covered > limits[RULE_COVERED])
		judge_put_value(judge, RULE_COVERED, small, NULL, covered,
				"it lies within annotation %lld",
				(long long)large->id);
}

void
judge_vector(struct judge *judge)
{
	size_t i, j;

	read_all_points(judge);
	for (i = 0; i < judge->count; i++)
		judge_shape(judge, i);
	for (i = 0; i < judge->count; i++)
		for (j = i + 1; j < judge->count; j++)
			if (judge->list[i].category.p &&
			    slice_equal(judge->list[i].category,
					judge->list[j].category))
				judge_pair(judge, i, j);
}
