#include "output/image_set.h"

#include <stdlib.h>

#include "codec/digest.h"
#include "output/hash_set.h"
#include "output/spool.h"

/* Each time all names are read; after that a hash will do. */
enum { LOOK_UPS = 100 };

struct image_set {
	struct hash_set hashes;
	struct spool *names; /* lines NAME <NUL> SAMPLE */
	unsigned look_ups;
	struct buf text, wanted;
	struct buf *sample; /* found, while the names are read */
	bool found;
};

struct image_set *
image_set_open(void)
{
	struct image_set *set = xcalloc(1, sizeof(*set));

	set->names = spool_open();
	if (set->names)
		return set;
	free(set);
	return NULL;
}

void
image_set_close(struct image_set *set)
{
	if (!set)
		return;
	spool_close(set->names);
	hash_set_release(&set->hashes);
	buf_release(&set->text);
	buf_release(&set->wanted);
	free(set);
}

bool
image_set_failed(const struct image_set *set)
{
	return spool_failed(set->names);
}

/* Appends a name as a line can have it. */
static void
put_plain_name(struct buf *to, struct slice name)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		buf_putc(to, name.p[i] == '\n' || name.p[i] == '\0'
				     ? ' '
				     : name.p[i]);
}

/* Looks through lines for the name that is wanted. */
static void
look_through(void *context, struct slice lines)
{
	struct image_set *set = context;
	const struct slice wanted = buf_view(&set->wanted);
	const char *p = lines.p, *end = lines.p + lines.n, *next;

	for (; !set->found && p < end; p = next + 1) {
		next = memchr(p, '\n', (size_t)(end - p));
		if (!next)
			break;
		if ((size_t)(next - p) < wanted.n ||
		    memcmp(p, wanted.p, wanted.n) != 0)
			continue;
		set->found = true;
		buf_put(set->sample, p + wanted.n,
			(size_t)(next - p) - wanted.n);
	}
}

bool
image_set_has(struct image_set *set, struct slice name, struct buf *sample)
{
	buf_reset(sample);
	if (!hash_set_has(&set->hashes, digest_hash(name)))
		return false;
	if (set->look_ups++ >= LOOK_UPS)
		return true;
	buf_reset(&set->wanted);
	put_plain_name(&set->wanted, name);
	buf_putc(&set->wanted, '\0');
	set->sample = sample;
	set->found = false;
	return spool_read(set->names, true, look_through, set) < 0 ||
	       set->found;
}

void
image_set_add(struct image_set *set, struct slice name, struct slice sample)
{
	hash_set_add(&set->hashes, digest_hash(name));
	buf_reset(&set->text);
	put_plain_name(&set->text, name);
	buf_putc(&set->text, '\0');
	put_plain_name(&set->text, sample);
	buf_putc(&set->text, '\n');
	spool_put(set->names, buf_view(&set->text));
}
