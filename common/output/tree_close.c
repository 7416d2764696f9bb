/* The end of a tree: what goes, the index files, the list. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/parts.h"
#include "output/tree_parts.h"

static int
say(const struct tree *tree, const char *path)
{
	diag_say(NULL, "%s/%s: %s", tree->dir, path, strerror(errno));
	return -1;
}

/* True where both paths are names of one file: case is not always told. */
static bool
is_one_file(const struct tree *tree, const char *a, const char *b)
{
	struct stat one, other;

	return fstatat(tree->dirfd, a, &one, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstatat(tree->dirfd, b, &other, AT_SYMLINK_NOFOLLOW) == 0 &&
	       io_same_file(&one, &other);
}

static bool
is_index(const struct tree *tree, struct slice path)
{
	size_t i;

	for (i = 0; i < tree->indices; i++)
		if (slice_is(path, tree->index[i].path))
			return true;
	return false;
}

/* 1 for a path that this run has confirmed, or its index; 0; -1 with errno. */
static int
belongs(struct tree *tree, struct slice path)
{
	const struct wanted_path *wanted =
		wanted_find(&tree->wanted, path_folded_key(path));
	struct buf spelt = {0};
	char *name;
	bool same;

	if (is_index(tree, path))
		return 1;
	if (!wanted || wanted->at == UNCONFIRMED)
		return 0;
	if (tree_unspool(tree, wanted->at, &spelt, NULL) < 0) {
		buf_release(&spelt);
		return -1;
	}
	same = slice_equal(buf_view(&spelt), path);
	if (!same) {
		name = slice_dup(path);
		same = is_one_file(tree, name, buf_cstr(&spelt));
		free(name);
	}
	buf_release(&spelt);
	return same;
}

/* Removes directories that are empty, from the one `path` lies in upwards. */
static void
remove_empty(const struct tree *tree, char *path)
{
	char *slash;

	while ((slash = strrchr(path, '/')) != NULL) {
		int parent, gone;

		*slash = '\0';
		parent = file_open_parent(tree->dirfd, path, false);
		if (parent < 0)
			return;
		slash = strrchr(path, '/');
		gone = unlinkat(parent, slash ? slash + 1 : path, AT_REMOVEDIR);
		close(parent);
		if (gone < 0)
			return;
	}
}

/* Removes a file that is ours no more: 0, or -1 with the message said. */
static int
remove_file(const struct tree *tree, char *name)
{
	const char *slash = strrchr(name, '/');
	int parent = file_open_parent(tree->dirfd, name, false), gone;

	/* A directory that is a link by now is no longer ours. */
	if (parent < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0
							   : say(tree, name);
	gone = unlinkat(parent, slash ? slash + 1 : name, 0);
	if (gone < 0 && (errno == ENOENT || errno == EISDIR))
		gone = 0;
	if (gone < 0)
		say(tree, name);
	close(parent);
	if (gone == 0)
		remove_empty(tree, name);
	return gone;
}

/* For tree_list_read: 0, or -1 with the message said. */
static int
remove_stale(void *context, struct slice path)
{
	struct tree *tree = context;
	int ours = belongs(tree, path), result;
	char *name;

	if (ours > 0)
		return 0;
	name = slice_dup(path);
	/* What cannot be told apart stays. */
	result = ours < 0 ? say(tree, name) : remove_file(tree, name);
	free(name);
	return result;
}

static bool
has_same(int a, int b)
{
	char left[1 << 14], right[1 << 14];
	ptrdiff_t n, m;
	uint64_t at = 0;

	do {
		n = io_pread(a, left, sizeof(left), at);
		m = io_pread(b, right, sizeof(right), at);
		if (n < 0 || n != m || memcmp(left, right, (size_t)n) != 0)
			return false;
		at += (uint64_t)n;
	} while (n > 0);
	return true;
}

/* True where the file at a path has the bytes of another one already. */
static bool
is_there(const struct tree *tree, const char *path, const struct file *file)
{
	int fd = io_open(tree->dirfd, path, O_RDONLY | O_NOFOLLOW, 0);
	bool same = fd >= 0 && has_same(fd, file_fd(file));

	if (fd >= 0)
		close(fd);
	return same;
}

/* Writes an index file: 0, or -1 with the message said. */
static int
publish_index(struct tree *tree, size_t i)
{
	const char *path = tree->index[i].path;
	struct file *file = tree->index[i].file;
	struct buf why = {0};
	int result;

	tree->index[i].file = NULL;
	if (!file)
		return say(tree, path);
	if (is_there(tree, path, file)) {
		file_drop(file);
		return 0;
	}
	result = tree_publish_index(tree, path, file, &why);
	if (result < 0)
		diag_say(NULL, "%s", buf_cstr(&why));
	buf_release(&why);
	return result;
}

static void
put_line(struct out *to, struct slice path)
{
	out_put(to, path);
	out_put(to, slice_of("\n"));
}

/* Copies the confirmed paths that are ours, in input order: 0, or -1. */
static int
list_confirmed(struct tree *tree, struct out *to)
{
	struct parts parts = {.fd = tree->spool_fd, .end = '\0'};
	struct slice part;
	size_t n = 0;
	int got;

	while ((got = parts_next(&parts, &part)) > 0)
		if (n++ % 2 == 0 && path_set_has(&tree->ours, path_key(part)))
			put_line(to, part);
	parts_release(&parts);
	return got;
}

/* The list's bytes: 0, or -1 with the message said. */
static int
fill_list(struct tree *tree, const struct file *file)
{
	struct out *to = out_open(file_fd(file), tree->list_name);
	int result = list_confirmed(tree, to);
	size_t i;

	if (result < 0)
		say(tree, tree->list_name);
	for (i = 0; i < tree->indices; i++) {
		const struct slice path = slice_of(tree->index[i].path);

		if (path_set_has(&tree->ours, path_key(path)))
			put_line(to, path);
	}
	return out_close(to) < 0 ? -1 : result;
}

/* Writes the list anew, which ends the run: 0, or -1 with the message said. */
static int
replace_list(struct tree *tree)
{
	struct file *file = tree_create(tree);

	if (!file)
		return say(tree, tree->list_name);
	if (fill_list(tree, file) < 0) {
		file_drop(file);
		return -1;
	}
	if (file_publish_as(file, tree->dirfd, tree->list_name) < 0)
		return say(tree, tree->list_name);
	return 0;
}

/* Waits for the disk, if that was asked for: 0, or -1 with the message said. */
static int
sync_all(const struct tree *tree)
{
	if (!tree->syncs || syncfs(tree->dirfd) == 0)
		return 0;
	diag_say(NULL, "%s: %s", tree->dir, strerror(errno));
	return -1;
}

static int
finish_tree(struct tree *tree)
{
	size_t i;
	int got;

	if (out_flush(tree->spool) < 0)
		return -1;
	got = tree_list_read(&tree->list, remove_stale, tree);
	if (got == TREE_LIST_UNREAD)
		say(tree, tree->list_name);
	if (got < 0 || sync_all(tree) < 0)
		return -1;
	for (i = 0; i < tree->indices; i++)
		if (publish_index(tree, i) < 0)
			return -1;
	if (replace_list(tree) < 0)
		return -1;
	return sync_all(tree);
}

int
tree_close(struct tree *tree, bool publish)
{
	int result = 0;

	if (!tree)
		return 0;
	if (publish)
		result = finish_tree(tree);
	tree_free(tree);
	return result;
}
