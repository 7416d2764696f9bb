#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/sandbox.h"
#include "net/url.h"
#include "store/regular.h"
#include "store/store_parts.h"

enum { PIECE = 1 << 16 /* bytes of a file read at a time */ };

int
store_sync(struct store *store)
{
	struct added_line *added = &store->added;
	int result;

	while ((result = manifest_next(store->manifest, added)) > 0) {
		file_index_put_line(store->index,
				    file_index_path(store->index,
						    buf_view(&added->path)),
				    added->at);
		if (store->options.write || !added->url.len)
			continue;
		file_index_put_line(store->index,
				    file_index_url(buf_view(&added->url)),
				    added->at);
	}
	return result;
}

/* Makes a directory and those above it. */
static int
make_directories(const char *dir)
{
	char *copy = xstrdup(dir), *p;

	for (p = copy + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		(void)mkdir(copy, 0777);
		*p = '/';
	}
	free(copy);
	return mkdir(dir, 0777) < 0 && errno != EEXIST ? -1 : 0;
}

/*
 * In a directory that anyone may write to, others could swap what is found
 * there while it is used.
 */
static int
refuse_unsafe(int dirfd)
{
	struct stat st;

	if (fstat(dirfd, &st) < 0)
		return -1;
	if (st.st_mode & S_IWOTH && !(st.st_mode & S_ISVTX) &&
	    st.st_uid != geteuid()) {
		errno = EPERM;
		return -1;
	}
	return 0;
}

/* True where a name in another case of letters is the same file. */
static bool
folds_case(int dirfd)
{
	struct stat one, other;

	return dirfd >= 0 &&
	       fstatat(dirfd, "manifest.ndjson", &one, AT_SYMLINK_NOFOLLOW) ==
		       0 &&
	       fstatat(dirfd, "Manifest.ndjson", &other, AT_SYMLINK_NOFOLLOW) ==
		       0 &&
	       io_same_file(&one, &other);
}

static int
open_parts(struct store *store)
{
	const bool write = store->options.write;

	if (write && make_directories(store->dir) < 0)
		return -1;
	store->dirfd = io_open(AT_FDCWD, store->dir, O_RDONLY | O_DIRECTORY, 0);
	if (store->dirfd < 0 && (write || errno != ENOENT))
		return -1;
	if (write && refuse_unsafe(store->dirfd) < 0)
		return -1;
	if (write) {
		sandbox_allow(store->dirfd, SANDBOX_FILES);
		file_sweep(store->dirfd);
	}
	store->manifest = manifest_open(store->dirfd, write);
	if (!store->manifest)
		return -1;
	store->index = file_index_open(folds_case(store->dirfd));
	file_index_reserve(store->index,
			   manifest_count(store->manifest) * (write ? 1 : 2));
	return store_sync(store);
}

struct store *
store_open(const struct store_options *options)
{
	struct store *store = xcalloc(1, sizeof(*store));

	store->options = *options;
	store->dir = xstrdup(options->directory);
	store->dirfd = -1;
	for (size_t i = 0; i < PARENTS; i++)
		store->parents[i].fd = -1;
	if (open_parts(store) == 0)
		return store;
	diag_say(NULL, "%s%s: %s", store->dir,
		 errno == REGULAR_NOT ? "/manifest.ndjson" : "",
		 regular_error(errno));
	store_close(store);
	return NULL;
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < PARENTS; i++) {
		if (store->parents[i].fd >= 0)
			close(store->parents[i].fd);
		buf_release(&store->parents[i].path);
	}
	if (store->dirfd >= 0)
		close(store->dirfd);
	manifest_close(store->manifest);
	file_index_close(store->index);
	buf_release(&store->added.path);
	buf_release(&store->added.url);
	buf_release(&store->url);
	buf_release(&store->clash);
	store_line_release(&store->line);
	free(store->dir);
	free(store);
}

/* The last part of a path. */
static const char *
base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * A descriptor of the directory a path lies in, kept open for the next path,
 * which mostly lies there, too; -1 with errno set.
 */
static int
open_parent(struct store *store, const char *path, bool make)
{
	const struct slice dir = {path, (size_t)(base_of(path) - path)};
	struct parent *parent;

	for (size_t i = 0; i < PARENTS; i++) {
		parent = &store->parents[i];
		if (parent->fd >= 0 &&
		    slice_equal(buf_view(&parent->path), dir))
			return parent->fd;
	}
	parent = &store->parents[store->oldest++ % PARENTS];
	if (parent->fd >= 0)
		close(parent->fd);
	buf_reset(&parent->path);
	buf_slice(&parent->path, dir);
	parent->fd = file_open_parent(store->dirfd, path, make);
	return parent->fd;
}

