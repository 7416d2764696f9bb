#include "report/sample_index.h"

#include <stdlib.h>

/* With the two slots of four bytes that there are for it at least. */
_Static_assert(sizeof(struct sample_entry) == 56, "64 bytes a sample");

enum { SHARE = 1 << 16, SAME_NAME_MAX = 0xffff };

/* Entries stand in pieces, so that no copy is ever made of all. */
struct sample_index {
	struct sample_entry **pieces;
	size_t count, repeated[2];
	uint32_t *slots; /* 1 + number of an entry; open addressing */
	size_t room;
};

struct sample_index *
sample_index_open(void)
{
	struct sample_index *index = xcalloc(1, sizeof(*index));

	index->room = 1 << 16;
	index->slots = xcalloc(index->room, sizeof(*index->slots));
	return index;
}

void
sample_index_close(struct sample_index *index)
{
	size_t i;

	if (!index)
		return;
	for (i = 0; i * SHARE < index->count; i++)
		free(index->pieces[i]);
	free(index->pieces);
	free(index->slots);
	free(index);
}

static struct sample_entry *
entry_at(const struct sample_index *index, size_t n)
{
	return &index->pieces[n / SHARE][n % SHARE];
}

struct sample_entry *
sample_index_at(const struct sample_index *index, size_t n)
{
	return n < index->count ? entry_at(index, n) : NULL;
}

size_t
sample_index_count(const struct sample_index *index)
{
	return index->count;
}

size_t
sample_index_repeated(const struct sample_index *index, enum sample_side side)
{
	return index->repeated[side];
}

/* Where an entry is, or would be. */
static uint32_t *
find_slot(const struct sample_index *index, struct fingerprint key)
{
	size_t at = key.a & (index->room - 1);

	while (index->slots[at]) {
		const struct sample_entry *entry =
			entry_at(index, index->slots[at] - 1);

		if (entry->key.a == key.a && entry->key.b == key.b)
			break;
		at = (at + 1) & (index->room - 1);
	}
	return &index->slots[at];
}

/* Keys are each another's: the first slot that is free is theirs. */
static void
widen(struct sample_index *index)
{
	size_t i, at;

	index->room *= 2;
	free(index->slots);
	index->slots = xcalloc(index->room, sizeof(*index->slots));
	for (i = 0; i < index->count; i++) {
		at = entry_at(index, i)->key.a & (index->room - 1);
		while (index->slots[at])
			at = (at + 1) & (index->room - 1);
		index->slots[at] = (uint32_t)(i + 1);
	}
}

/* The key of the sample that comes as the nth, from 1, under one name. */
static struct fingerprint
key_of_nth(struct fingerprint key, unsigned n)
{
	const struct slice number = {(const char *)&n, sizeof(n)};

	if (n == 1)
		return key;
	return (struct fingerprint){fingerprint_bytes(key.a, number),
				    fingerprint_bytes(key.b, number)};
}

/* Appends an entry at the slot that was found for its key. */
static struct sample_entry *
append(struct sample_index *index, struct fingerprint key, uint32_t *slot)
{
	size_t n = index->count;
	struct sample_entry *entry;

	if (n % SHARE == 0) {
		index->pieces = xreallocarray(index->pieces, n / SHARE + 1,
					      sizeof(struct sample_entry *));
		index->pieces[n / SHARE] = xcalloc(SHARE, sizeof(*entry));
	}
	index->count++;
	entry = entry_at(index, n);
	entry->key = key;
	*slot = (uint32_t)(n + 1);
	return entry;
}

/* The entry with a key, made where there is none; NULL when there are many. */
static struct sample_entry *
find_or_append(struct sample_index *index, struct fingerprint key)
{
	uint32_t *slot;

	if (index->count == UINT32_MAX - 1)
		return NULL;
	if (3 * (index->count + 1) > 2 * index->room)
		widen(index);
	slot = find_slot(index, key);
	return *slot ? entry_at(index, *slot - 1) : append(index, key, slot);
}

struct sample_entry *
sample_index_take(struct sample_index *index, enum sample_side side,
		  struct fingerprint key)
{
	struct sample_entry *entry = find_or_append(index, key);

	if (!entry || entry->counts[side] == SAME_NAME_MAX)
		return NULL;
	if (++entry->counts[side] > 1) {
		index->repeated[side]++;
		entry = find_or_append(index,
				       key_of_nth(key, entry->counts[side]));
		if (!entry)
			return NULL;
	}
	entry->seen |= 1u << side;
	return entry;
}

struct sample_entry *
sample_index_match(struct sample_index *index, enum sample_side side,
		   struct fingerprint key)
{
	const uint32_t slot = *find_slot(index, key);
	const struct sample_entry *first =
		slot ? entry_at(index, slot - 1) : NULL;

	if (!first || first->counts[side] >= first->counts[!side])
		return NULL;
	return sample_index_take(index, side, key);
}
