/*
 * A release file on its way from where the API says that it is: to a file,
 * which is complete or not there, or to stdout as it comes.
 */
#ifndef RELEASE_FILE_H
#define RELEASE_FILE_H

#include "base/file.h"
#include "net/release_list.h"

struct release_file {
	struct fetch *fetch;
	struct file *file; /* NULL: stdout. Ours: NULL once it is published */
	const char *path;  /* of it, for messages */
	bool quiet;        /* shows nobody how far it is */
	struct buf why;
};

/*
 * Fetches the file of a release that has a URL, without a key, and waits for
 * it: 0, or -1 with `why` set, or with the message said where it is the file's
 * own.
 */
int
release_file_get(struct release_file *file, const struct release_entry *entry);
/* Drops what is not published. */
void release_file_release(struct release_file *file);

#endif
