/* The end of a tree: what goes, the index files, the list. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
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
	       one.st_ino == other.st_ino && one.st_dev == other.st_dev;
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

/* True for a path that this run has confirmed, or its index. */
static bool
belongs(struct tree *tree, struct slice path)
{
	const struct wanted_path *wanted =
		wanted_find(&tree->wanted, path_folded_key(path));
	struct buf spelt = {0};
	char *name;
	bool same;

	if (is_index(tree, path))
		return true;
	if (!wanted || wanted->at == UNCONFIRMED)
		return false;
	tree_unspool(tree, wanted->at, &spelt, NULL);
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

/* For tree_list_read: 0, or -1 with the message said. */
static int
remove_stale(void *context, struct slice path)
{
	struct tree *tree = context;
	const char *slash;
	char *name;
	int parent, result = 0;

	if (belongs(tree, path))
		return 0;
	name = slice_dup(path);
	slash = strrchr(name, '/');
	parent = file_open_parent(tree->dirfd, name, false);
	/* A directory that is a link by now is no longer ours. */
	if (parent < 0 && errno != ENOENT && errno != ENOTDIR)
		result = say(tree, name);
	if (parent >= 0) {
		if (unlinkat(parent, slash ? slash + 1 : name, 0) < 0 &&
		    errno != ENOENT && errno != EISDIR)
			result = say(tree, name);
		close(parent);
		if (result == 0)
			remove_empty(tree, name);
	}
	free(name);
	return result;
}

static bool
has_same(int a, int b)
{
	char left[1 << 14], right[1 << 14];
	ssize_t n, m;
	off_t at = 0;

	do {
		n = pread(a, left, sizeof(left), at);
		m = pread(b, right, sizeof(right), at);
		if (n < 0 || n != m || memcmp(left, right, (size_t)n) != 0)
			return false;
		at += n;
	} while (n > 0);
	return true;
}

/* True where the file at a path has the bytes of another one already. */
static bool
is_there(const struct tree *tree, const char *path, const struct file *file)
{
	int fd = openat(tree->dirfd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
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

/* Copies the confirmed paths that are ours, in input order. */
static int
list_confirmed(struct tree *tree, FILE *to)
{
	int copy = fcntl(tree->spool_fd, F_DUPFD_CLOEXEC, 3);
	FILE *from = copy < 0 ? NULL : fdopen(copy, "r");
	char *line = NULL;
	size_t room = 0, part = 0;
	ssize_t n;

	if (!from)
		return -1;
	rewind(from);
	while ((n = getdelim(&line, &room, '\0', from)) > 0) {
		struct slice path = {line, (size_t)n - 1};

		if (part++ % 2 == 0 &&
		    path_set_has(&tree->ours, path_key(path)))
			fprintf(to, "%s\n", line);
	}
	free(line);
	fclose(from);
	return 0;
}

/* Writes the list anew, which ends the run: 0, or -1 with errno. */
static int
replace_list(struct tree *tree)
{
	struct file *file = tree_create(tree);
	int copy = file ? fcntl(file_fd(file), F_DUPFD_CLOEXEC, 3) : -1;
	FILE *to = copy < 0 ? NULL : fdopen(copy, "w");
	int result = to ? list_confirmed(tree, to) : -1;
	size_t i;

	for (i = 0; result == 0 && i < tree->indices; i++)
		if (path_set_has(&tree->ours,
				 path_key(slice_of(tree->index[i].path))))
			fprintf(to, "%s\n", tree->index[i].path);
	if (to && fclose(to) != 0)
		result = -1;
	if (result == 0)
		return file_publish_as(file, tree->dirfd, tree->list_name);
	file_drop(file);
	return -1;
}

static int
finish_tree(struct tree *tree)
{
	size_t i;

	if (out_flush(tree->spool) < 0)
		return -1;
	if (tree_list_read(&tree->list, remove_stale, tree) < 0)
		return -1;
	for (i = 0; i < tree->indices; i++)
		if (publish_index(tree, i) < 0)
			return -1;
	return replace_list(tree) < 0 ? say(tree, tree->list_name) : 0;
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
