#include "output/sample_set.h"

#include <stdlib.h>

#include "codec/digest.h"
#include "output/hash_set.h"

struct sample_set {
	struct digest *digest;
	struct buf text;
	struct hash_set hashes;
	uint64_t last; /* what was looked up, if `known` */
	bool known;
};

struct sample_set *
sample_set_open(void)
{
	struct sample_set *set = xcalloc(1, sizeof(*set));

	set->digest = digest_open();
	return set;
}

void
sample_set_close(struct sample_set *set)
{
	if (!set)
		return;
	digest_close(set->digest);
	buf_release(&set->text);
	hash_set_release(&set->hashes);
	free(set);
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

static void
put_member(struct sample_set *set, struct slice object, const char *key)
{
	struct slice value;

	if (!json_find(object, key, &value))
		value = (struct slice){0};
	put_text(set, value);
}

/* Puts what tells one sample from others; false where nothing does. */
static bool
put_identity(struct sample_set *set, const struct record *record)
{
	if (json_type(record->uuid) > JSON_NULL) {
		put_text(set, record->uuid);
	} else if (json_type(record->name) > JSON_NULL) {
		digest_put(set->digest, "n", 1);
		put_member(set, record->release, "owner");
		put_member(set, record->release, "dataset");
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

	digest_reset(set->digest);
	set->known = put_identity(set, record);
	if (!set->known)
		return false;
	digest_get(set->digest, sum);
	memcpy(&set->last, sum, sizeof(set->last));
	return hash_set_has(&set->hashes, set->last);
}

void
sample_set_add(struct sample_set *set)
{
	if (set->known)
		hash_set_add(&set->hashes, set->last);
}
