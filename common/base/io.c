#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

int
io_open(int dirfd, const char *path, int flags, unsigned mode)
{
	int fd;

	do
		fd = openat(dirfd, path, flags | O_CLOEXEC, mode);
	while (fd < 0 && errno == EINTR);
	return fd;
}

/* Waits until a descriptor set to O_NONBLOCK takes or has bytes. */
static void
wait_for(int fd, short events)
{
	struct pollfd one = {.fd = fd, .events = events};

	(void)poll(&one, 1, -1);
}

int
io_write(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n) {
		ssize_t wrote = write(fd, at, n);

		if (wrote < 0 && errno == EAGAIN)
			wait_for(fd, POLLOUT);
		else if (wrote < 0 && errno != EINTR)
			return -1;
		if (wrote <= 0)
			continue;
		at += wrote;
		n -= (size_t)wrote;
	}
	return 0;
}

bool
io_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

int
io_truncate(int fd, uint64_t size)
{
	int result;

	do
		result = ftruncate(fd, (off_t)size);
	while (result < 0 && errno == EINTR);
	return result;
}

ptrdiff_t
io_pread(int fd, void *p, size_t n, uint64_t at)
{
	char *to = p;
	size_t done = 0;
	ssize_t got = 1;

	while (done < n && got != 0) {
		got = pread(fd, to + done, n - done, (off_t)(at + done));
		if (got < 0 && errno != EINTR)
			return -1;
		done += got > 0 ? (size_t)got : 0;
	}
	return (ptrdiff_t)done;
}

int
io_read_rest(int fd, size_t max, struct buf *to)
{
	const size_t start = to->len;
	struct stat st;
	ssize_t n = 1;

	if (fstat(fd, &st) < 0)
		return -1;
	if (S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max) {
		errno = EFBIG;
		return -1;
	}
	buf_reserve(to, S_ISREG(st.st_mode) ? (size_t)st.st_size + 1 : 4096);
	while (n != 0) {
		n = read(fd, buf_reserve(to, 1), to->cap - to->len);
		if (n < 0 && errno == EAGAIN)
			wait_for(fd, POLLIN);
		else if (n < 0 && errno != EINTR)
			return -1;
		to->len += n > 0 ? (size_t)n : 0;
		if (to->len - start > max) {
			errno = EFBIG;
			return -1;
		}
	}
	return 0;
}

int
io_read_file(int dirfd, const char *path, size_t max, struct buf *to)
{
	int fd = io_open(dirfd, path, O_RDONLY, 0);
	int result, error;

	if (fd < 0)
		return -1;
	result = io_read_rest(fd, max, to);
	error = errno;
	close(fd);
	errno = error;
	return result;
}
