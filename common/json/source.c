#include "json/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/foreign.h"
#include "base/out.h"
#include "base/stream.h"
#include "base/utf8.h"

/* A window of a few bytes is filled again in the midst of everything. */
#ifndef SOURCE_WINDOW
#define SOURCE_WINDOW (1 << 20)
#endif

enum {
	WINDOW = SOURCE_WINDOW,
	HEAD = 8, /* bytes that tell what a file is, unless it is shorter */
};

struct source {
	int fd;
	const char *name;
	size_t max_value;
	char *data;
	size_t cap;
	size_t at;           /* next byte to look at */
	size_t end;          /* bytes in the window */
	bool ended;          /* the file has no more */
	bool lost;           /* which line is where is not known any more */
	char close;          /* what ends the container that was walked last */
	uint64_t base;       /* offset of data[0] in the text */
	uint64_t line;       /* lines ended before data[0] */
	uint64_t line_start; /* offset of the line that data[0] stands in */
	int64_t shift;       /* offset in the file of offset 0 of the text */
	struct {
		uint64_t base, line, line_start;
	} mark;
	struct source_error error;
	struct json_scan scan; /* of the value taken last */
};

/* Blocks of a constant size let compilers count many bytes at once. */
static uint64_t
count_feeds(const char *p, size_t n)
{
	enum { BLOCK = 128 };
	uint64_t feeds = 0;
	size_t i;

	for (; n >= BLOCK; p += BLOCK, n -= BLOCK) {
		unsigned char some = 0;

		for (i = 0; i < BLOCK; i++)
			some = (unsigned char)(some + (p[i] == '\n'));
		feeds += some;
	}
	for (i = 0; i < n; i++)
		feeds += p[i] == '\n';
	return feeds;
}

static struct source_error
locate(const struct source *source, size_t at, const char *what)
{
	uint64_t offset = source->base + at, start = source->line_start;
	uint64_t feeds = count_feeds(source->data, at);
	const char *last;

	if (source->lost)
		return (struct source_error){.offset = offset, .what = what};
	if (feeds) {
		last = memrchr(source->data, '\n', at);
		start = source->base + (uint64_t)(last - source->data) + 1;
	}
	return (struct source_error){
		.offset = offset,
		.line = source->line + feeds + 1,
		.column = offset - start + 1,
		.what = what,
	};
}

struct source_error
source_locate(const struct source *source, const char *p, const char *what)
{
	return locate(source, (size_t)(p - source->data), what);
}

static int
fail_at(struct source *source, size_t at, const char *what)
{
	source->error = locate(source, at, what);
	return -1;
}

void
source_reject(struct source *source, const char *what)
{
	fail_at(source, source->at, what);
}

struct source_error
source_error(const struct source *source)
{
	return source->error;
}

const char *
source_name(const struct source *source)
{
	return source->name;
}

/* Lets go of the window's bytes before the present one. */
static void
drop_taken(struct source *source)
{
	struct source_error here = locate(source, source->at, NULL);

	if (!source->lost) {
		source->line = here.line - 1;
		source->line_start = here.offset + 1 - here.column;
	}
	source->base += source->at;
	source->end -= source->at;
	memmove(source->data, source->data + source->at, source->end);
	source->at = 0;
}

/* Reads on, keeping the bytes not taken: 1, 0 at the file's end, -1. */
static int
refill(struct source *source)
{
	ptrdiff_t n;

	if (source->ended)
		return 0;
	if (source->at)
		drop_taken(source);
	if (source->end == source->cap) {
		source->data = xreallocarray(source->data, source->cap, 2);
		source->cap *= 2;
	}
	n = stream_read(source->fd, source->name, source->data + source->end,
			source->cap - source->end);
	if (n < 0) {
		source->error = (struct source_error){0};
		return -1;
	}
	source->end += (size_t)n;
	source->ended = n == 0;
	return n > 0;
}

