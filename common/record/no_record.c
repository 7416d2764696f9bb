#include "record/no_record.h"

#include "base/diag.h"
#include "base/foreign.h"
#include "base/list.h"

/* Members that are looked at; those of large files come in any order. */
enum { MEMBERS = 64 };

/* What an object may be by the members it has. */
enum form {
	FORM_RELEASE,
	FORM_COCO,
	FORM_INFO,
	FORM_MANIFEST,
	FORM_PAGE,
	FORM_ANSWER,
	FORM_SAMPLE,
	FORM_CUT, /* a record whose release and index were taken out */
	FORM_GEOJSON,
	FORM_LABELS,
	FORM_EMPTY,
	FORM_OTHER
};

struct members {
	struct json_member list[MEMBERS];
	int n;
};

static struct slice
member(const struct members *members, const char *key)
{
	int i;

	for (i = 0; i < members->n; i++)
		if (json_spells(members->list[i].key, slice_of(key)))
			return members->list[i].value;
	return (struct slice){0};
}

static bool
has(const struct members *members, const char *key)
{
	return member(members, key).p != NULL;
}

static enum form
form_of(const struct members *m)
{
	struct slice samples;

	if (has(m, "samples") ||
	    (has(m, "dataset") &&
	     json_find(member(m, "dataset"), "samples", &samples)))
		return FORM_RELEASE;
	if (has(m, "images") && (has(m, "annotations") || has(m, "categories")))
		return FORM_COCO;
	if (has(m, "labelsets") && has(m, "labelset"))
		return FORM_INFO;
	if (has(m, "url") && has(m, "path"))
		return FORM_MANIFEST;
	if (has(m, "release_type") || has(m, "samples_count"))
		return FORM_PAGE;
	if (has(m, "detail") || has(m, "results") || has(m, "message") ||
	    has(m, "data_type") || has(m, "task_type"))
		return FORM_ANSWER;
	if (has(m, "features") || has(m, "geometry"))
		return FORM_GEOJSON;
	if (has(m, "labels"))
		return FORM_SAMPLE;
	if (has(m, "label") || has(m, "attributes") || has(m, "name") ||
	    has(m, "uuid") || has(m, "metadata"))
		return FORM_CUT;
	if (has(m, "annotations"))
		return FORM_LABELS;
	return m->n ? FORM_OTHER : FORM_EMPTY;
}

/* "; try: seg-coco FILE" */
static void
put_made(const char *command, const char *stream, struct buf *to)
{
	buf_printf(to, "; try: %s", command);
	foreign_put_name(stream, to);
}

/* "; try: seg-samples FILE | seg-coco" */
static void
put_try(const char *command, const char *stream, struct buf *to)
{
	put_made(command, stream, to);
	if (strcmp(diag_program(), "seg-samples") != 0)
		buf_printf(to, " | %s", diag_program());
}

static void
put_keys(const struct members *members, struct buf *to)
{
	int i;

	buf_puts(to, "is no record: it has neither release nor index, but ");
	for (i = 0; i < members->n && i < 4; i++) {
		struct slice key = members->list[i].key;

		buf_puts(to, i ? ", " : "");
		buf_put(to, key.p, key.n < 40 ? key.n : 40);
	}
	buf_puts(to, members->n > 4 ? ", ..." : "");
	buf_puts(to, "; records are what seg-samples writes");
}

static void
put_coco(struct buf *to)
{
	buf_puts(to, "is a COCO file, not records; they are made from the "
		     "release by seg-samples");
	if (strcmp(diag_program(), "seg-check") == 0)
		buf_puts(to, "; --coco judges such a file");
}

static void
tell_form(const struct members *members, const char *stream, struct buf *to)
{
	struct buf text = {0};

	switch (form_of(members)) {
	case FORM_RELEASE:
		buf_puts(to, "is a release, not records");
		put_try("seg-samples", stream, to);
		break;
	case FORM_COCO:
		put_coco(to);
		break;
	case FORM_INFO:
		buf_puts(to, "is what seg-samples --info prints, not records; "
			     "leave --info out");
		break;
	case FORM_MANIFEST:
		buf_puts(to, "is a manifest of files, not records; they are "
			     "what seg-fetch writes to its output");
		break;
	case FORM_PAGE:
		buf_puts(to, "describes a release and is not its file, which "
			     "attributes.url tells where to download");
		break;
	case FORM_ANSWER:
		buf_puts(to, "is an answer of a server, not records");
		if (json_string(member(members, "detail"), &text))
			buf_printf(to, ": %.200s", buf_cstr(&text));
		break;
	case FORM_SAMPLE:
		buf_puts(to, "is a sample of a release, not a record; try "
			     "seg-samples on the release itself");
		break;
	case FORM_GEOJSON:
		buf_puts(to, "is GeoJSON, not records");
		break;
	case FORM_LABELS:
		buf_puts(to, "is a label, not records; seg-samples makes "
			     "records of a release");
		break;
	case FORM_EMPTY:
		buf_puts(to, "is an empty object, not a record");
		break;
	case FORM_CUT:
		buf_puts(to, "is no record: its index and its release were "
			     "taken out; leave them in");
		break;
	case FORM_OTHER:
		put_keys(members, to);
		break;
	}
	buf_release(&text);
}

static void
find_members(struct slice object, struct members *members)
{
	struct json_error error;

	members->n = json_members(object, members->list, MEMBERS, &error);
	if (members->n < 0)
		members->n = 0;
}

bool
record_is_one(const struct record *record)
{
	return record->release.p || record->index.p || record->error.p;
}

void
no_release_warn(const struct record *record)
{
	if (!record->release.p && !record->error.p)
		diag_warn(&record->place, "the record has no release, which "
					  "tells its categories");
}

