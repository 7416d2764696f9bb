#include "category.h"

#include <stdlib.h>

struct category_set {
	char **wanted;
	size_t wanted_count;
	struct buf release; /* the one that the ids below are of */
	int64_t *ids;
	size_t count;
};

struct category_set *
category_set_open(void)
{
	return xcalloc(1, sizeof(struct category_set));
}

void
category_set_close(struct category_set *set)
{
	size_t i;

	if (!set)
		return;
	for (i = 0; i < set->wanted_count; i++)
		free(set->wanted[i]);
	free(set->wanted);
	free(set->ids);
	buf_release(&set->release);
	free(set);
}

void
category_set_add(struct category_set *set, const char *name_or_id)
{
	set->wanted = xreallocarray(set->wanted, set->wanted_count + 1,
				    sizeof(*set->wanted));
	set->wanted[set->wanted_count++] = xstrdup(name_or_id);
}

bool
category_set_empty(const struct category_set *set)
{
	return set->wanted_count == 0;
}

static bool
is_wanted(const struct category_set *set, struct slice name)
{
	size_t i;

	for (i = 0; i < set->wanted_count; i++)
		if (json_string_is(name, slice_of(set->wanted[i])))
			return true;
	return false;
}

static void
add_id(struct category_set *set, int64_t id)
{
	set->ids = xreallocarray(set->ids, set->count + 1, sizeof(*set->ids));
	set->ids[set->count++] = id;
}

static void
resolve(struct category_set *set, struct slice release)
{
	struct json_iter iter;
	struct json_member category;
	struct slice categories, name, value;
	int64_t id;
	size_t i;

	buf_reset(&set->release);
	buf_slice(&set->release, release);
	set->count = 0;
	for (i = 0; i < set->wanted_count; i++)
		if (json_int(slice_of(set->wanted[i]), &id))
			add_id(set, id);
	if (json_validate(release, &(struct json_error){0}) < 0 ||
	    !json_find(release, "categories", &categories))
		return;
	iter = json_iterate(categories);
	while (json_next(&iter, &category) > 0)
		if (json_find(category.value, "name", &name) &&
		    is_wanted(set, name) &&
		    json_find(category.value, "id", &value) &&
		    json_int(value, &id))
			add_id(set, id);
}

bool
category_set_has(struct category_set *set, const struct record *record,
		 struct slice annotation)
{
	struct slice value;
	int64_t id;
	size_t i;

	if (!set->release.data ||
	    !slice_equal(buf_view(&set->release), record->release))
		resolve(set, record->release);
	if (!json_find(annotation, "category_id", &value) ||
	    !json_int(value, &id))
		return false;
	for (i = 0; i < set->count; i++)
		if (set->ids[i] == id)
			return true;
	return false;
}
