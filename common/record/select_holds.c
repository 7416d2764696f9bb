/* What conditions say of a record, and which of their names it has. */
#include "base/glob.h"
#include "record/field.h"
#include "record/select_parts.h"
#include "record/split.h"
#include "record/status.h"

/*
 * A value as it would be typed: a string's text, a number by what it is worth,
 * other scalars as they are spelt; of a list, any element.
 */
static bool
value_is(struct slice value, struct slice wanted)
{
	struct json_iter iter;
	struct json_member element;

	switch (json_type(value)) {
	case JSON_STRING:
		return json_string_is(value, wanted);
	case JSON_ARRAY:
		iter = json_iterate(value);
		while (json_next(&iter, &element) > 0)
			if (json_type(element.value) != JSON_ARRAY &&
			    value_is(element.value, wanted))
				return true;
		return false;
	case JSON_NUMBER:
		return slice_equal(value, wanted) ||
		       (json_is_number(wanted) &&
			json_compare_numbers(value, wanted) == 0);
	default:
		return slice_equal(value, wanted);
	}
}

/* An object that KEY=VALUE is looked for in: true where it holds. */
static bool
object_has(struct select *select, const struct condition *condition,
	   struct slice object)
{
	struct slice value;

	if (!field_find(object, condition->text, &value))
		return false;
	asked_meet(select->asked[condition->kind], condition->place);
	return value_is(value, slice_of(condition->value));
}

static bool
has_attribute(struct select *select, const struct condition *condition,
	      const struct record *record)
{
	struct annotations walk = record_annotations(record);
	struct slice annotation, attributes;

	while (annotations_next(&walk, &annotation))
		if (json_find(annotation, "attributes", &attributes) &&
		    object_has(select, condition, attributes))
			return true;
	return false;
}

/* Of a label, or of a frame of a sequence's. */
static bool
has_image_attribute(struct select *select, const struct condition *condition,
		    const struct record *record)
{
	struct slice attributes, found;
	struct json_iter frames;
	struct json_member frame;

	if (!json_find(record->label, "attributes", &attributes))
		return false;
	if (json_find(attributes, "image_attributes", &found) &&
	    object_has(select, condition, found))
		return true;
	if (!json_find(attributes, "frames", &found))
		return false;
	frames = json_iterate(found);
	while (json_next(&frames, &frame) > 0)
		if (json_find(frame.value, "image_attributes", &found) &&
		    object_has(select, condition, found))
			return true;
	return false;
}

static bool
has_category(const struct select *select, const struct record *record)
{
	struct annotations walk = record_annotations(record);
	struct slice annotation;

	while (annotations_next(&walk, &annotation))
		if (category_set_has(select->categories, annotation))
			return true;
	return false;
}

