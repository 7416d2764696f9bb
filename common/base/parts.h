/*
 * A file as parts that each end with the same byte, such as lines or names
 * that end with NUL. Read with pread(2): where the descriptor stands does not
 * matter, and is left alone.
 */
#ifndef PARTS_H
#define PARTS_H

#include "base/buf.h"

/* Begun as {.fd = ..., .end = ...}. */
struct parts {
	int fd; /* borrowed */
	char end;
	uint64_t at;     /* of what is read next */
	struct buf text; /* what is read of it */
	size_t taken;    /* bytes of the text that were returned */
};

/*
 * The next part, without its end: 1, 0 at the end of the file, or -1 with
 * errno. What follows the last end, if anything, is no part: parts_rest has it
 * then. Borrowed until the next call.
 */
int parts_next(struct parts *parts, struct slice *part);
struct slice parts_rest(const struct parts *parts);
void parts_release(struct parts *parts);

#endif
