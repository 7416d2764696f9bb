/* The categories of the release at hand. */
#include <stdlib.h>

#include "report/stat_counts.h"

void
stat_forget_kinds(struct stat *stat)
{
	size_t i;

	for (i = 0; i < stat->kind_count; i++) {
		free(stat->kinds[i]->name_text);
		free(stat->kinds[i]);
	}
	free(stat->kinds);
	stat->kinds = NULL;
	stat->kind_count = 0;
}

/* How many of the release's categories have a smaller id. */
static size_t
rank_kind(const struct stat *stat, int64_t id)
{
	size_t low = 0, high = stat->kind_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (stat->kinds[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Takes the text, which is UTF-8, for the name. */
static struct stat_category *
add_kind(struct stat *stat, int64_t id, struct slice name)
{
	size_t at = rank_kind(stat, id);
	struct stat_category *kind;

	if (at < stat->kind_count && stat->kinds[at]->id == id)
		return stat->kinds[at];
	kind = xcalloc(1, sizeof(*kind));
	kind->id = id;
	kind->name_text = slice_dup(name);
	kind->name = (struct slice){kind->name_text, name.n};
	kind->values = tally_at(stat->tally, STAT_CATEGORY, &kind->name);
	stat->kinds = xreallocarray(stat->kinds, stat->kind_count + 1,
				    sizeof(struct stat_category *));
	memmove(stat->kinds + at + 1, stat->kinds + at,
		(stat->kind_count - at) * sizeof(struct stat_category *));
	stat->kinds[at] = kind;
	stat->kind_count++;
	return kind;
}

/* That of an id, which no category of the release may have: then it is #ID. */
struct stat_category *
stat_find_kind(struct stat *stat, int64_t id)
{
	size_t at = rank_kind(stat, id);

	if (at < stat->kind_count && stat->kinds[at]->id == id)
		return stat->kinds[at];
	buf_reset(&stat->text);
	buf_putc(&stat->text, '#');
	buf_int(&stat->text, id);
	return add_kind(stat, id, buf_view(&stat->text));
}

static void
take_categories(struct stat *stat, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member category;
	struct slice value;
	int64_t id;

	while (json_next(&iter, &category) > 0) {
		buf_reset(&stat->text);
		if (json_find(category.value, "id", &value) &&
		    json_int(value, &id) &&
		    json_find(category.value, "name", &value) &&
		    json_string(value, &stat->text))
			add_kind(stat, id, buf_view(&stat->text));
	}
}

/* Decodes the release's facts one behind the other, and finds their row. */
static void
take_facts(struct stat *stat, struct slice release)
{
	const char *const *names = stat_tables[STAT_RELEASE].parts;
	struct slice parts[TALLY_PARTS] = {{0}}, value;
	size_t starts[TALLY_PARTS] = {0};
	struct buf *text = &stat->text;
	size_t i;

	buf_reset(text);
	buf_reserve(text, 1);
	for (i = 0; names[i]; i++) {
		starts[i] = text->len;
		if (json_find(release, names[i], &value) &&
		    json_string(value, text))
			parts[i].n = text->len - starts[i] + 1;
	}
	for (i = 0; names[i]; i++)
		if (parts[i].n)
			parts[i] = (struct slice){text->data + starts[i],
						  parts[i].n - 1};
	stat->release_values = tally_at(stat->tally, STAT_RELEASE, parts);
	buf_reset(&stat->labelset);
	buf_slice(&stat->labelset, parts[5]);
}

/* Looks into the record's release, unless it is that of the last one. */
int
stat_take_release(struct stat *stat, const struct record *record,
		  const char **why)
{
	struct json_error error;
	struct slice list = {0};

	if (stat->release_values &&
	    slice_equal(buf_view(&stat->release), record->release))
		return 0;
	if (record->release.p && json_validate(record->release, &error) < 0) {
		*why = error.what;
		return -1;
	}
	buf_reset(&stat->release);
	buf_slice(&stat->release, record->release);
	stat_forget_kinds(stat);
	take_facts(stat, record->release);
	json_find(record->release, "categories", &list);
	take_categories(stat, list);
	if (stat->kind_count > stat->release_values[RELEASE_CATEGORIES])
		stat->release_values[RELEASE_CATEGORIES] = stat->kind_count;
	return 0;
}
