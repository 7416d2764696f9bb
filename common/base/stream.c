#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"

enum {
	PIPE_SIZE = 1 << 20,
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

static void
widen(int fd)
{
#ifdef F_SETPIPE_SZ
	/* Fails for what is no pipe, or where the user has too many. */
	(void)fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
#else
	(void)fd;
#endif
}

void
stream_start(void)
{
	int fd;

	signal(SIGPIPE, SIG_DFL);
	/* A file-size limit is a write that fails, and is said as one. */
	signal(SIGXFSZ, SIG_IGN);
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* Opened the wrong way round: any use of it is an error. */
		int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
			(void)open("/dev/null", mode);
	}
}

int
stream_open(const char *operand, const char **name)
{
	int fd = STDIN_FILENO;

	*name = "<stdin>";
	if (strcmp(operand, "-") != 0) {
		*name = operand;
		do
			fd = open(operand, O_RDONLY | O_CLOEXEC);
		while (fd < 0 && errno == EINTR);
	}
	if (fd < 0)
		diag_say(NULL, "%s: %s", operand, strerror(errno));
	else
		widen(fd);
	return fd;
}

void
stream_close(int fd)
{
	if (fd > STDIN_FILENO)
		close(fd);
}

/*
 * True where a read or write that failed is to be done again: after a signal,
 * or, for a descriptor that some other process made non-blocking, once it is
 * ready.
 */
static bool
try_again(int fd, short events)
{
	struct pollfd ready = {.fd = fd, .events = events};

	if (errno == EAGAIN)
		return poll(&ready, 1, -1) > 0 || errno == EINTR;
	return errno == EINTR;
}

ptrdiff_t
stream_read(int fd, const char *name, char *p, size_t n)
{
	ssize_t got;

	do
		got = read(fd, p, n);
	while (got < 0 && try_again(fd, POLLIN));
	if (got < 0)
		diag_say(NULL, "%s: %s", name, strerror(errno));
	return got;
}

int
stream_temporary(void)
{
	const char *dir = getenv("TMPDIR");
	struct buf path = {0};
	int fd = -1;

	if (!dir || !*dir)
		dir = "/tmp";
#ifdef O_TMPFILE
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
	if (fd < 0) {
		buf_puts(&path, dir);
		buf_puts(&path, "/segtools.XXXXXX");
		buf_cstr(&path);
		fd = mkostemp(path.data, O_CLOEXEC);
		if (fd >= 0)
			unlink(path.data);
	}
	if (fd < 0)
		diag_say(NULL, "temporary file in %s: %s", dir,
			 strerror(errno));
	buf_release(&path);
	return fd;
}

struct out *
out_open(int fd, const char *name)
{
	struct out *out = xcalloc(1, sizeof(*out));

	out->fd = fd;
	out->name = name;
	widen(fd);
	return out;
}

static void
write_out(struct out *out, struct slice bytes)
{
	while (bytes.n && !out->failed) {
		ssize_t n = write(out->fd, bytes.p, bytes.n);

		if (n < 0 && try_again(out->fd, POLLOUT))
			continue;
		if (n < 0) {
			diag_say(NULL, "%s: %s", out->name, strerror(errno));
			out->failed = true;
			return;
		}
		bytes.p += n;
		bytes.n -= (size_t)n;
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

	if (close(STDOUT_FILENO) != 0 && result == 0) {
		diag_say(NULL, "%s: %s", name, strerror(errno));
		result = -1;
	}
	return result;
}
