#include "categories.h"

#include <stdlib.h>

void
categories_release(struct categories *categories)
{
	size_t i;

	for (i = 0; i < categories->count; i++) {
		buf_release(&categories->list[i].name);
		buf_release(&categories->list[i].text);
	}
	free(categories->list);
	buf_release(&categories->release);
	buf_release(&categories->failure);
	*categories = (struct categories){0};
}

struct category *
categories_find(const struct categories *categories, int64_t id)
{
	size_t i;

	for (i = 0; i < categories->count; i++)
		if (categories->list[i].id == id)
			return &categories->list[i];
	return NULL;
}

static const char *
fail(struct categories *categories, int64_t id, const char *what)
{
	buf_reset(&categories->failure);
	buf_printf(&categories->failure, "category %lld %s", (long long)id,
		   what);
	return buf_cstr(&categories->failure);
}

static const char *
add(struct categories *categories, int64_t id, struct slice text)
{
	struct category *category = categories_find(categories, id);
	struct slice name = {0};

	json_find(text, "name", &name);
	if (category) {
		if (json_string_is(name, buf_view(&category->name)))
			return NULL;
		return fail(categories, id,
			    "has another name than in the records before");
	}
	categories->list =
		xreallocarray(categories->list, categories->count + 1,
			      sizeof(*categories->list));
	category = &categories->list[categories->count++];
	*category = (struct category){.id = id, .out_id = id};
	if (categories->contiguous)
		category->out_id = (int64_t)categories->count;
	json_string(name, &category->name);
	buf_slice(&category->text, text);
	return NULL;
}

static const char *
take_list(struct categories *categories, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member category;
	struct slice value;
	const char *why = NULL;
	int64_t id;

	while (!why && json_next(&iter, &category) > 0) {
		if (!json_find(category.value, "id", &value) ||
		    !json_int(value, &id))
			why = "a category of the release has no integer id";
		else
			why = add(categories, id, category.value);
	}
	return why;
}

const char *
categories_take(struct categories *categories, const struct record *record)
{
	struct json_error error = {0};
	struct slice list;
	const char *why;

	if (!record->release.p)
		return "the record has no release";
	if (slice_equal(buf_view(&categories->release), record->release))
		return NULL;
	if (json_validate(record->release, &error) < 0)
		return error.what;
	if (!json_find(record->release, "categories", &list) ||
	    json_type(list) != JSON_ARRAY)
		return "the release has no list of categories";
	why = take_list(categories, list);
	if (why)
		return why;
	buf_reset(&categories->release);
	buf_slice(&categories->release, record->release);
	return NULL;
}
