#include "record/select.h"

#include <fnmatch.h>
#include <locale.h>
#include <stdlib.h>
#include <strings.h>

#include "record/category_set.h"
#include "record/field.h"
#include "record/split.h"

/* One condition, parsed. */
struct condition {
	enum select_kind kind;
	char *text;  /* a glob, a key path, or the items of a list */
	char *value; /* behind the `=` of KEY=VALUE, inside text */
	uint64_t number, of;
};

/* A share of all: the place of a record (see part.h) is in [from, to). */
struct interval {
	const char *by, *salt;
	double from, to;
};

struct select {
	struct condition *conditions; /* those of a kind side by side */
	size_t count;
	const char *cuts[SELECT_KINDS - SELECT_SAMPLE]; /* texts */
	struct interval shares[2];
	size_t share_count;
	struct category_set *categories;
	bool label_valid, metadata_valid; /* this record's */
	struct buf text;
};

struct select *
select_open(void)
{
	struct select *select = xcalloc(1, sizeof(*select));

	/* So that fnmatch takes a character for one, whatever the user's. */
	setlocale(LC_CTYPE, "C.UTF-8");
	select->categories = category_set_open();
	return select;
}

void
select_close(struct select *select)
{
	size_t i;

	if (!select)
		return;
	for (i = 0; i < select->count; i++)
		free(select->conditions[i].text);
	free(select->conditions);
	category_set_close(select->categories);
	buf_release(&select->text);
	free(select);
}

static const char *
parse_number(const char *text, uint64_t *number, char **end)
{
	if (*text < '0' || *text > '9')
		return "not a whole number";
	*number = strtoull(text, end, 10);
	return NULL;
}

static const char *
parse_shard(struct condition *condition)
{
	char *at = condition->text;

	if (parse_number(at, &condition->number, &at) || *at++ != '/' ||
	    parse_number(at, &condition->of, &at) || *at ||
	    condition->number < 1 || condition->number > condition->of)
		return "a shard is I/N with I from 1 to N";
	return NULL;
}

static const char *
parse_condition(struct condition *condition)
{
	char *end;

	switch (condition->kind) {
	case SELECT_METADATA:
	case SELECT_ATTRIBUTE:
	case SELECT_IMAGE_ATTRIBUTE:
		condition->value = strchr(condition->text, '=');
		if (!condition->value || condition->value == condition->text)
			return "not KEY=VALUE";
		*condition->value++ = '\0';
		return NULL;
	case SELECT_MIN_ANNOTATIONS:
	case SELECT_MAX_ANNOTATIONS:
		if (parse_number(condition->text, &condition->number, &end) ||
		    *end)
			return "not a whole number";
		return NULL;
	case SELECT_SHARD:
		return parse_shard(condition);
	default:
		return NULL;
	}
}

