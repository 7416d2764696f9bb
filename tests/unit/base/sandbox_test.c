/*
 * What the kernel still lets a process do behind sandbox_enter. Each attempt
 * is made in a process of its own, once without the sandbox, where it must
 * work, and once within.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"
#include "base/sandbox.h"
#include "base/stream.h"
#include "tap.h"

/* A directory that may be written, one that may have names, and another. */
static int tree, named, other;
static char top[] = "/tmp/sandbox-XXXXXX";
static pid_t parent;

static int
put(int dir, const char *name)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	return fd < 0 || close(fd) < 0 ? -1 : 0;
}

static void
restore(void)
{
	const int dirs[] = {tree, named, other};

	for (size_t i = 0; i < 3; i++) {
		put(dirs[i], "a");
		put(dirs[i], "b");
		mkdirat(dirs[i], "below", 0700);
		unlinkat(dirs[i], "below/moved", 0);
		unlinkat(dirs[i], "new", 0);
		unlinkat(dirs[i], "newdir", AT_REMOVEDIR);
		unlinkat(dirs[i], "below/new", 0);
		unlinkat(dirs[i], "below/empty", AT_REMOVEDIR);
		mkdirat(dirs[i], "below/empty", 0700);
	}
}

static int
create(int dir)
{
	return put(dir, "new");
}

static int
write_on(int dir)
{
	int fd = openat(dir, "a", O_WRONLY);

	return fd < 0 || write(fd, "x", 1) != 1 ? -1 : 0;
}

static int
cut(int dir)
{
	return openat(dir, "a", O_RDONLY | O_TRUNC) < 0 ? -1 : 0;
}

static int
take_away(int dir)
{
	return unlinkat(dir, "a", 0);
}

static int
take_directory_away(int dir)
{
	return unlinkat(dir, "below/empty", AT_REMOVEDIR);
}

static int
make_directory(int dir)
{
	return mkdirat(dir, "newdir", 0700);
}

static int
make_link(int dir)
{
	return symlinkat("/", dir, "new");
}

static int
make_fifo(int dir)
{
	return mkfifoat(dir, "new", 0600);
}

static int
rename_beside(int dir)
{
	return renameat(dir, "a", dir, "b");
}

static int
rename_below(int dir)
{
	return renameat(dir, "a", dir, "below/moved");
}

static int
rename_out(int dir)
{
	return renameat(dir, "a", other, "below/moved");
}

static int
link_unnamed(int dir)
{
	int fd = openat(dir, ".", O_TMPFILE | O_RDWR, 0600);
	char self[64];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	return fd < 0 ? -1
		      : linkat(AT_FDCWD, self, dir, "below/new",
			       AT_SYMLINK_FOLLOW);
}

static int
read_it(int dir)
{
	char byte;
	int fd = openat(dir, "a", O_RDONLY);

	return fd < 0 || read(fd, &byte, 1) < 0 ? -1 : 0;
}

static int
run_program(int dir)
{
	pid_t pid = fork();
	int status = 1;

	(void)dir;
	if (pid == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	return status ? -1 : 0;
}

static int
signal_others(int dir)
{
	(void)dir;
	return kill(parent, 0);
}

/* To a socket without a path that the parent listens on. */
static struct sockaddr_un
abstract_name(socklen_t *size)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int n = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1,
			 "sandbox_test-%ld", (long)parent);

	*size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			    (size_t)n);
	return name;
}

static int
reach_others(int dir)
{
	socklen_t size;
	const struct sockaddr_un name = abstract_name(&size);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)dir;
	return connect(fd, (const struct sockaddr *)&name, size);
}

static int
signal_itself(int dir)
{
	(void)dir;
	return kill(getpid(), 0);
}

static void *
create_in_thread(void *context)
{
	*(int *)context = create(*(int *)context);
	return NULL;
}

static int
create_by_thread(int dir)
{
	pthread_t thread;
	int result = dir;

	if (pthread_create(&thread, NULL, create_in_thread, &result) != 0)
		return -1;
	pthread_join(thread, NULL);
	return result;
}

