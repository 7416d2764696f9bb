/* A file that a record names by its URL. */
#ifndef REMOTE_H
#define REMOTE_H

#include "base/buf.h"
#include "record/record.h"

/* All text is decoded; what the record lacks is empty. */
struct remote {
	enum asset_kind kind;
	struct slice name;     /* of the sample: its name, uuid or index */
	struct slice uuid;     /* of the sample */
	struct slice sample;   /* what the sample is known by: uuid or name */
	struct slice labelset; /* of a label, empty for the default one */
	struct slice frame;    /* the record's `frame`, raw JSON */
	struct slice url;      /* which file it is: `url`, else `signed_url` */
	struct slice signed_url; /* where to ask first */
	struct slice path;       /* where the record says that it lies */
	struct slice asset;      /* the object in the record that has these */
};

/*
 * Fills in what a record says of a file, with `text` as the memory of it.
 * False where it says neither URL nor path.
 */
bool remote_read(const struct record *record, enum asset_kind kind,
		 struct remote *remote, struct buf *text);
/*
 * The URL to ask at the n-th try, from 0, and what the record calls it; empty
 * after the last.
 */
struct slice
remote_source(const struct remote *remote, int n, const char **member);
/* What is wrong with a relative URL where there is no base. */
#define REMOTE_RELATIVE "not a URL; for one that is relative use --base"

/*
 * Completes a relative URL from `base`: a URL, which it is joined to in
 * `joined`, or a directory, below which it becomes the path, without a URL.
 * NULL; or why it cannot be done. An absolute one stays, and so does all
 * without a base.
 */
const char *
remote_rebase(struct remote *remote, const char *base, struct buf *joined);
/* A URL says where on a network a file is; else it is a path. */
bool remote_absolute(struct slice url);

#endif