const char *
select_add(struct select *select, enum select_kind kind, const char *text)
{
	struct condition condition = {.kind = kind};
	const char *why;
	size_t at;

	if (kind >= SELECT_SAMPLE) {
		select->cuts[kind - SELECT_SAMPLE] = text;
		return NULL;
	}
	condition.text = xstrdup(text);
	why = parse_condition(&condition);
	if (why) {
		free(condition.text);
		return why;
	}
	if (kind == SELECT_CATEGORY)
		category_set_add(select->categories, text);
	select->conditions =
		xreallocarray(select->conditions, select->count + 1,
			      sizeof(*select->conditions));
	for (at = select->count++; at > 0; at--) {
		if (select->conditions[at - 1].kind <= kind)
			break;
		select->conditions[at] = select->conditions[at - 1];
	}
	select->conditions[at] = condition;
	return NULL;
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

/* True when the comma list has the text, in any case if so wanted. */
static bool
list_has(const char *list, struct slice text, bool any_case)
{
	for (;;) {
		size_t n = strcspn(list, ",");

		if (n == text.n && (any_case ? strncasecmp(list, text.p, n) == 0
					     : memcmp(list, text.p, n) == 0))
			return true;
		if (!list[n])
			return false;
		list += n + 1;
	}
}

/* The label's status; that of a sample without a label is UNLABELED. */
static struct slice
status_of(struct select *select, const struct record *record)
{
	struct slice value;

	if (json_type(record->label) != JSON_OBJECT)
		return slice_of("UNLABELED");
	buf_reset(&select->text);
	if (!json_find(record->label, "label_status", &value) ||
	    !json_string(value, &select->text))
		return slice_of("");
	return buf_view(&select->text);
}

/*
 * A value as it would be typed: a string's text, other scalars as they are
 * spelt or as an equal number; of a list, any element.
 */
static bool
value_is(struct slice value, const char *wanted)
{
	struct json_iter iter;
	struct json_member element;
	double number, typed;

	switch (json_type(value)) {
	case JSON_STRING:
		return json_string_is(value, slice_of(wanted));
	case JSON_ARRAY:
		iter = json_iterate(value);
		while (json_next(&iter, &element) > 0)
			if (json_type(element.value) != JSON_ARRAY &&
			    value_is(element.value, wanted))
				return true;
		return false;
	case JSON_NUMBER:
		if (slice_is(value, wanted))
			return true;
		return json_double(slice_of(wanted), &typed) &&
		       json_double(value, &number) && number == typed;
	default:
		return slice_is(value, wanted);
	}
}

static bool
object_has(struct slice object, const struct condition *condition)
{
	struct slice value;

	return field_find(object, condition->text, &value) &&
	       value_is(value, condition->value);
}

static bool
has_attribute(const struct record *record, const struct condition *condition)
{
	struct annotations walk = record_annotations(record);
	struct slice annotation, attributes;

	while (annotations_next(&walk, &annotation))
		if (json_find(annotation, "attributes", &attributes) &&
		    object_has(attributes, condition))
			return true;
	return false;
}

/* Of a label, or of a frame of a sequence's. */
static bool
has_image_attribute(const struct record *record,
		    const struct condition *condition)
{
	struct slice attributes, found;
	struct json_iter frames;
	struct json_member frame;

	if (!json_find(record->label, "attributes", &attributes))
		return false;
	if (json_find(attributes, "image_attributes", &found) &&
	    object_has(found, condition))
		return true;
	if (!json_find(attributes, "frames", &found))
		return false;
	frames = json_iterate(found);
	while (json_next(&frames, &frame) > 0)
		if (json_find(frame.value, "image_attributes", &found) &&
		    object_has(found, condition))
			return true;
	return false;
}

static bool
has_category(struct select *select, const struct record *record)
{
	struct annotations walk = record_annotations(record);
	struct slice annotation;

	category_set_use(select->categories, record);
	while (annotations_next(&walk, &annotation))
		if (category_set_has(select->categories, annotation))
			return true;
	return false;
}

static uint64_t
count_annotations(const struct record *record)
{
	struct annotations walk = record_annotations(record);
	struct slice annotation;
	uint64_t n = 0;

	while (annotations_next(&walk, &annotation))
		n++;
	return n;
}

/* A record without an index is drawn, so that some shard has it. */
static bool
in_shard(const struct record *record, const struct condition *condition)
{
	int64_t index;

	if (!json_int(record->index, &index) || index < 0)
		index = (int64_t)(split_place(record, NULL, "shard") * 0x1p53);
	return (uint64_t)index % condition->of == condition->number - 1;
}

/* Over characters in UTF-8; a name with a NUL matches nothing. */
static bool
name_matches(struct select *select, struct slice name, const char *glob)
{
	buf_reset(&select->text);
	buf_slice(&select->text, name);
	return fnmatch(glob, buf_cstr(&select->text), 0) == 0 &&
	       strlen(select->text.data) == name.n;
}

static bool
holds(struct select *select, const struct condition *condition,
      const struct record *record)
{
	switch (condition->kind) {
	case SELECT_STATUS:
		return list_has(condition->text, status_of(select, record),
				true);
	case SELECT_NAME:
		return name_matches(select, record->place.sample,
				    condition->text);
	case SELECT_UUID:
		buf_reset(&select->text);
		return json_string(record->uuid, &select->text) &&
		       list_has(condition->text, buf_view(&select->text),
				false);
	case SELECT_CATEGORY:
		return has_category(select, record);
	case SELECT_METADATA:
		return object_has(record->metadata, condition);
	case SELECT_ATTRIBUTE:
		return has_attribute(record, condition);
	case SELECT_IMAGE_ATTRIBUTE:
		return has_image_attribute(record, condition);
	case SELECT_MIN_ANNOTATIONS:
		return count_annotations(record) >= condition->number;
	case SELECT_MAX_ANNOTATIONS:
		return count_annotations(record) <= condition->number;
	case SELECT_SHARD:
		return in_shard(record, condition);
	default:
		return false;
	}
}

/* Kinds of which any one condition given will do. */
static bool
is_alternative(enum select_kind kind)
{
	return kind == SELECT_STATUS || kind == SELECT_NAME ||
	       kind == SELECT_UUID || kind == SELECT_CATEGORY;
}

/* 0 when the value is JSON, looked at once for a record; else -1, *why set. */
static int
check(struct slice value, bool *valid, const char **why)
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

/* What a kind looks deep into has to be JSON as a whole; as check. */
static int
check_kind(struct select *select, enum select_kind kind,
	   const struct record *record, const char **why)
{
	struct slice status;

	switch (kind) {
	case SELECT_SHARD:
	case SELECT_NAME:
	case SELECT_UUID:
		return 0;
	case SELECT_METADATA:
		return check(record->metadata, &select->metadata_valid, why);
	case SELECT_STATUS:
		if (json_find(record->label, "label_status", &status))
			return 0;
		break;
	default:
		break;
	}
	return check(record->label, &select->label_valid, why);
}

/* Conditions of one kind: as select_match. */
static int
group_holds(struct select *select, const struct condition *group, size_t count,
	    const struct record *record, const char **why)
{
	bool any = is_alternative(group->kind);
	size_t i;

	if (check_kind(select, group->kind, record, why) < 0)
		return -1;
	for (i = 0; i < count; i++)
		if (holds(select, &group[i], record) == any)
			return any;
	return !any;
}

static int
interval_holds(const struct interval *share, const struct record *record,
	       const char **why)
{
	bool valid = !share->by;
	double at;

	if (check(record->line, &valid, why) < 0)
		return -1;
	at = split_place(record, share->by, share->salt);
	return at >= share->from && at < share->to;
}

int
select_match(struct select *select, const struct record *record,
	     const char **why)
{
	size_t i, end;
	int got = 1;

	select->label_valid = select->metadata_valid = false;
	for (i = 0; i < select->count && got == 1; i = end) {
		const struct condition *group = &select->conditions[i];

		for (end = i + 1; end < select->count; end++)
			if (select->conditions[end].kind != group->kind)
				break;
		got = group_holds(select, group, end - i, record, why);
	}
	for (i = 0; i < select->share_count && got == 1; i++)
		got = interval_holds(&select->shares[i], record, why);
	return got;
}
