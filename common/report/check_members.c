/* The rules of a record's members. */
#include <stdlib.h>

#include "record/status.h"
#include "report/check_parts.h"

static void
judge_strange_status(struct judge *judge)
{
	struct slice text =
		label_status_text(judge->record->label, &judge->text);

	judge_put(judge, RULE_STATUS_UNKNOWN, NULL, NULL,
		  "'%.*s' is no status that is known",
		  (int)(text.n < 100 ? text.n : 100), text.p);
}

static void
judge_status(struct judge *judge)
{
	enum label_status status = label_status_of(judge->record->label);
	const struct finding reviewed = {.rule = RULE_STATUS_EMPTY,
					 .severity = SEVERITY_INFO};

	if (status == LABEL_PRELABELED)
		judge_put(judge, RULE_STALE_PRELABEL, NULL, NULL,
			  "a model's label, looked at by nobody");
	if (status == LABEL_STATUSES)
		judge_strange_status(judge);
	if (judge->count)
		return;
	if (status == LABEL_REVIEWED || status == LABEL_VERIFIED)
		check_put(judge->options, &judge->subject, &judge->findings,
			  &reviewed, "reviewed, without annotations");
	else if (status == LABEL_LABELED)
		judge_put(judge, RULE_STATUS_EMPTY, NULL, NULL,
			  "labelled, without annotations");
}

/* An object that should have the URL of a file has none. */
static bool
lacks_url(struct slice file)
{
	struct slice url;

	if (json_find(file, "path", &url) && json_type(url) == JSON_STRING)
		return false;
	return !json_find(file, "url", &url) || json_type(url) != JSON_STRING ||
	       url.n <= 2;
}

static void
judge_urls(struct judge *judge)
{
	struct slice file;

	if (json_find(judge->record->attributes, "image", &file) &&
	    lacks_url(file))
		judge_put(judge, RULE_URL_MISSING, NULL, NULL,
			  "the image has no URL");
	if (judge->count &&
	    json_find_path(judge->record->label, &file, "attributes",
			   "segmentation_bitmap", NULL) &&
	    lacks_url(file))
		judge_put(judge, RULE_URL_MISSING, NULL, NULL,
			  "the label's bitmap has no URL");
}

static int
compare_judged(const void *left, const void *right)
{
	const struct judged *a = left, *b = right;

	if (a->frame != b->frame)
		return a->frame < b->frame ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return (a->text.p > b->text.p) - (a->text.p < b->text.p);
}

/* Sorts by id; all rules are told in this order. */
static void
judge_ids(struct judge *judge)
{
	const struct judged *list = judge->list;
	int64_t last = 0;
	size_t i;

	if (judge->count > 1)
		qsort(judge->list, judge->count, sizeof(*judge->list),
		      compare_judged);
	for (i = 0; i < judge->count; i++) {
		if (list[i].frame != (i ? list[i - 1].frame : 0))
			last = 0;
		if (list[i].id && i && list[i].id == list[i - 1].id &&
		    list[i].frame == list[i - 1].frame)
			judge_put(judge, RULE_ID_DUPLICATE, &list[i], NULL,
				  "id %lld is another annotation's, too",
				  (long long)list[i].id);
		else if (!list[i].frame && !judge->subject.frame.p &&
			 list[i].id > last + 1)
			judge_put(judge, RULE_ID_GAP, &list[i], NULL,
				  "id %lld follows %lld", (long long)list[i].id,
				  (long long)last);
		last = list[i].id;
	}
}

/* The definition of an attribute in a category, by its name. */
static bool
find_definition(struct slice definitions, struct slice name,
		struct slice *definition)
{
	struct json_iter iter = json_iterate(definitions);
	struct json_member member;
	struct slice its;

	while (json_next(&iter, &member) > 0) {
		if (!json_find(member.value, "name", &its) || its.n < 2 ||
		    !json_spells(name, (struct slice){its.p + 1, its.n - 2}))
			continue;
		*definition = member.value;
		return true;
	}
	return false;
}

static bool
list_has(struct slice list, struct slice value)
{
	struct json_iter iter = json_iterate(list);
	struct json_member member;

	while (json_next(&iter, &member) > 0)
		if (slice_equal(member.value, value))
			return true;
	return false;
}

/* Whether a value, or each of several, is one of those that are offered. */
static bool
is_offered(struct slice definition, struct slice value)
{
	struct slice values;
	struct json_iter iter;
	struct json_member member;

	if (!json_find(definition, "values", &values) ||
	    json_type(values) != JSON_ARRAY || json_type(value) == JSON_NULL)
		return true;
	if (json_type(value) != JSON_ARRAY)
		return json_type(value) != JSON_STRING ||
		       list_has(values, value);
	iter = json_iterate(value);
	while (json_next(&iter, &member) > 0)
		if (!list_has(values, member.value))
			return false;
	return true;
}

static void
judge_attribute(struct judge *judge, const struct judged *judged,
		struct slice definitions, const struct json_member *attribute)
{
	struct slice definition;
	const int n = (int)(attribute->key.n < 60 ? attribute->key.n : 60);

	if (!find_definition(definitions, attribute->key, &definition))
		judge_put(judge, RULE_ATTRIBUTE_UNKNOWN, judged, NULL,
			  "attribute %.*s is not defined", n, attribute->key.p);
	else if (!is_offered(definition, attribute->value))
		judge_put(judge, RULE_ATTRIBUTE_VALUE, judged, NULL,
			  "attribute %.*s has a value that is not offered", n,
			  attribute->key.p);
}

/* A mandatory attribute that an annotation lacks. */
static void
judge_mandatory(struct judge *judge, const struct judged *judged,
		struct slice definition, struct slice attributes)
{
	struct slice mandatory, name, value;
	struct buf text = {0};

	if (!json_find(definition, "is_mandatory", &mandatory) ||
	    !slice_is(mandatory, "true") ||
	    !json_find(definition, "name", &name) || !json_string(name, &text))
		return;
	if (!json_find(attributes, buf_cstr(&text), &value) ||
	    json_type(value) == JSON_NULL || slice_is(value, "\"\""))
		judge_put(judge, RULE_ATTRIBUTE_MISSING, judged, NULL,
			  "attribute %s has no value", buf_cstr(&text));
	buf_release(&text);
}

static void
judge_attributes(struct judge *judge, const struct judged *judged)
{
	struct slice definitions, attributes = {0};
	struct json_iter iter;
	struct json_member member;

	/* Releases of 2020, and many since, define none. */
	if (!json_find(judged->definition, "attributes", &definitions) ||
	    json_type(definitions) != JSON_ARRAY || !json_count(definitions))
		return;
	json_find(judged->text, "attributes", &attributes);
	iter = json_iterate(attributes);
	while (json_next(&iter, &member) > 0)
		judge_attribute(judge, judged, definitions, &member);
	iter = json_iterate(definitions);
	while (json_next(&iter, &member) > 0)
		judge_mandatory(judge, judged, member.value, attributes);
}

void
judge_members(struct judge *judge)
{
	size_t i;

	judge_urls(judge);
	judge_status(judge);
	judge_ids(judge);
	for (i = 0; i < judge->count; i++) {
		const struct judged *judged = &judge->list[i];

		if (!judged->definition.p)
			judge_put(judge, RULE_CATEGORY_UNKNOWN, judged, NULL,
				  "its category is not in the release");
		judge_attributes(judge, judged);
	}
}
