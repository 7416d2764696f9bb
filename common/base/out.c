#include "base/out.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/stream.h"
#include "base/terminal.h"

enum {
	OUT_SIZE = 1 << 18,    /* bytes gathered before a write */
	BORROW_LEAST = 1 << 15 /* bytes worth a write of their own */
};

struct out {
	int fd;
	bool failed;
	const char *name;
	struct buf copied;
	struct slice borrowed; /* comes after `copied` */
};

struct out *
out_open(int fd, const char *name)
{
	struct out *out = xcalloc(1, sizeof(*out));

	out->fd = fd;
	out->name = name;
	stream_widen(fd);
	return out;
}

/* Read by a signal handler. */
static volatile sig_atomic_t torn, stdout_done;

void
out_stdout_done(void)
{
	stdout_done = 1;
}

bool
out_stdout_is_done(void)
{
	return stdout_done != 0;
}

bool
out_stdout_torn(void)
{
	return torn != 0;
}

static void
write_out(struct out *out, struct slice bytes)
{
	if (bytes.n && out->fd == STDOUT_FILENO)
		terminal_clear_for_stdout();
	while (bytes.n && !out->failed) {
		torn |= out->fd == STDOUT_FILENO;
		ssize_t n = write(out->fd, bytes.p, bytes.n);

		if (n < 0 && stream_try_again(out->fd, POLLOUT))
			continue;
		if (n < 0) {
			diag_say(NULL, "%s: %s", out->name, strerror(errno));
			out->failed = true;
			return;
		}
		bytes.p += n;
		bytes.n -= (size_t)n;
		if (n && out->fd == STDOUT_FILENO)
			torn = bytes.p[-1] != '\n';
	}
}

static void
write_copied(struct out *out)
{
	write_out(out, buf_view(&out->copied));
	buf_reset(&out->copied);
}

static void
settle_borrowed(struct out *out)
{
	struct slice bytes = out->borrowed;

	out->borrowed = (struct slice){0};
	if (bytes.n < BORROW_LEAST) {
		buf_slice(&out->copied, bytes);
		return;
	}
	write_copied(out);
	write_out(out, bytes);
}

void
out_put(struct out *out, struct slice bytes)
{
	settle_borrowed(out);
	buf_slice(&out->copied, bytes);
	if (out->copied.len >= OUT_SIZE)
		write_copied(out);
}

void
out_borrow(struct out *out, struct slice bytes)
{
	if (out->borrowed.n && out->borrowed.p + out->borrowed.n == bytes.p) {
		out->borrowed.n += bytes.n;
		return;
	}
	settle_borrowed(out);
	if (out->copied.len >= OUT_SIZE)
		write_copied(out);
	out->borrowed = bytes;
}

int
out_flush(struct out *out)
{
	settle_borrowed(out);
	write_copied(out);
	return out->failed ? -1 : 0;
}

bool
out_failed(const struct out *out)
{
	return out->failed;
}

int
out_close(struct out *out)
{
	int result = out_flush(out);

	buf_release(&out->copied);
	free(out);
	return result;
}

int
out_close_stdout(struct out *out)
{
	const char *name = out->name;
	int result = out_close(out);

	out_stdout_done();
	if (close(STDOUT_FILENO) != 0 && result == 0) {
		diag_say(NULL, "%s: %s", name, strerror(errno));
		result = -1;
	}
	return result;
}
