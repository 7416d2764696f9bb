#include "store/asset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/sandbox.h"
#include "net/fetch.h"
#include "store/asset_stores.h"
#include "store/regular.h"

struct asset_source {
	struct asset_options options;
	struct asset_stores *stores;
	atomic_flag noted; /* that a path was not taken */
	atomic_bool missed;
};

struct asset_reader {
	struct asset_source *source;
	struct fetch *fetch; /* opened when first needed */
	struct remote remote;
	struct buf text, joined; /* of `remote` */
	struct buf path;         /* of the local file; empty: none */
	struct buf failure, url;
	struct store_line line;
};

struct asset_source *
asset_source_open(const struct asset_options *options)
{
	struct asset_source *source = xcalloc(1, sizeof(*source));

	source->options = *options;
	atomic_flag_clear(&source->noted);
	source->stores = asset_stores_open(options->directory);
	if (!options->offline)
		sandbox_allow_network();
	if (source->stores)
		return source;
	free(source);
	return NULL;
}

void
asset_source_close(struct asset_source *source)
{
	if (!source)
		return;
	asset_stores_close(source->stores);
	free(source);
}

bool
asset_source_missed(const struct asset_source *source)
{
	return source && atomic_load(&source->missed);
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
	buf_release(&reader->text);
	buf_release(&reader->joined);
	buf_release(&reader->path);
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

static const char *
fail(struct asset_reader *reader, const char *where, const char *why)
{
	buf_reset(&reader->failure);
	buf_puts(&reader->failure, where);
	buf_puts(&reader->failure, *where ? ": " : "");
	buf_puts(&reader->failure, why);
	return buf_cstr(&reader->failure);
}

/* Takes the record's path for the local file: NULL, or why not. */
static const char *
take_path(struct asset_reader *reader)
{
	buf_slice(&reader->path, reader->remote.path);
	if (strlen(buf_cstr(&reader->path)) < reader->path.len)
		return fail(reader, reader->path.data, "path has a NUL in it");
	return NULL;
}

/* The file of a URL: the record's path, if a manifest says so, or in DIR. */
static void
find_file(struct asset_reader *reader)
{
	struct asset_stores *stores = reader->source->stores;
	const struct remote *remote = &reader->remote;

	if (remote->path.n && asset_stores_hold(stores, remote, &reader->line))
		buf_slice(&reader->path, remote->path);
	else
		asset_stores_find(stores, remote, &reader->path, &reader->line);
	if (!reader->path.len)
		atomic_store(&reader->source->missed, true);
}

/*
 * Reads what the record says and finds the local file, in reader->path, or
 * leaves that empty where the network is to be asked. NULL, or why neither.
 */
static const char *
locate(struct asset_reader *reader, const struct record *record,
       enum asset_kind kind)
{
	struct remote *remote = &reader->remote;
	const char *why;

	buf_reset(&reader->path);
	buf_reset(&reader->url);
	*remote = (struct remote){0};
	if (!remote_read(record, kind, remote, &reader->text))
		return fail(reader, "", "neither path nor url");
	buf_slice(&reader->url, remote->url);
	why = remote_rebase(remote, reader->source->options.base,
			    &reader->joined);
	if (why)
		return fail(reader, buf_cstr(&reader->url), why);
	if (remote_absolute(remote->url)) {
		find_file(reader);
		return NULL;
	}
	/* Nothing contradicts a path without a URL. */
	if (remote->path.n)
		return take_path(reader);
	return fail(reader, buf_cstr(&reader->url), REMOTE_RELATIVE);
}

/* The record's path is a file that nobody vouches for. */
static const char *
fail_path(struct asset_reader *reader)
{
	const struct asset_options *options = &reader->source->options;
	struct buf *text = &reader->failure;

	buf_reset(text);
	buf_slice(text, reader->remote.path);
	buf_printf(text,
		   ": neither its directory's manifest.ndjson says that it is "
		   "of its URL, nor has %s a file of it",
		   options->directory);
	return buf_cstr(text);
}

/* Files without a manifest, copied perhaps without it. */
static const char *
fail_untold(struct asset_reader *reader, const char *path)
{
	return fail(reader, path,
		    "is there, but no manifest.ndjson says of which URL");
}

/* Why a file that is not here is not asked for with --offline. */
static const char *
fail_offline(struct asset_reader *reader)
{
	struct buf path = {0};
	const char *why;

	if (reader->remote.path.n)
		return fail_path(reader);
	if (asset_stores_untold(reader->source->stores, &reader->remote, &path))
		why = fail_untold(reader, buf_cstr(&path));
	else
		why = fail(reader, "", "not fetched yet, and --offline");
	buf_release(&path);
	return why;
}

/* Makes ready to ask the network: NULL, or why not. */
static const char *
open_network(struct asset_reader *reader)
{
	const struct asset_options *options = &reader->source->options;
	struct fetch_options fetch;

	if (options->offline)
		return fail_offline(reader);
	if (reader->remote.path.n &&
	    !atomic_flag_test_and_set(&reader->source->noted))
		diag_say(NULL, "%s; the network is asked", fail_path(reader));
	if (reader->fetch)
		return NULL;
	fetch_options_init(&fetch);
	fetch.public_only = options->public_only;
	reader->fetch = fetch_open(&fetch);
	return reader->fetch ? NULL : fail(reader, "", "no network");
}

/* What is to be read: all, or the first bytes. */
struct asset_request {
	enum asset_kind kind;
	size_t max;   /* bytes of all; or 0 */
	size_t least; /* bytes of a head */
	struct buf *to;
	bool *whole;
};

static const char *
ask(struct asset_reader *reader, struct slice url,
    const struct asset_request *wanted)
{
	buf_reset(wanted->to);
	buf_reset(&reader->url);
	buf_slice(&reader->url, url);
	if (wanted->max)
		return fetch_memory(reader->fetch, buf_view(&reader->url),
				    wanted->kind == ASSET_LABEL, wanted->max,
				    wanted->to);
	return fetch_head(reader->fetch, buf_view(&reader->url), wanted->least,
			  wanted->to, wanted->whole);
}

/* Asks at one URL of the record after the other. */
static const char *
ask_all(struct asset_reader *reader, const struct asset_request *wanted)
{
	const char *why = open_network(reader), *member;
	struct slice url;
	int n;

	if (why)
		return why;
	buf_reset(&reader->failure);
	for (n = 0; (url = remote_source(&reader->remote, n, &member)).n; n++) {
		why = ask(reader, url, wanted);
		if (!why)
			return NULL;
		if (strcmp(member, "signed_url") == 0 || n > 0)
			buf_printf(&reader->failure, "%s%s: ", n ? "; " : "",
				   member);
		buf_puts(&reader->failure, why);
	}
	return buf_cstr(&reader->failure);
}

/* The first `least` bytes of a file, or all of it: 0, or -1 with errno. */
static int
read_head(int fd, size_t least, struct buf *to, bool *whole)
{
	ssize_t n = 1;

	while (n > 0 && to->len < least) {
		n = read(fd, buf_reserve(to, least - to->len), least - to->len);
		if (n > 0)
			to->len += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	*whole = n == 0;
	return n < 0 ? -1 : 0;
}

static int
read_file(const char *path, const struct asset_request *wanted)
{
	int fd = regular_open(AT_FDCWD, path, O_RDONLY), result, error;

	if (fd < 0)
		return -1;
	if (wanted->whole)
		result =
			read_head(fd, wanted->least, wanted->to, wanted->whole);
	else
		result = io_read_rest(fd, wanted->max, wanted->to);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

static const char *
read_wanted(struct asset_reader *reader, const struct record *record,
	    const struct asset_request *wanted)
{
	const char *why = locate(reader, record, wanted->kind);

	buf_reset(wanted->to);
	if (why)
		return why;
	if (!reader->path.len)
		return ask_all(reader, wanted);
	buf_reset(&reader->url);
	if (read_file(buf_cstr(&reader->path), wanted) == 0)
		return NULL;
	return fail(reader, reader->path.data, regular_error(errno));
}

const char *
asset_read(struct asset_reader *reader, const struct record *record,
	   enum asset_kind kind, size_t max, struct buf *to)
{
	const struct asset_request wanted = {.kind = kind,
					     .max = max,
					     .to = to};

	return read_wanted(reader, record, &wanted);
}

bool
asset_local(struct asset_reader *reader, const struct record *record,
	    enum asset_kind kind)
{
	return !locate(reader, record, kind) && reader->path.len;
}

bool
asset_find(struct asset_reader *reader, const struct record *record,
	   enum asset_kind kind, struct buf *path)
{
	if (!asset_local(reader, record, kind))
		return false;
	buf_slice(path, buf_view(&reader->path));
	return true;
}

/* NOLINTBEGIN(readability-non-const-parameter): it is set, through `wanted` */
const char *
asset_read_head(struct asset_reader *reader, const struct record *record,
		enum asset_kind kind, size_t least, struct buf *to, bool *whole)
{
	const struct asset_request wanted = {
		.kind = kind,
		.least = least,
		.to = to,
		.whole = whole,
	};

	return read_wanted(reader, record, &wanted);
}
/* NOLINTEND(readability-non-const-parameter) */
