#include "output/yolo_classes.h"

#include <stdlib.h>

/* How many categories have a smaller id. */
static size_t
rank(const struct release_classes *classes, int64_t id)
{
	size_t low = 0, high = classes->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (classes->list[classes->by_id[middle]].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
release_classes_find(const struct release_classes *classes, int64_t id,
		     size_t *place)
{
	size_t at = rank(classes, id);

	if (at == classes->count || classes->list[classes->by_id[at]].id != id)
		return false;
	*place = classes->by_id[at];
	return true;
}

static const char *
add_category(struct release_classes *classes, struct slice category)
{
	struct slice id_value, name;
	struct yolo_class *added;
	size_t at, place;
	int64_t id;

	if (!json_find(category, "id", &id_value) || !json_int(id_value, &id))
		return "a category of the release has no integer id";
	if (!json_find(category, "name", &name) ||
	    json_type(name) != JSON_STRING)
		return "a category of the release has no name";
	if (release_classes_find(classes, id, &place))
		return "two categories of the release have one id";
	if (classes->count == classes->room) {
		classes->room = classes->room ? 2 * classes->room : 32;
		classes->list = xreallocarray(classes->list, classes->room,
					      sizeof(*classes->list));
		classes->by_id = xreallocarray(classes->by_id, classes->room,
					       sizeof(*classes->by_id));
	}
	at = rank(classes, id);
	memmove(classes->by_id + at + 1, classes->by_id + at,
		(classes->count - at) * sizeof(*classes->by_id));
	classes->by_id[at] = classes->count;
	added = &classes->list[classes->count++];
	*added = (struct yolo_class){.id = id};
	json_string(name, &added->name);
	return NULL;
}

static void
empty_list(struct yolo_class *list, size_t *count)
{
	while (*count)
		buf_release(&list[--*count].name);
}

static const char *
read_list(struct release_classes *classes, struct slice release)
{
	struct json_error error = {0};
	struct slice list = {0};
	struct json_iter iter;
	struct json_member category;
	const char *why = NULL;

	if (!release.p)
		return "the record has no release";
	if (json_validate(release, &error) < 0)
		return "the release is not JSON";
	if (json_find(release, "categories", &list) &&
	    json_type(list) != JSON_ARRAY)
		return "the categories of the release are no list";
	iter = json_iterate(list);
	while (!why && json_next(&iter, &category) > 0)
		why = add_category(classes, category.value);
	return why;
}

const char *
release_classes_read(struct release_classes *classes, struct slice release)
{
	if (classes->release.len &&
	    slice_equal(buf_view(&classes->release), release))
		return classes->why;
	empty_list(classes->list, &classes->count);
	buf_reset(&classes->release);
	buf_slice(&classes->release, release);
	classes->why = read_list(classes, release);
	return classes->why;
}

void
release_classes_end(struct release_classes *classes)
{
	empty_list(classes->list, &classes->count);
	free(classes->list);
	free(classes->by_id);
	buf_release(&classes->release);
}

/*
 * The class of a name, but none that an earlier category of the same release
 * has already: a list may have a name twice.
 */
static size_t
find_class(const struct yolo_classes *classes, const struct buf *name,
	   size_t mapped)
{
	size_t i, j;

	for (i = 0; i < classes->count; i++) {
		if (!slice_equal(buf_view(&classes->list[i].name),
				 buf_view(name)))
			continue;
		for (j = 0; j < mapped && classes->map[j] != i; j++)
			;
		if (j == mapped)
			return i;
	}
	return SIZE_MAX;
}

static size_t
add_class(struct yolo_classes *classes, const struct yolo_class *category)
{
	struct yolo_class *added;

	if (classes->count == classes->room) {
		classes->room = classes->room ? 2 * classes->room : 32;
		classes->list = xreallocarray(classes->list, classes->room,
					      sizeof(*classes->list));
	}
	added = &classes->list[classes->count];
	*added = (struct yolo_class){.id = category->id};
	buf_slice(&added->name, buf_view(&category->name));
	return classes->count++;
}

static void
unite(struct yolo_classes *classes)
{
	const struct release_classes *release = &classes->release;
	size_t i, at;

	if (release->count > classes->map_room) {
		classes->map_room = 2 * release->count;
		classes->map = xreallocarray(classes->map, classes->map_room,
					     sizeof(*classes->map));
	}
	classes->plain = true;
	for (i = 0; i < release->count; i++) {
		at = find_class(classes, &release->list[i].name, i);
		if (at == SIZE_MAX)
			at = add_class(classes, &release->list[i]);
		classes->map[i] = at;
		classes->plain &= at == i;
	}
}

const char *
yolo_classes_take(struct yolo_classes *classes, struct slice release)
{
	const char *why;

	if (classes->release.release.len &&
	    slice_equal(buf_view(&classes->release.release), release))
		return classes->release.why;
	why = release_classes_read(&classes->release, release);
	if (!why)
		unite(classes);
	return why;
}

void
yolo_classes_end(struct yolo_classes *classes)
{
	empty_list(classes->list, &classes->count);
	free(classes->list);
	free(classes->map);
	release_classes_end(&classes->release);
}
