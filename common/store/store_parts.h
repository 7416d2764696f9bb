/*
 * What the files of store share.
 *
 *	store.c         the directory: opened, files put into it
 *	store_choose.c  which path is whose
 *	store_find.c    for those who only read
 */
#ifndef STORE_PARTS_H
#define STORE_PARTS_H

#include "store/file_index.h"
#include "store/store.h"

enum { PARENTS = 4 /* directories kept open */ };

/* A directory below DIR that is kept open; path and fd belong together. */
struct parent {
	struct buf path; /* with a slash behind it */
	int fd;          /* -1: none */
};

struct store {
	struct store_options options;
	char *dir;
	int dirfd; /* -1: there is none to read */
	struct manifest *manifest;
	struct file_index *index;
	struct added_line added;
	struct store_line line; /* of a path that is another's */
	struct buf url;         /* without its signature */
	struct buf clash;
	struct parent parents[PARENTS];
	size_t oldest; /* of them */
};

/* True when a regular file of this size lies at the path. */
bool store_has(struct store *store, const char *path, uint64_t size);

#endif