/* Passes a byte order mark; refuses what is known not to be JSON. */
static bool
check_start(struct source *source)
{
	struct buf what = {0};
	struct slice head;
	int got = 1;

	while (got > 0 && source->end < HEAD)
		got = refill(source);
	if (got < 0)
		return false;
	head = utf8_skip_mark((struct slice){source->data, source->end});
	source->at = source->end - head.n;
	if (foreign_tell(head, source->name, &what)) {
		diag_say(NULL, "%s: %s", source->name, buf_cstr(&what));
		buf_release(&what);
		return false;
	}
	return true;
}

struct slice
source_head(const struct source *source)
{
	return (struct slice){source->data + source->at,
			      source->end - source->at};
}

struct source *
source_open(const char *operand, size_t max_value)
{
	struct source *source = xcalloc(1, sizeof(*source));

	source->max_value = max_value;
	source->cap = WINDOW;
	source->data = xmalloc(source->cap);
	source->fd = stream_open(operand, "a release", &source->name);
	source->shift = lseek(source->fd, 0, SEEK_CUR);
	if (source->fd >= 0 && check_start(source))
		return source;
	source_close(source);
	return NULL;
}

void
source_close(struct source *source)
{
	if (!source)
		return;
	stream_close(source->fd);
	free(source->data);
	free(source);
}

