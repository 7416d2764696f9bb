#include "store/asset_stores.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

/* More directories than that are not looked into: each is a file kept open. */
enum { STORES_MOST = 64 };

/* A directory, and what is in it: NULL where there was no manifest yet. */
struct known_store {
	char *dir;
	struct store *store;
};

struct asset_stores {
	pthread_mutex_t lock;                  /* of all below */
	struct known_store known[STORES_MOST]; /* DIR is the first */
	size_t count;
};

struct asset_stores *
asset_stores_open(const char *directory)
{
	const struct store_options options = {.directory = directory};
	struct store *store = store_open(&options);
	struct slice dir = slice_of(directory);
	struct asset_stores *stores;

	if (!store)
		return NULL;
	while (dir.n > 1 && dir.p[dir.n - 1] == '/')
		dir.n--;
	stores = xcalloc(1, sizeof(*stores));
	stores->known[stores->count++] =
		(struct known_store){slice_dup(dir), store};
	pthread_mutex_init(&stores->lock, NULL);
	return stores;
}

void
asset_stores_close(struct asset_stores *stores)
{
	if (!stores)
		return;
	for (size_t i = 0; i < stores->count; i++) {
		free(stores->known[i].dir);
		store_close(stores->known[i].store);
	}
	pthread_mutex_destroy(&stores->lock);
	free(stores);
}

/* Opens a directory's store, if it has a manifest. */
static struct store *
open_told(const char *dir)
{
	const struct store_options options = {.directory = dir};
	struct buf manifest = {0};
	struct stat st;
	bool there;

	buf_printf(&manifest, "%s/manifest.ndjson", dir);
	there = lstat(buf_cstr(&manifest), &st) == 0 && S_ISREG(st.st_mode);
	buf_release(&manifest);
	return there ? store_open(&options) : NULL;
}

/* The entry of a directory, or NULL where there are too many. */
static struct known_store *
find_known(struct asset_stores *stores, struct slice dir)
{
	struct known_store *known;
	size_t i;

	for (i = 0; i < stores->count; i++)
		if (slice_is(dir, stores->known[i].dir))
			return &stores->known[i];
	if (i == STORES_MOST)
		return NULL;
	known = &stores->known[stores->count++];
	known->dir = slice_dup(dir);
	known->store = open_told(known->dir);
	return known;
}

/* What a run that fills the directory meanwhile has added. */
static void
refresh(struct known_store *known)
{
	struct store *store;

	if (known->store && store_tells(known->store)) {
		(void)store_sync(known->store);
		return;
	}
	store = open_told(known->dir);
	if (!store)
		return;
	store_close(known->store);
	known->store = store;
}

/* The part of a path that begins here is a directory of a store's. */
static bool
begins_store(struct slice rest)
{
	static const char *const names[] = {"images/", "labels/", "labels-"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (rest.n > 7 && memcmp(rest.p, names[i], 7) == 0)
			return true;
	return false;
}

static bool
holds(struct known_store *known, struct slice rest, const struct remote *remote,
      struct store_line *line)
{
	if (!known)
		return false;
	if (known->store && store_holds(known->store, rest, remote, line))
		return true;
	refresh(known);
	return known->store && store_holds(known->store, rest, remote, line);
}

bool
asset_stores_hold(struct asset_stores *stores, const struct remote *remote,
		  struct store_line *line)
{
	struct slice path = remote->path, dir, rest;
	bool found = false;

	if (memchr(path.p, '\0', path.n))
		return false;
	pthread_mutex_lock(&stores->lock);
	for (size_t i = 0; i < path.n && !found; i++) {
		rest = (struct slice){path.p + i, path.n - i};
		if ((i && path.p[i - 1] != '/') || !begins_store(rest))
			continue;
		dir = i ? (struct slice){path.p, i} : slice_of(".");
		while (dir.n > 1 && dir.p[dir.n - 1] == '/')
			dir.n--;
		found = holds(find_known(stores, dir), rest, remote, line);
	}
	pthread_mutex_unlock(&stores->lock);
	return found;
}

bool
asset_stores_find(struct asset_stores *stores, const struct remote *remote,
		  struct buf *path, struct store_line *line)
{
	struct known_store *own = &stores->known[0];
	struct buf below = {0};
	bool found;

	pthread_mutex_lock(&stores->lock);
	found = store_find(own->store, remote, &below, line);
	if (!found) {
		refresh(own);
		found = store_find(own->store, remote, &below, line);
	}
	if (found)
		store_put_path(own->store, buf_view(&below), path);
	pthread_mutex_unlock(&stores->lock);
	buf_release(&below);
	return found;
}

bool
asset_stores_untold(struct asset_stores *stores, const struct remote *remote,
		    struct buf *path)
{
	struct buf below = {0};
	struct stat st;

	file_name_put(remote, FILE_BY_NAME, &below);
	pthread_mutex_lock(&stores->lock);
	store_put_path(stores->known[0].store, buf_view(&below), path);
	pthread_mutex_unlock(&stores->lock);
	buf_release(&below);
	return stat(buf_cstr(path), &st) == 0 && S_ISREG(st.st_mode);
}
