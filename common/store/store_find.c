/* For those who only read, from any thread. */
#include <fcntl.h>
#include <sys/stat.h>

#include "net/url.h"
#include "store/store_parts.h"

/*
 * The file that a line of the manifest tells of is there, is that of the URL,
 * and no later line tells of another file in its place.
 */
static bool
is_current(const struct store *store, uint64_t at, struct slice url,
	   struct store_line *line)
{
	const struct stored *stored = &line->stored;
	struct file_entry last;
	struct stat st;

	if (!manifest_read(store->manifest, at, line) ||
	    !slice_equal(stored->url, url))
		return false;
	last = file_index_get(store->index,
			      file_index_path(store->index, stored->path));
	if (last.kind != ENTRY_LINE || last.line != at)
		return false;
	buf_reset(&line->path);
	buf_slice(&line->path, stored->path);
	return fstatat(store->dirfd, buf_cstr(&line->path), &st,
		       AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && (uint64_t)st.st_size == stored->size;
}

/* Tries what the index has for a key. */
static bool
try_key(const struct store *store, uint64_t key, struct store_line *line)
{
	struct file_entry entry = file_index_get(store->index, key);

	return entry.kind == ENTRY_LINE &&
	       is_current(store, entry.line, buf_view(&line->url), line);
}

static void
set_url(struct store_line *line, const struct remote *remote)
{
	buf_reset(&line->url);
	url_put_stable(&line->url, remote->url);
}

bool
store_holds(const struct store *store, struct slice path,
	    const struct remote *remote, struct store_line *line)
{
	if (store->dirfd < 0)
		return false;
	set_url(line, remote);
	return try_key(store, file_index_path(store->index, path), line);
}

bool
store_find(const struct store *store, const struct remote *remote,
	   struct buf *path, struct store_line *line)
{
	bool found;

	if (store->dirfd < 0 || !remote->url.n)
		return false;
	set_url(line, remote);
	/* Its own file, should there be several of this URL. */
	buf_reset(&line->path);
	file_name_put(remote, FILE_BY_NAME, &line->path);
	found = try_key(store,
			file_index_path(store->index, buf_view(&line->path)),
			line) ||
		try_key(store, file_index_url(buf_view(&line->url)), line);
	if (found)
		buf_slice(path, line->stored.path);
	return found;
}
