/*
 * Text that waits in a file without a name until its place in the output
 * comes, so that memory does not grow with it.
 */
#ifndef SPOOL_H
#define SPOOL_H

#include "base/out.h"

struct spool;

/* NULL with the message said. */
struct spool *spool_open(void);
void spool_close(struct spool *spool);
void spool_put(struct spool *spool, struct slice text);
/* True after a write that failed, of which the message was said. */
bool spool_failed(const struct spool *spool);
/*
 * Hands all of it over, in pieces that end behind a newline, or at the end, or
 * are of any kind if `whole_lines` is not asked for: 0, or -1 with the message
 * said.
 */
int spool_read(struct spool *spool, bool whole_lines,
	       void (*take)(void *context, struct slice piece), void *context);
/* The bytes that it holds. */
uint64_t spool_size(const struct spool *spool);
/*
 * Appends `n` bytes from `at` on, which it holds: 0, or -1 with the message
 * said.
 */
int spool_read_at(struct spool *spool, uint64_t at, size_t n, struct buf *to);
/* Copies all of it: 0, or -1 with the message said. */
int spool_copy(struct spool *spool, struct out *to);

#endif
