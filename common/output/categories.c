#include <stdlib.h>

#include "base/diag.h"
#include "base/list.h"
#include "base/nearest.h"
#include "output/categories_parts.h"

void
categories_release(struct categories *categories)
{
	size_t i;

	for (i = 0; i < categories->count; i++) {
		buf_release(&categories->list[i].name);
		buf_release(&categories->list[i].text);
	}
	for (i = 0; i < categories->origin_count; i++)
		buf_release(&categories->origins[i]);
	free(categories->list);
	free(categories->by_id);
	free(categories->by_name);
	free(categories->links);
	free(categories->origins);
	buf_release(&categories->release);
	buf_release(&categories->failure);
	*categories = (struct categories){0};
}

static int
compare_slices(struct slice a, struct slice b)
{
	const size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* How many categories have a smaller id. */
static size_t
id_rank(const struct categories *categories, int64_t id)
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

/* How many categories have a name that goes before this one. */
static size_t
name_rank(const struct categories *categories, struct slice name)
{
	size_t low = 0, high = categories->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct category *category =
			&categories->list[categories->by_name[middle]];

		if (compare_slices(buf_view(&category->name), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct category *
categories_with_id(const struct categories *categories, int64_t id)
{
	size_t at = id_rank(categories, id);
	struct category *category;

	if (at == categories->count)
		return NULL;
	category = &categories->list[categories->by_id[at]];
	return category->id == id ? category : NULL;
}

struct category *
categories_named(const struct categories *categories, struct slice name)
{
	size_t at = name_rank(categories, name);
	struct category *category;

	if (at == categories->count)
		return NULL;
	category = &categories->list[categories->by_name[at]];
	return slice_equal(buf_view(&category->name), name) ? category : NULL;
}

/* The nearest name of a category to one that none has, or NULL. */
static const char *
find_nearest(const struct categories *categories, struct slice name)
{
	const char **names = xcalloc(categories->count + 1, sizeof(*names));
	char *typed = slice_dup(name);
	const char *nearest;
	size_t i;

	for (i = 0; i < categories->count; i++)
		names[i] = buf_cstr(&categories->list[i].name);
	nearest = nearest_word(typed, names);
	free(names);
	free(typed);
	return nearest;
}

void
categories_say_missing(const struct categories *categories, const char *option,
		       const char *names)
{
	const char *nearest;
	struct slice name;

	while (categories->count && names && list_next(&names, &name)) {
		if (categories_named(categories, name))
			continue;
		nearest = find_nearest(categories, name);
		diag_say(NULL, "%s: no category is called \"%.*s\"%s%s", option,
			 (int)name.n, name.p,
			 nearest ? "; the nearest is " : "",
			 nearest ? nearest : "");
	}
}

/* How many links of the release at hand have a smaller id. */
static size_t
link_rank(const struct categories *categories, int64_t id)
{
	size_t low = 0, high = categories->link_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (categories->links[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct category_link *
find_link(const struct categories *categories, int64_t id)
{
	size_t at = link_rank(categories, id);

	if (at == categories->link_count || categories->links[at].id != id)
		return NULL;
	return &categories->links[at];
}

struct category *
categories_find(const struct categories *categories, int64_t id)
{
	const struct category_link *link = find_link(categories, id);

	return link ? &categories->list[link->index] : NULL;
}

void
categories_link(struct categories *categories, int64_t id, size_t index)
{
	const size_t at = link_rank(categories, id);

	if (categories->link_count == categories->link_room) {
		categories->link_room = 2 * categories->link_room + 16;
		categories->links =
			xreallocarray(categories->links, categories->link_room,
				      sizeof(*categories->links));
	}
	memmove(categories->links + at + 1, categories->links + at,
		(categories->link_count - at) * sizeof(*categories->links));
	categories->links[at] = (struct category_link){id, index};
	categories->link_count++;
}

static int64_t
number(const struct categories *categories, int64_t id, size_t place)
{
	if (categories->ids == CATEGORY_IDS_KEEP)
		return id;
	return (int64_t)place + (categories->ids != CATEGORY_IDS_ZERO);
}

static void
insert(size_t *sorted, size_t count, size_t at, size_t index)
{
	memmove(sorted + at + 1, sorted + at, (count - at) * sizeof(*sorted));
	sorted[at] = index;
}

static void
make_room(struct categories *categories)
{
	if (categories->count < categories->room)
		return;
	categories->room = 2 * categories->room + 16;
	categories->list = xreallocarray(categories->list, categories->room,
					 sizeof(*categories->list));
	categories->by_id = xreallocarray(categories->by_id, categories->room,
					  sizeof(*categories->by_id));
	categories->by_name =
		xreallocarray(categories->by_name, categories->room,
			      sizeof(*categories->by_name));
}

struct category *
categories_append(struct categories *categories, int64_t id, struct buf *name,
		  struct slice text)
{
	const size_t n = categories->count;
	struct category *category;

	make_room(categories);
	insert(categories->by_id, n, id_rank(categories, id), n);
	insert(categories->by_name, n, name_rank(categories, buf_view(name)),
	       n);
	category = &categories->list[n];
	*category = (struct category){.id = id, .name = *name};
	category->out_id = number(categories, id, n);
	category->origin = categories->origin_count;
	buf_slice(&category->text, text);
	categories->count++;
	*name = (struct buf){0};
	return category;
}

/* Takes the indices from `count` on out of a sorted list of `n`. */
static void
cut_sorted(size_t *sorted, size_t n, size_t count)
{
	size_t i, kept = 0;

	for (i = 0; i < n; i++)
		if (sorted[i] < count)
			sorted[kept++] = sorted[i];
}

void
categories_cut(struct categories *categories, size_t count)
{
	size_t i;

	cut_sorted(categories->by_id, categories->count, count);
	cut_sorted(categories->by_name, categories->count, count);
	for (i = count; i < categories->count; i++) {
		buf_release(&categories->list[i].name);
		buf_release(&categories->list[i].text);
	}
	categories->count = count;
}

struct category *
categories_make(struct categories *categories, struct slice name)
{
	struct buf copy = {0}, text = {0};
	struct category *category;
	int64_t id = 1;

	if (categories->count)
		id = categories->list[categories->by_id[categories->count - 1]]
			     .id;
	id = id < INT64_MAX ? id + 1 : 0;
	buf_slice(&copy, name);
	buf_puts(&text, "{\"name\":");
	json_put_string(&text, name);
	buf_putc(&text, '}');
	category = categories_append(categories, id, &copy, buf_view(&text));
	category->made = true;
	buf_release(&text);
	return category;
}

void
categories_number_used(struct categories *categories)
{
	struct category *category;
	size_t i, place = 0;

	for (i = 0; i < categories->count; i++) {
		category = &categories->list[i];
		if (category->used)
			category->out_id =
				number(categories, category->id, place++);
	}
}
