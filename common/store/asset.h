/*
 * The bytes of a record's files, from wherever they can be had: the path that
 * seg-fetch put into the record, the directory it fills, or the network.
 *
 * A path holds only while the manifest of its directory says that it came from
 * the record's URL: else DIR is asked for that URL. A path without a URL has
 * nothing to contradict it.
 */
#ifndef ASSET_H
#define ASSET_H

#include "base/buf.h"
#include "record/record.h"

struct asset_options {
	const char *directory; /* where seg-fetch puts files */
	bool offline;          /* never ask the network */
	bool public_only;      /* refuse addresses of private networks */
	const char *base;      /* of relative URLs: a URL, a directory, NULL */
};

/* What all workers share; thread-safe. */
struct asset_source;

/* NULL with the message said. */
struct asset_source *asset_source_open(const struct asset_options *options);
void asset_source_close(struct asset_source *source);
/* Whether a file was looked for and is in no directory. */
bool asset_source_missed(const struct asset_source *source);

/* What one worker has. */
struct asset_reader;

struct asset_reader *asset_reader_open(struct asset_source *source);
void asset_reader_close(struct asset_reader *reader);

/* True when the record says where such a file is: a path or a URL. */
bool asset_named(const struct record *record, enum asset_kind kind);
/* True when such a file is here: the record has its path, or DIR holds it. */
bool asset_local(struct asset_reader *reader, const struct record *record,
		 enum asset_kind kind);
/* Likewise, and appends its path. */
bool asset_find(struct asset_reader *reader, const struct record *record,
		enum asset_kind kind, struct buf *path);
/*
 * Puts the whole file (at most `max` bytes) into `to`. NULL, or why not,
 * borrowed until the next call.
 */
const char *asset_read(struct asset_reader *reader, const struct record *record,
		       enum asset_kind kind, size_t max, struct buf *to);
/*
 * Likewise, but only its first bytes: at least `least` of them, or all with
 * *whole set.
 */
const char *asset_read_head(struct asset_reader *reader,
			    const struct record *record, enum asset_kind kind,
			    size_t least, struct buf *to, bool *whole);
/* The URL that was asked in vain by the last call; empty for a local file. */
struct slice asset_failed_url(const struct asset_reader *reader);

#endif
