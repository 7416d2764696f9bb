#include "base/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/list.h"
#include "base/stream.h"
#include "base/utf8.h"

enum { WINDOW = 1 << 20 };

struct lines {
	char *const *operands; /* the ones not yet opened */
	char *stdin_only[2];
	size_t max_record;
	int fd; /* -1 between files */
	const char *name;
	unsigned long long number; /* lines taken from this file */
	unsigned long long given;  /* lines returned, of all files */
	char *data;
	size_t cap;
	size_t start;    /* of the next line */
	size_t searched; /* [start, searched) has no LF */
	size_t end;
	uint64_t base;      /* offset of data[0] in this file */
	bool ended;         /* this file has no more bytes */
	bool failed;        /* the message has been said */
	struct slice whole; /* the line last taken, with its LF if any */
	bool untouched;     /* nothing but its LF was taken off */
};

struct lines *
lines_open(char *const *operands, size_t max_record)
{
	static char dash[] = "-";
	struct lines *lines = xcalloc(1, sizeof(*lines));

	lines->stdin_only[0] = dash;
	lines->operands = *operands ? operands : lines->stdin_only;
	lines->max_record = max_record;
	lines->fd = -1;
	lines->cap = WINDOW;
	lines->data = xmalloc(lines->cap);
	return lines;
}

static void
close_file(struct lines *lines)
{
	stream_close(lines->fd);
	lines->fd = -1;
}

/* 1 with a file open, 0 when there are no more, -1 on failure. */
static int
open_next(struct lines *lines, bool soon)
{
	const char *operand = *lines->operands;

	if (!operand)
		return 0;
	lines->operands++;
	lines->fd = soon ? stream_open_soon(operand, "records", &lines->name)
			 : stream_open(operand, "records", &lines->name);
	lines->number = 0;
	lines->start = lines->searched = lines->end = 0;
	lines->base = 0;
	lines->ended = false;
	return lines->fd < 0 ? -1 : 1;
}

static int
too_long(const struct lines *lines, unsigned long long number)
{
	struct place place = {.stream = lines->name, .line = number};

	diag_say(&place, "record is longer than %zu bytes", lines->max_record);
	return -1;
}

/* Makes room behind the line begun and reads on: 0, or -1 on failure. */
static int
refill(struct lines *lines)
{
	size_t begun = lines->end - lines->start;
	ptrdiff_t n;

	if (lines->start) {
		memmove(lines->data, lines->data + lines->start, begun);
		lines->searched -= lines->start;
		lines->base += lines->start;
		lines->start = 0;
		lines->end = begun;
	}
	if (begun > lines->max_record)
		return too_long(lines, lines->number + 1);
	if (lines->end == lines->cap) {
		lines->data = xreallocarray(lines->data, lines->cap, 2);
		lines->cap *= 2;
	}
	n = stream_read(lines->fd, lines->name, lines->data + lines->end,
			lines->cap - lines->end);
	if (n < 0)
		return -1;
	lines->end += (size_t)n;
	lines->ended = n == 0;
	return 0;
}

/* 1 with the bytes up to LF or the file's end, 0 at the end, -1 on failure. */
static int
take_line(struct lines *lines, struct slice *line)
{
	for (;;) {
		char *from = lines->data + lines->searched;
		char *lf = memchr(from, '\n', lines->end - lines->searched);
		size_t stop = lf ? (size_t)(lf - lines->data) : lines->end;

		lines->searched = stop;
		if (lf || (lines->ended && stop > lines->start)) {
			size_t n = stop - lines->start;

			*line = (struct slice){lines->data + lines->start, n};
			lines->whole = *line;
			lines->whole.n += lf != NULL;
			lines->start += lines->whole.n;
			lines->searched = lines->start;
			lines->number++;
			return 1;
		}
		if (lines->ended)
			return 0;
		if (refill(lines) < 0)
			return -1;
	}
}

static struct slice
strip(struct slice line, bool first)
{
	return slice_trim(first ? utf8_skip_mark(line) : line);
}

int
lines_next(struct lines *lines, struct slice *line, struct place *place)
{
	int got;

	if (lines->failed)
		return -1;
	for (;;) {
		if (lines->fd < 0 && (got = open_next(lines, false)) <= 0)
			return got;
		got = take_line(lines, line);
		if (got < 0)
			return -1;
		if (got == 0) {
			close_file(lines);
			continue;
		}
		*line = strip(*line, lines->number == 1);
		lines->untouched = lines->whole.n == line->n + 1;
		if (line->n == 0)
			continue;
		*place = (struct place){.stream = lines->name,
					.line = lines->number,
					.number = ++lines->given};
		if (line->n <= lines->max_record)
			return 1;
		return too_long(lines, lines->number);
	}
}

/* Takes the bytes up to and with the LF that stands at `stop`. */
static void
take_until(struct lines *lines, size_t stop)
{
	lines->start = lines->searched = stop + 1;
	lines->number++;
}

bool
lines_ready(struct lines *lines)
{
	while (lines->fd >= 0) {
		struct slice line = {lines->data + lines->start, 0};
		const char *from = lines->data + lines->searched;
		const char *lf =
			memchr(from, '\n', lines->end - lines->searched);

		lines->searched = lf ? (size_t)(lf - lines->data) : lines->end;
		if (!lf)
			return false;
		line.n = (size_t)(lf - line.p);
		if (strip(line, lines->number == 0).n)
			return true;
		take_until(lines, lines->searched);
	}
	return false;
}

/* Between files goes on to the next one: false where there is none. */
static bool
has_file(struct lines *lines)
{
	int got = 1;

	if (lines->fd >= 0 && lines->ended && lines->start == lines->end)
		close_file(lines);
	if (lines->fd < 0)
		got = open_next(lines, true);
	lines->failed = got < 0;
	return got > 0;
}

/* Of a file that has ended: whether it has a last line, without LF. */
static bool
has_last(struct lines *lines)
{
	const struct slice rest = {lines->data + lines->start,
				   lines->end - lines->start};

	if (strip(rest, lines->number == 0).n)
		return true;
	lines->start = lines->end;
	return false;
}

bool
lines_come(struct lines *lines, int *fd)
{
	while (!lines->failed && !lines_ready(lines)) {
		if (!has_file(lines))
			return true;
		if (lines->ended && has_last(lines))
			return true;
		if (lines->ended)
			continue;
		*fd = lines->fd;
		if (!stream_has_come(lines->fd))
			return false;
		lines->failed = refill(lines) < 0;
	}
	return true;
}

bool
lines_whole(const struct lines *lines, struct slice *whole)
{
	*whole = lines->whole;
	return lines->untouched;
}

uint64_t
lines_at(const struct lines *lines)
{
	return lines->base + (uint64_t)(lines->whole.p - lines->data);
}

int
lines_seek(struct lines *lines, uint64_t at, unsigned long long number)
{
	if (lines->fd < 0 && open_next(lines, false) <= 0)
		return -1;
	lines->number = number - 1;
	if (at >= lines->base && at - lines->base < lines->end) {
		lines->start = lines->searched = (size_t)(at - lines->base);
		return 0;
	}
	if (lseek(lines->fd, (off_t)at, SEEK_SET) < 0) {
		diag_say(NULL, "%s: %s", lines->name, strerror(errno));
		return -1;
	}
	lines->start = lines->searched = lines->end = 0;
	lines->base = at;
	lines->ended = false;
	return 0;
}

void
lines_close(struct lines *lines)
{
	if (!lines)
		return;
	close_file(lines);
	free(lines->data);
	free(lines);
}
