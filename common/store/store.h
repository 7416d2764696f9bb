/*
 * What is in DIR: images/ and labels/ with the files, and manifest.ndjson with
 * a line for each file that came whole, appended when it has its name.
 *
 *	{"path":"images/a.jpg","sample":"...","name":"...","labelset":"...",
 *	 "frame":{...},"url":"...","size":N,"sha256":"...","etag":"...",
 *	 "modified":"..."}
 *
 * A file that no line tells of is not trusted. The last line of a path counts.
 * Several runs may share DIR: a line is written, and the file given its name,
 * while the manifest is locked, and each run reads what the others have added.
 *
 * Which file a path is for is told by the URL, without its signature: a path
 * that has another file already is not given away.
 */
#ifndef STORE_H
#define STORE_H

#include "base/file.h"
#include "store/file_name.h"
#include "store/manifest.h"

struct store;

struct store_options {
	const char *directory; /* DIR; borrowed */
	bool write;
	enum file_naming naming;
	bool replaces; /* the file of a sample may give way to its new URL's */
	bool syncs;    /* a file is on the disk before it has its name */
};

/*
 * Opens DIR. To read, a missing one is as good as an empty one; to write, it
 * is made. NULL with the message said.
 */
struct store *store_open(const struct store_options *options);
void store_close(struct store *store);

enum store_state {
	STORE_MISSING, /* the caller's to fetch */
	STORE_PRESENT, /* there, whole by its size */
	STORE_PENDING, /* the same as another one of this run, fetched by it */
	STORE_CLASH,   /* has no path, or one that is another's: store_clash */
};

/*
 * Says where the file of a record lies, appended to `path`, and whether it is
 * there; then *line is about it.
 */
enum store_state store_choose(struct store *store, const struct remote *remote,
			      struct buf *path, struct store_line *line);
/* What the last STORE_CLASH is about; borrowed. */
const char *store_clash(struct store *store);
/*
 * The digest of what is there agrees with the manifest. Where it does not, the
 * file is as good as missing from now on, and for the caller to fetch.
 */
bool store_verify(struct store *store, const struct remote *remote,
		  const struct stored *stored);
/* A new file for the body of a transfer; NULL with errno set. */
struct file *store_create(struct store *store);
/*
 * Gives a file its name and writes its line: `stored` tells size, sum, etag
 * and modified. `path` is what store_choose gave. With `again` a file that
 * STORE_PRESENT was said of gives way. Frees the file. STORE_PRESENT;
 * STORE_CLASH, where another run took the path meanwhile; STORE_MISSING with
 * errno set.
 */
enum store_state
store_publish(struct store *store, struct file *file,
	      const struct remote *remote, const struct stored *stored,
	      bool again, struct slice path);

/*
 * Looks for the file of a URL: true with its path below DIR appended to
 * `path`, and *line about it. For any thread, while no other one chooses or
 * publishes.
 */
bool store_find(const struct store *store, const struct remote *remote,
		struct buf *path, struct store_line *line);
/* The file at a path below DIR is that of the URL. As store_find. */
bool store_holds(const struct store *store, struct slice path,
		 const struct remote *remote, struct store_line *line);
/* There is a manifest. */
bool store_tells(const struct store *store);
/*
 * Takes in the lines that were added to the manifest since: 0, or -1 with
 * errno set. A run that writes does so itself, and looks for paths alone.
 */
int store_sync(struct store *store);
/* Waits until all of it is on the disk: 0, or -1 with errno set. */
int store_sync_disk(const struct store *store);

/* Appends DIR/path, as a record has it. */
void
store_put_path(const struct store *store, struct slice path, struct buf *to);

#endif
