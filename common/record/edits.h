/*
 * Changes to a record, gathered as edits of its bytes, so that all the rest
 * stays as it came.
 */
#ifndef EDITS_H
#define EDITS_H

#include "base/buf.h"

/* A zeroed one is empty. */
struct edits {
	struct edit *list;
	size_t count, room;
	struct buf text;
};

/* Sets a member of `object`, a slice inside the line, to a raw JSON value. */
void edits_set(struct edits *edits, struct slice object, const char *key,
	       struct slice value);
/* Puts text in place of `old`, a slice inside the line (may be empty). */
void edits_replace(struct edits *edits, struct slice old, struct slice text);
/* Appends the line with the edits made, without LF, and empties the edits. */
void edits_apply(struct edits *edits, struct slice line, struct buf *to);
/* Forgets the edits. */
void edits_reset(struct edits *edits);
void edits_release(struct edits *edits);

#endif
