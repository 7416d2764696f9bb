/* Taking in the categories of a release. */
#include <stdlib.h>

#include "base/diag.h"
#include "output/categories_parts.h"
#include "json/lookup.h"

/* Appends what a release is called in messages: OWNER/DATASET RELEASE. */
static void
put_origin(struct buf *to, struct slice release)
{
	static const struct {
		const char *key, *before;
	} parts[] = {{"owner", ""}, {"dataset", "/"}, {"name", " "}};
	struct slice value;
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (!json_find(release, parts[i].key, &value) ||
		    json_type(value) != JSON_STRING)
			continue;
		buf_puts(to, to->len ? parts[i].before : "");
		json_string(value, to);
	}
	if (!to->len)
		buf_puts(to, "a release without a name");
}

/* The release at hand, as a message calls it; borrowed. */
static const char *
origin_here(struct categories *categories)
{
	return buf_cstr(&categories->origins[categories->origin_count]);
}

static void
put_quoted(struct buf *to, struct slice name)
{
	buf_putc(to, '"');
	buf_slice(to, name);
	buf_putc(to, '"');
}

static const char *
fail_names(struct categories *categories, const struct category *known,
	   struct slice name)
{
	struct buf *to = &categories->failure;

	buf_printf(to, "category %lld has two names: ", (long long)known->id);
	put_quoted(to, buf_view(&known->name));
	buf_printf(to, " in %s and ",
		   buf_cstr(&categories->origins[known->origin]));
	put_quoted(to, name);
	buf_printf(to, " in %s", origin_here(categories));
	/* Those of one release cannot be told apart. */
	if (known->origin < categories->origin_count)
		buf_puts(to, "; --category-ids by-name tells them apart");
	return buf_cstr(to);
}

static const char *
fail_ids(struct categories *categories, const struct category *known,
	 int64_t id)
{
	struct buf *to = &categories->failure;

	buf_puts(to, "category ");
	put_quoted(to, buf_view(&known->name));
	buf_printf(to,
		   " has two ids: %lld in %s and %lld in %s; --category-ids "
		   "by-name unites them",
		   (long long)known->id,
		   buf_cstr(&categories->origins[known->origin]), (long long)id,
		   origin_here(categories));
	return buf_cstr(to);
}

/* One category of the release at hand. */
struct listed_category {
	int64_t id;
	struct slice name; /* raw */
	struct slice text;
};

/* NULL, or what an element of the release's list lacks. */
static const char *
read_entry(struct categories *categories, struct slice text,
	   struct listed_category *entry)
{
	static const struct slice keys[] = {{"id", 2}, {"name", 4}};
	struct slice found[2];

	members_find(text, keys, 2, found);
	if (!json_int(found[0], &entry->id))
		return "a category of the release has no integer id";
	if (json_type(found[1]) != JSON_STRING) {
		buf_printf(&categories->failure,
			   "category %lld of the release has no name",
			   (long long)entry->id);
		return buf_cstr(&categories->failure);
	}
	entry->name = found[1];
	entry->text = text;
	return NULL;
}

/* NULL, or why a category contradicts those of other releases. */
static const char *
check_entry(struct categories *categories, const struct listed_category *entry,
	    struct slice name)
{
	const struct category *known;

	if (categories->ids == CATEGORY_IDS_BY_NAME)
		return NULL;
	known = categories_with_id(categories, entry->id);
	if (known && !slice_equal(buf_view(&known->name), name))
		return fail_names(categories, known, name);
	known = known ? NULL : categories_named(categories, name);
	return known ? fail_ids(categories, known, entry->id) : NULL;
}

static const char *
check_list(struct categories *categories, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member element;
	struct listed_category entry;
	struct buf name = {0};
	const char *why = NULL;

	while (!why && json_next(&iter, &element) > 0) {
		why = read_entry(categories, element.value, &entry);
		if (why)
			break;
		buf_reset(&name);
		json_string(entry.name, &name);
		why = check_entry(categories, &entry, buf_view(&name));
	}
	buf_release(&name);
	return why;
}

/* Says that two categories of the release at hand share a name. */
static void
say_twice(struct categories *categories, const struct category *known,
	  int64_t id)
{
	const bool united = categories->ids == CATEGORY_IDS_BY_NAME;

	diag_say(NULL,
		 "%s: categories %lld and %lld are both called \"%.*s\"%s",
		 origin_here(categories), (long long)known->id, (long long)id,
		 (int)known->name.len, known->name.data,
		 united ? "; they are united" : "");
}

