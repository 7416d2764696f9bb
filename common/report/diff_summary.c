/* What changes add up to, and what became of the categories. */
#include <stdlib.h>

#include "base/diag.h"
#include "report/diff_parts.h"
#include "report/fingerprint.h"

static const struct tally_column samples_columns[] = {
	{"samples", TALLY_SUM, false, 0, 0},
	{0},
};

static const struct tally_column objects_columns[] = {
	{"added", TALLY_SUM, false, 0, 0},
	{"removed", TALLY_SUM, false, 0, 0},
	{"changed", TALLY_SUM, false, 0, 0},
	{0},
};

const struct tally_table diff_tables[] = {
	[DIFF_CHANGES] = {"change", {"key", NULL}, samples_columns, -1},
	[DIFF_STATUSES] = {"status", {"from", "to", NULL}, samples_columns, 0},
	[DIFF_CATEGORIES] = {"category", {"key", NULL}, objects_columns, -1},
	[DIFF_PEOPLE] = {"person", {"key", NULL}, samples_columns, 0},
	[DIFF_TABLES] = {0},
};

/* Who made the label what it is. */
static void
count_person(struct differ *differ, struct tally *tally)
{
	struct slice label = differ->sides[AFTER]->label, value, name;

	buf_reset(&differ->scratch);
	if (!(json_find(label, "updated_by", &value) &&
	      json_type(value) == JSON_STRING) &&
	    !json_find(label, "created_by", &value))
		return;
	if (!json_string(value, &differ->scratch) || !differ->scratch.len)
		return;
	name = buf_view(&differ->scratch);
	tally_at(tally, DIFF_PEOPLE, &name)[0]++;
}

void
differ_count(struct differ *differ, struct tally *tally)
{
	struct slice parts[2];
	size_t i;

	for (i = 0; i < DIFF_KINDS; i++) {
		parts[0] = slice_of(diff_kind_names[i]);
		if (differ->kinds >> i & 1)
			tally_at(tally, DIFF_CHANGES, parts)[0]++;
	}
	if (differ->kinds >> DIFF_STATUS & 1) {
		for (i = 0; i < 2; i++) {
			buf_reserve(&differ->status_text[i], 1);
			parts[i] = buf_view(&differ->status_text[i]);
		}
		tally_at(tally, DIFF_STATUSES, parts)[0]++;
	}
	for (i = 0; i < differ->object_count; i++) {
		const struct object_change *object = &differ->objects[i];

		buf_reset(&differ->scratch);
		if (!json_string(object->category, &differ->scratch))
			buf_slice(&differ->scratch, object->category);
		buf_reserve(&differ->scratch, 1);
		parts[0] = buf_view(&differ->scratch);
		tally_at(tally, DIFF_CATEGORIES, parts)[object->what]++;
	}
	if (differ->kinds >> DIFF_LABEL & 1)
		count_person(differ, tally);
}

/* What may be said of a category. */
enum fate { ADDED, REMOVED, RENAMED, RECOLOURED, CHANGED, FATES };

static const char *const fates[FATES] = {"added", "removed", "renamed",
					 "recoloured", "changed"};

static bool
find_category(struct slice list, struct slice id, struct slice *category)
{
	struct json_iter iter = json_iterate(list);
	struct json_member member;
	struct slice value;

	while (json_next(&iter, &member) > 0) {
		if (!json_find(member.value, "id", &value) ||
		    !slice_equal(value, id))
			continue;
		*category = member.value;
		return true;
	}
	return false;
}

static struct buf *
open_fate(struct buf lists[FATES], enum fate fate)
{
	if (lists[fate].len)
		buf_putc(&lists[fate], ',');
	return &lists[fate];
}

static void
put_category(struct buf *to, struct slice category)
{
	struct slice id = slice_of("null"), name = slice_of("null");

	json_find(category, "id", &id);
	json_find(category, "name", &name);
	buf_puts(to, "{\"id\":");
	buf_slice(to, id);
	buf_puts(to, ",\"name\":");
	buf_slice(to, name);
	buf_putc(to, '}');
}

static struct slice
member_of(struct slice object, const char *key)
{
	struct slice value;

	return json_find(object, key, &value) ? value : slice_of("null");
}

/* A member before and after, of a category that both sides have. */
static void
put_pair(struct buf *to, struct slice id, const char *key,
	 const struct slice values[2])
{
	buf_puts(to, "{\"id\":");
	buf_slice(to, id);
	buf_printf(to, ",\"%s\":[", key);
	buf_slice(to, values[0]);
	buf_putc(to, ',');
	buf_slice(to, values[1]);
	buf_puts(to, "]}");
}

