#include "record/split.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/list.h"
#include "record/field.h"

#include <math.h>
#include <stdlib.h>

/* Whether the record has a value there that is not null. */
static bool
has_key(const struct record *record, const char *by)
{
	struct slice value;

	return field_find(record->line, by, &value) &&
	       json_type(value) != JSON_NULL;
}

void
split_key_count(struct split_key *key, const struct record *record)
{
	key->cut++;
	key->without += key->by && !has_key(record, key->by);
}

bool
split_key_say(const struct split_key *key)
{
	if (!key->without)
		return false;
	if (key->without == key->cut) {
		diag_say(NULL, "no record has %s to keep together by", key->by);
		return true;
	}
	diag_say(NULL, "records without %s, each by itself: %llu of %llu",
		 key->by, (unsigned long long)key->without,
		 (unsigned long long)key->cut);
	return false;
}

double
split_place(const struct record *record, const char *by, const char *salt)
{
	uint64_t hash = HASH_BEGIN;
	struct slice what = {0};
	struct buf text = {0};

	if (!by || !field_find(record->line, by, &what) ||
	    json_type(what) == JSON_NULL)
		what = record->uuid.n   ? record->uuid
		       : record->name.n ? record->name
					: record->index;
	/* Strings by their text, so that their spelling does not matter. */
	if (!json_string(what, &text))
		buf_slice(&text, what);
	hash = hash_add(hash, slice_of(salt));
	hash = hash_add(hash, buf_view(&text));
	buf_release(&text);
	return (double)(hash_finish(hash) >> 11) * 0x1p-53;
}

struct named_share {
	char *name;
	double from, to;
};

struct split {
	struct named_share *shares;
	size_t count;
};

static const struct named_share *
find_share(const struct split *split, const char *name)
{
	size_t i;

	for (i = 0; i < split->count; i++)
		if (strcmp(split->shares[i].name, name) == 0)
			return &split->shares[i];
	return NULL;
}

static const char *
add_share(struct split *split, struct slice text)
{
	const char *colon = text.n ? memrchr(text.p, ':', text.n) : NULL;
	struct named_share share = {.from = 0};
	struct slice name = {0};
	char *number, *end;

	if (colon)
		name = slice_trim(
			(struct slice){text.p, (size_t)(colon - text.p)});
	if (!name.n)
		return "a part is NAME:FRACTION";
	if (split->count)
		share.from = split->shares[split->count - 1].to;
	number = slice_dup((struct slice){colon + 1, (size_t)(text.p + text.n -
							      colon - 1)});
	share.to = share.from + strtod(number, &end);
	if (end == number || *end || !(share.to >= share.from)) {
		free(number);
		return "a fraction is a number of at least 0";
	}
	free(number);
	share.name = slice_dup(name);
	if (find_share(split, share.name)) {
		free(share.name);
		return "parts must have names of their own";
	}
	split->shares = xreallocarray(split->shares, split->count + 1,
				      sizeof(*split->shares));
	split->shares[split->count++] = share;
	return NULL;
}

struct split *
split_parse(const char *text, const char **why)
{
	struct split *split = xcalloc(1, sizeof(*split));

	*why = NULL;
	while (!*why) {
		size_t n = strcspn(text, ",");

		*why = add_share(split, slice_trim((struct slice){text, n}));
		if (!text[n])
			break;
		text += n + 1;
	}
	if (!*why && fabs(split->shares[split->count - 1].to - 1) > 1e-9)
		*why = "fractions must add up to 1";
	if (*why) {
		split_close(split);
		return NULL;
	}
	/* Rounding must leave no gap below 1. */
	split->shares[split->count - 1].to = 1;
	return split;
}

void
split_close(struct split *split)
{
	size_t i;

	if (!split)
		return;
	for (i = 0; i < split->count; i++)
		free(split->shares[i].name);
	free(split->shares);
	free(split);
}

bool
split_bounds(const struct split *split, const char *part, double *from,
	     double *to)
{
	const struct named_share *share = find_share(split, part);

	if (!share)
		return false;
	*from = share->from;
	*to = share->to;
	return true;
}

const char *
split_name(const struct split *split, size_t i)
{
	return i < split->count ? split->shares[i].name : NULL;
}

size_t
split_part(const struct split *split, double place)
{
	size_t i = 0;

	while (i + 1 < split->count && place >= split->shares[i].to)
		i++;
	return i;
}

size_t
split_part_of(const struct split *split, const struct record *record,
	      const char *by)
{
	return split ? split_part(split, split_place(record, by, SPLIT_SALT))
		     : 0;
}

struct split *
split_option(const struct opts *o, const char *text)
{
	const char *why;
	struct split *split = split_parse(text, &why);

	if (!split)
		opts_fail(o, "--split %s: %s", text, why);
	return split;
}
