#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "net/url.h"
#include "store/regular.h"

enum {
	PIECE = 1 << 16, /* bytes of a file read at a time */
	PARENTS = 4      /* directories kept open */
};

/* A directory below DIR that is kept open; path and fd belong together. */
struct parent {
	struct buf path; /* with a slash behind it */
	int fd;          /* -1: none */
};

struct store {
	char *dir;
	int dirfd; /* -1: there is none to read */
	struct manifest *manifest;
	struct file_names *names;
	struct store_line line; /* for looking at claims */
	struct parent parents[PARENTS];
	size_t oldest; /* of them */
};

static struct claim
stored_claim(const struct stored *stored)
{
	const struct remote remote = {
		.sample = stored->sample,
		.labelset = stored->labelset,
		.frame = stored->frame,
		.url = stored->url,
	};

	return remote_claim(&remote);
}

/* For struct claims; the line that was looked at last stays in `line`. */
struct looking {
	const struct store *store;
	struct store_line *line;
};

static bool
read_claim(void *context, uint64_t at, struct claim *claim)
{
	const struct looking *looking = context;

	if (!manifest_read(looking->store->manifest, at, looking->line))
		return false;
	*claim = stored_claim(&looking->line->stored);
	return true;
}

/* Takes in the lines that were added since: 0, or -1 with errno set. */
static int
sync_names(struct store *store)
{
	struct buf path = {0};
	uint64_t at;
	int result;

	while ((result = manifest_next(store->manifest, &path, &at)) > 0) {
		file_names_put_line(store->names, buf_view(&path), at);
		buf_reset(&path);
	}
	buf_release(&path);
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

static int
open_parts(struct store *store, const char *dir, bool write)
{
	if (write && make_directories(dir) < 0)
		return -1;
	do
		store->dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (store->dirfd < 0 && errno == EINTR);
	if (store->dirfd < 0 && (write || errno != ENOENT))
		return -1;
	if (write && refuse_unsafe(store->dirfd) < 0)
		return -1;
	if (write)
		file_sweep(store->dirfd);
	store->manifest = manifest_open(store->dirfd, write);
	if (!store->manifest)
		return -1;
	file_names_reserve(store->names, manifest_count(store->manifest));
	return sync_names(store);
}

struct store *
store_open(const char *dir, bool write)
{
	struct store *store = xcalloc(1, sizeof(*store));

	store->dir = xstrdup(dir);
	store->dirfd = -1;
	for (size_t i = 0; i < PARENTS; i++)
		store->parents[i].fd = -1;
	store->names = file_names_open();
	if (open_parts(store, dir, write) == 0)
		return store;
	if (errno == REGULAR_NOT)
		diag_say(NULL, "%s/manifest.ndjson: %s", dir,
			 regular_error(errno));
	else
		diag_say(NULL, "%s: %s", dir, strerror(errno));
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
	file_names_close(store->names);
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

/* True when a regular file of this size lies at the path. */
static bool
is_there(struct store *store, const char *path, uint64_t size)
{
	int parent = open_parent(store, path, false);
	struct stat st;

	return parent >= 0 &&
	       fstatat(parent, base_of(path), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && (uint64_t)st.st_size == size;
}

static enum name_state
choose(struct store *store, const struct remote *remote, struct buf *path,
       struct store_line *line)
{
	struct looking looking = {store, line};
	const struct claims claims = {read_claim, &looking};
	uint64_t at;

	buf_reset(path);
	return file_names_choose(store->names, remote, &claims, path, &at);
}

enum name_state
store_choose(struct store *store, const struct remote *remote, struct buf *path,
	     struct store_line *line)
{
	enum name_state state = choose(store, remote, path, line);

	/* What is not there may have come by another run meanwhile. */
	if (state == NAME_FRESH && sync_names(store) == 0 &&
	    !file_names_held(store->names, buf_view(path), remote))
		state = choose(store, remote, path, line);
	if (state != NAME_KNOWN ||
	    is_there(store, buf_cstr(path), line->stored.size))
		return state;
	file_names_retake(store->names, buf_view(path), remote);
	return NAME_FRESH;
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
	struct buf path = {0};
	unsigned char sum[DIGEST_SIZE];
	int parent;
	bool good;

	buf_slice(&path, stored->path);
	parent = open_parent(store, buf_cstr(&path), false);
	good = parent >= 0 && digest_file(parent, base_of(path.data), sum) &&
	       memcmp(sum, stored->sum, sizeof(sum)) == 0;
	if (!good)
		file_names_retake(store->names, buf_view(&path), remote);
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
	struct buf url = {0};
	int result;

	url_put_stable(&url, remote->url);
	whole.path = path;
	whole.sample = remote->sample;
	whole.labelset = remote->labelset;
	whole.frame = remote->frame;
	whole.url = buf_view(&url);
	result = manifest_add(store->manifest, &whole);
	buf_release(&url);
	return result;
}

/* Gives the file the name `path`, then tells of it. Frees the file. */
static int
name_file(struct store *store, struct file *file, const struct remote *remote,
	  const struct stored *stored, struct buf *path)
{
	int parent = open_parent(store, buf_cstr(path), true);

	if (parent < 0) {
		file_drop(file);
		return -1;
	}
	if (file_publish_as(file, parent, base_of(buf_cstr(path))) < 0)
		return -1;
	return add_line(store, remote, stored, buf_view(path));
}

/* store_publish, while the manifest is locked and its lines are known. */
static int
publish_locked(struct store *store, struct file *file,
	       const struct remote *remote, const struct stored *stored,
	       bool replace, struct buf *path)
{
	enum name_state state = NAME_FRESH;
	struct buf again = {0};
	int result = 0;

	if (!replace && !file_names_held(store->names, buf_view(path), remote))
		state = store_choose(store, remote, path, &store->line);
	if (state == NAME_KNOWN || state == NAME_NONE) {
		file_drop(file);
		errno = EEXIST;
		return state == NAME_KNOWN ? 0 : -1;
	}
	result = name_file(store, file, remote, stored, path);
	/* Reads our own line, and marks it as handed out in this run. */
	if (result == 0 && sync_names(store) == 0)
		(void)choose(store, remote, &again, &store->line);
	buf_release(&again);
	return result;
}

int
store_publish(struct store *store, struct file *file,
	      const struct remote *remote, const struct stored *stored,
	      bool replace, struct buf *path)
{
	int result, error;

	if (manifest_lock(store->manifest) < 0 || sync_names(store) < 0) {
		error = errno;
		file_drop(file);
		manifest_unlock(store->manifest);
		errno = error;
		return -1;
	}
	result = publish_locked(store, file, remote, stored, replace, path);
	error = errno;
	manifest_unlock(store->manifest);
	errno = error;
	return result;
}

bool
store_find(struct store *store, const struct remote *remote, struct buf *path,
	   struct store_line *line)
{
	struct looking looking = {store, line};
	const struct claims claims = {read_claim, &looking};
	const size_t start = path->len;
	struct buf whole = {0};
	struct stat st;
	uint64_t at;
	bool found;

	if (store->dirfd < 0 ||
	    !file_names_find(store->names, remote, &claims, path, &at))
		return false;
	buf_put(&whole, path->data + start, path->len - start);
	found = fstatat(store->dirfd, buf_cstr(&whole), &st,
			AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISREG(st.st_mode) &&
		(uint64_t)st.st_size == line->stored.size;
	buf_release(&whole);
	if (!found)
		path->len = start;
	return found;
}

void
store_put_path(const struct store *store, struct slice path, struct buf *to)
{
	buf_puts(to, store->dir);
	if (to->len && to->data[to->len - 1] != '/')
		buf_putc(to, '/');
	buf_slice(to, path);
}
