#include "record/category_set.h"

#include <stdlib.h>

struct chosen {
	char *text;
	bool said; /* that a release does not have it */
};

struct category_set {
	struct chosen *chosen;
	size_t wanted_count;
	bool used;
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
		free(set->chosen[i].text);
	free(set->chosen);
	free(set->ids);
	buf_release(&set->release);
	free(set);
}

void
category_set_add(struct category_set *set, const char *name_or_id)
{
	set->chosen = xreallocarray(set->chosen, set->wanted_count + 1,
				    sizeof(*set->chosen));
	set->chosen[set->wanted_count++] =
		(struct chosen){.text = xstrdup(name_or_id)};
}

bool
category_set_empty(const struct category_set *set)
{
	return set->wanted_count == 0;
}

static void
add_id(struct category_set *set, int64_t id)
{
	set->ids = xreallocarray(set->ids, set->count + 1, sizeof(*set->ids));
	set->ids[set->count++] = id;
}

/* Adds the ids of the categories of that name: how many there were. */
static size_t
add_named(struct category_set *set, struct slice categories, const char *text)
{
	struct json_iter iter = json_iterate(categories);
	struct json_member category;
	struct slice name, value;
	size_t before = set->count;
	int64_t id;

	while (json_next(&iter, &category) > 0)
		if (json_find(category.value, "name", &name) &&
		    json_string_is(name, slice_of(text)) &&
		    json_find(category.value, "id", &value) &&
		    json_int(value, &id))
			add_id(set, id);
	return set->count - before;
}

void
category_set_use(struct category_set *set, const struct record *record)
{
	struct json_error error;
	struct slice categories = {0};
	int64_t id;
	size_t i;

	if (!set->wanted_count ||
	    (set->used &&
	     slice_equal(buf_view(&set->release), record->release)))
		return;
	set->used = true;
	buf_reset(&set->release);
	buf_slice(&set->release, record->release);
	set->count = 0;
	if (json_validate(record->release, &error) == 0)
		json_find(record->release, "categories", &categories);
	for (i = 0; i < set->wanted_count; i++) {
		struct chosen *chosen = &set->chosen[i];
		bool is_id = json_int(slice_of(chosen->text), &id);

		if (is_id)
			add_id(set, id);
		if (add_named(set, categories, chosen->text) || is_id ||
		    chosen->said)
			continue;
		diag_say(&record->place, "its release has no category %s",
			 chosen->text);
		chosen->said = true;
	}
}

bool
category_set_has(const struct category_set *set, struct slice annotation)
{
	struct slice value;
	int64_t id;
	size_t i;

	if (!json_find(annotation, "category_id", &value) ||
	    !json_int(value, &id))
		return false;
	for (i = 0; i < set->count; i++)
		if (set->ids[i] == id)
			return true;
	return false;
}
