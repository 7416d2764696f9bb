#include "store/asset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "net/fetch.h"
#include "store/file_names.h"
#include "store/regular.h"
#include "store/store.h"

struct asset_source {
	struct asset_options options;
	struct store *store;
};

struct asset_reader {
	struct asset_source *source;
	struct fetch *fetch; /* opened when first needed */
	struct buf path, text, failure, url;
	struct store_line line;
};

struct asset_source *
asset_source_open(const struct asset_options *options)
{
	struct asset_source *source = xcalloc(1, sizeof(*source));

	source->options = *options;
	source->store = store_open(options->directory, false);
	if (source->store)
		return source;
	free(source);
	return NULL;
}

void
asset_source_close(struct asset_source *source)
{
	if (!source)
		return;
	store_close(source->store);
	free(source);
}

struct asset_reader *
asset_reader_open(struct asset_source *source)
{
	struct asset_reader *reader = xcalloc(1, sizeof(*reader));

	reader->source = source;
	return reader;
}

void
asset_reader_close(struct asset_reader *reader)
{
	if (!reader)
		return;
	fetch_close(reader->fetch);
	buf_release(&reader->path);
	buf_release(&reader->text);
	buf_release(&reader->failure);
	buf_release(&reader->url);
	store_line_release(&reader->line);
	free(reader);
}

struct slice
asset_failed_url(const struct asset_reader *reader)
{
	return buf_view(&reader->url);
}

static bool
has_text(struct slice object, const char *key)
{
	struct slice value;

	return json_find(object, key, &value) &&
	       json_type(value) == JSON_STRING && value.n > 2;
}

bool
asset_named(const struct record *record, enum asset_kind kind)
{
	struct slice object;

	return record_asset(record, kind, &object) &&
	       (has_text(object, "path") || has_text(object, "url") ||
		has_text(object, "signed_url"));
}

/*
 * Finds the local file of an asset: true with its path in reader->path, else
 * what to ask for in *remote.
 */
static bool
find_file(struct asset_reader *reader, const struct record *record,
	  enum asset_kind kind, struct remote *remote)
{
	struct store *store = reader->source->store;
	struct slice object, value;

	buf_reset(&reader->path);
	if (record_asset(record, kind, &object) &&
	    json_find(object, "path", &value) &&
	    json_string(value, &reader->path) && reader->path.len)
		return true;
	buf_reset(&reader->text);
	if (!remote_read(record, kind, remote, &reader->text) ||
	    !store_find(store, remote, &reader->path, &reader->line))
		return false;
	buf_reset(&reader->text);
	store_put_path(store, buf_view(&reader->path), &reader->text);
	buf_reset(&reader->path);
	buf_slice(&reader->path, buf_view(&reader->text));
	return true;
}

static const char *
fail(struct asset_reader *reader, const char *where, const char *why)
{
	buf_reset(&reader->failure);
	buf_puts(&reader->failure, where);
	buf_puts(&reader->failure, *where ? ": " : "");
	buf_puts(&reader->failure, why);
	return buf_cstr(&reader->failure);
}

/* Some people rewrite a release's URLs to paths beside its file. */
static bool
is_relative(struct slice url)
{
	return !memmem(url.p, url.n, "://", 3);
}

/* Makes ready to ask the network for what is remote: NULL, or why not. */
static const char *
open_network(struct asset_reader *reader, const struct remote *remote)
{
	struct fetch_options options;

	buf_slice(&reader->url, remote->source);
	if (is_relative(remote->source))
		return fail(reader, buf_cstr(&reader->url),
			    "neither a URL nor, as it stands in `url`, a path");
	if (reader->source->options.offline)
		return fail(reader, "", "not fetched yet, and --offline");
	if (reader->fetch)
		return NULL;
	fetch_options_init(&options);
	reader->fetch = fetch_open(&options);
	return reader->fetch ? NULL : fail(reader, "", "no network");
}

/*
 * Finds where to read: *path is the file's, or NULL where the network, made
 * ready, is to be asked. NULL, or why there is neither.
 */
static const char *
locate(struct asset_reader *reader, const struct record *record,
       enum asset_kind kind, const char **path)
{
	struct remote remote = {0};

	*path = NULL;
	buf_reset(&reader->url);
	if (find_file(reader, record, kind, &remote)) {
		if (strlen(buf_cstr(&reader->path)) < reader->path.len)
			return fail(reader, reader->path.data,
				    "path has a NUL in it");
	} else if (!remote.url.n) {
		return fail(reader, "", "neither path nor url");
	} else {
		return open_network(reader, &remote);
	}
	*path = buf_cstr(&reader->path);
	return NULL;
}

static int
read_whole(const char *path, size_t max, struct buf *to)
{
	int fd = regular_open(AT_FDCWD, path, O_RDONLY), result, error;

	if (fd < 0)
		return -1;
	result = io_read_rest(fd, max, to);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

const char *
asset_read(struct asset_reader *reader, const struct record *record,
	   enum asset_kind kind, size_t max, struct buf *to)
{
	const char *path, *why = locate(reader, record, kind, &path);

	buf_reset(to);
	if (why)
		return why;
	if (!path)
		return fetch_memory(reader->fetch, buf_view(&reader->url),
				    kind == ASSET_LABEL, max, to);
	if (read_whole(path, max, to) == 0)
		return NULL;
	return fail(reader, path, regular_error(errno));
}

bool
asset_local(struct asset_reader *reader, const struct record *record,
	    enum asset_kind kind)
{
	struct remote remote;

	return find_file(reader, record, kind, &remote);
}

bool
asset_find(struct asset_reader *reader, const struct record *record,
	   enum asset_kind kind, struct buf *path)
{
	struct remote remote;

	if (!find_file(reader, record, kind, &remote))
		return false;
	buf_slice(path, buf_view(&reader->path));
	return true;
}

/* The first `least` bytes of a file, or all of it: 0, or -1 with errno. */
static int
read_head(const char *path, size_t least, struct buf *to, bool *whole)
{
	int fd = regular_open(AT_FDCWD, path, O_RDONLY), error;
	ssize_t n = 1;

	if (fd < 0)
		return -1;
	while (n > 0 && to->len < least) {
		n = read(fd, buf_reserve(to, least - to->len), least - to->len);
		if (n > 0)
			to->len += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	*whole = n == 0;
	error = errno;
	close(fd);
	errno = error;
	return n < 0 ? -1 : 0;
}

const char *
asset_read_head(struct asset_reader *reader, const struct record *record,
		enum asset_kind kind, size_t least, struct buf *to, bool *whole)
{
	const char *path, *why = locate(reader, record, kind, &path);

	buf_reset(to);
	if (why)
		return why;
	if (!path)
		return fetch_head(reader->fetch, buf_view(&reader->url), least,
				  to, whole);
	if (read_head(path, least, to, whole) == 0)
		return NULL;
	return fail(reader, path, regular_error(errno));
}
