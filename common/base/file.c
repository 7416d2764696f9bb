#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/sandbox.h"
#include "base/temp.h"

/* Begins the name of every temporary file; path.h encodes '~' in names. */
#define TEMP_PREFIX ".~seg-"

/* Seconds after which nobody writes to a temporary file any more. */
enum { STALE = 3600 };

struct file {
	int dirfd; /* its directory, ours */
	int fd;
	char *name;           /* in that directory */
	char temp[TEMP_NAME]; /* empty: it has no name yet */
	struct temp *slot;    /* NULL: none was free */
	bool direct;          /* no regular file: written as it is */
	bool syncs;
};

static void
forget_temp(struct file *file)
{
	temp_forget(file->slot);
	file->slot = NULL;
	file->temp[0] = '\0';
}

static void
name_temp(struct file *file)
{
	static atomic_uint counter;

	snprintf(file->temp, sizeof(file->temp), TEMP_PREFIX "%ld-%u",
		 (long)getpid(), atomic_fetch_add(&counter, 1));
}

/* A file without a name, which no kill can leave behind (Linux). */
static int
open_unnamed(struct file *file)
{
#ifdef O_TMPFILE
	static atomic_int proc; /* 0 unknown, 1 there, -1 missing */

	if (atomic_load(&proc) == 0)
		atomic_store(&proc, access("/proc/self/fd", X_OK) ? -1 : 1);
	if (atomic_load(&proc) < 0)
		return -1;
	file->fd = io_open(file->dirfd, ".", O_TMPFILE | O_RDWR, 0666);
	return file->fd < 0 ? -1 : 0;
#else
	(void)file;
	return -1;
#endif
}

static int
open_temp(struct file *file)
{
	do {
		name_temp(file);
		file->fd = io_open(file->dirfd, file->temp,
				   O_RDWR | O_CREAT | O_EXCL, 0666);
	} while (file->fd < 0 && errno == EEXIST);
	if (file->fd < 0)
		return -1;
	file->slot = temp_remember(file->dirfd, file->temp);
	return 0;
}

static int
open_direct(struct file *file)
{
	file->direct = true;
	file->fd = io_open(file->dirfd, file->name, O_WRONLY | O_NOCTTY, 0);
	return file->fd < 0 ? -1 : 0;
}

static int
open_body(struct file *file)
{
	struct stat st;
	const bool there = fstatat(file->dirfd, file->name, &st, 0) == 0;

	if (there && !S_ISREG(st.st_mode))
		return open_direct(file);
	if (open_unnamed(file) < 0 && open_temp(file) < 0)
		return -1;
	/* What others may not read stays so. */
	return there ? fchmod(file->fd, st.st_mode & 0777) : 0;
}

static int
open_directory(int dirfd, const char *path, size_t n)
{
	char *name = n ? slice_dup((struct slice){path, n}) : xstrdup(".");
	int fd;

	if (n == 0 && dirfd != AT_FDCWD)
		fd = fcntl(dirfd, F_DUPFD_CLOEXEC, 3);
	else
		fd = io_open(dirfd, name, O_RDONLY | O_DIRECTORY, 0);
	free(name);
	return fd;
}

static void
free_file(struct file *file)
{
	int error = errno;

	if (file->fd >= 0)
		close(file->fd);
	if (file->temp[0])
		unlinkat(file->dirfd, file->temp, 0);
	forget_temp(file);
	if (file->dirfd >= 0)
		close(file->dirfd);
	free(file->name);
	free(file);
	errno = error;
}

/* Where a link at `path` leads, whether that is there or not; or NULL. */
static char *
read_link(const char *path)
{
	const char *slash = strrchr(path, '/');
	char target[4096];
	struct buf where = {0};
	ssize_t n = readlink(path, target, sizeof(target));

	if (n <= 0 || (size_t)n == sizeof(target))
		return NULL;
	if (target[0] != '/' && slash)
		buf_put(&where, path, (size_t)(slash - path) + 1);
	buf_put(&where, target, (size_t)n);
	buf_cstr(&where);
	return where.data;
}

/*
 * What is written: a link the user made stays one, even where its target is
 * not there yet. NULL: `path` itself.
 */
static char *
find_target(int dirfd, const char *path)
{
	char *real = dirfd == AT_FDCWD ? realpath(path, NULL) : NULL, *next;
	int depth = 0;

	if (real || dirfd != AT_FDCWD)
		return real;
	while (depth++ < 40 && (next = read_link(real ? real : path))) {
		free(real);
		real = next;
	}
	return real;
}

