#include "record/select.h"

#include <locale.h>
#include <stdlib.h>

#include "base/diag.h"
#include "record/select_parts.h"
#include "record/split.h"

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

	/* So that fnmatch takes a character for one, whatever the user's. */
	setlocale(LC_CTYPE, "C.UTF-8");
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
	if (kind >= SELECT_SAMPLE) {
		select->cuts[kind - SELECT_SAMPLE] = text;
		return NULL;
	}
	select->given |= 1U << kind;
	return select_parse(select, kind, text);
}

bool
select_empty(const struct select *select)
{
	return !select->given && !select->share_count;
}

static void
add_interval(struct select *select, const char *salt, double from, double to)
{
	const char *by = select->cuts[SELECT_BY - SELECT_SAMPLE];

	select->shares[select->share_count++] =
		(struct interval){by, salt, from, to};
}

static const char *
add_sample(struct select *select, const char *text)
{
	double share;
	char *end;

	if (!text)
		return NULL;
	share = strtod(text, &end);
	if (end == text || *end || !(share >= 0 && share <= 1))
		return "a sample is a fraction from 0 to 1";
	add_interval(select, "sample", 0, share);
	return NULL;
}

static const char *
add_split(struct select *select, const char *text, const char *part)
{
	struct split *split;
	const char *why;
	double from, to;

	if (!text && !part)
		return NULL;
	if (!text || !part)
		return "--split and --part go together";
	split = split_parse(text, &why);
	if (split && !split_bounds(split, part, &from, &to))
		why = "the --split has no such --part";
	else if (split)
		add_interval(select, "split", from, to);
	split_close(split);
	return why;
}

/* Salts apart, so that samples and splits are drawn independently. */
const char *
select_end(struct select *select)
{
	const char *const *cuts = select->cuts;
	const char *why = add_sample(select, cuts[0]);

	if (!why)
		why = add_split(select, cuts[SELECT_SPLIT - SELECT_SAMPLE],
				cuts[SELECT_PART - SELECT_SAMPLE]);
	if (!why && cuts[SELECT_BY - SELECT_SAMPLE] && !select->share_count)
		why = "--by goes with --sample or --split";
	return why;
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

static int
interval_holds(const struct interval *share, const struct record *record)
{
	double at = split_place(record, share->by, share->salt);

	return at >= share->from && at < share->to;
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
shares_hold(struct select *select, const struct record *record,
	    const char **why)
{
	const char *by = select->shares[0].by;
	bool valid = !by;
	size_t i;

	if (!select->share_count)
		return 1;
	if (select_check(record->line, &valid, why) < 0)
		return -1;
	select->cut++;
	select->without_key += by && !split_has_key(record, by);
	for (i = 0; i < select->share_count; i++)
		if (!interval_holds(&select->shares[i], record))
			return 0;
	return 1;
}

int
select_match(struct select *select, const struct record *record,
	     const char **why)
{
	unsigned kind;
	int got = 1;

	select->label_valid = select->metadata_valid = false;
	select_meet(select, record);
	for (kind = 0; kind < SELECT_WHERE && got == 1; kind++) {
		if (!(select->given & 1U << kind))
			continue;
		if (check_kind(select, kind, record, why) < 0)
			return -1;
		got = select_holds(select, kind, record);
	}
	got = wheres_hold(select, record, got, why);
	if (got == 1)
		got = shares_hold(select, record, why);
	return got;
}

/* Says how many of the records that were cut lack the key; true for all. */
static bool
say_without_key(const struct select *select)
{
	const char *by = select->shares[0].by;

	if (!select->without_key)
		return false;
	if (select->without_key == select->cut) {
		diag_say(NULL, "no record has %s to keep together by", by);
		return true;
	}
	diag_say(NULL, "records without %s, each by itself: %llu of %llu", by,
		 (unsigned long long)select->without_key,
		 (unsigned long long)select->cut);
	return false;
}

bool
select_say_unmet(const struct select *select, uint64_t passed)
{
	bool none = false;
	unsigned kind;
	size_t i;

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
	return say_without_key(select) || (none && !passed);
}
