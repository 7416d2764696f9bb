#include "output/categories.h"

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
	free(categories->by_id);
	buf_release(&categories->release);
	buf_release(&categories->failure);
	*categories = (struct categories){0};
}

/* How many categories have a smaller id. */
static size_t
rank(const struct categories *categories, int64_t id)
{
	size_t low = 0, high = categories->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (categories->list[categories->by_id[middle]].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct category *
categories_find(const struct categories *categories, int64_t id)
{
	size_t at = rank(categories, id);
	struct category *category;

	if (at == categories->count)
		return NULL;
	category = &categories->list[categories->by_id[at]];
	return category->id == id ? category : NULL;
}

static const char *
fail(struct categories *categories, int64_t id, const char *what)
{
	buf_reset(&categories->failure);
	buf_printf(&categories->failure, "category %lld %s", (long long)id,
		   what);
	return buf_cstr(&categories->failure);
}

static void
append(struct categories *categories, int64_t id, struct slice name,
       struct slice text)
{
	const size_t n = categories->count, at = rank(categories, id);
	struct category category = {.id = id, .out_id = id};

	if (categories->contiguous)
		category.out_id = (int64_t)n + 1;
	json_string(name, &category.name);
	buf_slice(&category.text, text);
	categories->list = xreallocarray(categories->list, n + 1,
					 sizeof(*categories->list));
	categories->by_id = xreallocarray(categories->by_id, n + 1,
					  sizeof(*categories->by_id));
	memmove(categories->by_id + at + 1, categories->by_id + at,
		(n - at) * sizeof(*categories->by_id));
	categories->list[n] = category;
	categories->by_id[at] = n;
	categories->count++;
}

static const char *
add(struct categories *categories, int64_t id, struct slice text)
{
	const struct category *known = categories_find(categories, id);
	struct slice name = {0};

	if (!json_find(text, "name", &name) || json_type(name) != JSON_STRING)
		return fail(categories, id, "of the release has no name");
	if (!known)
		append(categories, id, name, text);
	else if (!json_string_is(name, buf_view(&known->name)))
		return fail(categories, id, "has two names");
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
	struct slice list = {0};
	const char *why;

	if (!record->release.p)
		return "the record has no release";
	if (slice_equal(buf_view(&categories->release), record->release))
		return NULL;
	if (json_validate(record->release, &error) < 0)
		return "the release is not JSON";
	if (json_find(record->release, "categories", &list) &&
	    json_type(list) != JSON_ARRAY)
		return "the categories of the release are no list";
	why = take_list(categories, list);
	if (why)
		return why;
	buf_reset(&categories->release);
	buf_slice(&categories->release, record->release);
	return NULL;
}
