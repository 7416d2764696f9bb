/*
 * Points gathered into the objects they belong to: one annotation has all
 * keypoints of an object. A point that belongs to none is an instance of its
 * own.
 */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "output/coco_group_parts.h"
#include "json/lookup.h"

/* True where a name is among those of --keypoints, or there are none. */
static bool
is_listed(const char *names, struct slice name)
{
	size_t n;

	if (!names)
		return true;
	for (; *names; names += n + (names[n] == ',')) {
		n = strcspn(names, ",");
		if (slice_equal((struct slice){names, n}, name))
			return true;
	}
	return false;
}

/* Reads x, y and v of a point; its place counts for nothing where v is 0. */
static void
read_place(struct group_item *item)
{
	struct json_iter iter = json_iterate(item->found[KEYPOINTS]);
	struct json_member element;
	struct slice number[3] = {{0}};
	size_t i;

	for (i = 0; i < 3 && json_next(&iter, &element) > 0; i++)
		number[i] = element.value;
	item->x = number[0];
	item->y = number[1];
	item->visible = json_double(number[0], &item->at[0]) &&
			json_double(number[1], &item->at[1]) &&
			json_type(number[2]) == JSON_NUMBER &&
			!slice_is(number[2], "0");
}

/* The value that an annotation is grouped by, or an empty slice. */
static struct slice
group_value(const struct coco *coco, const struct slice *found)
{
	const char *name = coco->options->group_attribute;
	struct slice value;

	if (!name || !json_find(found[ATTRIBUTES], name, &value) ||
	    !coco_given(value) || slice_is(value, "\"\""))
		return (struct slice){0};
	return value;
}

static int
read_item(struct coco *coco, struct slice annotation)
{
	struct group_item *item;

	if (coco->item_count == coco->item_room) {
		coco->item_room = 2 * coco->item_room + 64;
		coco->items = xreallocarray(coco->items, coco->item_room,
					    sizeof(*coco->items));
	}
	item = &coco->items[coco->item_count];
	members_find(annotation, coco_keys, MEMBERS, item->found);
	item->category =
		coco_find_category(coco, item->found, coco->item_count + 1);
	if (item->category == SIZE_MAX)
		return -1;
	item->point = json_type(item->found[KEYPOINTS]) == JSON_ARRAY &&
		      json_type(item->found[NUM_KEYPOINTS]) == JSON_NUMBER;
	item->value = group_value(coco, item->found);
	item->has_id = json_int(item->found[ID], &item->id);
	item->owner = item->next = item->first = item->last = SIZE_MAX;
	item->root = coco->item_count++;
	item->joined = false;
	if (item->point)
		read_place(item);
	item->keypoint =
		item->point &&
		is_listed(coco->options->keypoints,
			  buf_view(
				  &coco->categories.list[item->category].name));
	return 0;
}

/* Hangs a point at the end of its owner's; false where that has one such. */
static bool
hang(struct coco *coco, size_t point)
{
	struct group_item *item = &coco->items[point];
	struct group_item *owner = &coco->items[item->owner];
	size_t i;

	for (i = owner->first; i != SIZE_MAX; i = coco->items[i].next)
		if (coco->items[i].category == item->category)
			return false;
	if (owner->first == SIZE_MAX)
		owner->first = point;
	else
		coco->items[owner->last].next = point;
	owner->last = point;
	return true;
}

static void
hang_points(struct coco *coco, struct coco_record *at)
{
	size_t i;

	for (i = 0; i < coco->item_count; i++) {
		struct group_item *item = &coco->items[i];

		if (!item->keypoint || item->owner == SIZE_MAX || hang(coco, i))
			continue;
		at->points_again++;
		diag_warn(
			&at->record->place,
			"annotation no. %zu is a second \"%s\" of one object, "
			"and is left out",
			i + 1,
			buf_cstr(&coco->categories.list[item->category].name));
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
	for (i = first; i != SIZE_MAX; i = coco->items[i].next) {
		const struct group_item *item = &coco->items[i];

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
	const struct coco_options *options = coco->options;
	const char *name = options->object_category;
	const struct category *category;

	if (!name)
		name = options->group_attribute ? options->group_attribute
						: "object";
	category = categories_named(&coco->categories, slice_of(name));
	if (!category)
		category = categories_make(&coco->categories, slice_of(name));
	return (size_t)(category - coco->categories.list);
}

/* The box around the visible points from `first` on; false: there are none. */
static bool
surround(const struct coco *coco, size_t first, double low[2], double size[2])
{
	double high[2];
	bool any = false;
	size_t i, k;

	for (i = first; i != SIZE_MAX; i = coco->items[i].next) {
		const struct group_item *item = &coco->items[i];

		for (k = 0; item->visible && k < 2; k++) {
			if (!any || item->at[k] < low[k])
				low[k] = item->at[k];
			if (!any || item->at[k] > high[k])
				high[k] = item->at[k];
		}
		any |= item->visible;
	}
	for (k = 0; any && k < 2; k++) {
		size[k] = round((high[k] - low[k]) * 1e6) / 1e6;
		/* As in points drawn alone, no box is empty. */
		if (size[k] > 0)
			continue;
		low[k] = floor(low[k]);
		size[k] = 1;
	}
	return any;
}

/* Puts a group that is points alone: 1, or 0 where none can be seen. */
static int
put_loose(struct coco *coco, size_t leader, struct coco_record *at, bool first)
{
	const struct group_item *item = &coco->items[leader];
	struct buf *to = &coco->list;
	double low[2] = {0}, size[2] = {0};
	size_t category;

	if (!surround(coco, item->first, low, size))
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
		json_put_string(to, slice_of(coco->options->group_attribute));
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
	const struct group_item *item = &coco->items[index];
	struct buf *to = &coco->list;

	if (!coco_has_geometry(item->found))
		return 0;
	coco_begin_annotation(coco, item->category, at, first);
	coco_put_geometry(coco, item->found);
	if (item->point) {
		json_put_member(to, coco_keys[KEYPOINTS],
				item->found[KEYPOINTS]);
		json_put_member(to, coco_keys[NUM_KEYPOINTS],
				item->found[NUM_KEYPOINTS]);
		at->single_points++;
	} else {
		put_points(coco, item->category, item->first);
	}
	coco_put_facts(coco, item->found, at);
	buf_putc(to, '}');
	coco_use_category(coco, item->point ? USE_POINT : USE_SHAPE,
			  item->category, 0);
	return 1;
}

static void
put_item(struct coco *coco, size_t index, struct coco_record *at, bool first)
{
	const size_t owner = coco->items[index].owner;
	int got;

	if (coco->items[index].keypoint && owner != SIZE_MAX && owner != index)
		return;
	got = owner == index ? put_loose(coco, index, at, first)
			     : put_drawn(coco, index, at, first);
	at->annotations += got == 1;
	at->without_geometry += got == 0;
}

int
coco_put_groups(struct coco *coco, struct slice list, struct coco_record *at,
		bool first)
{
	struct json_iter iter = json_iterate(list);
	struct json_member annotation;
	size_t i;

	coco->item_count = 0;
	while (json_next(&iter, &annotation) > 0)
		if (read_item(coco, annotation.value) < 0)
			return -1;
	if (coco->options->group == COCO_GROUP_LINKS)
		group_by_links(coco, at->record);
	else if (coco->options->group == COCO_GROUP_BOX)
		group_by_box(coco);
	else
		group_by_attribute(coco);
	hang_points(coco, at);
	for (i = 0; i < coco->item_count; i++)
		put_item(coco, i, at, first);
	return 0;
}
