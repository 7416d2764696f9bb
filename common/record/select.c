#include "record/select.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/glob.h"
#include "record/select_parts.h"

/* Members of a label that are looked at quickly; real ones have a dozen. */
enum { MEMBERS = 64 };

struct select *
select_open(struct prune *prune)
{
	static const char *const absent[SELECT_KINDS] = {
		[SELECT_NAME] = "no record has the name",
		[SELECT_UUID] = "no record has the uuid",
		[SELECT_METADATA] = "no record has metadata",
		[SELECT_ATTRIBUTE] = "no annotation has the attribute",
		[SELECT_IMAGE_ATTRIBUTE] = "no label has the image attribute",
	};
	struct select *select = xcalloc(1, sizeof(*select));
	unsigned kind;

	glob_prepare();
	for (kind = 0; kind < SELECT_KINDS; kind++)
		if (absent[kind])
			select->asked[kind] = asked_open(absent[kind]);
	select->categories = category_set_open();
	select->prune = prune;
	return select;
}

void
select_close(struct select *select)
{
	unsigned kind;
	size_t i;

	if (!select)
		return;
	for (kind = 0; kind < SELECT_KINDS; kind++)
		asked_close(select->asked[kind]);
	for (i = 0; i < select->count; i++) {
		category_set_close(select->conditions[i].categories);
		free(select->conditions[i].text);
	}
	for (i = 0; i < select->where_count; i++)
		where_close(select->wheres[i]);
	free(select->wheres);
	free(select->conditions);
	category_set_close(select->categories);
	buf_release(&select->text);
	buf_release(&select->why);
	free(select);
}

const char *
select_add(struct select *select, enum select_kind kind, const char *text)
{
	struct shares *shares = &select->shares;

	switch (kind) {
	case SELECT_SAMPLE:
		shares->sample = text;
		return NULL;
	case SELECT_SPLIT:
		shares->split = text;
		return NULL;
	case SELECT_PART:
		shares->part = text;
		return NULL;
	case SELECT_BY:
		shares->by = text;
		return NULL;
	default:
		select->given |= 1U << kind;
		return select_parse(select, kind, text);
	}
}

bool
select_empty(const struct select *select)
{
	return !select->given && !select->shares.count;
}

bool
select_opens_labels(const struct select *select)
{
	const unsigned inside =
		1U << SELECT_IMAGE_ATTRIBUTE | 1U << SELECT_CATEGORY |
		1U << SELECT_ATTRIBUTE | 1U << SELECT_MIN_ANNOTATIONS |
		1U << SELECT_MAX_ANNOTATIONS | 1U << SELECT_WHERE;

	return select->given & inside;
}

const char *
select_end(struct select *select)
{
	return shares_parse(&select->shares);
}

int
select_check(struct slice value, bool *valid, const char **why)
{
	struct json_error error;

	if (*valid || !value.n)
		return 0;
	if (json_validate(value, &error) < 0) {
		*why = error.what;
		return -1;
	}
	*valid = true;
	return 0;
}

/*
 * Whether the status can be told from the members of a label alone, which is
 * quicker than to look at all that is in them.
 */
static bool
has_own_status(struct slice label)
{
	struct json_member members[MEMBERS];
	struct json_error error;
	int i, n = json_members(label, members, MEMBERS, &error);

	for (i = 0; i < n; i++)
		if (json_spells(members[i].key, slice_of("label_status")))
			return true;
	return false;
}

/* What a kind looks deep into has to be JSON as a whole; as select_check. */
static int
check_kind(struct select *select, enum select_kind kind,
	   const struct record *record, const char **why)
{
	switch (kind) {
	case SELECT_SHARD:
	case SELECT_NAME:
	case SELECT_UUID:
		return 0;
	case SELECT_METADATA:
		return select_check(record->metadata, &select->metadata_valid,
				    why);
	case SELECT_STATUS:
		if (has_own_status(record->label))
			return 0;
		break;
	default:
		break;
	}
	return select_check(record->label, &select->label_valid, why);
}

/* Whether all expressions are true; those before have `got`. */
static int
wheres_hold(struct select *select, const struct record *record, int got,
	    const char **why)
{
	size_t i;

	for (i = 0; i < select->where_count; i++) {
		struct where *where = select->wheres[i];
		int one;

		if (got != 1 && !where_has_unmet(where))
			continue;
		one = where_match(where, record, why);
		if (one < 0)
			return -1;
		got &= one;
	}
	return got;
}

/* Whether the record is in all shares that were cut: as select_match. */
static int
in_shares(struct select *select, const struct record *record, const char **why)
{
	bool valid = !select->shares.by;

	if (!select->shares.count)
		return 1;
	if (select_check(record->line, &valid, why) < 0)
		return -1;
	return shares_hold(&select->shares, record);
}

int
select_match(struct select *select, const struct record *record,
	     const char **why)
{
	unsigned kind;
	int got = 1;

	select->label_valid = select->metadata_valid = false;
	*why = select_meet(select, record);
	if (*why)
		return -1;
	for (kind = 0; kind < SELECT_WHERE && got == 1; kind++) {
		if (!(select->given & 1U << kind))
			continue;
		if (check_kind(select, kind, record, why) < 0)
			return -1;
		got = select_holds(select, kind, record);
	}
	got = wheres_hold(select, record, got, why);
	if (got == 1)
		got = in_shares(select, record, why);
	return got;
}

/* A misspelt status must not pass for one that was not asked for. */
static void
say_strange(const struct select *select)
{
	uint64_t strange = select->strange;
	size_t i;

	for (i = 0; i < select->where_count; i++)
		if (strange < where_strange(select->wheres[i]))
			strange = where_strange(select->wheres[i]);
	if (strange)
		diag_say(NULL,
			 "labels whose label_status is missing or none that is "
			 "known: %llu; it is equal to no status (seg-stat "
			 "tells them all)",
			 (unsigned long long)strange);
}

bool
select_say_unmet(const struct select *select, uint64_t passed)
{
	bool none = false;
	unsigned kind;
	size_t i;

	say_strange(select);
	if (select->no_names) {
		diag_say(NULL, "%s: no names in it", select->no_names);
		none = true;
	}
	for (kind = 0; kind < SELECT_KINDS; kind++) {
		const struct asked *asked = select->asked[kind];
		size_t unmet = asked ? asked_say_unmet(asked, NULL) : 0;
		bool any_will_do = kind == SELECT_NAME || kind == SELECT_UUID;

		none |= unmet && (!any_will_do || unmet == asked_count(asked));
	}
	none |= category_set_say_unmet(select->categories);
	for (i = 0; i < select->where_count; i++)
		none |= where_say_unmet(select->wheres[i]);
	for (i = 0; i < select->count; i++) {
		const struct condition *condition = &select->conditions[i];

		if (condition->categories)
			none |= category_set_say_unmet(condition->categories) &&
				condition->kind == SELECT_MIN_ANNOTATIONS;
	}
	return split_key_say(&select->shares.key) || (none && !passed);
}
