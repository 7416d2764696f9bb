#include "select.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <strings.h>

#include "category.h"
#include "part.h"

/* One condition, parsed. */
struct condition {
	enum select_kind kind;
	char *text;  /* a glob, a key path, or the items of a list */
	char *value; /* behind the `=` of KEY=VALUE, inside text */
	uint64_t number, of;
};

struct place_condition {
	const char *by, *salt;
	double from, to;
};

struct select {
	struct condition *conditions;
	size_t count;
	struct place_condition *places;
	size_t place_count;
	struct category_set *categories;
	struct buf text;
};

struct select *
select_open(void)
{
	struct select *select = xcalloc(1, sizeof(*select));

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
	free(select->places);
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
	struct condition condition = {.kind = kind, .text = xstrdup(text)};
	const char *why = parse_condition(&condition);

	if (why) {
		free(condition.text);
		return why;
	}
	if (kind == SELECT_CATEGORY)
		category_set_add(select->categories, text);
	select->conditions =
		xreallocarray(select->conditions, select->count + 1,
			      sizeof(*select->conditions));
	select->conditions[select->count++] = condition;
	return NULL;
}

void
select_add_part(struct select *select, const char *by, const char *salt,
		double from, double to)
{
	select->places = xreallocarray(select->places, select->place_count + 1,
				       sizeof(*select->places));
	select->places[select->place_count++] =
		(struct place_condition){by, salt, from, to};
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
	char *end;

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
		typed = strtod(wanted, &end);
		return end != wanted && !*end && json_double(value, &number) &&
		       number == typed;
	default:
		return slice_is(value, wanted);
	}
}

static bool
object_has(struct slice object, const struct condition *condition)
{
	struct slice value;

	return part_find(object, condition->text, &value) &&
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

static bool
has_image_attribute(const struct record *record,
		    const struct condition *condition)
{
	struct slice attributes;

	return json_find_path(record->label, &attributes, "attributes",
			      "image_attributes", NULL) &&
	       object_has(attributes, condition);
}

static bool
has_category(struct select *select, const struct record *record)
{
	struct annotations walk = record_annotations(record);
	struct slice annotation;

	while (annotations_next(&walk, &annotation))
		if (category_set_has(select->categories, record, annotation))
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

static bool
in_shard(const struct record *record, const struct condition *condition)
{
	int64_t index;

	return json_int(record->index, &index) && index >= 0 &&
	       (uint64_t)index % condition->of == condition->number - 1;
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
		buf_reset(&select->text);
		buf_slice(&select->text, record->place.sample);
		return fnmatch(condition->text, buf_cstr(&select->text), 0) ==
		       0;
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

/* What a kind looks deep into, and so has to be whole JSON. */
static struct slice
looked_into(enum select_kind kind, const struct record *record)
{
	switch (kind) {
	case SELECT_CATEGORY:
	case SELECT_ATTRIBUTE:
	case SELECT_IMAGE_ATTRIBUTE:
	case SELECT_MIN_ANNOTATIONS:
	case SELECT_MAX_ANNOTATIONS:
		return record->label;
	case SELECT_METADATA:
		return record->metadata;
	default:
		return (struct slice){0};
	}
}

static int
kind_holds(struct select *select, enum select_kind kind,
	   const struct record *record, const char **why)
{
	struct json_error error = {0};
	struct slice text = looked_into(kind, record);
	bool seen = false, any = false, all = true;
	size_t i;

	for (i = 0; i < select->count; i++) {
		if (select->conditions[i].kind != kind)
			continue;
		if (!seen && text.n && json_validate(text, &error) < 0) {
			*why = error.what;
			return -1;
		}
		seen = true;
		if (holds(select, &select->conditions[i], record))
			any = true;
		else
			all = false;
	}
	return !seen || (is_alternative(kind) ? any : all);
}

int
select_match(struct select *select, const struct record *record,
	     const char **why)
{
	int kind, got = 1;
	size_t i;

	for (kind = 0; kind < SELECT_KINDS && got == 1; kind++)
		got = kind_holds(select, (enum select_kind)kind, record, why);
	for (i = 0; i < select->place_count && got == 1; i++) {
		const struct place_condition *place = &select->places[i];
		double at = part_place(record, place->by, place->salt);

		got = at >= place->from && at < place->to;
	}
	return got;
}
