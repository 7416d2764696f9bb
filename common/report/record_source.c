#include "report/record_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/lines.h"
#include "base/stream.h"

/* Enough of a file to tell a release from records. */
enum { HEAD = 1 << 20, COPIED = 1 << 18 };

struct record_source {
	const struct release_choice *choice;
	char *operand;
	char *operands[2];
	int fd;       /* of a temporary file, else -1 */
	bool records; /* no release */
	struct release *release;
	struct lines *lines;
	struct buf text; /* the record at hand, of a release */
	uint64_t number; /* of the line, or of samples so far */
	bool again;      /* lines are read from anywhere */
};

/* Copies what cannot be read twice: a descriptor, or -1. */
static int
spool(int from, const char *name)
{
	int to = stream_temporary();
	char *piece;
	ptrdiff_t n = -1;

	if (to < 0)
		return -1;
	piece = xmalloc(COPIED);
	while ((n = stream_read(from, name, piece, COPIED)) > 0)
		if (io_write(to, piece, (size_t)n) < 0) {
			diag_say(NULL, "temporary file: %s", strerror(errno));
			n = -1;
			break;
		}
	free(piece);
	if (n == 0)
		return to;
	close(to);
	return -1;
}

/* Tells by the beginning of a file whether it has records. */
static bool
has_records(int fd)
{
	struct record record = {0};
	struct json_error error;
	char *head = xmalloc(HEAD);
	ptrdiff_t n = io_pread(fd, head, HEAD, 0);
	struct slice text = {head, n > 0 ? (size_t)n : 0};
	const char *lf;
	bool good;

	while (text.n && strchr(" \t\r\n", *text.p)) {
		text.p++;
		text.n--;
	}
	lf = text.n ? memchr(text.p, '\n', text.n) : NULL;
	if (lf)
		text.n = (size_t)(lf - text.p);
	if (!text.n)
		good = n >= 0;
	else if (!lf && n == HEAD)
		good = text.n > 9 && memcmp(text.p, "{\"index\":", 9) == 0;
	else
		good = record_parse(&record, text, &error) == 0 &&
		       (record.index.p || record.release.p);
	record_release(&record);
	free(head);
	return good;
}

static int
begin_reading(struct record_source *source)
{
	if (source->records) {
		source->lines = lines_open(source->operands,
					   source->choice->max_record);
		return 0;
	}
	source->release =
		release_open(source->operand, source->choice, &source->text);
	buf_reset(&source->text);
	return source->release ? 0 : -1;
}

/* The descriptor of a file that can be read again, or -1. */
static int
open_again(const char *operand, bool *spooled)
{
	const char *name;
	struct stat info;
	int fd = stream_open(operand, "a release or records", &name), copy;

	*spooled = false;
	if (fd < 0 || (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
		       strcmp(operand, "-") != 0))
		return fd;
	copy = spool(fd, name);
	stream_close(fd);
	*spooled = true;
	return copy;
}

struct record_source *
record_source_open(const char *operand, const struct release_choice *choice)
{
	struct record_source *source;
	char name[32];
	bool spooled;
	int fd = open_again(operand, &spooled);

	if (fd < 0)
		return NULL;
	source = xcalloc(1, sizeof(*source));
	source->choice = choice;
	source->records = has_records(fd);
	source->fd = -1;
	if (spooled) {
		snprintf(name, sizeof(name), "/dev/fd/%d", fd);
		source->fd = fd;
		source->operand = xstrdup(name);
	} else {
		close(fd);
		source->operand = xstrdup(operand);
	}
	source->operands[0] = source->operand;
	if (begin_reading(source) == 0)
		return source;
	record_source_close(source);
	return NULL;
}

void
record_source_close(struct record_source *source)
{
	if (!source)
		return;
	release_close(source->release);
	lines_close(source->lines);
	buf_release(&source->text);
	if (source->fd >= 0)
		close(source->fd);
	free(source->operand);
	free(source);
}

/* The next line of a release: 1, 0, or -1. */
static int
next_of_release(struct record_source *source, struct slice *line)
{
	int got;

	buf_reset(&source->text);
	got = release_next(source->release, &source->text);
	if (got > 0)
		*line = (struct slice){source->text.data, source->text.len - 1};
	return got;
}

/* A record that has only `error` ends a stream that broke off. */
static bool
is_broken_off(const struct record *record)
{
	return record->error.p && !record->index.p && !record->name.p &&
	       !record->uuid.p;
}

static int
parse(struct record *record, struct slice line)
{
	struct json_error error;

	if (record_parse(record, line, &error) == 0)
		return 0;
	diag_say(&record->place, "byte %zu of the line: %s", error.offset + 1,
		 error.what);
	return -1;
}

int
record_source_next(struct record_source *source, struct record *record,
		   const struct record *like, bool *alike)
{
	struct slice line;
	int got;

	record->place = (struct place){.stream = source->operand};
	got = source->records ? lines_next(source->lines, &line, &record->place)
			      : next_of_release(source, &line);
	if (got <= 0)
		return got;
	source->number =
		source->records ? record->place.line : source->number + 1;
	*alike = like && record_is_like(record, line, like);
	if (*alike)
		return 1;
	if (parse(record, line) < 0)
		return -1;
	if (is_broken_off(record)) {
		diag_say(&record->place, "the input broke off here");
		return -1;
	}
	return 1;
}

struct record_at
record_source_at(const struct record_source *source)
{
	return source->records ? (struct record_at){lines_at(source->lines),
						    source->number}
			       : (struct record_at){release_at(source->release),
						    source->number - 1};
}

/* Reads a line of records again: 0, or -1. */
static int
read_line(struct record_source *source, struct record_at at, struct slice *line,
	  struct place *place)
{
	int got;

	if (!source->again) {
		lines_close(source->lines);
		source->lines = lines_open(source->operands,
					   source->choice->max_record);
	}
	source->again = true;
	if (lines_seek(source->lines, at.offset, at.number) < 0)
		return -1;
	got = lines_next(source->lines, line, place);
	if (got == 0)
		diag_say(place, "shorter than it was when it was read before");
	return got > 0 ? 0 : -1;
}

int
record_source_again(struct record_source *source, struct record_at at,
		    struct record *record)
{
	struct slice line;
	int got;

	record->place = (struct place){.stream = source->operand};
	if (source->records) {
		got = read_line(source, at, &line, &record->place);
	} else {
		buf_reset(&source->text);
		got = release_again(source->release, at.offset, at.number,
				    &source->text);
		line = buf_view(&source->text);
		line.n -= line.n > 0;
	}
	return got < 0 ? -1 : parse(record, line);
}