/* Says where categories that are united differ in what is written of them. */
static void
say_differing(struct categories *categories, const struct category *known,
	      struct slice text)
{
	static const struct slice keys[] = {{"has_instances", 13},
					    {"supercategory", 13}};
	struct slice first[2], second[2];
	size_t i;

	members_find(buf_view(&known->text), keys, 2, first);
	members_find(text, keys, 2, second);
	for (i = 0; i < 2; i++)
		if (!slice_equal(first[i], second[i]))
			diag_say(NULL,
				 "category \"%.*s\": %s differs between %s and "
				 "%s; the first is written",
				 (int)known->name.len, known->name.data,
				 keys[i].p,
				 buf_cstr(&categories->origins[known->origin]),
				 origin_here(categories));
}

/* Says what is odd where a name is known already. */
static void
say_known(struct categories *categories, const struct category *known,
	  const struct listed_category *entry)
{
	if (known->origin == categories->origin_count)
		say_twice(categories, known, entry->id);
	else
		say_differing(categories, known, entry->text);
}

/* Takes in a category that goes with the others: NULL, or why it does not. */
static const char *
take_entry(struct categories *categories, const struct listed_category *entry)
{
	const bool by_name = categories->ids == CATEGORY_IDS_BY_NAME;
	const struct category *known = categories_find(categories, entry->id);
	struct buf name = {0};
	const char *why = NULL;

	json_string(entry->name, &name);
	if (known) {
		if (!slice_equal(buf_view(&known->name), buf_view(&name)))
			why = fail_names(categories, known, buf_view(&name));
		buf_release(&name);
		return why;
	}
	known = by_name ? NULL : categories_with_id(categories, entry->id);
	if (!known) {
		known = categories_named(categories, buf_view(&name));
		if (known && !known->made && !categories->silent)
			say_known(categories, known, entry);
		known = by_name ? known : NULL;
	}
	if (!known)
		known = categories_append(categories, entry->id, &name,
					  entry->text);
	categories_link(categories, entry->id,
			(size_t)(known - categories->list));
	buf_release(&name);
	return NULL;
}

static const char *
take_list(struct categories *categories, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member element;
	struct listed_category entry;
	const char *why = check_list(categories, list);

	while (!why && json_next(&iter, &element) > 0) {
		why = read_entry(categories, element.value, &entry);
		if (!why)
			why = take_entry(categories, &entry);
	}
	return why;
}

static const char *
take(struct categories *categories, struct slice release)
{
	struct json_error error = {0};
	struct slice list = {0};
	const size_t n = categories->origin_count, before = categories->count;
	const char *why;

	if (json_validate(release, &error) < 0) {
		buf_printf(&categories->failure, "the release is not JSON: %s",
			   error.what);
		return buf_cstr(&categories->failure);
	}
	if (json_find(release, "categories", &list) &&
	    json_type(list) != JSON_ARRAY)
		return "the categories of the release are no list";
	categories->origins = xreallocarray(categories->origins, n + 1,
					    sizeof(*categories->origins));
	categories->origins[n] = (struct buf){0};
	put_origin(&categories->origins[n], release);
	why = take_list(categories, list);
	if (why)
		categories_cut(categories, before);
	if (categories->count > before)
		categories->origin_count++;
	else
		buf_release(&categories->origins[n]);
	return why;
}

const char *
categories_take(struct categories *categories, struct slice release)
{
	if (!release.p)
		return "the record has no release";
	if (slice_equal(buf_view(&categories->release), release))
		return categories->why;
	categories->link_count = 0;
	buf_reset(&categories->failure);
	categories->why = take(categories, release);
	buf_reset(&categories->release);
	buf_slice(&categories->release, release);
	return categories->why;
}

const char *
categories_take_alone(struct categories *categories, struct slice release)
{
	const enum category_ids ids = categories->ids;
	const bool silent = categories->silent;

	if (!release.p || !slice_equal(buf_view(&categories->release), release))
		categories_release(categories);
	categories->ids = ids;
	categories->silent = silent;
	return categories_take(categories, release);
}