/* The descriptor that a path such as /dev/stdout means; -1 for other paths. */
static int
descriptor_of(const char *path)
{
	static const char *const before[] = {"/dev/fd/", "/proc/self/fd/"};
	size_t i;

	if (strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (i = 0; i < sizeof(before) / sizeof(*before); i++) {
		const size_t n = strlen(before[i]);
		char *end;
		long fd;

		if (strncmp(path, before[i], n) != 0)
			continue;
		fd = strtol(path + n, &end, 10);
		if (end > path + n && !*end && fd >= 0 && fd < 1 << 20)
			return (int)fd;
	}
	return -1;
}

/* A stream that is open already, which is written on. */
static struct file *
create_on(int fd)
{
	struct file *file = xcalloc(1, sizeof(*file));

	file->direct = true;
	file->dirfd = -1;
	file->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (file->fd >= 0)
		return file;
	free_file(file);
	return NULL;
}

struct file *
file_create(int dirfd, const char *path)
{
	char *real;
	const char *target, *slash;
	struct file *file;

	if (descriptor_of(path) >= 0)
		return create_on(descriptor_of(path));
	real = find_target(dirfd, path);
	target = real ? real : path;
	slash = strrchr(target, '/');
	file = xcalloc(1, sizeof(*file));
	file->fd = -1;
	file->name = xstrdup(slash ? slash + 1 : target);
	file->dirfd = open_directory(dirfd, target,
				     slash ? (size_t)(slash - target) + 1 : 0);
	free(real);
	if (file->dirfd < 0 || open_body(file) < 0) {
		free_file(file);
		return NULL;
	}
	if (dirfd == AT_FDCWD && !file->direct)
		sandbox_allow(file->dirfd, SANDBOX_NAMES);
	return file;
}

struct file *
file_create_in(int dirfd)
{
	struct file *file = xcalloc(1, sizeof(*file));

	file->fd = -1;
	file->dirfd = open_directory(dirfd, "", 0);
	if (file->dirfd >= 0 &&
	    (open_unnamed(file) == 0 || open_temp(file) == 0))
		return file;
	free_file(file);
	return NULL;
}

int
file_fd(const struct file *file)
{
	return file->fd;
}

void
file_syncs(struct file *file)
{
	file->syncs = !file->direct;
}

/* Makes a file system report what it kept back, as close(2) would. */
static int
settle(const struct file *file)
{
	int copy;

	if (file->syncs && fsync(file->fd) < 0)
		return -1;
	copy = fcntl(file->fd, F_DUPFD_CLOEXEC, 3);
	return copy < 0 ? -1 : close(copy);
}

static int
link_unnamed(struct file *file, int dirfd, const char *name)
{
	char self[64];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", file->fd);
	return linkat(AT_FDCWD, self, dirfd, name, AT_SYMLINK_FOLLOW);
}

/* A temporary name for what had none: 0, or -1 with errno set. */
static int
link_temp(struct file *file)
{
	do {
		name_temp(file);
		if (link_unnamed(file, file->dirfd, file->temp) == 0) {
			file->slot = temp_remember(file->dirfd, file->temp);
			return 0;
		}
	} while (errno == EEXIST);
	file->temp[0] = '\0';
	return -1;
}

/* linkat(2) never replaces: then a temporary name goes between. */
static int
link_or_rename(struct file *file, int dirfd, const char *name)
{
	if (file->direct)
		return 0;
	if (!file->temp[0]) {
		if (link_unnamed(file, dirfd, name) == 0)
			return 0;
		if (errno != EEXIST || link_temp(file) < 0)
			return -1;
	}
	if (renameat(file->dirfd, file->temp, dirfd, name) < 0)
		return -1;
	forget_temp(file);
	return 0;
}

static int
give_name(struct file *file, int dirfd, const char *name)
{
	if (link_or_rename(file, dirfd, name) < 0)
		return -1;
	return file->syncs ? fsync(dirfd) : 0;
}

int
file_publish_as(struct file *file, int dirfd, const char *name)
{
	int result = settle(file);

	if (result == 0)
		result = give_name(file, dirfd, name);
	free_file(file);
	return result;
}

int
file_publish(struct file *file)
{
	int result = settle(file);

	if (result == 0)
		result = give_name(file, file->dirfd, file->name);
	free_file(file);
	return result;
}

void
file_drop(struct file *file)
{
	if (file)
		free_file(file);
}

static int
open_below(int dirfd, const char *name, bool make)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
	int fd = io_open(dirfd, name, flags, 0);

	if (fd < 0 && errno == ENOENT && make &&
	    (mkdirat(dirfd, name, 0777) == 0 || errno == EEXIST))
		fd = io_open(dirfd, name, flags, 0);
	if (fd < 0 && errno == ELOOP)
		errno = ENOTDIR;
	return fd;
}

int
file_open_parent(int dirfd, const char *path, bool make)
{
	char *copy = xstrdup(path), *at = copy, *slash;
	int fd = open_directory(dirfd, "", 0);

	while (fd >= 0 && (slash = strchr(at, '/')) != NULL) {
		int above = fd, error;

		*slash = '\0';
		fd = open_below(above, at, make);
		error = errno;
		close(above);
		errno = error;
		at = slash + 1;
	}
	free(copy);
	return fd;
}

void
file_sweep(int dirfd)
{
	int fd = io_open(dirfd, ".", O_RDONLY | O_DIRECTORY, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	time_t now = time(NULL);
	struct dirent *entry;
	struct stat st;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, TEMP_PREFIX, strlen(TEMP_PREFIX)) ==
			    0 &&
		    fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode) && now - st.st_mtime > STALE)
			unlinkat(fd, entry->d_name, 0);
	closedir(dir);
}
