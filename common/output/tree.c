#include "output/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/sandbox.h"
#include "base/stream.h"
#include "output/tree_parts.h"

const char *const tree_links[] = {"symlink", "hard", "copy", "none", NULL};

/* DIR/.PROGRAM.files and the like. */
static char *
hidden_name(const char *ending)
{
	struct buf name = {0};
	char *result;

	buf_printf(&name, ".%s.%s", diag_program(), ending);
	result = slice_dup(buf_view(&name));
	buf_release(&name);
	return result;
}

/* Makes DIR with those above it: 0, or -1 with errno. */
static int
make_directories(const char *dir)
{
	char *path = xstrdup(dir), *at = path;
	int result = 0;

	while (result == 0 && (at = strchr(at + 1, '/')) != NULL) {
		*at = '\0';
		if (mkdir(path, 0777) < 0 && errno != EEXIST)
			result = -1;
		*at = '/';
	}
	if (result == 0 && mkdir(path, 0777) < 0 && errno != EEXIST)
		result = -1;
	free(path);
	return result;
}

/* Removes what a killed run left in the directory of temporary files. */
static void
empty_temp(struct tree *tree)
{
	int copy = fcntl(tree->tempfd, F_DUPFD_CLOEXEC, 3);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			unlinkat(tree->tempfd, entry->d_name, 0);
	if (dir)
		closedir(dir);
}

