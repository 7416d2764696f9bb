/*
 * Which file belongs to which sample: the one place that decides where below
 * DIR the image and the label of a record lie.
 *
 * A file's path follows from its record alone, unless another sample has it
 * already: then it gets a digest of its own sample in its name. So the first
 * to come keeps the plain name, and what is known from an earlier run (lines
 * of a manifest, see store.h) counts as having come first.
 */
#ifndef FILE_NAMES_H
#define FILE_NAMES_H

#include "base/buf.h"
#include "record/record.h"

/* A file that a record wants. All text is decoded. */
struct remote {
	enum asset_kind kind;
	struct slice name;     /* of the sample */
	struct slice sample;   /* what the sample is known by: uuid or name */
	struct slice labelset; /* of a label, empty for the default one */
	struct slice frame;    /* the record's `frame`, raw JSON, or empty */
	struct slice url;      /* as it stands in `url` */
	struct slice source;   /* where to ask: `signed_url` if there, or url */
	struct slice asset;    /* the object in the record that has the url */
};

/*
 * Fills in what a record wants, with `text` as the memory of it. False where
 * there is nothing to fetch: no such asset, or its url null or empty.
 */
bool remote_read(const struct record *record, enum asset_kind kind,
		 struct remote *remote, struct buf *text);

/* Digests that tell samples, and URLs without their signature, apart. */
struct claim {
	uint64_t owner;
	uint64_t url;
};

struct claim remote_claim(const struct remote *remote);

/* Reads the claim of a file that a line of the manifest tells of. */
struct claims {
	bool (*read)(void *context, uint64_t line, struct claim *claim);
	void *context;
};

struct file_names;

struct file_names *file_names_open(void);
void file_names_close(struct file_names *names);
/* Makes room for so many files at once. */
void file_names_reserve(struct file_names *names, size_t count);
/* The file at `path` (below DIR) is what a line of the manifest tells of. */
void
file_names_put_line(struct file_names *names, struct slice path, uint64_t line);

enum name_state {
	NAME_FRESH, /* free until now, or of the same sample at another URL */
	NAME_KNOWN, /* in the manifest, for the same sample and URL */
	NAME_USED,  /* chosen before in this run, same sample and URL */
	NAME_NONE,  /* all that could be tried is taken */
};

/*
 * Chooses the path below DIR and appends it to `path`; it is taken from now
 * on. A path that this run gave to the same sample for another URL is taken,
 * too. `claims` may be NULL where file_names_put_line was never called; *line
 * is set with NAME_KNOWN.
 */
enum name_state
file_names_choose(struct file_names *names, const struct remote *remote,
		  const struct claims *claims, struct buf *path,
		  uint64_t *line);
/*
 * Looks for a file that is in the manifest for this sample and URL, without
 * choosing: true with `path` appended and *line set. For any thread while no
 * other changes `names`.
 */
bool
file_names_find(const struct file_names *names, const struct remote *remote,
		const struct claims *claims, struct buf *path, uint64_t *line);
/* True where this run chose the path for just this, and nobody came since. */
bool file_names_held(const struct file_names *names, struct slice path,
		     const struct remote *remote);
/* What the manifest tells of the path is not so: it is as chosen anew. */
void file_names_retake(struct file_names *names, struct slice path,
		       const struct remote *remote);

#endif
