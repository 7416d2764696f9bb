/*
 * Points gathered into the objects they belong to: one annotation has all
 * keypoints of an object. A point that belongs to none is an instance of its
 * own.
 */
#include <math.h>

#include "output/coco_parts.h"

static void
read_item(struct coco *coco, struct coco_record *at, struct slice annotation)
{
	const size_t n = coco->groups.count;
	const struct point_options *options = &coco->options->points;
	struct point_item item;
	struct slice *found;

	if (n == coco->found_room) {
		coco->found_room = 2 * n + 64;
		coco->found = xreallocarray(coco->found, coco->found_room,
					    sizeof(*coco->found));
	}
	found = coco->found[n];
	annotation_find(annotation, found);
	item = annotation_item(found);
	item.category = coco_find_category(coco, at, found);
	if (item.category == SIZE_MAX)
		return;
	item.nth = at->number;
	item.boxed = coco_has_geometry(found);
	item.keypoint =
		item.point &&
		point_is_listed(
			options,
			buf_view(&coco->categories.list[item.category].name));
	point_groups_add(&coco->groups, item);
}

static void
say_again(struct coco *coco, struct coco_record *at)
{
	size_t i;

	for (i = 0; i < coco->groups.count; i++) {
		const struct point_item *item = &coco->groups.items[i];

		if (!item->again)
			continue;
		at->points_again++;
		point_say_again(
			item, at->record,
			buf_view(&coco->categories.list[item->category].name));
	}
}

/* Points that are linked have a limb between them. */
static void
use_limbs(struct coco *coco)
{
	const struct point_groups *groups = &coco->groups;
	size_t i;

	for (i = 0; i < groups->limb_count; i++) {
		const struct point_limb *limb = &groups->limbs[i];
		const size_t p = groups->items[limb->a].category;
		const size_t q = groups->items[limb->b].category;

		coco_use_category(coco, USE_LINK, p, q);
		coco_use_category(coco, USE_LINK, q, p);
	}
}

/* Puts a mark for the keypoints of an object, with those it has. */
static void
put_points(struct coco *coco, size_t category, size_t first)
{
	struct buf *to = &coco->list;
	size_t i;

	buf_putc(to, MARK);
	buf_putc(to, MARK_KEYPOINTS);
	buf_uint(to, category);
	buf_putc(to, ';');
	for (i = first; i != SIZE_MAX; i = coco->groups.items[i].next) {
		const struct point_item *item = &coco->groups.items[i];

		coco_use_category(coco, USE_MEMBER, category, item->category);
		if (!item->visible)
			continue;
		buf_uint(to, item->category);
		buf_putc(to, ',');
		buf_slice(to, item->x);
		buf_putc(to, ',');
		buf_slice(to, item->y);
		buf_puts(to, ",2;");
	}
	buf_putc(to, MARK_END);
}

/* The category of groups of points that no drawn object is part of. */
static size_t
object_category(struct coco *coco)
{
	const char *name = point_object_name(&coco->options->points);
	const struct category *category =
		categories_named(&coco->categories, slice_of(name));

	if (!category)
		category = categories_make(&coco->categories, slice_of(name));
	return (size_t)(category - coco->categories.list);
}

/* Puts a group that is points alone: 1, or 0 where none can be seen. */
static int
put_loose(struct coco *coco, size_t leader, struct coco_record *at, bool first)
{
	const struct point_item *item = &coco->groups.items[leader];
	struct buf *to = &coco->list;
	double low[2] = {0}, size[2] = {0};
	size_t category;

	if (!point_groups_surround(&coco->groups, leader, low, size))
		return 0;
	category = object_category(coco);
	coco_use_category(coco, USE_SHAPE, category, 0);
	coco_begin_annotation(coco, category, at, first);
	buf_puts(to, ",\"bbox\":[");
	json_put_double(to, low[0]);
	buf_putc(to, ',');
	json_put_double(to, low[1]);
	buf_putc(to, ',');
	json_put_double(to, size[0]);
	buf_putc(to, ',');
	json_put_double(to, size[1]);
	buf_puts(to, "],\"area\":");
	json_put_double(to, round(size[0] * size[1] * 1e6) / 1e6);
	buf_puts(to, ",\"iscrowd\":0");
	put_points(coco, category, item->first);
	if (item->value.n) {
		buf_puts(to, ",\"attributes\":{");
		json_put_string(to, slice_of(coco->options->points.attribute));
		buf_putc(to, ':');
		buf_slice(to, item->value);
		buf_putc(to, '}');
	}
	buf_putc(to, '}');
	return 1;
}

/* Puts an annotation that was drawn: 1, or 0 where it has no geometry. */
static int
put_drawn(struct coco *coco, size_t index, struct coco_record *at, bool first)
{
	const struct point_item *item = &coco->groups.items[index];
	const struct slice *found = coco->found[index];
	struct buf *to = &coco->list;

	if (!coco_has_geometry(found))
		return 0;
	coco_begin_annotation(coco, item->category, at, first);
	coco_put_geometry(coco, found);
	if (item->point) {
		json_put_member(to, annotation_keys[KEYPOINTS],
				found[KEYPOINTS]);
		json_put_member(to, annotation_keys[NUM_KEYPOINTS],
				found[NUM_KEYPOINTS]);
		at->single_points++;
	} else {
		put_points(coco, item->category, item->first);
	}
	coco_put_facts(coco, found, at);
	buf_putc(to, '}');
	coco_use_category(coco, item->point ? USE_POINT : USE_SHAPE,
			  item->category, 0);
	return 1;
}

static void
put_item(struct coco *coco, size_t index, struct coco_record *at, bool first)
{
	const size_t owner = coco->groups.items[index].owner;
	int got;

	if (point_groups_is_part(&coco->groups, index))
		return;
	got = owner == index ? put_loose(coco, index, at, first)
			     : put_drawn(coco, index, at, first);
	at->annotations += got == 1;
	at->without_geometry += got == 0;
}

void
coco_put_groups(struct coco *coco, struct slice list, struct coco_record *at,
		bool first)
{
	struct json_iter iter = json_iterate(list);
	struct json_member annotation;
	size_t i;

	point_groups_reset(&coco->groups);
	while (json_next(&iter, &annotation) > 0)
		read_item(coco, at, annotation.value);
	point_groups_settle(&coco->groups, at->record);
	use_limbs(coco);
	say_again(coco, at);
	for (i = 0; i < coco->groups.count; i++)
		put_item(coco, i, at, first);
}