void
no_record_tell(struct slice object, const char *stream, struct buf *to)
{
	struct members members;

	find_members(object, &members);
	tell_form(&members, stream, to);
}

/* "it begins: ..."; what is no text says little by how it begins. */
static void
put_beginning(struct slice text, struct buf *to)
{
	const int n = (int)(text.n < 60 ? text.n : 60);

	if (memchr(text.p, '\0', (size_t)n))
		buf_puts(to, "it is no text");
	else
		buf_printf(to, "it begins: %.*s", n, text.p);
}

/* The first line of a text that was indented. */
static bool
is_indented(struct slice line)
{
	return line.n == 1 && (*line.p == '{' || *line.p == '[');
}

/*
 * A COCO file, where each member begins a line, by the first; no release has
 * one of these first.
 */
static bool
begins_coco(struct slice line)
{
	static const char *const keys[] = {"{\"info\":", "{\"licenses\":",
					   "{\"images\":", "{\"annotations\":"};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (line.n >= strlen(keys[i]) &&
		    memcmp(line.p, keys[i], strlen(keys[i])) == 0)
			return true;
	return false;
}

bool
no_object_tell(struct slice line, const struct place *place,
	       const struct json_error *error, struct buf *to)
{
	bool first = place->line == 1;

	if (first && foreign_tell(line, place->stream, to))
		return true;
	if (is_indented(line)) {
		buf_puts(to, "is JSON over several lines; records are one line "
			     "each: jq needs -c. A release");
		buf_puts(to, " is read by seg-samples");
		return true;
	}
	if (first && begins_coco(line)) {
		put_coco(to);
		return true;
	}
	if (line.n && *line.p == '[') {
		buf_puts(to, "is a JSON array; records are one line each");
		put_try("jq -c '.[]'", place->stream, to);
		return true;
	}
	if (error->what && strstr(error->what, "NaN")) {
		buf_printf(to, "byte %zu of the line: %s", error->offset + 1,
			   error->what);
		return true;
	}
	if (!first || (line.n > 1 && line.p[0] == '{' && line.p[1] == '"'))
		return false;
	buf_puts(to, "is no record, which is a JSON object; ");
	put_beginning(line, to);
	return true;
}

/* A record that is longer than what has been read of it. */
static bool
begins_record(struct slice line)
{
	static const char start[] = "{\"index\":";

	return line.n >= sizeof(start) &&
	       memcmp(line.p, start, sizeof(start) - 1) == 0;
}

static bool
tell_records(bool records, const char *stream, struct buf *to)
{
	if (!records)
		return false;
	buf_puts(to, "is a stream of records already");
	put_made("seg-filter", stream, to);
	return true;
}

/*
 * What does not begin as an object does, nor, where that may be, as a list:
 * `what` is how the file should be called.
 */
static bool
tell_no_object(struct slice head, const char *what, bool list, struct buf *to)
{
	struct slice text = slice_trim(head);
	const char *lf = text.n ? memchr(text.p, '\n', text.n) : NULL;

	if (text.n && (*text.p == '{' || (list && *text.p == '[')))
		return false;
	if (lf)
		text.n = (size_t)(lf - text.p);
	if (!text.n) {
		buf_printf(to, "is empty, not a %s", what);
	} else if (*text.p == '[') {
		buf_printf(to, "is a JSON array, not a %s", what);
	} else {
		buf_printf(to, "is no %s, which is a JSON object; ", what);
		put_beginning(text, to);
	}
	return true;
}

bool
no_release_tell(struct slice head, const char *stream, struct buf *to)
{
	const char *lf = memchr(head.p, '\n', head.n);
	struct slice line = {head.p, lf ? (size_t)(lf - head.p) : head.n};
	struct json_error error;
	struct members m;

	if (tell_no_object(head, "release", false, to))
		return true;
	if (begins_coco(head)) {
		buf_puts(to, "is a COCO file, not a release");
		return true;
	}
	m.n = json_members(line, m.list, MEMBERS, &error);
	if (m.n < 0)
		return tell_records(begins_record(line), stream, to);
	if (has(&m, "index") && (has(&m, "release") || has(&m, "label")))
		return tell_records(true, stream, to);
	if (has(&m, "error") && m.n == 1) {
		buf_puts(to, "is a stream of records that broke off");
		return true;
	}
	switch (form_of(&m)) {
	case FORM_COCO:
		buf_puts(to, "is a COCO file, not a release");
		return true;
	case FORM_MANIFEST:
		buf_puts(to, "is a manifest of files, not a release");
		return true;
	case FORM_INFO:
		buf_puts(to, "is what seg-samples --info prints, not the "
			     "release itself");
		return true;
	case FORM_PAGE:
	case FORM_ANSWER:
		tell_form(&m, stream, to);
		return true;
	default:
		return false;
	}
}

static bool
is_release(struct slice head)
{
	static const char key[] = "\"samples\"";

	head = slice_trim(head);
	return head.n && *head.p == '{' && !begins_coco(head) &&
	       !begins_record(head) &&
	       memmem(head.p, head.n, key, sizeof(key) - 1);
}

const char *
head_source(struct slice head)
{
	if (begins_record(slice_trim(head)))
		return "a stream of records";
	return is_release(head) ? "a release" : NULL;
}

bool
no_coco_tell(struct slice head, const char *stream, struct buf *to)
{
	if (tell_no_object(head, "COCO file", true, to))
		return true;
	if (begins_record(head)) {
		buf_puts(to, "is a stream of records, not a COCO file");
		put_made("seg-coco", stream, to);
		return true;
	}
	if (!is_release(head))
		return false;
	buf_puts(to, "is a release, not a COCO file");
	put_made("seg-samples", stream, to);
	buf_puts(to, " | seg-coco");
	return true;
}
