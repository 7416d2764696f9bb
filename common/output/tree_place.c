/* Files and links put into a tree, by any thread. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "output/tree_parts.h"

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
	tree_fail(tree, path, why, "%s", strerror(errno));
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
		return tree_fail(
			tree, path, why,
			"is there, and not from here: move it away, or "
			"choose another directory");
	if (own(tree, path) < 0)
		return tree_fail(tree, slice_of(tree->list_name), why, "%s",
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
	return tree_fail(tree, slice_of(at->path), why, "%s", strerror(errno));
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
	       stat(other, &there) == 0 && io_same_file(&here, &there);
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
			result = tree_fail(tree, path, why, "%s%s",
					   strerror(errno),
					   errno == EXDEV ? ": --link copy can"
							  : "");
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
		result = tree_fail(tree, slice_of(at->path), why, "%s",
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

int
tree_publish_index(struct tree *tree, const char *path, struct file *file,
		   struct buf *why)
{
	struct place_in_tree at = {.number = 0};
	int result = open_place(tree, slice_of(path), &at, why);

	if (result < 0 || claim_place(tree, &at, why) < 0)
		file_drop(file);
	else if (publish(tree, &at, file) < 0)
		tree_fail(tree, slice_of(path), why, "%s", strerror(errno));
	if (result == 0)
		close_place(&at);
	return why->len ? -1 : 0;
}
