#include "report/diff.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "record/status.h"
#include "report/diff_parts.h"
#include "report/fingerprint.h"

const char *const diff_kind_names[DIFF_KINDS + 1] = {
	"added", "removed", "label", "status", "image", "metadata", NULL,
};

struct differ *
differ_open(struct shape_reader *before, struct shape_reader *after)
{
	struct differ *differ = xcalloc(1, sizeof(*differ));

	differ->readers[BEFORE] = before;
	differ->readers[AFTER] = after;
	return differ;
}

void
differ_close(struct differ *differ)
{
	size_t i;

	if (!differ)
		return;
	for (i = 0; i < 2; i++) {
		if (differ->readers[i])
			shape_reader_close(differ->readers[i]);
		free(differ->noted[i].list);
		buf_release(&differ->status_text[i]);
	}
	for (i = 0; i < 3; i++)
		buf_release(&differ->lists[i]);
	buf_release(&differ->path);
	buf_release(&differ->fields);
	buf_release(&differ->scratch);
	buf_release(&differ->inner);
	free(differ->objects);
	free(differ);
}

bool
differ_failed(const struct differ *differ)
{
	return differ->unseen;
}

void
diff_put_field(struct buf *fields, struct slice path)
{
	if (fields->len)
		buf_putc(fields, ',');
	/* Keys stand in paths as they are spelt, but they may be escaped. */
	json_put_string(fields, path);
}

/* What programs add to a record, and what is compared elsewhere. */
static bool
is_passed_over(const struct differ *differ)
{
	const struct slice path = buf_view(&differ->path);
	static const char *const paths[] = {
		"attributes.image.path",
		"attributes.image.width",
		"attributes.image.height",
		"attributes.image.signed_url",
		/* Only releases of 2020 have these, beside the task's. */
		"data_type",
		"label.label_type",
		"label.attributes.annotations",
		"label.attributes.segmentation_bitmap.path",
		"label.attributes.segmentation_bitmap.signed_url",
	};
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (slice_is(path, paths[i]))
			return true;
	if (slice_is(path, "label.attributes.segmentation_bitmap.url"))
		return differ->seen;
	return path.n > 12 && memcmp(path.p, "label.attrib", 12) == 0 &&
	       slice_ends(path, ".annotations");
}

/* Whether a value says no more than one that is not there. */
static bool
says_nothing(struct slice value)
{
	const enum json_type type = json_type(value);

	return type == JSON_NONE || type == JSON_NULL ||
	       (type == JSON_OBJECT && json_count(value) == 0);
}

/* The member of an object whose key is spelt so. */
static bool
find_spelt(struct slice object, struct slice key, struct slice *value)
{
	struct json_iter iter = json_iterate(object);
	struct json_member member;

	while (json_next(&iter, &member) > 0) {
		if (!slice_equal(member.key, key))
			continue;
		*value = member.value;
		return true;
	}
	return false;
}

/* Goes into a member: lengthens the path; returns its length before. */
static size_t
enter(struct differ *differ, struct slice key)
{
	size_t before = differ->path.len;

	if (before)
		buf_putc(&differ->path, '.');
	buf_slice(&differ->path, key);
	return before;
}

static void
diff_objects(struct differ *differ, struct slice before, struct slice after,
	     unsigned depth, struct buf *fields)
{
	struct json_iter iter = json_iterate(before);
	struct json_member member;
	struct slice other;
	size_t length;

	while (json_next(&iter, &member) > 0) {
		length = enter(differ, member.key);
		other = (struct slice){0};
		find_spelt(after, member.key, &other);
		diff_values(differ, member.value, other, depth, fields);
		differ->path.len = length;
	}
	iter = json_iterate(after);
	while (json_next(&iter, &member) > 0) {
		if (find_spelt(before, member.key, &other))
			continue;
		length = enter(differ, member.key);
		diff_values(differ, (struct slice){0}, member.value, depth,
			    fields);
		differ->path.len = length;
	}
}

/* Frames of a sequence, one by one; those behind the shorter list's end. */
static void
diff_frames(struct differ *differ, struct slice before, struct slice after,
	    struct buf *fields)
{
	struct json_iter left = json_iterate(before);
	struct json_iter right = json_iterate(after);
	struct json_member a, b;
	size_t i, length;
	bool more_a = true, more_b = true;
	char number[32];

	for (i = 0;; i++) {
		more_a = more_a && json_next(&left, &a) > 0;
		more_b = more_b && json_next(&right, &b) > 0;
		if (!more_a && !more_b)
			return;
		snprintf(number, sizeof(number), "%zu", i);
		length = enter(differ, slice_of(number));
		diff_values(differ, more_a ? a.value : (struct slice){0},
			    more_b ? b.value : (struct slice){0}, 2, fields);
		differ->path.len = length;
	}
}

