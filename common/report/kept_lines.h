/*
 * Lines kept in a file without a name, from where each can be read again;
 * those kept last are in memory.
 */
#ifndef KEPT_LINES_H
#define KEPT_LINES_H

#include "base/buf.h"

struct kept_lines;

struct kept_lines *kept_lines_open(void);
/* Takes NULL. */
void kept_lines_close(struct kept_lines *kept);
/* Keeps a line, and sets *at to where it is: 0, or -1 with the message said. */
int kept_lines_put(struct kept_lines *kept, struct slice line, uint64_t *at);
/* Appends the n bytes kept there to `to`: 0, or -1 with the message said. */
int
kept_lines_get(struct kept_lines *kept, uint64_t at, size_t n, struct buf *to);

#endif
