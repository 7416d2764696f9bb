#include "store/file_index.h"

#include <stdlib.h>

#include "codec/digest.h"
#include "net/url.h"
#include "store/path.h"

struct slot {
	uint64_t key; /* 0: free */
	uint64_t fact;
};

/* A fact: two bits of kind, one of use, and an offset or a claim's address. */
#define KIND_SHIFT 62
#define USED ((uint64_t)1 << 61)
#define REST (USED - 1)

struct file_index {
	struct slot *table;
	size_t room, count;
	bool folds;
};

_Static_assert(sizeof(uintptr_t) <= sizeof(uint64_t),
	       "a claim's address is a fact");

struct file_index *
file_index_open(bool folds)
{
	struct file_index *index = xcalloc(1, sizeof(*index));

	index->folds = folds;
	index->room = 1024;
	index->table = xcalloc(index->room, sizeof(*index->table));
	return index;
}

static enum entry_kind
kind_of(uint64_t fact)
{
	return (enum entry_kind)(fact >> KIND_SHIFT);
}

static struct file_claim *
claim_of(uint64_t fact)
{
	if (kind_of(fact) != ENTRY_CLAIM)
		return NULL;
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): REST has all its bits */
	return (struct file_claim *)(uintptr_t)(fact & REST);
}

static void
free_claim(struct file_claim *claim)
{
	if (!claim)
		return;
	free(claim->name);
	free(claim->sample);
	free(claim);
}

void
file_index_close(struct file_index *index)
{
	if (!index)
		return;
	for (size_t i = 0; i < index->room; i++)
		free_claim(claim_of(index->table[i].fact));
	free(index->table);
	free(index);
}

/* The entry of a key, or the free one where it would go. */
static struct slot *
find(const struct file_index *index, uint64_t key)
{
	__extension__ typedef unsigned __int128 wide;
	size_t i = (size_t)((wide)key * index->room >> 64);

	while (index->table[i].key && index->table[i].key != key)
		i = i + 1 < index->room ? i + 1 : 0;
	return &index->table[i];
}

static void
resize(struct file_index *index, size_t room)
{
	struct slot *old = index->table;
	size_t i, n = index->room;

	index->room = room;
	index->table = xcalloc(room, sizeof(*index->table));
	for (i = 0; i < n; i++)
		if (old[i].key)
			*find(index, old[i].key) = old[i];
	free(old);
}

void
file_index_reserve(struct file_index *index, size_t count)
{
	size_t room = index->count + count;

	room += room / 4 + 16;
	if (room > index->room)
		resize(index, room);
}

static void
put(struct file_index *index, uint64_t key, uint64_t fact)
{
	struct slot *entry;

	if (index->count >= index->room - index->room / 8)
		resize(index, index->room + index->room / 2);
	entry = find(index, key);
	index->count += !entry->key;
	free_claim(claim_of(entry->fact));
	*entry = (struct slot){key, fact};
}

/* Two kinds of keys, which differ in their lowest bit; none is 0. */
static uint64_t
key_of(struct slice text, bool url)
{
	return (digest_hash(text) & ~(uint64_t)1) | (url ? 1 : 2);
}

uint64_t
file_index_path(const struct file_index *index, struct slice path)
{
	struct buf folded = {0};
	uint64_t key;

	if (!index->folds)
		return key_of(path, false);
	path_put_folded(&folded, path);
	key = key_of(buf_view(&folded), false);
	buf_release(&folded);
	return key;
}

uint64_t
file_index_url(struct slice url)
{
	return key_of(url, true);
}

struct file_entry
file_index_get(const struct file_index *index, uint64_t key)
{
	uint64_t fact = find(index, key)->fact;

	return (struct file_entry){
		.kind = kind_of(fact),
		.used = kind_of(fact) == ENTRY_LINE && fact & USED,
		.line = fact & REST,
		.claim = claim_of(fact),
	};
}

void
file_index_put_line(struct file_index *index, uint64_t key, uint64_t line)
{
	put(index, key, (uint64_t)ENTRY_LINE << KIND_SHIFT | (line & REST));
}

void
file_index_use(struct file_index *index, uint64_t key)
{
	struct slot *slot = find(index, key);

	if (kind_of(slot->fact) == ENTRY_LINE)
		slot->fact |= USED;
}

void
file_index_put_directory(struct file_index *index, uint64_t key)
{
	put(index, key, (uint64_t)ENTRY_DIRECTORY << KIND_SHIFT);
}

void
file_index_put_claim(struct file_index *index, uint64_t key, uint64_t url,
		     struct slice name, struct slice sample)
{
	struct file_claim *claim = xcalloc(1, sizeof(*claim));

	claim->url = url;
	claim->name = slice_dup(name);
	claim->sample = slice_dup(sample);
	put(index, key, (uint64_t)ENTRY_CLAIM << KIND_SHIFT | (uintptr_t)claim);
}