static bool
is_white(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* As source_peek; tells the end (0) from an error (-1), 1 for a byte. */
static int
skip_white(struct source *source)
{
	int got;

	for (;;) {
		while (source->at < source->end &&
		       is_white(source->data[source->at]))
			source->at++;
		if (source->at < source->end)
			return 1;
		got = refill(source);
		if (got <= 0)
			return got;
	}
}

int
source_peek(struct source *source)
{
	if (skip_white(source) <= 0)
		return -1;
	return (unsigned char)source->data[source->at];
}

/* Takes `c` when it comes next: 1, 0 when another byte does, -1. */
static int
take(struct source *source, char c)
{
	int got = skip_white(source);

	if (got < 0)
		return -1;
	if (got == 0)
		return fail_at(source, source->at, "unexpected end of text");
	if (source->data[source->at] != c)
		return 0;
	source->at++;
	return 1;
}

int
source_expect(struct source *source, char c)
{
	int got = take(source, c);

	if (got == 0)
		return fail_at(source, source->at,
			       c == '{'   ? "expected '{'"
			       : c == '[' ? "expected '['"
					  : "expected ':'");
	return got < 0 ? -1 : 0;
}

static int
miss_comma(struct source *source, size_t at)
{
	return fail_at(source, at,
		       source->close == ']' ? "expected ',' or ']'"
					    : "expected ',' or '}'");
}

int
source_next(struct source *source, char close, bool *begun)
{
	bool was_begun = *begun;
	int got = take(source, close);

	*begun = true;
	source->close = close;
	if (got != 0)
		return got < 0 ? -1 : 0;
	if (!was_begun)
		return 1;
	got = take(source, ',');
	if (got == 0)
		return miss_comma(source, source->at);
	if (got > 0 && take(source, close) == 1)
		return fail_at(source, source->at - 1, "nothing behind ','");
	return got;
}

/* The size of the whole value that begins here, of which all is read; or 0. */
static size_t
scan_value(struct source *source, bool *spaced)
{
	struct json_scan *scan = &source->scan;
	int got;

	json_scan_begin(scan);
	while ((got = json_scan(scan, source->data + source->at,
				source->end - source->at, source->ended)) ==
	       0) {
		if (source->end - source->at > source->max_value)
			break;
		if (refill(source) < 0)
			return 0;
	}
	*spaced = scan->spaced;
	if (got < 0)
		fail_at(source, source->at + scan->error.offset,
			scan->error.what);
	else if (got == 0 || scan->size > source->max_value)
		fail_at(source, source->at,
			"value is longer than --max-record");
	else
		return scan->size;
	return 0;
}

/* What comes behind a value of that size must be able to end it: 0, or -1. */
static int
check_behind(struct source *source, size_t size)
{
	int got;

	for (;;) {
		while (source->at + size < source->end &&
		       is_white(source->data[source->at + size]))
			size++;
		if (source->at + size < source->end)
			break;
		got = refill(source);
		if (got < 0)
			return -1;
		if (got == 0)
			return fail_at(source, source->end,
				       "unexpected end of text");
	}
	if (source->data[source->at + size] == ',' ||
	    source->data[source->at + size] == source->close)
		return 0;
	return miss_comma(source, source->at + size);
}

int
source_value(struct source *source, struct slice *value, bool *spaced)
{
	bool ignored;
	size_t size;

	if (skip_white(source) < 0)
		return -1;
	size = scan_value(source, spaced ? spaced : &ignored);
	if (!size || check_behind(source, size) < 0)
		return -1;
	*value = (struct slice){source->data + source->at, size};
	source->at += size;
	return 0;
}

int
source_members(const struct source *source, struct json_member *members,
	       size_t room, struct json_error *error)
{
	return json_scan_members(&source->scan,
				 source->data + source->at - source->scan.size,
				 members, room, error);
}

int
source_inner_members(const struct source *source, struct slice object,
		     struct json_member *members, size_t room,
		     struct json_error *error)
{
	return json_scan_inner_members(&source->scan,
				       source->data + source->at -
					       source->scan.size,
				       object, members, room, error);
}

int
source_key(struct source *source, struct buf *key)
{
	bool spaced;
	size_t size;

	if (source_peek(source) >= 0 && source->data[source->at] != '"')
		return fail_at(source, source->at, "expected a key");
	size = scan_value(source, &spaced);
	if (!size)
		return -1;
	buf_reset(key);
	json_string((struct slice){source->data + source->at, size}, key);
	if (key->len && memchr(key->data, '\0', key->len))
		return fail_at(source, source->at, "NUL in a key");
	source->at += size;
	return source_expect(source, ':');
}

int
source_finish(struct source *source)
{
	int got = skip_white(source);

	if (got > 0)
		return fail_at(source, source->at,
			       "unexpected bytes behind its end");
	return got;
}

/* Copies what is to come to a file without a name and reads on from there. */
static int
spool(struct source *source)
{
	int fd = stream_temporary();
	ptrdiff_t n = 1;
	struct out *out;

	if (fd < 0)
		return -1;
	out = out_open(fd, "temporary file");
	out_put(out, (struct slice){source->data, source->end});
	source->end = 0;
	while (n > 0 && out_flush(out) == 0) {
		n = stream_read(source->fd, source->name, source->data,
				source->cap);
		if (n > 0)
			out_put(out, (struct slice){source->data, (size_t)n});
	}
	stream_close(source->fd);
	source->fd = fd;
	source->shift = -(int64_t)source->base;
	return out_close(out) < 0 || n < 0 ? -1 : 0;
}

int
source_mark(struct source *source)
{
	drop_taken(source);
	source->mark.base = source->base;
	source->mark.line = source->line;
	source->mark.line_start = source->line_start;
	if (lseek(source->fd, 0, SEEK_CUR) >= 0)
		return 0;
	return spool(source) < 0 ? -1 : source_rewind(source);
}

/* Reads on from an offset in the text: 0, or -1 with the message said. */
static int
read_from(struct source *source, uint64_t at)
{
	off_t to = (off_t)at + (off_t)source->shift;
	off_t from = lseek(source->fd, 0, SEEK_CUR);

	source->base = at;
	source->at = source->end = 0;
	source->ended = false;
	if (lseek(source->fd, to, SEEK_SET) == to) {
		stream_untake(from > to ? (uint64_t)(from - to) : 0);
		return 0;
	}
	diag_say(NULL, "%s: %s", source->name, strerror(errno));
	return -1;
}

int
source_rewind(struct source *source)
{
	source->line = source->mark.line;
	source->line_start = source->mark.line_start;
	return read_from(source, source->mark.base);
}

uint64_t
source_at(const struct source *source)
{
	return source->base + source->at;
}

int
source_seek(struct source *source, uint64_t at, char close)
{
	source->lost = true;
	source->close = close;
	if (at < source->base || at - source->base >= source->end)
		return read_from(source, at);
	source->at = (size_t)(at - source->base);
	return 0;
}
