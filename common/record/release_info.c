#include "record/release_info.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/lines.h"
#include "base/stream.h"
#include "record/release.h"
#include "json/source.h"

/*
 * Takes one more member of an object: 1, 0 at its end, or -1 where it is not
 * what --info writes: a release's samples, or its dataset, which is an object.
 */
static int
take_fact_of_info(struct source *source, bool *begun, struct buf *key,
		  struct buf *to)
{
	struct slice value;
	int got = source_next(source, '}', begun);

	if (got <= 0)
		return got;
	buf_reset(key);
	if (source_key(source, key) < 0 || slice_is(buf_view(key), "samples") ||
	    (slice_is(buf_view(key), "dataset") && source_peek(source) == '{'))
		return -1;
	if (source_value(source, &value, NULL) < 0)
		return -1;
	if (slice_is(buf_view(key), "labelsets"))
		return 1;
	buf_puts(to, to->len > 1 ? "," : "");
	json_put_string(to, buf_view(key));
	buf_putc(to, ':');
	json_compact(to, value);
	return 1;
}

/* Reads a file as what --info wrote; false where it is something else. */
static bool
read_info(const char *path, struct buf *to)
{
	struct source *source = source_open(path, RECORD_MAX);
	struct buf key = {0}, text = {0};
	struct slice value;
	bool begun = false, good = false;
	int got = -1;

	if (source && source_expect(source, '{') == 0) {
		buf_putc(&text, '{');
		do
			got = take_fact_of_info(source, &begun, &key, &text);
		while (got > 0);
		buf_putc(&text, '}');
	}
	if (got == 0 && json_find(buf_view(&text), "labelset", &value)) {
		buf_slice(to, buf_view(&text));
		good = true;
	}
	source_close(source);
	buf_release(&key);
	buf_release(&text);
	return good;
}

static int
read_release(const char *path, struct buf *to)
{
	const struct release_choice choice = {.all = true,
					      .max_record = RECORD_MAX};
	struct buf text = {0};
	struct release *release = release_open(path, &choice, &text);

	if (release)
		release_put_facts(release, to);
	buf_release(&text);
	release_close(release);
	return release ? 0 : -1;
}

/* Copies a pipe to a file that can be read twice: its descriptor, or -1. */
static int
keep_pipe(int from, const char *name)
{
	char block[1 << 16];
	int fd = stream_temporary();
	ptrdiff_t n;

	if (fd < 0)
		return -1;
	do {
		n = stream_read(from, name, block, sizeof(block));
		if (n > 0 && io_write(fd, block, (size_t)n) < 0) {
			diag_say(NULL, "temporary file: %s", strerror(errno));
			n = -1;
		}
	} while (n > 0);
	if (n == 0)
		return fd;
	close(fd);
	return -1;
}

int
release_info_read(const char *path, struct buf *to)
{
	char again[32];
	const char *name;
	struct stat found;
	int from, copy = -1, result = -1;

	from = stream_open(path, "a release", &name);
	if (from < 0)
		return -1;
	if (fstat(from, &found) == 0 && !S_ISREG(found.st_mode)) {
		copy = keep_pipe(from, name);
		snprintf(again, sizeof(again), "/dev/fd/%d", copy);
		path = copy < 0 ? NULL : again;
	}
	if (path)
		result = read_info(path, to) ? 0 : read_release(path, to);
	if (copy >= 0)
		close(copy);
	stream_close(from);
	return result;
}
