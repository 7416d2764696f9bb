#include "output/spool.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/stream.h"

enum { BLOCK = 1 << 16 };

static const char name[] = "temporary file";

struct spool {
	int fd;
	struct out *out;
	uint64_t size;
	bool flushed; /* all of it is in the file */
};

struct spool *
spool_open(void)
{
	struct spool *spool;
	int fd = stream_temporary();

	if (fd < 0)
		return NULL;
	spool = xcalloc(1, sizeof(*spool));
	spool->fd = fd;
	spool->out = out_open(fd, name);
	return spool;
}

void
spool_close(struct spool *spool)
{
	if (!spool)
		return;
	out_close(spool->out);
	close(spool->fd);
	free(spool);
}

void
spool_put(struct spool *spool, struct slice text)
{
	out_put(spool->out, text);
	spool->size += text.n;
	spool->flushed = false;
}

uint64_t
spool_size(const struct spool *spool)
{
	return spool->size;
}

bool
spool_failed(const struct spool *spool)
{
	return out_failed(spool->out);
}

/* How much of the text is to be handed over now. */
static size_t
piece_length(struct slice text, bool whole_lines, bool last)
{
	size_t n = text.n;

	if (!whole_lines || last)
		return n;
	while (n && text.p[n - 1] != '\n')
		n--;
	return n;
}

/* Reads some bytes and leaves alone where the next write goes. */
static ptrdiff_t
read_at(int fd, char *p, size_t most, off_t at)
{
	ptrdiff_t n = io_pread(fd, p, most, (uint64_t)at);

	if (n < 0)
		diag_say(NULL, "%s: %s", name, strerror(errno));
	return n;
}

int
spool_read(struct spool *spool, bool whole_lines,
	   void (*take)(void *context, struct slice piece), void *context)
{
	struct buf text = {0};
	off_t at = 0;
	ssize_t n;
	size_t length;

	if (out_flush(spool->out) < 0)
		return -1;
	do {
		n = read_at(spool->fd, buf_reserve(&text, BLOCK), BLOCK, at);
		if (n < 0)
			break;
		at += n;
		text.len += (size_t)n;
		length = piece_length(buf_view(&text), whole_lines, n == 0);
		if (length)
			take(context, (struct slice){text.data, length});
		text.len -= length;
		memmove(text.data, text.data + length, text.len);
	} while (n > 0);
	buf_release(&text);
	return n < 0 ? -1 : 0;
}

int
spool_read_at(struct spool *spool, uint64_t at, size_t n, struct buf *to)
{
	ptrdiff_t got;

	if (!spool->flushed && out_flush(spool->out) < 0)
		return -1;
	spool->flushed = true;
	for (; n; n -= (size_t)got, at += (size_t)got) {
		got = read_at(spool->fd, buf_reserve(to, n), n, (off_t)at);
		if (got == 0)
			diag_say(NULL, "%s: ends too early", name);
		if (got <= 0)
			return -1;
		to->len += (size_t)got;
	}
	return 0;
}

static void
copy_piece(void *to, struct slice piece)
{
	out_put(to, piece);
}

int
spool_copy(struct spool *spool, struct out *to)
{
	return spool_read(spool, false, copy_piece, to);
}
