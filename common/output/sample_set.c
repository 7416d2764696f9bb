#include "output/sample_set.h"

#include <stdlib.h>

#include "codec/digest.h"

/* The first half of a digest; zeroed where there is none. */
struct mark {
	uint64_t half[2];
};

struct sample_set {
	struct digest *digest;
	struct buf text;
	struct mark *table; /* open addressing; a power of two */
	size_t size, count;
	struct mark last; /* what was looked up */
};

struct sample_set *
sample_set_open(void)
{
	struct sample_set *set = xcalloc(1, sizeof(*set));

	set->digest = digest_open();
	set->size = 1024;
	set->table = xcalloc(set->size, sizeof(*set->table));
	return set;
}

void
sample_set_close(struct sample_set *set)
{
	if (!set)
		return;
	digest_close(set->digest);
	buf_release(&set->text);
	free(set->table);
	free(set);
}

static bool
is_empty(const struct mark *mark)
{
	return !mark->half[0] && !mark->half[1];
}

/* The place of a mark, or the empty one where it would be. */
static struct mark *
find_mark(const struct sample_set *set, const struct mark *mark)
{
	size_t at = mark->half[0] & (set->size - 1);

	while (!is_empty(&set->table[at]) &&
	       memcmp(&set->table[at], mark, sizeof(*mark)) != 0)
		at = (at + 1) & (set->size - 1);
	return &set->table[at];
}

static void
put_text(struct sample_set *set, struct slice value)
{
	buf_reset(&set->text);
	if (!json_string(value, &set->text))
		buf_slice(&set->text, value);
	digest_put(set->digest, set->text.data, set->text.len);
	digest_put(set->digest, "", 1);
}

/* Puts what tells one sample from others; false where nothing does. */
static bool
put_identity(struct sample_set *set, const struct record *record)
{
	struct slice value = {0};

	if (json_type(record->uuid) > JSON_NULL) {
		put_text(set, record->uuid);
	} else if (json_type(record->name) > JSON_NULL) {
		digest_put(set->digest, "n", 1);
		json_find(record->release, "owner", &value);
		put_text(set, value);
		value = (struct slice){0};
		json_find(record->release, "dataset", &value);
		put_text(set, value);
		put_text(set, record->name);
	} else {
		return false;
	}
	digest_put(set->digest, record->frame.p, record->frame.n);
	return true;
}

bool
sample_set_has(struct sample_set *set, const struct record *record)
{
	unsigned char sum[DIGEST_SIZE];

	set->last = (struct mark){0};
	digest_reset(set->digest);
	if (!put_identity(set, record))
		return false;
	digest_get(set->digest, sum);
	memcpy(&set->last, sum, sizeof(set->last));
	return !is_empty(find_mark(set, &set->last));
}

bool
sample_set_has_number(struct sample_set *set, uint64_t number)
{
	set->last = (struct mark){{number, 1}};
	return !is_empty(find_mark(set, &set->last));
}

static void
grow(struct sample_set *set)
{
	struct sample_set larger = *set;
	size_t i;

	larger.size *= 2;
	larger.table = xcalloc(larger.size, sizeof(*larger.table));
	for (i = 0; i < set->size; i++)
		if (!is_empty(&set->table[i]))
			*find_mark(&larger, &set->table[i]) = set->table[i];
	free(set->table);
	*set = larger;
}

void
sample_set_add(struct sample_set *set)
{
	struct mark *place = find_mark(set, &set->last);

	if (is_empty(&set->last) || !is_empty(place))
		return;
	*place = set->last;
	if (++set->count > set->size / 4 * 3)
		grow(set);
}
