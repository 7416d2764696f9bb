/*
 * manifest.ndjson: a line for each file of a store, appended and never
 * changed. Part of store.h, which tells what it means.
 */
#ifndef MANIFEST_H
#define MANIFEST_H

#include "base/buf.h"
#include "codec/digest.h"

/* What the manifest tells of a file. */
struct stored {
	struct slice path; /* below DIR */
	struct slice sample, name, labelset, frame, url;
	uint64_t size; /* bytes */
	unsigned char sum[DIGEST_SIZE];
	struct slice etag, modified; /* as the server gave them, or empty */
};

/* A line of the manifest: its bytes, its text decoded, what it tells. */
struct store_line {
	struct buf raw, text;
	struct stored stored; /* borrowed from the two */
	struct buf url, path; /* of those who look for it */
};

void store_line_release(struct store_line *line);

struct manifest;

/*
 * Opens the manifest in a directory, for writing or reading; to read, a
 * missing one is as good as an empty one. NULL with errno set.
 */
struct manifest *manifest_open(int dirfd, bool write);
void manifest_close(struct manifest *manifest);
/* True where there is one. */
bool manifest_there(const struct manifest *manifest);
/* Waits for its lock, which lines are added under: 0, or -1 with errno. */
int manifest_lock(struct manifest *manifest);
void manifest_unlock(struct manifest *manifest);
/* The lines in it. */
size_t manifest_count(const struct manifest *manifest);
/* A line of the manifest that was added: its offset, and what it is of. */
struct added_line {
	uint64_t at;
	struct buf path, url;
};

/*
 * The next whole line that was added since the last one, by whatever run. 1;
 * 0 when there is no more; -1 with errno. Lines that are broken are left out.
 */
int manifest_next(struct manifest *manifest, struct added_line *added);
/* Reads the line at an offset; false where there is none. Any thread. */
bool manifest_read(const struct manifest *manifest, uint64_t at,
		   struct store_line *line);
/*
 * Adds a line, under the lock, with all lines returned by manifest_next; what
 * a killed run left of one goes first. 0, or -1 with errno and none added.
 */
int manifest_add(struct manifest *manifest, const struct stored *stored);

#endif
