#include "report/kept_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/stream.h"

enum { MOST_IN_MEMORY = 1 << 20 };

struct kept_lines {
	struct buf last; /* what is not in the file yet */
	uint64_t before; /* bytes in the file */
	int file;        /* or -1 */
};

struct kept_lines *
kept_lines_open(void)
{
	struct kept_lines *kept = xcalloc(1, sizeof(*kept));

	kept->file = -1;
	return kept;
}

void
kept_lines_close(struct kept_lines *kept)
{
	if (!kept)
		return;
	if (kept->file >= 0)
		close(kept->file);
	buf_release(&kept->last);
	free(kept);
}

static int
fail(const char *why)
{
	diag_say(NULL, "temporary file: %s", why);
	return -1;
}

static int
flush(struct kept_lines *kept)
{
	if (kept->file < 0)
		kept->file = stream_temporary();
	if (kept->file < 0)
		return -1;
	if (io_write(kept->file, kept->last.data, kept->last.len) < 0)
		return fail(strerror(errno));
	kept->before += kept->last.len;
	buf_reset(&kept->last);
	return 0;
}

int
kept_lines_put(struct kept_lines *kept, struct slice line, uint64_t *at)
{
	*at = kept->before + kept->last.len;
	buf_slice(&kept->last, line);
	return kept->last.len < MOST_IN_MEMORY ? 0 : flush(kept);
}

int
kept_lines_get(struct kept_lines *kept, uint64_t at, size_t n, struct buf *to)
{
	size_t done = 0;

	buf_reserve(to, n);
	if (at >= kept->before) {
		buf_put(to, kept->last.data + (at - kept->before), n);
		return 0;
	}
	while (done < n) {
		ssize_t got = pread(kept->file, to->data + to->len, n - done,
				    (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return fail(got ? strerror(errno) : "cut off");
		to->len += (size_t)got;
		done += (size_t)got;
	}
	return 0;
}