static int
open_temp(struct tree *tree)
{
	if (mkdirat(tree->dirfd, tree->temp_name, 0777) < 0 && errno != EEXIST)
		return -1;
	tree->tempfd = io_open(tree->dirfd, tree->temp_name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (tree->tempfd < 0)
		return -1;
	empty_temp(tree);
	return 0;
}

static int
take_ours(void *context, struct slice path)
{
	struct tree *tree = context;

	path_set_add(&tree->ours, path_key(path));
	return 0;
}

/* Opens all that is in DIR: 0, or -1 with errno. */
static int
open_parts(struct tree *tree)
{
	if (make_directories(tree->dir) < 0)
		return -1;
	tree->dirfd = io_open(AT_FDCWD, tree->dir, O_RDONLY | O_DIRECTORY, 0);
	if (tree->dirfd < 0)
		return -1;
	if (tree->link == TREE_HARD)
		sandbox_allow_files();
	else
		sandbox_allow(tree->dirfd, SANDBOX_FILES);
	tree->real = realpath(tree->dir, NULL);
	if (!tree->real)
		return -1;
	if (tree_list_open(&tree->list, tree->dirfd, tree->list_name) < 0 ||
	    tree_list_read(&tree->list, take_ours, tree) < 0 ||
	    tree_list_mend(&tree->list) < 0)
		return -1;
	return open_temp(tree);
}

void
tree_free(struct tree *tree)
{
	struct pending *next;
	size_t i;

	for (i = 0; i < PENDING_LISTS; i++)
		for (; tree->pending[i]; tree->pending[i] = next) {
			next = tree->pending[i]->next;
			free(tree->pending[i]);
		}
	for (i = 0; i < tree->indices; i++) {
		free(tree->index[i].path);
		file_drop(tree->index[i].file);
	}
	if (tree->tempfd >= 0) {
		close(tree->tempfd);
		unlinkat(tree->dirfd, tree->temp_name, AT_REMOVEDIR);
	}
	tree_list_close(&tree->list);
	if (tree->dirfd >= 0)
		close(tree->dirfd);
	if (tree->spool)
		out_close(tree->spool);
	if (tree->spool_fd >= 0)
		close(tree->spool_fd);
	for (i = 0; i < STRIPES; i++)
		pthread_mutex_destroy(&tree->stripes[i]);
	pthread_mutex_destroy(&tree->lock);
	free(tree->wanted.slots);
	free(tree->ours.slots);
	free(tree->list_name);
	free(tree->temp_name);
	free(tree->real);
	free(tree->dir);
	free(tree);
}

struct tree *
tree_open(const char *dir, enum tree_link link)
{
	struct tree *tree = xcalloc(1, sizeof(*tree));
	size_t i;

	tree->dir = xstrdup(dir);
	tree->link = link;
	tree->dirfd = tree->tempfd = tree->list.fd = -1;
	tree->list_name = hidden_name("files");
	tree->temp_name = hidden_name("new");
	pthread_mutex_init(&tree->lock, NULL);
	for (i = 0; i < STRIPES; i++)
		pthread_mutex_init(&tree->stripes[i], NULL);
	tree->spool_fd = stream_temporary();
	if (tree->spool_fd >= 0) {
		tree->spool = out_open(tree->spool_fd, "temporary file");
		if (open_parts(tree) == 0)
			return tree;
		diag_say(NULL, "%s: %s", dir,
			 errno == EWOULDBLOCK ? "another run writes there"
					      : strerror(errno));
	}
	tree_free(tree);
	return NULL;
}

void
tree_syncs(struct tree *tree)
{
	tree->syncs = true;
}

__attribute__((format(printf, 4, 5))) static int
fail(const struct tree *tree, struct slice path, struct buf *why,
     const char *format, ...)
{
	va_list args;

	buf_printf(why, "%s/", tree->dir);
	buf_slice(why, path);
	buf_puts(why, ": ");
	va_start(args, format);
	buf_vprintf(why, format, args);
	va_end(args);
	return -1;
}

/* Where a file is to come: what the two ways of putting one share. */
struct place_in_tree {
	char *path;
	const char *name; /* its last part */
	int parent;       /* its directory */
	uint64_t key, number;
};

/* Keeps in mind what a record puts. The lock is held. */
static void
add_pending(struct tree *tree, uint64_t number, struct slice path)
{
	struct pending **list = &tree->pending[number % PENDING_LISTS];
	struct pending *pending = xmalloc(sizeof(*pending) + path.n);

	*pending = (struct pending){*list, number, path.n};
	memcpy(pending->path, path.p, path.n);
	*list = pending;
}

/* Takes the path for a record; false where one before it has it. */
static bool
want(struct tree *tree, uint64_t key, uint64_t number, struct slice path)
{
	struct wanted_path *wanted;
	bool first;

	pthread_mutex_lock(&tree->lock);
	add_pending(tree, number, path);
	wanted = wanted_add(&tree->wanted, key);
	first = number <= wanted->number;
	if (first)
		wanted->number = number;
	pthread_mutex_unlock(&tree->lock);
	return first;
}

static bool
still_wanted(struct tree *tree, const struct place_in_tree *at)
{
	bool still;

	if (!at->number)
		return true;
	pthread_mutex_lock(&tree->lock);
	still = wanted_find(&tree->wanted, at->key)->number == at->number;
	pthread_mutex_unlock(&tree->lock);
	return still;
}

/* Writes a path into the list before there is a file: 0, or -1 with errno. */
static int
own(struct tree *tree, struct slice path)
{
	int result = 0;

	pthread_mutex_lock(&tree->lock);
	if (path_set_add(&tree->ours, path_key(path)))
		result = tree_list_add(&tree->list, path);
	pthread_mutex_unlock(&tree->lock);
	return result;
}

static bool
is_ours(struct tree *tree, struct slice path)
{
	bool ours;

	pthread_mutex_lock(&tree->lock);
	ours = path_set_has(&tree->ours, path_key(path));
	pthread_mutex_unlock(&tree->lock);
	return ours;
}

static pthread_mutex_t *
stripe(struct tree *tree, uint64_t key)
{
	return &tree->stripes[key % STRIPES];
}

/* Opens the place: 0, or -1 with *why. */
static int
open_place(struct tree *tree, struct slice path, struct place_in_tree *at,
	   struct buf *why)
{
	const char *slash;

	at->path = slice_dup(path);
	slash = strrchr(at->path, '/');
	at->name = slash ? slash + 1 : at->path;
	at->parent = file_open_parent(tree->dirfd, at->path, true);
	if (at->parent >= 0)
		return 0;
	fail(tree, path, why, "%s", strerror(errno));
	free(at->path);
	return -1;
}

static void
close_place(struct place_in_tree *at)
{
	close(at->parent);
	free(at->path);
}

/*
 * Makes a path ours where the file is to change; what somebody else has put
 * there stays: 0, or -1 with *why.
 */
static int
claim_place(struct tree *tree, const struct place_in_tree *at, struct buf *why)
{
	struct slice path = slice_of(at->path);
	struct stat st;

	if (!is_ours(tree, path) &&
	    fstatat(at->parent, at->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return fail(tree, path, why,
			    "is there, and not from here: move it away, or "
			    "choose another directory");
	if (own(tree, path) < 0)
		return fail(tree, slice_of(tree->list_name), why, "%s",
			    strerror(errno));
	return 0;
}

/* True where the file that is there has just these bytes. */
static bool
has_bytes(const struct place_in_tree *at, struct slice bytes)
{
	struct buf there = {0};
	struct stat st;
	bool same;

	if (fstatat(at->parent, at->name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode) || (uint64_t)st.st_size != bytes.n)
		return false;
	same = io_read_file(at->parent, at->name, bytes.n, &there) == 0 &&
	       slice_equal(buf_view(&there), bytes);
	buf_release(&there);
	return same;
}

/* Gives a file its place, unless an earlier record wants it by now. */
static int
publish(struct tree *tree, const struct place_in_tree *at, struct file *file)
{
	pthread_mutex_t *lock = stripe(tree, at->key);
	int result = 0;

	pthread_mutex_lock(lock);
	if (still_wanted(tree, at))
		result = file_publish_as(file, at->parent, at->name);
	else
		file_drop(file);
	pthread_mutex_unlock(lock);
	return result;
}

/* Writes a file with these bytes and gives it its place. */
static int
write_bytes(struct tree *tree, const struct place_in_tree *at,
	    struct slice bytes, struct buf *why)
{
	struct file *file;

	if (claim_place(tree, at, why) < 0)
		return -1;
	file = tree_create(tree);
	if (file && io_write(file_fd(file), bytes.p, bytes.n) < 0) {
		file_drop(file);
		file = NULL;
	}
	if (file && publish(tree, at, file) == 0)
		return 0;
	return fail(tree, slice_of(at->path), why, "%s", strerror(errno));
}

int
tree_put(struct tree *tree, uint64_t number, struct slice path,
	 struct slice bytes, struct buf *why)
{
	struct place_in_tree at = {.key = path_folded_key(path),
				   .number = number};
	int result = 0;

	if (!want(tree, at.key, number, path))
		return 0;
	if (open_place(tree, path, &at, why) < 0)
		return -1;
	if (!has_bytes(&at, bytes))
		result = write_bytes(tree, &at, bytes, why);
	close_place(&at);
	return result;
}

/* True where the file that is there is another one itself: a hard link. */
static bool
is_file(const struct place_in_tree *at, const char *other)
{
	struct stat here, there;

	return fstatat(at->parent, at->name, &here, AT_SYMLINK_NOFOLLOW) == 0 &&
	       stat(other, &there) == 0 && here.st_ino == there.st_ino &&
	       here.st_dev == there.st_dev;
}

/* Makes a link under a temporary name: 0, or -1 with errno. */
static int
make_link(struct tree *tree, const char *target, const char *temp)
{
	if (tree->link == TREE_SYMLINK)
		return symlinkat(target, tree->tempfd, temp);
	return linkat(AT_FDCWD, target, tree->tempfd, temp, 0);
}

static int
publish_link(struct tree *tree, const struct place_in_tree *at,
	     const char *target)
{
	pthread_mutex_t *lock = stripe(tree, at->key);
	char temp[64];
	int result, error;

	/* One at a time for a key, and no other key has this name. */
	snprintf(temp, sizeof(temp), "link-%016llx",
		 (unsigned long long)at->key);
	pthread_mutex_lock(lock);
	result = make_link(tree, target, temp);
	if (result == 0 && still_wanted(tree, at))
		result = renameat(tree->tempfd, temp, at->parent, at->name);
	/* Two names of one file are left by rename, which does nothing then. */
	error = errno;
	unlinkat(tree->tempfd, temp, 0);
	errno = error;
	pthread_mutex_unlock(lock);
	return result;
}

static bool
has_link(const struct tree *tree, const struct place_in_tree *at,
	 const char *target)
{
	char there[PATH_MAX];
	ssize_t n;

	if (tree->link == TREE_HARD)
		return is_file(at, target);
	n = readlinkat(at->parent, at->name, there, sizeof(there));
	return n >= 0 && (size_t)n == strlen(target) &&
	       memcmp(there, target, (size_t)n) == 0;
}

/* The directory that a path will lie in, absolute, with its slash. */
static void
directory_of(const struct tree *tree, struct slice path, struct buf *to)
{
	buf_puts(to, strcmp(tree->real, "/") == 0 ? "" : tree->real);
	buf_putc(to, '/');
	buf_slice(to, path);
	while (to->data[to->len - 1] != '/')
		to->len--;
}

static int
place_link(struct tree *tree, const struct place_in_tree *at, const char *image,
	   struct buf *why)
{
	struct buf target = {0}, directory = {0};
	struct slice path = slice_of(at->path);
	int result = 0;

	if (tree->link == TREE_HARD) {
		buf_puts(&target, image);
	} else {
		directory_of(tree, path, &directory);
		tree_put_target(&target, buf_view(&directory), slice_of(image));
	}
	if (!has_link(tree, at, buf_cstr(&target))) {
		result = claim_place(tree, at, why);
		if (result == 0 &&
		    publish_link(tree, at, buf_cstr(&target)) < 0)
			result =
				fail(tree, path, why, "%s%s", strerror(errno),
				     errno == EXDEV ? ": --link copy can" : "");
	}
	buf_release(&target);
	buf_release(&directory);
	return result;
}

static int
place_copy(struct tree *tree, const struct place_in_tree *at, const char *image,
	   struct buf *why)
{
	struct buf bytes = {0};
	int result = 0;

	if (io_read_file(AT_FDCWD, image, SIZE_MAX / 2, &bytes) < 0)
		result = fail(tree, slice_of(at->path), why, "%s",
			      strerror(errno));
	else if (is_file(at, image) || !has_bytes(at, buf_view(&bytes)))
		result = write_bytes(tree, at, buf_view(&bytes), why);
	buf_release(&bytes);
	return result;
}

int
tree_place(struct tree *tree, uint64_t number, struct slice path,
	   const char *image, struct buf *why)
{
	struct place_in_tree at = {.key = path_folded_key(path),
				   .number = number};
	char *real;
	int result;

	if (tree->link == TREE_NONE || !want(tree, at.key, number, path))
		return 0;
	real = realpath(image, NULL);
	if (!real) {
		buf_printf(why, "%s: %s", image, strerror(errno));
		return -1;
	}
	result = open_place(tree, path, &at, why);
	if (result == 0) {
		result = tree->link == TREE_COPY
				 ? place_copy(tree, &at, real, why)
				 : place_link(tree, &at, real, why);
		close_place(&at);
	}
	free(real);
	return result;
}

/* Keeps what is confirmed with its sample, and says where. */
static uint64_t
spool(struct tree *tree, struct slice path, struct slice sample)
{
	static const struct slice nul = {"", 1};
	const uint64_t at = tree->spooled;
	size_t n = strnlen(sample.p ? sample.p : "", sample.n);

	out_put(tree->spool, path);
	out_put(tree->spool, nul);
	out_put(tree->spool, (struct slice){sample.p, n});
	out_put(tree->spool, nul);
	tree->spooled += path.n + n + 2;
	return at;
}

int
tree_unspool(struct tree *tree, uint64_t at, struct buf *path,
	     struct buf *sample)
{
	struct buf *parts[] = {path, sample};
	char block[512];
	size_t part = 0, i;
	ptrdiff_t n = 1;

	while (part < 2 && n > 0) {
		n = io_pread(tree->spool_fd, block, sizeof(block), at);
		for (i = 0; part < 2 && (ptrdiff_t)i < n; i++)
			if (block[i] == '\0')
				part++;
			else if (parts[part])
				buf_putc(parts[part], block[i]);
		at += n > 0 ? (uint64_t)n : 0;
	}
	if (n == 0)
		errno = EIO;
	return part == 2 ? 0 : -1;
}

/* Takes one path of a record off the lists. The lock is held. */
static void
drop_pending(struct tree *tree, uint64_t number, struct slice path)
{
	struct pending **at = &tree->pending[number % PENDING_LISTS], *one;

	for (; (one = *at) != NULL; at = &one->next)
		if (one->number == number &&
		    slice_equal((struct slice){one->path, one->length}, path)) {
			*at = one->next;
			free(one);
			return;
		}
}

int
tree_confirm(struct tree *tree, uint64_t number, struct slice path,
	     struct slice sample, struct buf *why)
{
	struct wanted_path *wanted;
	struct buf other = {0};
	uint64_t at;
	bool mine;

	pthread_mutex_lock(&tree->lock);
	drop_pending(tree, number, path);
	wanted = wanted_find(&tree->wanted, path_folded_key(path));
	mine = wanted && wanted->number == number;
	at = wanted ? wanted->at : UNCONFIRMED;
	if (mine && at == UNCONFIRMED)
		wanted->at = spool(tree, path, sample);
	pthread_mutex_unlock(&tree->lock);
	/* The same record may put one path twice by mistake, too. */
	if (mine && at == UNCONFIRMED)
		return 0;
	if (at != UNCONFIRMED && out_flush(tree->spool) == 0)
		(void)tree_unspool(tree, at, NULL, &other);
	fail(tree, path, why,
	     "is already the file of sample %s: rename one of the two, or "
	     "leave one out",
	     other.len ? buf_cstr(&other) : "that failed");
	buf_release(&other);
	return -1;
}

/* Takes all that a record has put off the lists, the first one first. */
static struct pending *
take_pending(struct tree *tree, uint64_t number)
{
	struct pending **at, *taken = NULL, *one;

	pthread_mutex_lock(&tree->lock);
	at = &tree->pending[number % PENDING_LISTS];
	while ((one = *at) != NULL) {
		if (one->number != number) {
			at = &one->next;
			continue;
		}
		*at = one->next;
		one->next = taken;
		taken = one;
	}
	pthread_mutex_unlock(&tree->lock);
	return taken;
}

int
tree_settle(struct tree *tree, uint64_t number, struct slice sample,
	    struct buf *why)
{
	struct pending *one = take_pending(tree, number), *next;
	int result = 0;

	for (; one; one = next) {
		next = one->next;
		if (result == 0)
			result = tree_confirm(tree, number,
					      (struct slice){one->path,
							     one->length},
					      sample, why);
		free(one);
	}
	return result;
}

bool
tree_holds(struct tree *tree, uint64_t number)
{
	const struct pending *one;

	pthread_mutex_lock(&tree->lock);
	one = tree->pending[number % PENDING_LISTS];
	while (one && one->number != number)
		one = one->next;
	pthread_mutex_unlock(&tree->lock);
	return one;
}

void
tree_forget(struct tree *tree, uint64_t number)
{
	struct pending *one = take_pending(tree, number), *next;

	for (; one; one = next) {
		next = one->next;
		free(one);
	}
}

struct file *
tree_create(struct tree *tree)
{
	return file_create(tree->tempfd, "file");
}

int
tree_publish_index(struct tree *tree, const char *path, struct file *file,
		   struct buf *why)
{
	struct place_in_tree at = {.number = 0};
	int result = open_place(tree, slice_of(path), &at, why);

	if (result < 0 || claim_place(tree, &at, why) < 0)
		file_drop(file);
	else if (publish(tree, &at, file) < 0)
		fail(tree, slice_of(path), why, "%s", strerror(errno));
	if (result == 0)
		close_place(&at);
	return why->len ? -1 : 0;
}

void
tree_index(struct tree *tree, const char *path, struct slice bytes)
{
	struct file *file = tree_create(tree);

	if (file && io_write(file_fd(file), bytes.p, bytes.n) < 0) {
		file_drop(file);
		file = NULL;
	}
	tree_index_file(tree, path, file);
}

void
tree_index_file(struct tree *tree, const char *path, struct file *file)
{
	if (tree->indices == INDEX_ROOM)
		diag_die(NULL, "%s: more index files than were thought of",
			 path);

	tree->index[tree->indices].path = xstrdup(path);
	tree->index[tree->indices].file = file;
	tree->indices++;
}
