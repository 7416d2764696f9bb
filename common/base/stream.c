#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"

enum { PIPE_SIZE = 1 << 20 };

void
stream_widen(int fd)
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

/* Is it the file that standard output goes to? The shell has emptied it. */
static bool
is_output(int fd)
{
	struct stat from, to;

	return fstat(fd, &from) == 0 && S_ISREG(from.st_mode) &&
	       fstat(STDOUT_FILENO, &to) == 0 && io_same_file(&from, &to);
}

static int
open_operand(const char *operand, int flags, const char *what,
	     const char **name)
{
	int fd = STDIN_FILENO;

	*name = "<stdin>";
	if (strcmp(operand, "-") != 0) {
		*name = operand;
		fd = io_open(AT_FDCWD, operand, O_RDONLY | flags, 0);
	}
	if (fd < 0)
		diag_say(NULL, "%s: %s", operand, strerror(errno));
	else if (is_output(fd)) {
		diag_say(NULL,
			 "%s: is the output, too, which a shell empties at "
			 "once; write to another file",
			 *name);
		stream_close(fd);
		fd = -1;
	} else if (isatty(fd))
		diag_say(NULL, "reading %s from the terminal; ^D ends", what);
	else
		stream_widen(fd);
	return fd;
}

int
stream_open(const char *operand, const char *what, const char **name)
{
	return open_operand(operand, 0, what, name);
}

int
stream_open_soon(const char *operand, const char *what, const char **name)
{
	return open_operand(operand, O_NONBLOCK, what, name);
}

bool
stream_has_come(int fd)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};

	return poll(&one, 1, 0) != 0;
}

void
stream_close(int fd)
{
	if (fd > STDIN_FILENO)
		close(fd);
}

bool
stream_try_again(int fd, short events)
{
	struct pollfd ready = {.fd = fd, .events = events};

	if (errno == EAGAIN)
		return poll(&ready, 1, -1) > 0 || errno == EINTR;
	return errno == EINTR;
}

static atomic_ullong taken;

uint64_t
stream_taken(void)
{
	return atomic_load_explicit(&taken, memory_order_relaxed);
}

void
stream_untake(uint64_t n)
{
	atomic_fetch_sub_explicit(&taken, n, memory_order_relaxed);
}

/* Bytes of an operand that are still to be read; 0 where that is not known. */
static uint64_t
size_of(const char *operand)
{
	bool is_stdin = strcmp(operand, "-") == 0;
	struct stat st;
	off_t at = 0;

	if ((is_stdin ? fstat(STDIN_FILENO, &st) : stat(operand, &st)) < 0 ||
	    !S_ISREG(st.st_mode))
		return 0;
	if (is_stdin)
		at = lseek(STDIN_FILENO, 0, SEEK_CUR);
	return at >= 0 && at < st.st_size ? (uint64_t)(st.st_size - at) : 0;
}

uint64_t
stream_size(char *const *operands)
{
	uint64_t all = 0;

	if (!*operands)
		return size_of("-");
	for (; *operands; operands++) {
		uint64_t one = size_of(*operands);

		if (!one)
			return 0;
		all += one;
	}
	return all;
}

ptrdiff_t
stream_read(int fd, const char *name, char *p, size_t n)
{
	ssize_t got;

	do
		got = read(fd, p, n);
	while (got < 0 && stream_try_again(fd, POLLIN));
	if (got < 0)
		diag_say(NULL, "%s: %s", name, strerror(errno));
	else
		atomic_fetch_add_explicit(&taken, (unsigned long long)got,
					  memory_order_relaxed);
	return got;
}

static const char *
temporary_directory(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

/* A descriptor, or -1 with errno set. */
static int
open_temporary(void)
{
	const char *dir = temporary_directory();
	struct buf path = {0};
	int fd = -1;

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
	buf_release(&path);
	return fd;
}

/* Opened ahead; of the main thread. */
static int reserved[16];
static size_t reserved_count;

bool
stream_reserve(size_t n)
{
	if (n > sizeof(reserved) / sizeof(*reserved))
		return false;
	while (reserved_count < n) {
		int fd = open_temporary();

		if (fd < 0)
			break;
		reserved[reserved_count++] = fd;
	}
	return true;
}

int
stream_temporary(void)
{
	int fd = reserved_count ? reserved[--reserved_count] : open_temporary();

	if (fd < 0)
		diag_say(NULL, "temporary file in %s: %s",
			 temporary_directory(), strerror(errno));
	return fd;
}
