/* What the files of diag share. */
#ifndef DIAG_PARTS_H
#define DIAG_PARTS_H

#include "base/buf.h"

/* Marks the line that follows in captured messages as a warning of a kind. */
void warn_mark(struct buf *captured, const char *kind);
/* Counts a warning: true where its line is to be shown. */
bool warn_wanted(const char *kind, struct slice line);
/* Appends the lines of captured messages that are to be shown. */
void warn_sift(struct slice captured, struct buf *shown);

#endif
