#include "net/release_list.h"

#include <stdlib.h>

#include "json/json.h"

enum {
	PER_PAGE = 1000,
	PAGES_MOST = 100000 /* of a server that has no last one */
};

void
release_entry_release(struct release_entry *entry)
{
	free(entry->json);
	free(entry->name);
	free(entry->status);
	free(entry->created);
	free(entry->signed_url);
	free(entry->url);
	*entry = (struct release_entry){0};
}

bool
release_entry_is_ready(const struct release_entry *entry)
{
	return strcmp(entry->status, "SUCCEEDED") == 0;
}

void
release_list_release(struct release_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		release_entry_release(&list->entries[i]);
	free(list->entries);
	*list = (struct release_list){0};
}

/* The text of a member, "" where it is none; the caller frees it. */
static char *
text_of(struct slice object, const char *key)
{
	struct slice value = {0};
	struct buf text = {0};

	if (json_find(object, key, &value))
		json_string(value, &text);
	buf_cstr(&text);
	return text.data;
}

/* A URL of the file; NULL where none is told. */
static char *
url_of(struct slice json, const char *key)
{
	struct slice attributes = {0};
	char *url;

	json_find(json, "attributes", &attributes);
	url = text_of(attributes, key);
	if (*url)
		return url;
	free(url);
	return NULL;
}

/* False for what is no release. */
static bool
read_entry(struct slice json, struct release_entry *entry)
{
	struct buf line = {0};
	char *name = text_of(json, "name");

	if (!*name) {
		free(name);
		return false;
	}
	json_compact(&line, json);
	buf_cstr(&line);
	*entry = (struct release_entry){
		.json = line.data,
		.name = name,
		.status = text_of(json, "status"),
		.created = text_of(json, "created_at"),
		.signed_url = url_of(json, "signed_url"),
		.url = url_of(json, "url"),
	};
	return true;
}

static const struct release_entry *
find_name(const struct release_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->entries[i].name, name) == 0)
			return &list->entries[i];
	return NULL;
}

/* Adds what is new in a page: how many, or -1 for what is no list of them. */
static ptrdiff_t
take_page(struct release_list *list, struct slice page)
{
	struct json_iter iter = json_iterate(page);
	struct json_member member;
	ptrdiff_t added = 0;

	if (json_type(page) != JSON_ARRAY)
		return -1;
	while (json_next(&iter, &member) > 0) {
		struct release_entry entry;

		if (!read_entry(member.value, &entry))
			return -1;
		if (find_name(list, entry.name)) {
			release_entry_release(&entry);
			continue;
		}
		list->entries = xreallocarray(list->entries, list->count + 1,
					      sizeof(*list->entries));
		list->entries[list->count++] = entry;
		added++;
	}
	return added;
}

/* For an answer that is JSON, but not what was asked for; -1. */
static int
no_sense(struct api *api, const char *why)
{
	return api_fail(api, api_status(api), why);
}

static void
put_releases(struct buf *path, const char *dataset)
{
	const char *slash = strchr(dataset, '/');
	size_t owner = slash ? (size_t)(slash - dataset) : strlen(dataset);

	buf_puts(path, "datasets/");
	api_put_part(path, (struct slice){dataset, owner});
	buf_putc(path, '/');
	api_put_part(path, slice_of(slash ? slash + 1 : ""));
	buf_puts(path, "/releases/");
}

/*
 * Where the page behind an answer is, appended to `path`; false where that was
 * the last. A bare list without a link is the last where it brings nothing
 * new: a server may send fewer at a time than it was asked for, or always all.
 */
static bool
put_next(struct api *api, struct slice answer, ptrdiff_t added,
	 const char *dataset, unsigned page, struct buf *path)
{
	const char *next = api_next(api);
	struct slice link = {0};
	struct buf url = {0};

	if (!next && json_find(answer, "next", &link)) {
		if (!json_string(link, &url))
			return false;
		next = api_path_of(api, buf_view(&url));
		buf_release(&url);
	}
	if (!added)
		return false;
	if (next) {
		buf_puts(path, next);
		return true;
	}
	put_releases(path, dataset);
	buf_printf(path, "?per_page=%d&page=%u", (int)PER_PAGE, page + 1);
	return true;
}

