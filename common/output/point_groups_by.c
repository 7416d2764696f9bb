/* Whose a point is: by links, by the boxes around it, or by an attribute. */
#include <stdlib.h>

#include "output/point_groups_parts.h"
#include "record/shape_type.h"

/* The first annotation with an id, or SIZE_MAX. */
static size_t
find_item(const struct point_groups *groups, struct slice id)
{
	int64_t wanted;
	size_t i;

	if (!json_int(id, &wanted))
		return SIZE_MAX;
	for (i = 0; i < groups->count; i++)
		if (groups->items[i].has_number &&
		    groups->items[i].number == wanted)
			return i;
	return SIZE_MAX;
}

static size_t
find_root(struct point_groups *groups, size_t i)
{
	while (groups->items[i].root != i) {
		groups->items[i].root =
			groups->items[groups->items[i].root].root;
		i = groups->items[i].root;
	}
	return i;
}

/* Joins two points: they are one object's, with a limb between. */
static void
join(struct point_groups *groups, size_t a, size_t b)
{
	size_t from = find_root(groups, a), to = find_root(groups, b);

	groups->items[a].joined = groups->items[b].joined = true;
	groups->items[from > to ? from : to].root = from > to ? to : from;
	if (groups->limb_count == groups->limb_room) {
		groups->limb_room = 2 * groups->limb_room + 64;
		groups->limbs = xreallocarray(groups->limbs, groups->limb_room,
					      sizeof(*groups->limbs));
	}
	groups->limbs[groups->limb_count++] = (struct point_limb){a, b};
}

static void
take_link(struct point_groups *groups, struct slice link)
{
	struct slice from = {0}, to = {0};
	struct point_item *a, *b;
	size_t i, k;

	json_find(link, "from_id", &from);
	json_find(link, "to_id", &to);
	i = find_item(groups, from);
	k = find_item(groups, to);
	if (i == SIZE_MAX || k == SIZE_MAX || i == k)
		return;
	a = &groups->items[i];
	b = &groups->items[k];
	if (a->keypoint && b->keypoint)
		join(groups, i, k);
	else if (a->keypoint && !b->point && a->owner == SIZE_MAX)
		a->owner = k;
	else if (b->keypoint && !a->point && b->owner == SIZE_MAX)
		b->owner = i;
}

void
group_by_links(struct point_groups *groups, const struct record *record)
{
	struct json_iter iter;
	struct json_member link;
	struct slice links;
	size_t i;

	if (!json_find_path(record->label, &links, "attributes", "links", NULL))
		return;
	iter = json_iterate(links);
	while (json_next(&iter, &link) > 0)
		take_link(groups, link.value);
	/* An object that one point is linked to has those linked to it. */
	for (i = 0; i < groups->count; i++) {
		size_t root = find_root(groups, i);

		if (groups->items[root].owner == SIZE_MAX)
			groups->items[root].owner = groups->items[i].owner;
	}
	for (i = 0; i < groups->count; i++) {
		struct point_item *item = &groups->items[i];
		size_t root = find_root(groups, i);

		if (!item->joined || item->owner != SIZE_MAX)
			continue;
		item->owner = groups->items[root].owner != SIZE_MAX
				      ? groups->items[root].owner
				      : root;
	}
}

static bool
is_box(const struct point_item *item)
{
	const enum shape_type type = shape_type_find(item->type);

	return item->boxed && (type == SHAPE_BOX || type == SHAPE_POLYGON);
}

/* True where a point lies in an object's bbox, its edges too. */
static bool
encloses(const struct point_item *object, const struct point_item *point)
{
	struct json_iter iter = json_iterate(object->bbox);
	struct json_member element;
	double box[4] = {0};
	size_t i;

	for (i = 0; i < 4 && json_next(&iter, &element) > 0; i++)
		if (!json_double(element.value, &box[i]))
			return false;
	for (i = 0; i < 2; i++)
		if (point->at[i] < box[i] || point->at[i] > box[i] + box[i + 2])
			return false;
	return true;
}

/* True where a point before this one has the object, and the category. */
static bool
has_such(const struct point_groups *groups, size_t object, size_t point)
{
	size_t i;

	for (i = 0; i < point; i++)
		if (groups->items[i].owner == object &&
		    groups->items[i].category == groups->items[point].category)
			return true;
	return false;
}

/*
 * Gives a point to the smallest object around it; where objects overlap, to
 * one that has no such point yet, if there is one.
 */
static void
find_around(struct point_groups *groups, size_t point)
{
	struct point_item *item = &groups->items[point];
	double area, best[2] = {0};
	size_t found[2] = {SIZE_MAX, SIZE_MAX};
	size_t i, such;

	for (i = 0; i < groups->count; i++) {
		const struct point_item *object = &groups->items[i];

		if (object->point || !is_box(object) ||
		    !encloses(object, item) ||
		    !json_double(object->area, &area))
			continue;
		such = has_such(groups, i, point);
		if (found[such] != SIZE_MAX && best[such] <= area)
			continue;
		found[such] = i;
		best[such] = area;
	}
	item->owner = found[0] != SIZE_MAX ? found[0] : found[1];
}

void
group_by_box(struct point_groups *groups)
{
	size_t i;

	for (i = 0; i < groups->count; i++)
		if (groups->items[i].keypoint && groups->items[i].visible)
			find_around(groups, i);
}

/* The text of a value, so that 1 and "1" are the same. */
static struct slice
value_text(struct slice value, struct buf *text)
{
	if (json_type(value) != JSON_STRING)
		return value;
	if (!memchr(value.p, '\\', value.n))
		return (struct slice){value.p + 1, value.n - 2};
	buf_reset(text);
	json_string(value, text);
	return buf_view(text);
}

static bool
same_value(struct slice a, struct slice b)
{
	struct buf one = {0}, other = {0};
	bool same;

	if (slice_equal(a, b))
		return true;
	same = slice_equal(value_text(a, &one), value_text(b, &other));
	buf_release(&one);
	buf_release(&other);
	return same;
}

/* The first object, or else the first point, with the same value; or none. */
static size_t
find_valued(const struct point_groups *groups, size_t point)
{
	const struct slice value = groups->items[point].value;
	size_t i, leader = SIZE_MAX;

	for (i = 0; i < groups->count; i++) {
		const struct point_item *item = &groups->items[i];

		if (i == point || (item->point && !item->keypoint) ||
		    !item->value.n || !same_value(value, item->value))
			continue;
		if (!item->point)
			return i;
		if (leader == SIZE_MAX)
			leader = i < point ? i : point;
	}
	return leader;
}

void
group_by_attribute(struct point_groups *groups)
{
	size_t i;

	for (i = 0; i < groups->count; i++)
		if (groups->items[i].keypoint && groups->items[i].value.n)
			groups->items[i].owner = find_valued(groups, i);
}
