/*
 * A release file on its way from where the API says that it is: to a file,
 * which is complete or not there, or to stdout as it comes.
 */
#ifndef RELEASE_FILE_H
#define RELEASE_FILE_H

#include "base/file.h"
#include "net/fetch.h"

struct release_file {
	struct fetch *fetch;
	struct file *file; /* NULL: stdout. Ours: NULL once it is published */
	const char *path;  /* of it, for messages */
	bool quiet;        /* shows nobody how far it is */
	/* What went wrong so far, each with its URL. */
	struct buf why;
	/* The network's fault, of which nothing is on stdout yet. */
	bool untouched;
};

/*
 * Fetches the file of a release that is called `name` from a URL, without a
 * key, and waits for it: 0, or -1 with `why` set, or with the message said
 * where it is the file's own. Where it is `untouched` then, another URL may be
 * tried.
 */
int
release_file_get(struct release_file *file, const char *name, const char *url);
/* Drops what is not published. */
void release_file_release(struct release_file *file);

#endif
