/*
 * What a release calls its labelsets and categories: for people, and for shells
 * that complete what is typed.
 */
#ifndef RELEASE_NAMES_H
#define RELEASE_NAMES_H

#include "base/buf.h"

enum release_names { RELEASE_LABELSETS, RELEASE_CATEGORIES };

/*
 * Appends the names of one kind, one a line, of a release ("-" is stdin), or of
 * the first of the records in a file: 0, or -1 with the message said.
 */
int
release_names_read(const char *path, enum release_names kind, struct buf *to);

#endif
