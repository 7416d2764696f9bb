/*
 * Keys that stand twice in an object, anywhere in a valid value: readers take
 * the first or the last of them, so what is meant cannot be known. One walk
 * along the brackets and strings, keys of the open objects on a stack.
 */
#include <stdlib.h>

#include "json/json_parts.h"

enum {
	ROOM = 256, /* keys on the stack at once; beyond, it is allocated */
	FEW = 32,   /* keys that are compared one by one; more are sorted */
};

/* An object or array that is open. */
struct nesting_level {
	bool object;
	size_t first;  /* of its keys on the stack */
	uint64_t seen; /* their bits, see json_key_bit */
	bool escaped;  /* some are spelt with escapes */
};

struct walk {
	struct slice fixed[ROOM];
	struct slice *keys;
	size_t count, room;
	struct nesting_level levels[JSON_DEPTH + 1];
	struct nesting_level
		*level; /* the innermost; the first is around the value */
};

static void
push_key(struct walk *walk, struct slice key)
{
	if (walk->count == walk->room) {
		struct slice *old = walk->keys;

		walk->room *= 2;
		walk->keys = xreallocarray(old == walk->fixed ? NULL : old,
					   walk->room, sizeof(*walk->keys));
		if (old == walk->fixed)
			memcpy(walk->keys, old, sizeof(walk->fixed));
	}
	walk->keys[walk->count++] = key;
}

/* Takes a key; false where it stands among the few of its object already. */
static bool
take_key(struct walk *walk, struct slice key)
{
	struct nesting_level *level = walk->level;
	bool escaped = memchr(key.p, '\\', key.n);
	uint64_t bit = escaped ? UINT64_MAX : json_key_bit(key);
	size_t i;

	level->escaped |= escaped;
	if ((level->seen & bit || level->escaped) &&
	    walk->count - level->first < FEW)
		for (i = level->first; i < walk->count; i++)
			if (json_same_key(walk->keys[i], key))
				return false;
	level->seen |= bit;
	push_key(walk, key);
	return true;
}

/* A key as it stands, and as it is meant. */
struct spelt {
	struct slice raw, text;
};

static int
compare_keys(const void *left, const void *right)
{
	const struct spelt *a = left, *b = right;
	int order;

	if (a->text.n != b->text.n)
		return a->text.n < b->text.n ? -1 : 1;
	order = a->text.n ? memcmp(a->text.p, b->text.p, a->text.n) : 0;
	return order ? order : (a->raw.p > b->raw.p) - (a->raw.p < b->raw.p);
}

/* Decodes the keys into `text`, where no key is longer than it was. */
static void
decode_keys(struct spelt *keys, size_t n, struct buf *text)
{
	size_t i, at, size = 0;

	for (i = 0; i < n; i++)
		size += keys[i].raw.n;
	buf_reserve(text, size);
	for (i = 0; i < n; i++) {
		const struct slice raw = keys[i].raw;

		at = text->len;
		json_string((struct slice){raw.p - 1, raw.n + 2}, text);
		keys[i].text = (struct slice){text->data + at, text->len - at};
	}
}

/* Ends an object; false where two of many keys are the same, *key that one. */
static bool
check_many(const struct walk *walk, struct slice *key)
{
	const struct slice *raw = walk->keys + walk->level->first;
	size_t i, n = walk->count - walk->level->first;
	struct spelt *keys;
	struct buf text = {0};
	bool good = true;

	if (n <= FEW)
		return true;
	keys = xcalloc(n, sizeof(*keys));
	for (i = 0; i < n; i++)
		keys[i] = (struct spelt){raw[i], raw[i]};
	if (walk->level->escaped)
		decode_keys(keys, n, &text);
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (i = 1; i < n && good; i++)
		good = !slice_equal(keys[i - 1].text, keys[i].text);
	if (!good)
		*key = keys[i - 1].raw;
	free(keys);
	buf_release(&text);
	return good;
}

/* The byte behind the string that begins at p. */
static const char *
behind_string(const char *p, const char *end)
{
	const char *quote = p, *before;

	for (;;) {
		quote = memchr(quote + 1, '"', (size_t)(end - quote - 1));
		for (before = quote; before[-1] == '\\'; before--)
			;
		if ((quote - before) % 2 == 0)
			return quote + 1;
	}
}

/* Where a key begins behind a bracket or comma, takes it. */
static bool
next_key(struct walk *walk, const char **p, const char *end, struct slice *key)
{
	*p = json_skip_space(*p, end);
	if (**p != '"')
		return true;
	key->p = *p + 1;
	*p = behind_string(*p, end);
	key->n = (size_t)(*p - 1 - key->p);
	return take_key(walk, *key);
}

static bool
open_level(struct walk *walk, bool object)
{
	struct nesting_level *level = ++walk->level;

	*level = (struct nesting_level){.object = object, .first = walk->count};
	return object;
}

static bool
close_level(struct walk *walk, struct slice *key)
{
	bool good = check_many(walk, key);

	walk->count = walk->level->first;
	walk->level--;
	return good;
}

/* Bytes that matter in arrays, and in objects. */
static const bool matters[2][256] = {
	{['"'] = true, ['{'] = true, ['}'] = true, ['['] = true, [']'] = true},
	{['"'] = true,
	 ['{'] = true,
	 ['}'] = true,
	 ['['] = true,
	 [']'] = true,
	 [','] = true},
};

/* From the bracket at p to the one that closes it. */
static bool
walk_container(struct walk *walk, const char *p, const char *end,
	       struct slice *key)
{
	bool good = true;

	do {
		const bool *here = matters[walk->level->object];

		while (!here[(unsigned char)*p])
			p++;
		switch (*p) {
		case '"':
			p = behind_string(p, end);
			break;
		case '{':
		case '[':
			if (open_level(walk, *p++ == '{'))
				good = next_key(walk, &p, end, key);
			break;
		case ',':
			p++;
			good = next_key(walk, &p, end, key);
			break;
		default:
			good = close_level(walk, key);
			p++;
		}
	} while (good && walk->level != walk->levels);
	return good;
}

bool
json_find_repeated(struct slice value, struct slice *key)
{
	const char *end = value.p + value.n;
	const char *p = json_skip_space(value.p, end);
	struct walk walk;
	bool good;

	if (p == end || (*p != '{' && *p != '['))
		return false;
	walk.keys = walk.fixed;
	walk.count = 0;
	walk.room = ROOM;
	walk.level = walk.levels;
	*walk.level = (struct nesting_level){0};
	good = walk_container(&walk, p, end, key);
	if (walk.keys != walk.fixed)
		free(walk.keys);
	return !good;
}