bool
store_has(struct store *store, const char *path, uint64_t size)
{
	int parent = open_parent(store, path, false);
	struct stat st;

	return parent >= 0 &&
	       fstatat(parent, base_of(path), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && (uint64_t)st.st_size == size;
}

/* Digests a file in `parent`; false where it cannot be read to its end. */
static bool
digest_file(int parent, const char *base, unsigned char *sum)
{
	struct digest *digest = digest_open();
	char *piece = xmalloc(PIECE);
	int fd = regular_open(parent, base, O_RDONLY | O_NOFOLLOW);
	ssize_t n = -1;

	do {
		n = read(fd, piece, PIECE);
		if (n > 0)
			digest_put(digest, piece, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (fd >= 0)
		close(fd);
	digest_get(digest, sum);
	digest_close(digest);
	free(piece);
	return n == 0;
}

bool
store_verify(struct store *store, const struct remote *remote,
	     const struct stored *stored)
{
	uint64_t key = file_index_path(store->index, stored->path);
	struct buf path = {0};
	unsigned char sum[DIGEST_SIZE];
	int parent;
	bool good;

	buf_slice(&path, stored->path);
	parent = open_parent(store, buf_cstr(&path), false);
	good = parent >= 0 && digest_file(parent, base_of(path.data), sum) &&
	       memcmp(sum, stored->sum, sizeof(sum)) == 0;
	if (!good)
		file_index_put_claim(store->index, key,
				     file_index_url(stored->url), remote->name,
				     remote->sample);
	buf_release(&path);
	return good;
}

struct file *
store_create(struct store *store)
{
	return file_create_in(store->dirfd);
}

static int
add_line(struct store *store, const struct remote *remote,
	 const struct stored *stored, struct slice path)
{
	struct stored whole = *stored;

	buf_reset(&store->url);
	url_put_stable(&store->url, remote->url);
	whole.path = path;
	whole.sample = remote->sample;
	if (!slice_equal(remote->name, remote->sample))
		whole.name = remote->name;
	whole.labelset = remote->labelset;
	whole.frame = remote->frame;
	whole.url = buf_view(&store->url);
	return manifest_add(store->manifest, &whole);
}

/* Gives the file the name `path`, then tells of it. Frees the file. */
static int
name_file(struct store *store, struct file *file, const struct remote *remote,
	  const struct stored *stored, struct slice path)
{
	struct buf name = {0};
	int parent, result = -1;

	buf_slice(&name, path);
	parent = open_parent(store, buf_cstr(&name), true);
	if (parent >= 0)
		result = file_publish_as(file, parent, base_of(name.data));
	else
		file_drop(file);
	buf_release(&name);
	return result < 0 ? -1 : add_line(store, remote, stored, path);
}

/* store_publish, while the manifest is locked and its lines are known. */
static enum store_state
publish_locked(struct store *store, struct file *file,
	       const struct remote *remote, const struct stored *stored,
	       bool again, struct slice path)
{
	uint64_t key = file_index_path(store->index, path);
	enum store_state state = STORE_MISSING;
	struct buf same = {0};

	if (!again && file_index_get(store->index, key).kind != ENTRY_CLAIM)
		state = store_choose(store, remote, &same, &store->line);
	buf_release(&same);
	if (state != STORE_MISSING) {
		file_drop(file);
		return state;
	}
	if (name_file(store, file, remote, stored, path) < 0)
		return STORE_MISSING;
	/* Reads our own line, and marks it as handed out in this run. */
	if (store_sync(store) == 0)
		file_index_use(store->index, key);
	return STORE_PRESENT;
}

enum store_state
store_publish(struct store *store, struct file *file,
	      const struct remote *remote, const struct stored *stored,
	      bool again, struct slice path)
{
	enum store_state state;
	int error;

	if ((store->options.syncs && fsync(file_fd(file)) < 0) ||
	    manifest_lock(store->manifest) < 0 || store_sync(store) < 0) {
		error = errno;
		file_drop(file);
		manifest_unlock(store->manifest);
		errno = error;
		return STORE_MISSING;
	}
	state = publish_locked(store, file, remote, stored, again, path);
	error = errno;
	manifest_unlock(store->manifest);
	errno = error;
	return state;
}

bool
store_tells(const struct store *store)
{
	return manifest_there(store->manifest);
}

int
store_sync_disk(const struct store *store)
{
	return syncfs(store->dirfd);
}

void
store_put_path(const struct store *store, struct slice path, struct buf *to)
{
	buf_puts(to, store->dir);
	if (to->len && to->data[to->len - 1] != '/')
		buf_putc(to, '/');
	buf_slice(to, path);
}
