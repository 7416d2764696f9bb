/* What an expression is of a record. */
#include "record/where.h"

#include <stdlib.h>
#include <strings.h>

#include "record/status.h"
#include "record/where_parts.h"

static bool
orders(int order, enum where_op op)
{
	switch (op) {
	case OP_EQUAL:
		return order == 0;
	case OP_LESS:
		return order < 0;
	case OP_LESS_EQUAL:
		return order <= 0;
	case OP_MORE:
		return order > 0;
	case OP_MORE_EQUAL:
		return order >= 0;
	}
	return false;
}

static int
compare_texts(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int
compare_instants(struct instant a, struct instant b)
{
	if (a.seconds != b.seconds)
		return a.seconds < b.seconds ? -1 : 1;
	return (a.nanoseconds > b.nanoseconds) -
	       (a.nanoseconds < b.nanoseconds);
}

/* A string that is a number is compared as one with a number. */
static bool
compare_string(struct slice value, enum where_op op,
	       const struct literal *literal, struct buf *text)
{
	struct slice typed = slice_of(literal->text), decoded;
	struct instant instant;

	buf_reset(text);
	json_string(value, text);
	decoded = buf_view(text);
	if (literal->type == JSON_NUMBER)
		return json_is_number(decoded) &&
		       orders(json_compare_numbers(decoded, typed), op);
	if (literal->type != JSON_STRING)
		return false;
	if (literal->is_instant && where_read_instant(decoded, &instant))
		return orders(compare_instants(instant, literal->instant), op);
	return orders(compare_texts(decoded, typed), op);
}

bool
where_compare(struct slice value, enum where_op op,
	      const struct literal *literal, struct buf *text)
{
	struct json_iter iter;
	struct json_member element;

	switch (json_type(value)) {
	case JSON_NONE:
	case JSON_NULL:
		return op == OP_EQUAL && literal->type == JSON_NULL;
	case JSON_BOOL:
		return op == OP_EQUAL && literal->type == JSON_BOOL &&
		       slice_is(value, literal->text);
	case JSON_NUMBER:
		return literal->type == JSON_NUMBER &&
		       orders(json_compare_numbers(value,
						   slice_of(literal->text)),
			      op);
	case JSON_STRING:
		return compare_string(value, op, literal, text);
	case JSON_ARRAY:
		iter = json_iterate(value);
		while (json_next(&iter, &element) > 0)
			if (json_type(element.value) != JSON_ARRAY &&
			    where_compare(element.value, op, literal, text))
				return true;
		return false;
	case JSON_OBJECT:
		break;
	}
	return false;
}

static struct slice
root_of(const struct where *where, enum where_root root)
{
	const struct record *record = where->record;

	switch (root) {
	case ROOT_ATTRIBUTES:
		return record->attributes;
	case ROOT_METADATA:
		return record->metadata;
	case ROOT_LABEL:
		return record->label;
	case ROOT_RELEASE:
		return record->release;
	case ROOT_FRAME:
		return record->frame;
	case ROOT_ANNOTATION:
		return where->annotation;
	default:
		return record->line;
	}
}

/* The value at a path; an empty slice where there is none. */
static struct slice
find_value(struct where *where, const struct path *path)
{
	struct slice value = root_of(where, path->root);
	size_t i;

	for (i = 0; i < path->count; i++)
		if (!json_find(value, path->segments[i], &value))
			return (struct slice){0};
	if (value.n && path->count)
		asked_meet(where->asked, path->place);
	return value;
}

/* Statuses are compared in any case; no label is UNLABELED. */
static bool
compare_status(struct where *where, const struct node *node)
{
	enum label_status status = label_status_of(where->record->label);
	size_t i;

	if (status >= LABEL_STATUSES) {
		where->meets_strange = true;
		return false;
	}
	for (i = 0; i < node->literal_count; i++)
		if (label_status_find(slice_of(node->literals[i].text)) ==
		    status)
			return true;
	return false;
}

static bool
compare_value(struct where *where, const struct node *node)
{
	struct slice value;
	size_t i;

	if (node->path.status)
		return compare_status(where, node);
	value = find_value(where, &node->path);
	for (i = 0; i < node->literal_count; i++)
		if (where_compare(value, node->op, &node->literals[i],
				  &where->text))
			return true;
	return false;
}

/* Of a string its text, of other scalars how they are spelt. */
static bool
match_value(struct where *where, const struct node *node, struct slice value)
{
	struct json_iter iter = json_iterate(value);
	struct json_member element;

	if (json_type(value) == JSON_ARRAY) {
		while (json_next(&iter, &element) > 0)
			if (json_type(element.value) != JSON_ARRAY &&
			    match_value(where, node, element.value))
				return true;
		return false;
	}
	if (json_type(value) == JSON_NONE || json_type(value) == JSON_OBJECT)
		return false;
	buf_reset(&where->text);
	if (!json_string(value, &where->text))
		buf_slice(&where->text, value);
	return regexec(&node->regex, buf_cstr(&where->text), 0, NULL, 0) == 0;
}

static bool evaluate(struct where *where, const struct node *node);

/* Annotations of which it is true, up to `most`. */
static uint64_t
count_true(struct where *where, const struct node *node, uint64_t most)
{
	struct annotations walk = record_annotations(where->record);
	uint64_t n = 0;

	while (n < most && annotations_next(&walk, &where->annotation))
		n += evaluate(where, node);
	where->annotation = (struct slice){0};
	return n;
}

static bool
compare_count(struct where *where, const struct node *node)
{
	struct buf text = {0};
	bool good;

	buf_uint(&text, count_true(where, node->left, UINT64_MAX));
	good = where_compare(buf_view(&text), node->op, node->literals,
			     &where->text);
	buf_release(&text);
	return good;
}

static bool
evaluate(struct where *where, const struct node *node)
{
	switch (node->kind) {
	case NODE_AND:
		return evaluate(where, node->left) &&
		       evaluate(where, node->right);
	case NODE_OR:
		return evaluate(where, node->left) ||
		       evaluate(where, node->right);
	case NODE_NOT:
		return !evaluate(where, node->left);
	case NODE_ANY:
		return count_true(where, node->left, 1) > 0;
	case NODE_COUNT:
		return compare_count(where, node);
	case NODE_COMPARE:
		return compare_value(where, node);
	case NODE_MATCH:
		return match_value(where, node, find_value(where, &node->path));
	case NODE_EXISTS:
		return find_value(where, &node->path).n > 0;
	case NODE_CATEGORY:
		return category_set_has(node->categories, where->annotation);
	}
	return false;
}

/* What is looked into has to be JSON: 0, or -1 with *why set. */
static int
check_roots(const struct where *where, const char **why)
{
	struct json_error error;
	unsigned root;

	for (root = 0; root < ROOT_ANNOTATION; root++) {
		struct slice value = root_of(where, root);

		if (!(where->roots & 1U << root) || !value.n ||
		    json_validate(value, &error) == 0)
			continue;
		*why = error.what;
		return -1;
	}
	return 0;
}

/* Looks for the paths that no record had so far, whatever is asked of them. */
static void
meet_paths(struct where *where)
{
	const struct node *node;
	struct annotations walk;

	where->unmet = asked_unmet(where->asked) > 0;
	for (node = where->all; node && where->unmet; node = node->next) {
		if (!node->path.count || node->categories ||
		    asked_met(where->asked, node->path.place))
			continue;
		if (node->path.root != ROOT_ANNOTATION) {
			find_value(where, &node->path);
			continue;
		}
		walk = record_annotations(where->record);
		while (annotations_next(&walk, &where->annotation) &&
		       !find_value(where, &node->path).n)
			;
	}
	where->annotation = (struct slice){0};
}

int
where_match(struct where *where, const struct record *record, const char **why)
{
	const struct node *node;
	int got;

	where->record = record;
	if (check_roots(where, why) < 0)
		return -1;
	for (node = where->all; node; node = node->next)
		if (node->categories &&
		    (*why = category_set_use(node->categories, record)) != NULL)
			return -1;
	if (where->unmet)
		meet_paths(where);
	where->meets_strange = false;
	got = evaluate(where, where->root);
	where->strange += where->meets_strange;
	return got;
}

uint64_t
where_strange(const struct where *where)
{
	return where->strange;
}

bool
where_has_unmet(const struct where *where)
{
	return where->unmet;
}

bool
where_say_unmet(const struct where *where)
{
	const struct node *node;
	bool unmet = asked_say_unmet(where->asked, NULL) > 0;

	for (node = where->all; node; node = node->next)
		if (node->categories)
			unmet |= category_set_say_unmet(node->categories);
	return unmet;
}

static void
free_node(struct node *node)
{
	size_t i;

	for (i = 0; i < node->literal_count; i++)
		free(node->literals[i].text);
	for (i = 0; i < node->path.count; i++)
		free(node->path.segments[i]);
	free(node->literals);
	if (node->has_regex)
		regfree(&node->regex);
	category_set_close(node->categories);
	free(node);
}

void
where_close(struct where *where)
{
	struct node *node, *next;

	if (!where)
		return;
	for (node = where->all; node; node = next) {
		next = node->next;
		free_node(node);
	}
	asked_close(where->asked);
	buf_release(&where->text);
	free(where);
}
