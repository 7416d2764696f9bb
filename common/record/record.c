#include "record/record.h"

#include <stdlib.h>

#define NAME(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}

const struct slice record_own[RECORD_OWN] = {
	NAME("index"),    NAME("label"), NAME("release"),  NAME("frame"),
	NAME("left_out"), NAME("mask"),  NAME("findings"), NAME("error"),
};

/* Members a line may have; real samples have a dozen. */
enum { MEMBERS = 256 };

#define FIELD(name)                                                       \
	{                                                                 \
		{#name, sizeof(#name) - 1}, offsetof(struct record, name) \
	}

static void
take_member(struct record *record, const struct json_member *member)
{
	static const struct {
		struct slice key;
		size_t at;
	} fields[] = {
		FIELD(index),      FIELD(name),     FIELD(uuid),
		FIELD(attributes), FIELD(metadata), FIELD(label),
		FIELD(release),    FIELD(frame),    FIELD(left_out),
		FIELD(error),
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (!json_spells(member->key, fields[i].key))
			continue;
		memcpy((char *)record + fields[i].at, &member->value,
		       sizeof(member->value));
		return;
	}
}

/* Forgets the record before, but for what serves the next one. */
static void
begin_record(struct record *record, struct slice line)
{
	struct record empty = {
		.line = line,
		.place = record->place,
		.name_text = record->name_text,
		.own = record->own,
		.shared = record->shared,
	};

	empty.place.sample = (struct slice){0};
	*record = empty;
}

static struct record_memory *
memory_of(struct record *record)
{
	return record->shared ? record->shared : &record->own;
}

/* What stands between the release and the member before it. */
static const char release_key[] = ",\"release\":";

enum { RELEASE_KEY = sizeof(release_key) - 1 };

/* Whether the record ends with its release, spelt as seg-samples does. */
static bool
ends_with_release(const struct record *record)
{
	struct slice line = record->line, release = record->release;

	return release.p && release.p + release.n + 1 == line.p + line.n &&
	       release.p - line.p > RELEASE_KEY &&
	       memcmp(release.p - RELEASE_KEY, release_key, RELEASE_KEY) == 0;
}

/* Where a record ends with its release, keeps that from the comma on. */
static void
keep_tail(struct record *record)
{
	struct slice release = record->release;
	struct record_memory *memory = memory_of(record);

	buf_reset(&memory->tail);
	if (ends_with_release(record))
		buf_put(&memory->tail, release.p - RELEASE_KEY,
			RELEASE_KEY + release.n + 1);
}

/*
 * The records of a run end with the same release, which need not be looked at
 * again: what stands before it must be an object once that is closed. It is
 * copied, so this is for releases that are not much shorter. False, with
 * nothing taken, where all of the line is to be looked at.
 */
static bool
parse_before_tail(struct record *record)
{
	struct json_member members[MEMBERS];
	struct record_memory *memory = memory_of(record);
	struct slice line = record->line, tail = buf_view(&memory->tail);
	size_t head = line.n - tail.n;
	struct json_error error;
	int i, n;

	if (!tail.n || line.n <= tail.n || head / 4 > tail.n ||
	    memcmp(line.p + head, tail.p, tail.n) != 0)
		return false;
	buf_reset(&memory->head);
	buf_put(&memory->head, line.p, head);
	buf_putc(&memory->head, '}');
	n = json_members(buf_view(&memory->head), members, MEMBERS - 1, &error);
	if (n <= 0)
		return false;
	for (i = 0; i < n; i++) {
		struct json_member *member = &members[i];

		member->key.p = line.p + (member->key.p - memory->head.data);
		member->value.p =
			line.p + (member->value.p - memory->head.data);
		take_member(record, member);
	}
	if (record->release.p) {
		begin_record(record, line);
		return false;
	}
	record->release = (struct slice){line.p + head + RELEASE_KEY,
					 tail.n - RELEASE_KEY - 1};
	return true;
}

static int
parse_all(struct record *record, struct json_error *error)
{
	struct json_member members[MEMBERS];
	int i, n = json_members(record->line, members, MEMBERS, error);

	for (i = 0; i < n; i++)
		take_member(record, &members[i]);
	keep_tail(record);
	return n < 0 ? -1 : 0;
}

int
record_parse(struct record *record, struct slice line, struct json_error *error)
{
	begin_record(record, line);
	if (!parse_before_tail(record) && parse_all(record, error) < 0)
		return -1;
	buf_reset(&record->name_text);
	if (json_string(record->name, &record->name_text))
		record->place.sample = buf_view(&record->name_text);
	return 0;
}

/* The bytes up to and with the index, where the line begins with it; or 0. */
static size_t
measure_index(struct slice line)
{
	static const char key[] = "{\"index\":";
	size_t from = sizeof(key) - 1, to = from;

	if (line.n < from || memcmp(line.p, key, from) != 0)
		return 0;
	while (to < line.n && line.p[to] >= '0' && line.p[to] <= '9')
		to++;
	return to == from || (line.p[from] == '0' && to > from + 1) ? 0 : to;
}

bool
record_is_like(const struct record *before, struct slice line,
	       const struct record *like)
{
	const struct record_memory *memory =
		before->shared ? before->shared : &before->own;
	const struct slice tail = buf_view(&memory->tail);
	const size_t from = measure_index(like->line);
	const size_t begun = measure_index(line);
	size_t n;

	if (!from || !begun || !tail.n || !ends_with_release(like))
		return false;
	n = (size_t)(like->release.p - like->line.p) - RELEASE_KEY - from;
	return line.n == begun + n + tail.n &&
	       memcmp(line.p + begun, like->line.p + from, n) == 0 &&
	       memcmp(line.p + begun + n, tail.p, tail.n) == 0;
}

void
record_memory_release(struct record_memory *memory)
{
	buf_release(&memory->tail);
	buf_release(&memory->head);
}

void
record_release(struct record *record)
{
	if (!record)
		return;
	buf_release(&record->name_text);
	record_memory_release(&record->own);
}

/* An object, null, or nothing. */
static bool
may_be_object(struct slice value)
{
	enum json_type type = json_type(value);

	return type == JSON_OBJECT || type == JSON_NULL || type == JSON_NONE;
}

/*
 * What belongs in a label's attributes and stands beside them would pass for
 * missing: what to say of it, or NULL. The service writes nothing so called.
 */
static const char *
find_misplaced(struct slice label, struct slice attributes)
{
	static const struct {
		const char *key, *message;
	} misplaced[] = {
		{"annotations",
		 "label.annotations belongs in label.attributes.annotations"},
		{"frames", "label.frames belongs in label.attributes.frames"},
		{"segmentation_bitmap", "label.segmentation_bitmap belongs in "
					"label.attributes.segmentation_bitmap"},
	};
	struct slice value;
	size_t i;

	if (json_find(attributes, "annotations", &value) ||
	    json_find(attributes, "frames", &value))
		return NULL;
	for (i = 0; i < sizeof(misplaced) / sizeof(*misplaced); i++)
		if (json_find(label, misplaced[i].key, &value))
			return misplaced[i].message;
	return NULL;
}

const char *
record_misshapen(const struct record *record)
{
	struct slice value = {0};

	if (!may_be_object(record->attributes))
		return "attributes is no object";
	json_find(record->attributes, "image", &value);
	if (!may_be_object(value))
		return "attributes.image is no object";
	if (!may_be_object(record->label))
		return "label is no object";
	value = (struct slice){0};
	json_find(record->label, "attributes", &value);
	if (!may_be_object(value))
		return "label.attributes is no object";
	return find_misplaced(record->label, value);
}

bool
record_asset(const struct record *record, enum asset_kind kind,
	     struct slice *object)
{
	bool found;

	if (kind == ASSET_IMAGE)
		found = json_find(record->attributes, "image", object);
	else
		found = json_find_path(record->label, object, "attributes",
				       "segmentation_bitmap", NULL);
	return found && json_type(*object) == JSON_OBJECT;
}

struct annotations
record_annotations(const struct record *record)
{
	struct annotations walk;
	struct slice attributes, found;

	memset(&walk, 0, sizeof(walk));
	if (!json_find(record->label, "attributes", &attributes))
		return walk;
	if (json_find(attributes, "annotations", &found))
		walk.list = json_iterate(found);
	if (json_find(attributes, "frames", &found))
		walk.frames = json_iterate(found);
	return walk;
}

bool
annotations_next(struct annotations *walk, struct slice *annotation)
{
	struct json_member member;
	struct slice list;

	for (;;) {
		if (walk->list.p && json_next(&walk->list, &member) > 0) {
			*annotation = member.value;
			return true;
		}
		memset(&walk->list, 0, sizeof(walk->list));
		if (!walk->frames.p || json_next(&walk->frames, &member) <= 0)
			return false;
		if (json_find(member.value, "annotations", &list))
			walk->list = json_iterate(list);
	}
}

void
record_set(struct edits *edits, const struct record *record, const char *key,
	   struct slice old, struct slice value)
{
	struct slice before = {NULL, 0};
	struct buf text = {0};

	if (old.p) {
		edits_replace(edits, old, value);
		return;
	}
	if (!ends_with_release(record)) {
		edits_set(edits, record->line, key, value);
		return;
	}
	before.p = record->release.p - RELEASE_KEY;
	buf_puts(&text, ",\"");
	buf_puts(&text, key);
	buf_puts(&text, "\":");
	buf_slice(&text, value);
	edits_replace(edits, before, buf_view(&text));
	buf_release(&text);
}

/* The bytes of a member of the line, with the comma that goes with it. */
static struct slice
member_extent(struct slice line, struct slice value)
{
	const char *from = value.p, *to = value.p + value.n;

	while (*--from != ':')
		;
	while (*--from != '"')
		;
	while (*--from != '"')
		;
	while (from > line.p && !strchr(",{", from[-1]))
		from--;
	if (from[-1] == ',')
		return (struct slice){from - 1, (size_t)(to - from + 1)};
	while (!strchr(",}", *to))
		to++;
	to += *to == ',';
	return (struct slice){from, (size_t)(to - from)};
}

void
record_put_retry(struct buf *to, const struct record *record)
{
	struct slice line = record->line, cut;

	if (record->error.p) {
		cut = member_extent(line, record->error);
		buf_put(to, line.p, (size_t)(cut.p - line.p));
		line.n -= (size_t)(cut.p + cut.n - line.p);
		line.p = cut.p + cut.n;
	}
	buf_slice(to, line);
	buf_putc(to, '\n');
}

void
record_put_error(struct buf *to, struct slice line, const char *message,
		 struct slice url)
{
	struct edits edits = {0};
	struct buf value = {0}, shown = {0};
	struct slice whole = line.n ? line : slice_of("{}");

	buf_puts(&value, "{\"program\":");
	json_put_string(&value, slice_of(diag_program()));
	buf_puts(&value, ",\"message\":");
	diag_escape(&shown, slice_of(message));
	json_put_string(&value, buf_view(&shown));
	if (url.n) {
		buf_puts(&value, ",\"url\":");
		json_put_string(&value, url);
	}
	buf_putc(&value, '}');
	edits_set(&edits, whole, "error", buf_view(&value));
	edits_apply(&edits, whole, to);
	buf_putc(to, '\n');
	edits_release(&edits);
	buf_release(&value);
	buf_release(&shown);
}

void
record_put_too_long(struct buf *to, const struct place *place,
		    struct slice index, size_t most)
{
	struct buf message = {0}, line = {0};

	buf_printf(&message,
		   "written, the record would be longer than %zu bytes; "
		   "--max-record allows more, here and in the programs that "
		   "read it",
		   most);
	diag_say(place, "%s", buf_cstr(&message));
	buf_putc(&line, '{');
	if (index.n)
		json_put_member(&line, slice_of("index"), index);
	buf_putc(&line, '}');
	record_put_error(to, buf_view(&line), buf_cstr(&message),
			 (struct slice){0});
	buf_release(&message);
	buf_release(&line);
}

void
record_put_broken_off(struct buf *to)
{
	record_put_error(to, (struct slice){0}, "input cannot be read",
			 (struct slice){0});
}
