#include "base/arena.h"

#include <stdlib.h>

enum {
	SMALLEST = 1 << 12, /* bytes of the first block */
	LARGEST = 1 << 20,  /* of those that grow by themselves */
};

struct arena_block {
	struct arena_block *before;
	size_t size;
	char bytes[];
};

static void
add_block(struct arena *arena, size_t need)
{
	size_t size = arena->last ? 2 * arena->last->size : SMALLEST;
	struct arena_block *block;

	if (size > LARGEST)
		size = LARGEST;
	if (size < need)
		size = need;
	block = xmalloc(sizeof(*block) + size);
	block->before = arena->last;
	block->size = size;
	arena->last = block;
	arena->at = 0;
}

struct slice
arena_keep(struct arena *arena, struct slice bytes)
{
	char *to;

	if (!arena->last || arena->last->size - arena->at < bytes.n)
		add_block(arena, bytes.n);
	to = arena->last->bytes + arena->at;
	if (bytes.n)
		memcpy(to, bytes.p, bytes.n);
	arena->at += bytes.n;
	return (struct slice){to, bytes.n};
}

static void
free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *before = block->before;

		free(block);
		block = before;
	}
}

void
arena_reset(struct arena *arena)
{
	arena->at = 0;
	if (!arena->last)
		return;
	free_blocks(arena->last->before);
	arena->last->before = NULL;
}

void
arena_join(struct arena *to, struct arena *from)
{
	struct arena_block *first = from->last;

	if (!first)
		return;
	while (first->before)
		first = first->before;
	first->before = to->last;
	*to = *from;
	*from = (struct arena){0};
}

void
arena_release(struct arena *arena)
{
	free_blocks(arena->last);
	*arena = (struct arena){0};
}