/* Of the categories meant, those that are not dropped from the record. */
static uint64_t
count_annotations(const struct select *select,
		  const struct condition *condition,
		  const struct record *record)
{
	const struct category_set *counted = condition->categories
						     ? condition->categories
						     : select->categories;
	bool all = category_set_empty(counted);
	struct annotations walk = record_annotations(record);
	struct slice annotation;
	uint64_t n = 0;

	while (annotations_next(&walk, &annotation))
		n += (all || category_set_has(counted, annotation)) &&
		     prune_keeps(select->prune, annotation);
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

/* Whether a pattern fits, over characters in UTF-8. */
static bool
meets_glob(struct select *select, size_t place)
{
	struct asked *names = select->asked[SELECT_NAME];

	if (!glob_matches(asked_name(names, place), buf_cstr(&select->text)))
		return false;
	asked_meet(names, place);
	return true;
}

/* The name for patterns, which take a NUL for one character as any other. */
static void
put_text(struct select *select, struct slice name)
{
	size_t i;

	buf_reset(&select->text);
	buf_slice(&select->text, name);
	for (i = 0; i < name.n; i++)
		if (select->text.data[i] == '\0')
			select->text.data[i] = '\1';
}

/* Names are patterns, or stand as they are. Where `all`, all are met. */
static bool
has_name(struct select *select, const struct record *record, bool all)
{
	struct asked *names = select->asked[SELECT_NAME];
	struct slice name = record->place.sample;
	size_t i;
	bool found;

	found = asked_find(names, name, &i);
	if (found)
		asked_meet(names, i);
	if (!select->globs || (found && !all))
		return found;
	put_text(select, name);
	for (i = 0; i < asked_count(names) && (all || !found); i++)
		if (!all || !asked_met(names, i))
			found |= meets_glob(select, i);
	return found;
}

/* A uuid that is a number is compared as one. */
static bool
has_uuid(struct select *select, const struct record *record)
{
	struct asked *uuids = select->asked[SELECT_UUID];
	struct slice uuid = record->uuid;
	bool found;
	size_t i;

	buf_reset(&select->text);
	if (json_string(uuid, &select->text))
		uuid = buf_view(&select->text);
	found = uuid.n && asked_find(uuids, uuid, &i);
	if (!found && json_is_number(record->uuid))
		for (i = 0; i < asked_count(uuids) && !found; i += !found)
			found = value_is(uuid, slice_of(asked_name(uuids, i)));
	if (found)
		asked_meet(uuids, i);
	return found;
}

static bool
condition_holds(struct select *select, const struct condition *condition,
		const struct record *record)
{
	switch (condition->kind) {
	case SELECT_METADATA:
		return object_has(select, condition, record->metadata);
	case SELECT_ATTRIBUTE:
		return has_attribute(select, condition, record);
	case SELECT_IMAGE_ATTRIBUTE:
		return has_image_attribute(select, condition, record);
	case SELECT_MIN_ANNOTATIONS:
		return count_annotations(select, condition, record) >=
		       condition->number;
	case SELECT_MAX_ANNOTATIONS:
		return count_annotations(select, condition, record) <=
		       condition->number;
	case SELECT_SHARD:
		return in_shard(record, condition);
	default:
		return false;
	}
}

static bool
all_hold(struct select *select, enum select_kind kind,
	 const struct record *record)
{
	size_t i;

	for (i = 0; i < select->count; i++)
		if (select->conditions[i].kind == kind &&
		    !condition_holds(select, &select->conditions[i], record))
			return false;
	return true;
}

/* What is none of the statuses is counted, so that it is not missed. */
static bool
has_status(struct select *select, const struct record *record)
{
	const enum label_status status = label_status_of(record->label);

	select->strange += status >= LABEL_STATUSES;
	return select->statuses & 1U << status;
}

bool
select_holds(struct select *select, enum select_kind kind,
	     const struct record *record)
{
	switch (kind) {
	case SELECT_STATUS:
		return has_status(select, record);
	case SELECT_NAME:
		return has_name(select, record, false);
	case SELECT_UUID:
		return has_uuid(select, record);
	case SELECT_CATEGORY:
		return has_category(select, record);
	default:
		return all_hold(select, kind, record);
	}
}

/* Looks for the key of a condition that was not met so far. */
static void
meet_key(struct select *select, const struct condition *condition,
	 const struct record *record)
{
	bool metadata = condition->kind == SELECT_METADATA;
	const char *why;

	if (!select->asked[condition->kind] ||
	    asked_met(select->asked[condition->kind], condition->place))
		return;
	if (select_check(metadata ? record->metadata : record->label,
			 metadata ? &select->metadata_valid
				  : &select->label_valid,
			 &why) == 0)
		condition_holds(select, condition, record);
}

const char *
select_meet(struct select *select, const struct record *record)
{
	const struct asked *names = select->asked[SELECT_NAME];
	const char *why = prune_use(select->prune, record), *other;
	size_t i;

	other = category_set_use(select->categories, record);
	why = why ? why : other;
	if (asked_unmet(names))
		has_name(select, record, true);
	if (asked_unmet(select->asked[SELECT_UUID]))
		has_uuid(select, record);
	for (i = 0; i < select->count; i++) {
		const struct condition *condition = &select->conditions[i];

		other = condition->categories
				? category_set_use(condition->categories,
						   record)
				: NULL;
		why = why ? why : other;
		meet_key(select, condition, record);
	}
	return why;
}