/* In a process of its own: 0, or the errno that it met. */
static int
try_it(int (*attempt)(int dir), int dir, bool held)
{
	pid_t pid;
	int status;

	restore();
	pid = fork();
	if (pid == 0) {
		sandbox_allow(tree, SANDBOX_FILES);
		sandbox_allow(named, SANDBOX_NAMES);
		if (held && !sandbox_enter())
			_exit(255);
		errno = 0;
		_exit(attempt(dir) == 0 ? 0 : errno ? errno : 254);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256;
}

static void
test_attempts(long version)
{
	static const struct {
		const char *name;
		int (*attempt)(int dir);
		long since;      /* the kernel's version that can forbid it */
		bool everywhere; /* where files may be written it is none, too
				  */
		bool harmless;
		bool naming; /* may be where files get their names */
	} rows[] = {
		{"creates a file", create, 1, false, false, false},
		{"creates one in a thread", create_by_thread, 1, false, false,
		 false},
		{"writes on a file", write_on, 1, false, false, false},
		{"cuts a file", cut, 3, false, false, false},
		{"removes a file", take_away, 1, false, false, true},
		{"removes a directory", take_directory_away, 1, false, false,
		 false},
		{"makes a directory", make_directory, 1, false, false, false},
		{"makes a link", make_link, 1, false, false, false},
		{"makes a pipe", make_fifo, 1, true, false, false},
		{"renames a file", rename_beside, 1, false, false, true},
		{"moves a file below", rename_below, 2, false, false, false},
		{"moves a file out", rename_out, 1, true, false, false},
		{"names what had no name", link_unnamed, 2, false, false,
		 false},
		{"reads a file", read_it, 1, false, true, false},
		{"runs a program", run_program, 1, true, false, false},
		{"signals another process", signal_others, 6, true, false,
		 false},
		{"reaches another process", reach_others, 6, true, false,
		 false},
		{"signals itself", signal_itself, 1, false, true, false},
	};
	const int dirs[] = {tree, named, other};
	static const char *const where[] = {"in the tree", "beside a file",
					    "elsewhere"};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		for (int d = 0; d < 3; d++) {
			const bool may = rows[i].harmless ||
					 version < rows[i].since ||
					 (d == 0 && !rows[i].everywhere) ||
					 (d == 1 && rows[i].naming);

			if (rows[i].attempt == rename_out && d == 2)
				continue;
			ok(try_it(rows[i].attempt, dirs[d], false) == 0,
			   "free, it %s %s", rows[i].name, where[d]);
			ok((try_it(rows[i].attempt, dirs[d], true) == 0) == may,
			   "held, it %s %s %s", may ? "still" : "never",
			   rows[i].name, where[d]);
		}
	}
}

/* What is open already may be written and gets its name. */
static int
publish(int dir)
{
	struct buf path = {0};
	struct file *file;
	int result = -1;

	buf_printf(&path, "%s/%s", top, dir == tree ? "tree/a" : "other/a");
	file = file_create(AT_FDCWD, buf_cstr(&path));
	if (file && sandbox_enter() && io_write(file_fd(file), "x", 1) == 0)
		result = file_publish(file);
	buf_release(&path);
	return result;
}

static int
temporary(int dir)
{
	int one, two;

	(void)dir;
	if (!stream_reserve(2) || !sandbox_enter())
		return -1;
	one = stream_temporary();
	two = stream_temporary();
	return one >= 0 && two >= 0 && one != two && write(two, "x", 1) == 1
		       ? 0
		       : -1;
}

static int
all_files(int dir)
{
	sandbox_allow_files();
	return sandbox_enter() && put(dir, "a") == 0 &&
			       linkat(dir, "a", tree, "new", 0) == 0 &&
			       run_program(dir) < 0
		       ? 0
		       : -1;
}

/* More directories than there is room for: nothing is held back. */
static int
too_many(int dir)
{
	for (int i = 0; i < 20; i++)
		sandbox_allow(tree, SANDBOX_FILES);
	return !sandbox_enter() && put(dir, "new") == 0 ? 0 : -1;
}

static int
switched_off(int dir)
{
	setenv("SEG_NO_SANDBOX", "1", 1);
	return !sandbox_enter() && put(dir, "new") == 0 ? 0 : -1;
}

static int
second_call(int dir)
{
	(void)dir;
	return sandbox_enter() && sandbox_enter() ? 0 : -1;
}

static void
listen_to_children(void)
{
	socklen_t size;
	const struct sockaddr_un name = abstract_name(&size);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (bind(fd, (const struct sockaddr *)&name, size) < 0 ||
	    listen(fd, 16) < 0)
		printf("Bail out! no socket: %s\n", strerror(errno));
}

static int
open_directory(const char *name)
{
	if (mkdir(name, 0700) < 0)
		printf("Bail out! %s: %s\n", name, strerror(errno));
	return open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
clean_up(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		execlp("rm", "rm", "-rf", "--", top, (char *)NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

int
main(void)
{
	/* landlock_create_ruleset: its version. */
	const long version = syscall(444, NULL, 0, 1);

	parent = getpid();
	unsetenv("SEG_NO_SANDBOX");
	if (!mkdtemp(top) || chdir(top) < 0)
		return 1;
	tree = open_directory("tree");
	named = open_directory("named");
	other = open_directory("other");
	listen_to_children();
	ok(try_it(switched_off, other, false) == 0,
	   "SEG_NO_SANDBOX leaves all as it was");
	ok(try_it(too_many, other, false) == 0,
	   "what it cannot allow it does not forbid");
	if (version < 1) {
		ok(try_it(create, other, true) == 255,
		   "without Landlock nothing is held");
		printf("ok %d - held # SKIP this kernel has no Landlock\n",
		       ++tap_count);
	} else {
		test_attempts(version);
		ok(try_it(publish, other, false) == 0,
		   "a file begun before gets its name");
		ok(try_it(temporary, other, false) == 0,
		   "temporary files opened ahead are there");
		ok(try_it(all_files, other, false) == 0,
		   "hard links from anywhere, but no programs");
		ok(try_it(second_call, other, false) == 0,
		   "the second call changes nothing");
	}
	clean_up();
	return done_testing();
}