int
release_list_get(struct api *api, const char *dataset,
		 struct release_list *list)
{
	struct slice answer, results;
	struct buf path = {0};
	unsigned page = 1;
	bool more = true;
	int got = 0;

	put_releases(&path, dataset);
	buf_printf(&path, "?per_page=%d&page=%u", (int)PER_PAGE, page);
	for (; more && page < PAGES_MOST; page++) {
		ptrdiff_t added;

		got = api_get(api, buf_cstr(&path), &answer);
		if (got < 0)
			break;
		results = answer;
		json_find(answer, "results", &results);
		added = take_page(list, results);
		if (added < 0)
			got = no_sense(api,
				       "the answer is no list of releases");
		buf_reset(&path);
		more = got == 0 &&
		       put_next(api, answer, added, dataset, page, &path);
	}
	buf_release(&path);
	/* "Invalid page." */
	return got < 0 && page > 1 && api_status(api) == 404 ? 0 : got;
}

int
release_entry_get(struct api *api, const char *dataset, const char *name,
		  struct release_entry *entry)
{
	struct slice answer;
	struct buf path = {0};
	int got;

	put_releases(&path, dataset);
	api_put_part(&path, slice_of(name));
	buf_putc(&path, '/');
	got = api_get(api, buf_cstr(&path), &answer);
	buf_release(&path);
	if (got == 0 && !read_entry(answer, entry))
		return no_sense(api, "the answer is no release");
	return got;
}

/* After a call that made no release, as far as can be told: did it? */
static int
look_for_made(struct api *api, const char *dataset, const char *name,
	      struct release_entry *entry)
{
	long status = api_status(api);
	char *why;
	int got;

	if (status != 0 && status < 500)
		return -1;
	why = xstrdup(api_why(api));
	got = release_entry_get(api, dataset, name, entry);
	if (got < 0)
		api_fail(api, status, why);
	free(why);
	return got;
}

int
release_entry_create(struct api *api, const char *dataset, const char *name,
		     const char *description, struct release_entry *entry)
{
	struct slice answer;
	struct buf path = {0}, body = {0};
	int got;

	put_releases(&path, dataset);
	buf_puts(&body, "{\"name\":");
	json_put_string(&body, slice_of(name));
	buf_puts(&body, ",\"description\":");
	json_put_string(&body, slice_of(description));
	buf_putc(&body, '}');
	got = api_post(api, buf_cstr(&path), buf_view(&body), &answer);
	if (got < 0)
		got = look_for_made(api, dataset, name, entry);
	else if (!read_entry(answer, entry))
		got = no_sense(api, "the answer is no release");
	buf_release(&path);
	buf_release(&body);
	return got;
}

/*
 * Below, at or above 0 as two times compare, in UTC: with and without parts
 * of a second.
 */
static int
compare_times(const char *left, const char *right)
{
	size_t left_size = strcspn(left, "Z+"), i;
	size_t right_size = strcspn(right, "Z+");

	for (i = 0; i < left_size && i < right_size; i++)
		if (left[i] != right[i])
			return (unsigned char)left[i] - (unsigned char)right[i];
	return (left_size > i) - (right_size > i);
}

const struct release_entry *
release_list_newest(const struct release_list *list)
{
	static const char *const wanted[] = {"SUCCEEDED", "PENDING"};
	const struct release_entry *newest = NULL;

	for (size_t k = 0; !newest && k < 2; k++)
		for (size_t i = 0; i < list->count; i++) {
			const struct release_entry *one = &list->entries[i];

			if (strcmp(one->status, wanted[k]) == 0 &&
			    (!newest ||
			     compare_times(one->created, newest->created) > 0))
				newest = one;
		}
	return newest;
}
