#include "output/yolo_classes.h"

#include <stdlib.h>

/* True for a category whose annotations are parts of objects. */
static bool
is_part(const struct yolo_classes *classes, struct slice name)
{
	return classes->points && classes->points->by &&
	       point_is_listed(classes->points, name);
}

/* The class of a category, which becomes one where it is none yet. */
static size_t
find_class(struct yolo_classes *classes, const struct category *category)
{
	const size_t index = (size_t)(category - classes->all.list);
	size_t i;

	if (is_part(classes, buf_view(&category->name)))
		return SIZE_MAX;
	for (i = 0; i < classes->count; i++)
		if (classes->list[i] == index)
			return i;
	if (classes->count == classes->room) {
		classes->room = 2 * classes->room + 32;
		classes->list = xreallocarray(classes->list, classes->room,
					      sizeof(*classes->list));
	}
	classes->list[classes->count] = index;
	return classes->count++;
}

static void
map_release(struct yolo_classes *classes)
{
	const struct categories *release = &classes->release;
	size_t i;

	if (release->count > classes->map_room) {
		classes->map_room = 2 * release->count;
		classes->map = xreallocarray(classes->map, classes->map_room,
					     sizeof(*classes->map));
	}
	/* What is not drawn has a number of its own. */
	classes->plain = !classes->points || !classes->points->by;
	for (i = 0; i < release->count; i++) {
		classes->map[i] =
			find_class(classes,
				   categories_find(&classes->all,
						   release->list[i].id));
		classes->plain &= classes->map[i] == i;
	}
}

const char *
yolo_classes_take(struct yolo_classes *classes, struct slice release)
{
	const bool same =
		release.p &&
		slice_equal(buf_view(&classes->release.release), release);
	const char *why;

	classes->all.ids = CATEGORY_IDS_BY_NAME;
	classes->release.silent = true;
	why = categories_take_alone(&classes->release, release);
	if (!why)
		why = categories_take(&classes->all, release);
	if (!why && !same)
		map_release(classes);
	return why;
}

size_t
yolo_classes_map(struct yolo_classes *classes, size_t place)
{
	const struct category *category;
	struct slice name;

	if (place < classes->release.count)
		return classes->map[place];
	if (place > classes->release.count || !classes->points)
		return SIZE_MAX;
	name = slice_of(point_object_name(classes->points));
	category = categories_named(&classes->all, name);
	if (!category)
		category = categories_make(&classes->all, name);
	return find_class(classes, category);
}

struct slice
yolo_class_name(const struct yolo_classes *classes, size_t class)
{
	return buf_view(&classes->all.list[classes->list[class]].name);
}

bool
yolo_class_id(const struct yolo_classes *classes, size_t class, int64_t *id)
{
	const struct category *category =
		&classes->all.list[classes->list[class]];

	*id = category->id;
	return !category->made;
}

void
yolo_classes_end(struct yolo_classes *classes)
{
	categories_release(&classes->all);
	categories_release(&classes->release);
	free(classes->list);
	free(classes->map);
}