static void
diff_category(struct buf lists[FATES], struct slice before, struct slice after,
	      struct buf *scratch)
{
	const struct slice id = member_of(after, "id");
	const struct slice names[2] = {member_of(before, "name"),
				       member_of(after, "name")};
	const struct slice colours[2] = {member_of(before, "color"),
					 member_of(after, "color")};
	bool told = false;

	if (fingerprint_same(before, after, scratch))
		return;
	if (!fingerprint_same(names[0], names[1], scratch)) {
		put_pair(open_fate(lists, RENAMED), id, "name", names);
		told = true;
	}
	if (!fingerprint_same(colours[0], colours[1], scratch)) {
		put_pair(open_fate(lists, RECOLOURED), id, "color", colours);
		told = true;
	}
	if (!told)
		put_category(open_fate(lists, CHANGED), after);
}

static void
diff_categories(struct buf lists[FATES], struct slice before,
		struct slice after)
{
	struct json_iter iter = json_iterate(after);
	struct json_member member;
	struct slice other;
	struct buf scratch = {0};

	while (json_next(&iter, &member) > 0) {
		if (find_category(before, member_of(member.value, "id"),
				  &other))
			diff_category(lists, other, member.value, &scratch);
		else
			put_category(open_fate(lists, ADDED), member.value);
	}
	iter = json_iterate(before);
	while (json_next(&iter, &member) > 0)
		if (!find_category(after, member_of(member.value, "id"),
				   &other))
			put_category(open_fate(lists, REMOVED), member.value);
	buf_release(&scratch);
}

/* The categories of a release, or nothing where it is not JSON. */
static struct slice
categories_of(struct slice release)
{
	struct json_error error;
	struct slice list = {0};

	if (release.n && json_validate(release, &error) == 0)
		json_find(release, "categories", &list);
	return list;
}

void
diff_put_categories(struct buf *to, struct slice before, struct slice after)
{
	struct buf lists[FATES] = {{0}};
	bool any = false;
	size_t i;

	diff_categories(lists, categories_of(before), categories_of(after));
	for (i = 0; i < FATES; i++) {
		if (lists[i].len) {
			buf_puts(to, any ? "," : "{\"change\":\"categories\",");
			buf_printf(to, "\"%s\":[", fates[i]);
			buf_slice(to, buf_view(&lists[i]));
			buf_putc(to, ']');
			any = true;
		}
		buf_release(&lists[i]);
	}
	buf_puts(to, any ? "}\n" : "");
}

/* Whether Markdown would take a character for markup; _ is none in a word. */
static bool
is_markup(const struct buf *text, size_t at)
{
	if (text->data[at] == '_')
		return at == 0 || at + 1 == text->len;
	return strchr("\\`*{}[]<>()#|!~", text->data[at]) != NULL;
}

/* Text in a cell of a table in Markdown. */
static void
put_text(struct buf *to, struct slice text)
{
	struct buf shown = {0};
	size_t i;

	diag_escape(&shown, text);
	for (i = 0; i < shown.len; i++) {
		if (is_markup(&shown, i))
			buf_putc(to, '\\');
		buf_putc(to, shown.data[i]);
	}
	if (!shown.len)
		buf_putc(to, '-');
	buf_release(&shown);
}

static void
put_json_text(struct buf *to, struct slice value)
{
	struct buf text = {0};

	if (!json_string(value, &text))
		buf_slice(&text, value);
	put_text(to, buf_view(&text));
	buf_release(&text);
}

static void
put_title(struct buf *to, struct slice before, struct slice after)
{
	const struct slice sides[2] = {before, after};
	size_t i;

	buf_puts(to, "### ");
	put_json_text(to, member_of(after, "dataset"));
	for (i = 0; i < 2; i++) {
		buf_puts(to, i ? " -> " : " ");
		put_json_text(to, member_of(sides[i], "name"));
	}
	buf_putc(to, '\n');
}

static uint64_t
count_of(struct tally *tally, enum diff_kind kind)
{
	const struct slice key = slice_of(diff_kind_names[kind]);

	return tally_at(tally, DIFF_CHANGES, &key)[0];
}

