/*
 * Bytes that stay where they are until all are forgotten: many small ones in
 * few allocations.
 */
#ifndef ARENA_H
#define ARENA_H

#include "base/buf.h"

/* A zeroed one is a valid empty one. */
struct arena {
	struct arena_block *last; /* it leads to those before it */
	size_t at;                /* bytes of the last that are taken */
};

/* Keeps a copy. */
struct slice arena_keep(struct arena *arena, struct slice bytes);
/* Forgets all, and keeps memory for about the same once more. */
void arena_reset(struct arena *arena);
/* Gives all that `from` has to `to`, which may have some; `from` is empty. */
void arena_join(struct arena *to, struct arena *from);
void arena_release(struct arena *arena);

#endif
