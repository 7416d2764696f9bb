#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"
#include "tap.h"

static int dir; /* an empty directory */
static struct file *volatile left_open;

/* True when the file has this text. */
static bool
has(const char *path, const char *text)
{
	struct buf got = {0};
	bool same = io_read_file(dir, path, 1 << 20, &got) == 0 &&
		    slice_is(buf_view(&got), text);

	buf_release(&got);
	return same;
}

/* Entries of the directory, not counting "." and "..". */
static int
entries(void)
{
	DIR *list = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY));
	int n = 0;

	while (readdir(list))
		n++;
	closedir(list);
	return n - 2;
}

static struct file *
begin(const char *path, const char *text)
{
	struct file *file = file_create(dir, path);

	if (!file || io_write(file_fd(file), text, strlen(text)) < 0)
		printf("Bail out! %s\n", strerror(errno));
	return file;
}

static void
test_publish(void)
{
	struct file *file = begin("a", "one");

	ok(faccessat(dir, "a", F_OK, 0) < 0, "no file before it is whole");
	ok(file_publish(file) == 0 && has("a", "one"), "then it is there");
	file = begin("a", "two");
	ok(has("a", "one"), "what was there stays until then");
	ok(file_publish(file) == 0 && has("a", "two"), "then it gives way");
	file = begin("a", "three");
	file_drop(file);
	file_drop(NULL);
	ok(has("a", "two") && entries() == 1, "a dropped file leaves nothing");
	unlinkat(dir, "a", 0);
}

static void
test_publish_as(void)
{
	struct file *file = begin("ignored", "text");
	int parent = file_open_parent(dir, "x/y/z", true);

	ok(parent >= 0 && file_publish_as(file, parent, "z") == 0 &&
		   has("x/y/z", "text"),
	   "a file goes into another directory under another name");
	file = begin("ignored", "more");
	ok(file_publish_as(file, parent, "z") == 0 && has("x/y/z", "more"),
	   "over what was there, too");
	close(parent);
	unlinkat(dir, "x/y/z", 0);
	unlinkat(dir, "x/y", AT_REMOVEDIR);
	unlinkat(dir, "x", AT_REMOVEDIR);
}

static void
test_failure(void)
{
	struct file *file;

	mkdirat(dir, "taken", 0777);
	mkdirat(dir, "taken/full", 0777);
	file = begin("other", "text");
	ok(file_publish_as(file, dir, "taken") < 0 && entries() == 1,
	   "a directory does not give way, and nothing is left");
	ok(!file_create(dir, "no/such") && errno == ENOENT,
	   "no file where there is no directory");
	ok(!file_create(dir, "taken") && errno == EISDIR,
	   "no file where there is one");
	unlinkat(dir, "taken/full", AT_REMOVEDIR);
	unlinkat(dir, "taken", AT_REMOVEDIR);
}

static void
test_direct(void)
{
	struct file *file = file_create(AT_FDCWD, "/dev/null");
	struct stat st;

	ok(file && io_write(file_fd(file), "x", 1) == 0 &&
		   file_publish(file) == 0 && stat("/dev/null", &st) == 0 &&
		   S_ISCHR(st.st_mode),
	   "a device is written to and stays one");
	file = file_create(AT_FDCWD, "/dev/full");
	ok(file && io_write(file_fd(file), "x", 1) < 0 && errno == ENOSPC,
	   "a full device is said to be full");
	file_drop(file);
}

static void
test_parent(void)
{
	int fd;

	ok(file_open_parent(dir, "p/q", false) < 0 && errno == ENOENT,
	   "a parent is not made unless asked for");
	ok(symlinkat("/tmp", dir, "link") == 0 &&
		   file_open_parent(dir, "link/q", true) < 0 &&
		   errno == ENOTDIR,
	   "a symbolic link is not followed");
	ok(symlinkat("nowhere", dir, "loose") == 0 &&
		   file_open_parent(dir, "loose/q", true) < 0 &&
		   errno == ENOTDIR,
	   "nor one that leads nowhere");
	fd = file_open_parent(dir, "plain", true);
	ok(fd >= 0 && fd != dir, "a plain name lies in the directory itself");
	close(fd);
	unlinkat(dir, "link", 0);
	unlinkat(dir, "loose", 0);
}

static void
test_link_kept(const char *path)
{
	struct buf real = {0}, link = {0};
	struct file *file;
	struct stat st;

	buf_printf(&real, "%s/real", path);
	buf_printf(&link, "%s/link", path);
	file_publish(begin("real", "old"));
	ok(symlink(buf_cstr(&real), buf_cstr(&link)) == 0 &&
		   (file = file_create(AT_FDCWD, link.data)) != NULL &&
		   io_write(file_fd(file), "new", 3) == 0 &&
		   file_publish(file) == 0 && has("real", "new") &&
		   lstat(link.data, &st) == 0 && S_ISLNK(st.st_mode),
	   "writing through the user's own link keeps the link");
	unlinkat(dir, "real", 0);
	unlinkat(dir, "link", 0);
	buf_release(&real);
	buf_release(&link);
}

static void
test_read(void)
{
	struct buf text = {0};

	file_publish(begin("five", "12345"));
	ok(io_read_file(dir, "five", 5, &text) == 0 && text.len == 5,
	   "a file of just the limit is read");
	ok(io_read_file(dir, "five", 4, &text) < 0 && errno == EFBIG,
	   "a larger one is refused");
	ok(io_read_file(dir, "none", 4, &text) < 0 && errno == ENOENT,
	   "a missing one is said to be missing");
	unlinkat(dir, "five", 0);
	buf_release(&text);
}

/* Ends a child that has begun a file; the status it ended with. */
static int
end_child(int number)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		left_open = begin("child", "text");
		if (number)
			raise(number);
		exit(0);
	}
	waitpid(child, &status, 0);
	return status;
}

static void
test_end(void)
{
	int status = end_child(0);
	ok(WIFEXITED(status) && entries() == 0,
	   "a file not published is gone at exit");
	status = end_child(SIGTERM);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM && entries() == 0,
	   "and after SIGTERM, which still ends the program");
	status = end_child(SIGINT);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT && entries() == 0,
	   "and after SIGINT");
}

static void
test_sweep(void)
{
	const struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	static const char *const names[] = {".~seg-1-1", ".~seg-1-2", "a"};

	for (int i = 0; i < 3; i++)
		close(openat(dir, names[i], O_CREAT | O_WRONLY, 0666));
	utimensat(dir, names[0], old, 0);
	utimensat(dir, names[2], old, 0);
	file_sweep(dir);
	ok(faccessat(dir, names[0], F_OK, 0) < 0, "an old leftover is removed");
	ok(faccessat(dir, names[1], F_OK, 0) == 0, "one in use is not");
	ok(faccessat(dir, names[2], F_OK, 0) == 0, "nor is any other file");
	unlinkat(dir, names[1], 0);
	unlinkat(dir, names[2], 0);
}

int
main(void)
{
	char path[] = "/tmp/segtools-XXXXXX";

	/* A shell may have started this with it ignored. */
	signal(SIGINT, SIG_DFL);
	if (!mkdtemp(path))
		return 1;
	dir = open(path, O_RDONLY | O_DIRECTORY);
	test_publish();
	test_publish_as();
	test_failure();
	test_direct();
	test_parent();
	test_link_kept(path);
	test_read();
	test_end();
	test_sweep();
	ok(entries() == 0, "nothing is left");
	rmdir(path);
	return done_testing();
}
