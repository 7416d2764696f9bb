#include "output/hash_set.h"

#include <stdlib.h>

#include "base/mem.h"

void
hash_set_release(struct hash_set *set)
{
	free(set->table);
	*set = (struct hash_set){0};
}

/* The place of a hash, or the empty one where it would be. */
static uint64_t *
find(const struct hash_set *set, uint64_t hash)
{
	size_t at = hash & (set->size - 1);

	while (set->table[at] && set->table[at] != hash)
		at = (at + 1) & (set->size - 1);
	return &set->table[at];
}

bool
hash_set_has(const struct hash_set *set, uint64_t hash)
{
	return set->size && *find(set, hash ? hash : 1) != 0;
}

static void
grow(struct hash_set *set)
{
	struct hash_set larger = {.size = set->size ? 2 * set->size : 1024,
				  .count = set->count};
	size_t i;

	larger.table = xcalloc(larger.size, sizeof(*larger.table));
	for (i = 0; i < set->size; i++)
		if (set->table[i])
			*find(&larger, set->table[i]) = set->table[i];
	free(set->table);
	*set = larger;
}

void
hash_set_add(struct hash_set *set, uint64_t hash)
{
	uint64_t *place;

	hash = hash ? hash : 1;
	if (set->count >= set->size / 4 * 3)
		grow(set);
	place = find(set, hash);
	set->count += *place == 0;
	*place = hash;
}
