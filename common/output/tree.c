#include "output/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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

int
tree_fail(const struct tree *tree, struct slice path, struct buf *why,
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

struct file *
tree_create(struct tree *tree)
{
	return file_create(tree->tempfd, "file");
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
