/*
 * What is in DIR: images/ and labels/ with the files, and manifest.ndjson with
 * a line for each file that came whole, appended when it has its name.
 *
 *	{"path":"images/a.jpg","sample":"...","labelset":"...","frame":{...},
 *	 "url":"...","size":N,"sha256":"...","etag":"...","modified":"..."}
 *
 * A file that no line tells of is not trusted. The last line of a path counts.
 * Several runs may share DIR: a line is written, and the file given its name,
 * while the manifest is locked, and each run reads what the others have added.
 */
#ifndef STORE_H
#define STORE_H

#include "base/file.h"
#include "store/file_names.h"
#include "store/manifest.h"

struct store;

/*
 * Opens DIR. To read, a missing one is as good as an empty one; to write, it
 * is made. NULL with the message said.
 */
struct store *store_open(const char *dir, bool write);
void store_close(struct store *store);

/*
 * Chooses the path of a wanted file, appended to `path`, and says whether the
 * file is there, whole by its size: NAME_KNOWN, with *line about it. Else the
 * caller fetches it (NAME_FRESH), or has done so or is about to (NAME_USED).
 */
enum name_state store_choose(struct store *store, const struct remote *remote,
			     struct buf *path, struct store_line *line);
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
 * and modified. `path` is what store_choose gave; it changes when another run
 * took that name meanwhile. With `replace` a file that NAME_KNOWN was said of
 * gives way. Frees the file. 0, or -1 with errno set.
 */
int store_publish(struct store *store, struct file *file,
		  const struct remote *remote, const struct stored *stored,
		  bool replace, struct buf *path);

/*
 * Looks for the file of a URL, without choosing: true with `path` (below DIR)
 * appended. For any thread, while no other one chooses or publishes.
 */
bool store_find(struct store *store, const struct remote *remote,
		struct buf *path, struct store_line *line);

/* Appends DIR/path, as a record has it. */
void
store_put_path(const struct store *store, struct slice path, struct buf *to);

#endif
