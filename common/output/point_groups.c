#include "output/point_groups.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/list.h"
#include "output/point_groups_parts.h"

bool
point_is_listed(const struct point_options *options, struct slice name)
{
	const char *names = options->keypoints;
	struct slice listed;

	if (!names)
		return true;
	while (list_next(&names, &listed))
		if (slice_equal(listed, name))
			return true;
	return false;
}

const char *
point_object_name(const struct point_options *options)
{
	if (options->object_category)
		return options->object_category;
	return options->attribute ? options->attribute : "object";
}

void
point_groups_release(struct point_groups *groups)
{
	free(groups->items);
	free(groups->limbs);
	*groups = (struct point_groups){.options = groups->options};
}

void
point_groups_reset(struct point_groups *groups)
{
	groups->count = groups->limb_count = 0;
}

/* Reads x, y and v of a point; its place counts for nothing where v is 0. */
static void
read_place(struct point_item *item)
{
	struct json_iter iter = json_iterate(item->keypoints);
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
group_value(const struct point_options *options, struct slice attributes)
{
	struct slice value;

	if (!options->attribute ||
	    !json_find(attributes, options->attribute, &value) ||
	    json_type(value) <= JSON_NULL || slice_is(value, "\"\""))
		return (struct slice){0};
	return value;
}

void
point_groups_add(struct point_groups *groups, struct point_item item)
{
	if (groups->count == groups->room) {
		groups->room = 2 * groups->room + 64;
		groups->items = xreallocarray(groups->items, groups->room,
					      sizeof(*groups->items));
	}
	item.value = group_value(groups->options, item.attributes);
	item.has_number = json_int(item.id, &item.number);
	item.owner = item.next = item.first = item.last = SIZE_MAX;
	item.root = groups->count;
	item.joined = item.again = item.visible = false;
	if (item.point)
		read_place(&item);
	groups->items[groups->count++] = item;
}

/* Hangs a point at the end of its owner's, unless that has one such. */
static void
hang(struct point_groups *groups, size_t point)
{
	struct point_item *item = &groups->items[point];
	struct point_item *owner = &groups->items[item->owner];
	size_t i;

	for (i = owner->first; i != SIZE_MAX; i = groups->items[i].next)
		if (groups->items[i].category == item->category) {
			item->again = true;
			return;
		}
	if (owner->first == SIZE_MAX)
		owner->first = point;
	else
		groups->items[owner->last].next = point;
	owner->last = point;
}

void
point_groups_settle(struct point_groups *groups, const struct record *record)
{
	size_t i;

	if (groups->options->by == POINTS_BY_LINKS)
		group_by_links(groups, record);
	else if (groups->options->by == POINTS_BY_BOX)
		group_by_box(groups);
	else if (groups->options->by == POINTS_BY_ATTRIBUTE)
		group_by_attribute(groups);
	for (i = 0; i < groups->count; i++)
		if (groups->items[i].keypoint &&
		    groups->items[i].owner != SIZE_MAX)
			hang(groups, i);
}

void
point_say_again(const struct point_item *item, const struct record *record,
		struct slice name)
{
	diag_warn(&record->place,
		  "annotation no. %zu is a second \"%.*s\" of one object, and "
		  "is left out",
		  item->nth, (int)name.n, name.p);
}

bool
point_groups_is_part(const struct point_groups *groups, size_t index)
{
	const struct point_item *item = &groups->items[index];

	return item->keypoint && item->owner != SIZE_MAX &&
	       item->owner != index;
}

bool
point_groups_surround(const struct point_groups *groups, size_t owner,
		      double low[2], double size[2])
{
	double high[2] = {0};
	bool any = false;
	size_t i, k;

	for (i = groups->items[owner].first; i != SIZE_MAX;
	     i = groups->items[i].next) {
		const struct point_item *item = &groups->items[i];

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