void
diff_values(struct differ *differ, struct slice before, struct slice after,
	    unsigned depth, struct buf *fields)
{
	const enum json_type type = json_type(before);

	if (is_passed_over(differ) ||
	    (says_nothing(before) && says_nothing(after)) ||
	    (before.p && after.p &&
	     fingerprint_same(before, after, &differ->scratch)))
		return;
	if (depth && type == JSON_OBJECT && json_type(after) == JSON_OBJECT)
		diff_objects(differ, before, after, depth - 1, fields);
	else if (slice_is(buf_view(&differ->path), "label.attributes.frames"))
		diff_frames(differ, before, after, fields);
	else
		diff_put_field(fields, buf_view(&differ->path));
}

/* Who, when, and how good: of a label, but not what is drawn. */
static bool
is_about_label(struct slice key)
{
	static const char *const keys[] = {
		"created_at",  "created_by",  "updated_at", "updated_by",
		"reviewed_at", "reviewed_by", "score",      "rating",
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (slice_is(key, keys[i]))
			return true;
	return false;
}

/* Members that say nothing of the sample itself: ours, but for its label. */
static bool
is_ours(struct slice key)
{
	size_t i;

	for (i = 0; i < RECORD_OWN; i++)
		if (slice_equal(key, record_own[i]))
			return !slice_is(key, "label");
	return false;
}

/* Compares a member, of the record or of its label, under a path. */
static void
diff_member(struct differ *differ, const char *path, struct slice before,
	    struct slice after, enum diff_kind kind)
{
	size_t length = differ->fields.len;

	buf_reset(&differ->path);
	buf_puts(&differ->path, path);
	diff_values(differ, before, after, kind == DIFF_LABEL ? 4 : 2,
		    &differ->fields);
	buf_reset(&differ->path);
	if (differ->fields.len > length)
		differ->kinds |= 1u << kind;
}

/* A member of the one label, if `only_new` of the second, against the other. */
static void
diff_label_members(struct differ *differ, struct slice label,
		   struct slice other, bool only_new)
{
	struct json_iter iter = json_iterate(label);
	struct json_member member;
	struct slice found;

	while (json_next(&iter, &member) > 0) {
		struct buf path = {0};
		bool has = find_spelt(other, member.key, &found);
		enum diff_kind kind =
			is_about_label(member.key) ? DIFF_METADATA : DIFF_LABEL;

		if (slice_is(member.key, "label_status") || (only_new && has))
			continue;
		if (!has)
			found = (struct slice){0};
		buf_puts(&path, "label.");
		buf_slice(&path, member.key);
		diff_member(differ, buf_cstr(&path),
			    only_new ? found : member.value,
			    only_new ? member.value : found, kind);
		buf_release(&path);
	}
}

static void
diff_status(struct differ *differ)
{
	struct slice texts[2];
	size_t i;

	for (i = 0; i < 2; i++)
		texts[i] = label_status_text(differ->sides[i]->label,
					     &differ->status_text[i]);
	if (slice_equal(texts[0], texts[1]))
		return;
	differ->kinds |= 1u << DIFF_STATUS;
	diff_put_field(&differ->fields, slice_of("label.label_status"));
}

/* Whether the two bitmaps' URLs tell that their pixels are the same. */
static bool
same_bitmap(struct differ *differ)
{
	struct slice urls[2];
	size_t i;

	for (i = 0; i < 2; i++)
		if (!record_asset(differ->sides[i], ASSET_LABEL, &urls[i]) ||
		    !json_find(urls[i], "url", &urls[i]) ||
		    json_type(urls[i]) != JSON_STRING)
			return false;
	return fingerprint_same(urls[0], urls[1], &differ->scratch);
}

/*
 * Compares the labels. Where pixels have been looked at, another URL of the
 * bitmap is no change of its own.
 */
static void
diff_label(struct differ *differ)
{
	struct slice before = differ->sides[BEFORE]->label;
	struct slice after = differ->sides[AFTER]->label;
	const bool pixels =
		differ->readers[BEFORE] && json_type(before) == JSON_OBJECT &&
		json_type(after) == JSON_OBJECT && !same_bitmap(differ);

	if (fingerprint_same(before, after, &differ->scratch))
		return;
	diff_status(differ);
	if (diff_annotations(differ, pixels)) {
		differ->kinds |= 1u << DIFF_LABEL;
		diff_put_field(&differ->fields,
			       slice_of("label.attributes.annotations"));
	}
	differ->seen = pixels && !differ->unseen;
	diff_label_members(differ, before, after, false);
	diff_label_members(differ, after, before, true);
	differ->seen = false;
}

/* Members of the record but the label: of the first, or new in the second. */
static void
diff_record_members(struct differ *differ, enum diff_side side)
{
	struct slice other = differ->sides[!side]->line, found;
	struct json_iter iter = json_iterate(differ->sides[side]->line);
	struct json_member member;

	while (json_next(&iter, &member) > 0) {
		struct buf path = {0};
		bool has = find_spelt(other, member.key, &found);
		enum diff_kind kind = slice_is(member.key, "attributes")
					      ? DIFF_IMAGE
					      : DIFF_METADATA;

		if (is_ours(member.key) || slice_is(member.key, "label") ||
		    (side == AFTER && has))
			continue;
		if (!has)
			found = (struct slice){0};
		buf_slice(&path, member.key);
		diff_member(differ, buf_cstr(&path),
			    side == BEFORE ? member.value : found,
			    side == BEFORE ? found : member.value, kind);
		buf_release(&path);
	}
}

static void
begin_pair(struct differ *differ, const struct record *before,
	   const struct record *after)
{
	size_t i;

	differ->sides[BEFORE] = before;
	differ->sides[AFTER] = after;
	differ->kinds = 0;
	differ->unseen = false;
	differ->object_count = 0;
	buf_reset(&differ->fields);
	for (i = 0; i < 3; i++)
		buf_reset(&differ->lists[i]);
}

static void
put_raw(struct buf *to, const char *key, struct slice value)
{
	if (value.p)
		json_put_member(to, slice_of(key), value);
}

/* The kinds, the weightiest of them first, and what the sample is called. */
static void
put_head(struct differ *differ, const struct record *record, struct buf *to)
{
	const char *before = "";
	size_t i;

	for (i = 0; !(differ->kinds >> i & 1); i++)
		;
	buf_printf(to, "{\"change\":\"%s\",\"kinds\":[", diff_kind_names[i]);
	for (; i < DIFF_KINDS; i++) {
		if (!(differ->kinds >> i & 1))
			continue;
		buf_printf(to, "%s\"%s\"", before, diff_kind_names[i]);
		before = ",";
	}
	buf_putc(to, ']');
	put_raw(to, "name", record->name);
	put_raw(to, "uuid", record->uuid);
	put_raw(to, "frame", record->frame);
}

static struct slice
or_null(struct slice value)
{
	return value.p ? value : slice_of("null");
}

static void
put_annotations(const struct differ *differ, struct buf *to)
{
	static const char *const names[] = {"added", "removed", "changed"};
	const char *before = ",\"annotations\":{";
	size_t i;

	for (i = 0; i < 3; i++) {
		if (!differ->lists[i].len)
			continue;
		buf_printf(to, "%s\"%s\":[", before, names[i]);
		buf_slice(to, buf_view(&differ->lists[i]));
		buf_putc(to, ']');
		before = ",";
	}
	if (*before == ',' && before[1] == '\0')
		buf_putc(to, '}');
}

static void
put_change(struct differ *differ, struct buf *to)
{
	const struct record *const *sides = differ->sides;

	put_head(differ, sides[AFTER], to);
	buf_puts(to, ",\"index\":[");
	buf_slice(to, or_null(sides[BEFORE]->index));
	buf_putc(to, ',');
	buf_slice(to, or_null(sides[AFTER]->index));
	buf_puts(to, "],\"fields\":[");
	buf_slice(to, buf_view(&differ->fields));
	buf_putc(to, ']');
	if (differ->kinds >> DIFF_STATUS & 1) {
		buf_puts(to, ",\"status\":[");
		json_put_string(to, buf_view(&differ->status_text[BEFORE]));
		buf_putc(to, ',');
		json_put_string(to, buf_view(&differ->status_text[AFTER]));
		buf_putc(to, ']');
	}
	put_annotations(differ, to);
	buf_puts(to, "}\n");
}

static int
check_json(const struct record *record)
{
	struct json_error error;

	if (json_validate(record->line, &error) == 0)
		return 0;
	diag_say(&record->place, "byte %zu of the line: %s", error.offset + 1,
		 error.what);
	return -1;
}

int
differ_compare(struct differ *differ, const struct record *before,
	       const struct record *after, struct buf *to)
{
	if (check_json(before) < 0 || check_json(after) < 0)
		return -1;
	begin_pair(differ, before, after);
	diff_record_members(differ, BEFORE);
	diff_record_members(differ, AFTER);
	diff_label(differ);
	if (differ->kinds)
		put_change(differ, to);
	return (int)differ->kinds;
}

int
differ_alone(struct differ *differ, enum diff_kind kind,
	     const struct record *record, struct buf *to)
{
	static const struct record nothing;
	const bool added = kind == DIFF_ADDED;

	if (check_json(record) < 0)
		return -1;
	begin_pair(differ, added ? &nothing : record,
		   added ? record : &nothing);
	differ->kinds = 1u << kind;
	diff_annotations(differ, false);
	put_head(differ, record, to);
	put_raw(to, "index", record->index);
	buf_puts(to, ",\"status\":");
	json_put_string(to, label_status_text(record->label,
					      &differ->status_text[0]));
	buf_puts(to, "}\n");
	return (int)differ->kinds;
}