static void
put_totals(struct buf *to, const struct tally *tally, const uint64_t samples[3])
{
	struct tally *copy = tally_open(diff_tables);
	uint64_t added, removed, changed;
	size_t kind;

	tally_merge(copy, tally);
	added = count_of(copy, DIFF_ADDED);
	removed = count_of(copy, DIFF_REMOVED);
	changed = samples[1] - added - samples[2];
	buf_printf(to,
		   "\nSamples: %llu -> %llu. Added %llu, removed %llu, "
		   "changed %llu, as they were %llu.\n",
		   (unsigned long long)samples[0],
		   (unsigned long long)samples[1], (unsigned long long)added,
		   (unsigned long long)removed, (unsigned long long)changed,
		   (unsigned long long)samples[2]);
	if (changed)
		buf_puts(to, "\n| what changed | samples |\n|---|---:|\n");
	for (kind = DIFF_LABEL; kind < DIFF_KINDS; kind++)
		if (count_of(copy, (enum diff_kind)kind))
			buf_printf(to, "| %s | %llu |\n", diff_kind_names[kind],
				   (unsigned long long)count_of(
					   copy, (enum diff_kind)kind));
	tally_close(copy);
}

static void
put_statuses(struct buf *to, const struct tally *tally)
{
	size_t i, n;
	const struct tally_row **rows = tally_rows(tally, DIFF_STATUSES, &n);

	if (n)
		buf_puts(to, "\n| status | samples |\n|---|---:|\n");
	for (i = 0; i < n; i++) {
		buf_puts(to, "| ");
		put_text(to, rows[i]->parts[0]);
		buf_puts(to, " -> ");
		put_text(to, rows[i]->parts[1]);
		buf_printf(to, " | %llu |\n",
			   (unsigned long long)rows[i]->values[0]);
	}
	free(rows);
}

static void
put_object_table(struct buf *to, const struct tally *tally)
{
	size_t i, n;
	const struct tally_row **rows = tally_rows(tally, DIFF_CATEGORIES, &n);

	if (n)
		buf_puts(to, "\n| objects | added | removed | changed |\n"
			     "|---|---:|---:|---:|\n");
	for (i = 0; i < n; i++) {
		const uint64_t *values = rows[i]->values;

		buf_puts(to, "| ");
		put_text(to, rows[i]->parts[0]);
		buf_printf(to, " | %llu | %llu | %llu |\n",
			   (unsigned long long)values[0],
			   (unsigned long long)values[1],
			   (unsigned long long)values[2]);
	}
	free(rows);
}

static void
put_people(struct buf *to, const struct tally *tally)
{
	size_t i, n;
	const struct tally_row **rows = tally_rows(tally, DIFF_PEOPLE, &n);

	if (n)
		buf_puts(to, "\n| labels changed by | samples |\n|---|---:|\n");
	for (i = 0; i < n; i++) {
		buf_puts(to, "| ");
		put_text(to, rows[i]->parts[0]);
		buf_printf(to, " | %llu |\n",
			   (unsigned long long)rows[i]->values[0]);
	}
	free(rows);
}

/* One fate of categories, in a sentence. */
static void
put_fate(struct buf *to, const char *fate, struct slice line)
{
	struct slice list, name;
	struct json_iter iter, pair;
	struct json_member member, side;
	const char *before = "";

	if (!json_find(line, fate, &list))
		return;
	buf_printf(to, "\nCategories %s: ", fate);
	iter = json_iterate(list);
	while (json_next(&iter, &member) > 0) {
		buf_puts(to, before);
		before = ", ";
		name = member_of(member.value, "name");
		if (json_type(name) != JSON_ARRAY) {
			put_json_text(to,
				      json_type(name) == JSON_NULL
					      ? member_of(member.value, "id")
					      : name);
			continue;
		}
		pair = json_iterate(name);
		json_next(&pair, &side);
		put_json_text(to, side.value);
		buf_puts(to, " -> ");
		json_next(&pair, &side);
		put_json_text(to, side.value);
	}
	buf_puts(to, ".\n");
}

static void
put_categories(struct buf *to, struct slice before, struct slice after)
{
	struct buf line = {0};
	size_t i;

	diff_put_categories(&line, before, after);
	for (i = 0; i < FATES && line.len; i++)
		put_fate(to, fates[i], (struct slice){line.data, line.len - 1});
	buf_release(&line);
}

void
diff_put_summary(struct buf *to, const struct tally *tally, struct slice before,
		 struct slice after, const uint64_t samples[3])
{
	put_title(to, before, after);
	put_totals(to, tally, samples);
	put_categories(to, before, after);
	put_statuses(to, tally);
	put_object_table(to, tally);
	put_people(to, tally);
}
