/* Which path is whose. */
#include "net/url.h"
#include "store/store_parts.h"

/* How a message names a sample: a.png (UUID), or a.png. */
static void
put_sample(struct buf *to, struct slice name, struct slice sample)
{
	buf_slice(to, name.n ? name : sample);
	if (!name.n || slice_equal(name, sample))
		return;
	buf_puts(to, " (");
	buf_slice(to, sample);
	buf_putc(to, ')');
}

/* Ends what is said of a path that is not for this sample. */
static enum store_state
refuse(struct store *store, const struct remote *remote)
{
	buf_puts(&store->clash, ", and not of ");
	put_sample(&store->clash, remote->name, remote->sample);
	buf_puts(&store->clash, ": use another -d");
	if (store->options.naming == FILE_BY_NAME && remote->uuid.n)
		buf_puts(&store->clash, ", or --names uuid");
	return STORE_CLASH;
}

static enum store_state
refuse_file(struct store *store, const struct remote *remote, struct slice path,
	    struct slice name, struct slice sample)
{
	struct buf *text = &store->clash;

	buf_reset(text);
	buf_slice(text, path);
	buf_puts(text, " is the file of ");
	put_sample(text, name, sample);
	if (!slice_equal(sample, remote->sample))
		return refuse(store, remote);
	buf_puts(text, " at another URL: use another -d");
	if (!store->options.replaces)
		buf_puts(text, ", or --refresh to replace it");
	return STORE_CLASH;
}

static enum store_state
refuse_claim(struct store *store, const struct remote *remote,
	     struct slice path, const struct file_claim *claim)
{
	return refuse_file(store, remote, path, slice_of(claim->name),
			   slice_of(claim->sample));
}

static bool
same_sample(const struct remote *remote, const struct stored *stored)
{
	return slice_equal(remote->sample, stored->sample) &&
	       slice_equal(remote->labelset, stored->labelset) &&
	       slice_equal(remote->frame, stored->frame);
}

/* A line of the manifest tells of the path. */
static enum store_state
judge_line(struct store *store, const struct remote *remote, struct buf *path,
	   const struct file_entry *entry, struct store_line *line)
{
	const struct stored *stored = &line->stored;

	if (!manifest_read(store->manifest, entry->line, line) ||
	    !store_has(store, buf_cstr(path), stored->size))
		return STORE_MISSING;
	if (slice_equal(stored->url, buf_view(&store->url)))
		return STORE_PRESENT;
	if (store->options.replaces && !entry->used &&
	    same_sample(remote, stored))
		return STORE_MISSING;
	return refuse_file(store, remote, buf_view(path), stored->name,
			   stored->sample);
}

/*
 * Takes the directories of a path below the one it is in any case. Where one
 * of them is a file, the path is not to be had.
 */
static enum store_state
take_directories(struct store *store, const struct remote *remote,
		 struct slice path)
{
	const char *first = memchr(path.p, '/', path.n), *end = path.p + path.n;

	for (const char *p = first ? first + 1 : end; p < end; p++) {
		struct slice above = {path.p, (size_t)(p - path.p)};
		struct file_entry entry;
		uint64_t key;

		if (*p != '/')
			continue;
		key = file_index_path(store->index, above);
		entry = file_index_get(store->index, key);
		if (entry.kind == ENTRY_CLAIM)
			return refuse_claim(store, remote, above, entry.claim);
		if (entry.kind == ENTRY_LINE &&
		    manifest_read(store->manifest, entry.line, &store->line) &&
		    slice_equal(store->line.stored.path, above))
			return refuse_file(store, remote, above,
					   store->line.stored.name,
					   store->line.stored.sample);
		file_index_put_directory(store->index, key);
	}
	return STORE_MISSING;
}

static enum store_state
refuse_directory(struct store *store, const struct remote *remote,
		 struct slice path)
{
	buf_reset(&store->clash);
	buf_slice(&store->clash, path);
	buf_puts(&store->clash, " is the directory of other files");
	return refuse(store, remote);
}

/* What the index tells of a path, for one who wants it. */
static enum store_state
judge(struct store *store, const struct remote *remote, struct buf *path,
      uint64_t key, struct store_line *line)
{
	struct file_entry entry = file_index_get(store->index, key);
	uint64_t url = file_index_url(buf_view(&store->url));
	enum store_state state;

	switch (entry.kind) {
	case ENTRY_CLAIM:
		if (entry.claim->url == url)
			return STORE_PENDING;
		return refuse_claim(store, remote, buf_view(path), entry.claim);
	case ENTRY_DIRECTORY:
		return refuse_directory(store, remote, buf_view(path));
	case ENTRY_LINE:
		state = judge_line(store, remote, path, &entry, line);
		if (state == STORE_PRESENT)
			file_index_use(store->index, key);
		break;
	default:
		state = take_directories(store, remote, buf_view(path));
	}
	if (state == STORE_MISSING)
		file_index_put_claim(store->index, key, url, remote->name,
				     remote->sample);
	return state;
}

enum store_state
store_choose(struct store *store, const struct remote *remote, struct buf *path,
	     struct store_line *line)
{
	uint64_t key;

	buf_reset(path);
	buf_reset(&store->url);
	url_put_stable(&store->url, remote->url);
	if (!file_name_put(remote, store->options.naming, path)) {
		buf_reset(&store->clash);
		buf_puts(&store->clash, "no uuid for --names uuid to go by");
		return STORE_CLASH;
	}
	key = file_index_path(store->index, buf_view(path));
	/* What is not there may have come by another run meanwhile. */
	if (file_index_get(store->index, key).kind == ENTRY_NONE)
		(void)store_sync(store);
	return judge(store, remote, path, key, line);
}

const char *
store_clash(struct store *store)
{
	return buf_cstr(&store->clash);
}
