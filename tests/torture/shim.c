/*
 * Preloaded into a program, makes one of its calls fail: a fork server, for
 * tests/torture/run.pl.
 *
 * Where main would begin, it waits for orders on the descriptors that
 * TORTURE_CONTROL names, "IN,OUT". An order is a line
 *
 *	KIND NUMBER ERROR CUT FEED DIR
 *
 * for which a child runs main in DIR, with ../stdin, ../stdout and ../stderr
 * for its streams; the answer is a line with its status as waitpid(2) has it,
 * the descriptor of the call that failed (-1: none was failed, -2: one without
 * a descriptor), and how many calls of each kind there were. For the kind
 * `places` it leaves in ../places a hash of 64 bits of each allocation, alike
 * where the functions that led there are, in any program. Call NUMBER of
 * the kind fails with ERROR (a number) or, where that is 0, reads or writes
 * CUT bytes at most; NUMBER 0 is every call, and of these each third fails
 * with ERROR if there is one. With FEED 1 stdin is a pipe.
 *
 * Allocations are failed below the malloc of the programs, which are what is
 * to be tested, too. All other calls are failed where they enter the kernel,
 * so that none is missed, whoever makes it: a filter of seccomp(2) turns them
 * into a signal. x86-64 Linux with glibc alone.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim.h"

struct order shim_order;
struct seen *shim_seen;

static const char *const names[] = {
	"alloc",  "thread", "read",      "write", "open", "fsync",
	"rename", "close",  "ftruncate", "mkdir", "mmap", "stat",
};

/* True where this call of a kind is the one. */
int
shim_is_due(enum kind kind)
{
	uint64_t n = __atomic_add_fetch(&shim_seen->counts[kind], 1,
					__ATOMIC_RELAXED);

	return shim_order.kind == kind &&
	       (shim_order.number
			? n == shim_order.number
			: shim_order.cut || (shim_order.error && n % 3 == 0));
}

static void
fail(const char *what)
{
	dprintf(STDERR_FILENO, "shim: %s: %s\n", what, strerror(errno));
	_exit(99);
}

static void
open_as(int fd, const char *name, int flags)
{
	int got = open(name, flags, 0666);

	if (got < 0 || dup2(got, fd) < 0)
		fail(name);
	close(got);
}

/* Puts a pipe between stdin and who reads it. */
static void
feed_stdin(void)
{
	char piece[4096];
	int ends[2];
	ssize_t n;

	if (pipe(ends) < 0)
		fail("pipe");
	if (fork() == 0) {
		close(ends[0]);
		signal(SIGPIPE, SIG_DFL);
		while ((n = read(0, piece, sizeof(piece))) > 0)
			if (write(ends[1], piece, (size_t)n) != n)
				break;
		_exit(0);
	}
	dup2(ends[0], 0);
	close(ends[0]);
	close(ends[1]);
}

static void
prepare_child(void)
{
	if (chdir(shim_order.dir) < 0)
		fail(shim_order.dir);
	open_as(STDIN_FILENO, "../stdin", O_RDONLY);
	open_as(STDOUT_FILENO, "../stdout", O_WRONLY | O_CREAT | O_TRUNC);
	open_as(STDERR_FILENO, "../stderr", O_WRONLY | O_CREAT | O_TRUNC);
	signal(SIGALRM, SIG_DFL);
	alarm(20);
	if (shim_order.feed)
		feed_stdin();
	if (!shim_filter())
		fail("seccomp");
	memset(shim_seen->counts, 0, sizeof(shim_seen->counts));
}

static int
take_order(FILE *in)
{
	char line[8192], kind[32];
	int i, n;

	if (!fgets(line, sizeof(line), in))
		return 0;
	n = sscanf(line, "%31s %lu %d %d %d %4095s", kind, &shim_order.number,
		   &shim_order.error, &shim_order.cut, &shim_order.feed,
		   shim_order.dir);
	if (n != 6)
		fail("order");
	shim_order.kind = strcmp(kind, "places") == 0 ? PLACES : NO_KIND;
	for (i = 0; i < KINDS; i++)
		if (strcmp(kind, names[i]) == 0)
			shim_order.kind = (enum kind)i;
	return 1;
}

static void
write_places(void)
{
	char name[sizeof(shim_order.dir) + 16];
	uint64_t n = shim_seen->counts[ALLOC];
	size_t size = (n < PLACES_MOST ? n : PLACES_MOST) * sizeof(n);
	int fd;

	snprintf(name, sizeof(name), "%s/../places", shim_order.dir);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0 || write(fd, shim_seen->places, size) != (ssize_t)size)
		fail(name);
	close(fd);
}

/* Tells how the child ended, once it has. */
static void
answer(pid_t child, int out)
{
	char line[1024];
	int status = 0, n, i;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (shim_order.kind == PLACES)
		write_places();
	n = snprintf(line, sizeof(line), "%d %d", status, shim_seen->fd);
	for (i = 0; i < KINDS; i++)
		n += snprintf(line + n, sizeof(line) - (size_t)n, " %s=%lu",
			      names[i], shim_seen->counts[i]);
	line[n++] = '\n';
	if (write(out, line, (size_t)n) != n)
		_exit(98);
}

static int (*real_main)(int, char **, char **);

/* Behind what a program does at its end: a build with --coverage counts. */
static void
fail_no_more(void)
{
	shim_order.kind = NO_KIND;
}

/* Returns in each child alone. */
static void
serve(int in, int out)
{
	struct seen *page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	FILE *orders = fdopen(in, "r");
	void *first;
	pid_t child;

	if (page == MAP_FAILED || !orders)
		fail("server");
	/* Loads what it needs, once. */
	backtrace(&first, 1);
	dprintf(out, "ready %d\n", shim_malloc_is_own());
	while (take_order(orders)) {
		memset(page, 0, offsetof(struct seen, places));
		page->fd = -1;
		shim_seen = page;
		child = fork();
		if (child < 0)
			fail("fork");
		if (child == 0) {
			fclose(orders);
			close(out);
			prepare_child();
			return;
		}
		answer(child, out);
	}
	_exit(0);
}

static int
serve_main(int argc, char **argv, char **environment)
{
	const char *control = getenv("TORTURE_CONTROL");
	int in, out;

	if (!control)
		return real_main(argc, argv, environment);
	if (sscanf(control, "%d,%d", &in, &out) != 2)
		fail("TORTURE_CONTROL");
	unsetenv("TORTURE_CONTROL");
	unsetenv("LD_PRELOAD");
	serve(in, out);
	atexit(fail_no_more);
	return real_main(argc, argv, environment);
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
		      void (*init)(void), void (*fini)(void),
		      void (*rtld_fini)(void), void *stack_end);

int
__libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
		  void (*init)(void), void (*fini)(void),
		  void (*rtld_fini)(void), void *stack_end)
{
	__typeof__(&__libc_start_main) start;

	shim_find();
	SHIM_FIND(start, "__libc_start_main");
	real_main = main;
	return start(serve_main, argc, argv, init, fini, rtld_fini, stack_end);
}
