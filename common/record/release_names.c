#include "record/release_names.h"

#include "base/lines.h"
#include "record/release.h"
#include "json/source.h"

/* Appends a name, a line. One that is of several lines would be two. */
static void
put_name(struct slice value, struct buf *to)
{
	struct buf name = {0};

	if (json_string(value, &name) && name.len &&
	    !memchr(name.data, '\n', name.len)) {
		buf_slice(to, buf_view(&name));
		buf_putc(to, '\n');
	}
	buf_release(&name);
}

/* Appends the names that a `release` has, with its labelsets or without. */
static void
put_names(struct slice facts, enum release_names kind, struct buf *to)
{
	struct slice list = {0}, one = {0};
	struct json_member member;
	struct json_iter iter;

	if (kind == RELEASE_CATEGORIES)
		json_find(facts, "categories", &list);
	else if (!json_find(facts, "labelsets", &list) &&
		 json_find(facts, "labelset", &one))
		put_name(one, to);
	iter = json_iterate(list);
	while (json_next(&iter, &member) > 0)
		if (kind == RELEASE_LABELSETS)
			put_name(member.value, to);
		else if (json_find(member.value, "name", &one))
			put_name(one, to);
}

/*
 * Takes members of an object up to `release`: 1 with its value, 0 where it has
 * none, or is a release itself, -1 where it is neither.
 */
static int
find_release(struct source *source, struct slice *value)
{
	struct buf key = {0};
	bool begun = false;
	int got = source_expect(source, '{');

	if (got == 0)
		got = 1;
	while (got > 0 && (got = source_next(source, '}', &begun)) > 0) {
		buf_reset(&key);
		got = source_key(source, &key) < 0 ? -1 : 1;
		if (got < 0 || slice_is(buf_view(&key), "samples") ||
		    slice_is(buf_view(&key), "dataset")) {
			got = 0;
			break;
		}
		got = source_value(source, value, NULL) < 0 ? -1 : 1;
		if (got > 0 && slice_is(buf_view(&key), "release"))
			break;
	}
	buf_release(&key);
	return got;
}

/* Reads a file as records: 1; 0 where it has none, -1 with the message said. */
static int
read_record(const char *path, enum release_names kind, struct buf *to)
{
	struct source *source = source_open(path, RECORD_MAX);
	struct slice facts;
	bool good = source && find_release(source, &facts) > 0;

	if (good)
		put_names(facts, kind, to);
	source_close(source);
	return source ? good : -1;
}

int
release_names_read(const char *path, enum release_names kind, struct buf *to)
{
	const struct release_choice choice = {.all = true,
					      .max_record = RECORD_MAX};
	struct buf text = {0}, facts = {0};
	struct release *release;
	int got = strcmp(path, "-") != 0 ? read_record(path, kind, to) : 0;

	if (got)
		return got > 0 ? 0 : -1;
	release = release_open(path, &choice, &text);
	if (release && release_put_info(release, 0, &facts))
		put_names(buf_view(&facts), kind, to);
	release_close(release);
	buf_release(&text);
	buf_release(&facts);
	return release ? 0 : -1;
}
