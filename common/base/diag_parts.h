/* What the files of diag share. */
#ifndef DIAG_PARTS_H
#define DIAG_PARTS_H

#include "base/buf.h"

/* What messages are counted by: a format, or what they are caused by. */
struct said_kind {
	const char *text; /* NULL: not at all */
	bool cause;
};

/* Marks the line that follows in captured messages as one of a kind. */
void warn_mark(struct buf *captured, struct said_kind kind);
/* Counts it: true where its line is to be shown. */
bool warn_wanted(struct said_kind kind, struct slice line);
/* Appends the lines of captured messages that are to be shown. */
void warn_sift(struct slice captured, struct buf *shown);

#endif
