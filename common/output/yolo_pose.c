/*
 * Rows of poses: an object's box and all its keypoints, x y v each, in the
 * order of the command line; 0 0 0 where there is none.
 */
#include <stdlib.h>

#include "base/list.h"
#include "output/yolo_rows_parts.h"

static struct slice
category_name(const struct yolo_rows *rows, const struct point_item *item)
{
	return buf_view(&rows->categories.list[item->category].name);
}

/* True where annotations of its category are keypoints. */
static bool
is_part(const struct yolo_rows *rows, const struct point_item *item)
{
	return rows->points->by &&
	       point_is_listed(rows->points, category_name(rows, item));
}

static void
add_item(struct yolo_rows *rows, size_t category)
{
	const size_t n = rows->groups.count;
	struct slice *found = rows->found;
	struct point_item item = annotation_item(found);
	struct box box;

	if (n == rows->member_room) {
		rows->member_room = 2 * n + 64;
		rows->members = xreallocarray(rows->members, rows->member_room,
					      sizeof(*rows->members));
	}
	memcpy(rows->members[n], found, sizeof(rows->found));
	item.category = category;
	item.nth = rows->number;
	item.boxed = yolo_read_box(found[BBOX], &box);
	item.keypoint = item.point && is_part(rows, &item);
	point_groups_add(&rows->groups, item);
}

static void
put_keypoint(struct yolo_rows *rows, const struct point_item *item,
	     struct buf *to)
{
	const char separator = rows->form == YOLO_JSON ? ',' : ' ';
	const bool visible = item && item->visible;
	struct point at = {0, 0};

	if (visible)
		at = (struct point){item->at[0], item->at[1]};
	yolo_put_points(rows, &at, 1, to);
	buf_putc(to, separator);
	buf_putc(to, visible ? '2' : '0');
}

/* The point of a kind that hangs at an owner, or NULL. */
static const struct point_item *
find_part(const struct yolo_rows *rows, size_t owner, struct slice name)
{
	const struct point_item *items = rows->groups.items;
	size_t i;

	for (i = items[owner].first; i != SIZE_MAX; i = items[i].next)
		if (slice_equal(category_name(rows, &items[i]), name))
			return &items[i];
	return NULL;
}

/* Appends the keypoints of an object, or of a point that is one by itself. */
static void
put_object_points(struct yolo_rows *rows, size_t index, struct buf *to)
{
	const char *names = rows->points->keypoints;
	const struct point_item *item = &rows->groups.items[index];
	struct slice name;

	if (!rows->points->by) {
		put_keypoint(rows, item->point ? item : NULL, to);
		return;
	}
	while (list_next(&names, &name))
		put_keypoint(rows, find_part(rows, index, name), to);
}

/* The box of an object, which is drawn or around its points. */
static enum yolo_without
find_box(struct yolo_rows *rows, size_t index, struct box *box)
{
	const struct point_item *item = &rows->groups.items[index];
	double low[2] = {0}, size[2] = {0};

	if (item->owner == index) {
		if (!point_groups_surround(&rows->groups, index, low, size))
			return YOLO_NO_GEOMETRY;
		*box = (struct box){low[0], low[1], size[0], size[1]};
	} else if (slice_is(rows->found[ISCROWD], "1")) {
		return YOLO_CROWD;
	} else if (is_part(rows, item)) {
		return item->point ? YOLO_NO_OBJECT : YOLO_NO_SHAPE;
	} else if (!yolo_read_box(rows->found[BBOX], box)) {
		return YOLO_NO_GEOMETRY;
	}
	return yolo_clip_box(rows, box) ? YOLO_WITHOUTS : YOLO_NO_SIZE;
}

static void
put_pose(struct yolo_rows *rows, size_t index, struct buf *to)
{
	const struct point_item *item = &rows->groups.items[index];
	const size_t class =
		item->owner == index ? rows->categories.count : item->category;
	const size_t begin = yolo_begin_row(rows, class, to);
	enum yolo_without why;
	struct box box;

	rows->number = item->nth;
	memcpy(rows->found, rows->members[index], sizeof(rows->found));
	why = find_box(rows, index, &box);
	if (why == YOLO_WITHOUTS) {
		yolo_put_box(rows, &box, to);
		put_object_points(rows, index, to);
	}
	yolo_end_row(rows, to, begin, why);
}

static void
leave_again(struct yolo_rows *rows, const struct point_item *item)
{
	point_say_again(item, rows->record, category_name(rows, item));
	rows->without[YOLO_POINT_AGAIN]++;
}

void
yolo_put_poses(struct yolo_rows *rows, struct slice list, struct buf *to)
{
	struct point_groups *groups = &rows->groups;
	struct json_iter iter = json_iterate(list);
	struct json_member annotation;
	size_t i, category;

	point_groups_reset(groups);
	for (rows->number = 1; json_next(&iter, &annotation) > 0;
	     rows->number++) {
		category = yolo_take_annotation(rows, annotation.value);
		if (category != SIZE_MAX)
			add_item(rows, category);
	}
	point_groups_settle(groups, rows->record);
	for (i = 0; i < groups->count; i++) {
		if (groups->items[i].again)
			leave_again(rows, &groups->items[i]);
		else if (!point_groups_is_part(groups, i))
			put_pose(rows, i, to);
	}
}
