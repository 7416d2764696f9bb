/*
 * Expressions as they are typed, by recursive descent:
 *
 *	either   = both {"or" both}
 *	both     = single {"and" single}
 *	single   = "not" single | "(" either ")" | "any(" either ")"
 *	         | "all(" either ")" | "count(" either ")" order value
 *	         | "exists" path | path test
 *	test     = ["not"] "exists" | ["not"] "in" "(" value {"," value} ")"
 *	         | order value | "=~" text | "!~" text
 */
#include <stdlib.h>

#include "base/nearest.h"
#include "record/status.h"
#include "record/where_words.h"

enum { DEEPEST = 100 };

static struct node *
make_node(struct parser *parser, enum node_kind kind)
{
	struct node *node = xcalloc(1, sizeof(*node));

	node->kind = kind;
	*parser->end = node;
	parser->end = &node->next;
	return node;
}

static struct node *
make_pair(struct parser *parser, enum node_kind kind, struct node *left,
	  struct node *right)
{
	struct node *node = make_node(parser, kind);

	node->left = left;
	node->right = right;
	return node;
}

static bool
check_status(struct parser *parser, const char *at, const char *typed)
{
	const char *nearest = nearest_word(typed, label_status_names);

	if (label_status_find(slice_of(typed)) != LABEL_STATUSES)
		return true;
	where_fail(parser, at, "%s is no status of a label%s%s", typed,
		   nearest ? "; the nearest is " : "", nearest ? nearest : "");
	return false;
}

/* Takes one more value that the path of the node is compared with. */
static bool
add_literal(struct parser *parser, struct node *node)
{
	struct literal *literal;
	const char *at;

	where_skip_space(parser);
	at = parser->p;
	node->literals = xreallocarray(node->literals, node->literal_count + 1,
				       sizeof(*node->literals));
	literal = &node->literals[node->literal_count];
	*literal = (struct literal){0};
	if (!where_take_literal(parser, literal))
		return false;
	node->literal_count++;
	if (node->op != OP_EQUAL &&
	    (literal->type == JSON_NULL || literal->type == JSON_BOOL))
		return where_fail(parser, at, "%s has no order", literal->text);
	if (node->categories)
		category_set_add(node->categories, slice_of(literal->text));
	return !node->path.status || check_status(parser, at, literal->text);
}

static struct node *
negate(struct parser *parser, struct node *node, bool negated)
{
	return node && negated ? make_pair(parser, NODE_NOT, node, NULL) : node;
}

/* Takes (value, ...). */
static struct node *
parse_list(struct parser *parser, struct node *node)
{
	if (!where_take_char(parser, '('))
		return where_fail(parser, parser->p, "'(' is expected here");
	do
		if (!add_literal(parser, node))
			return NULL;
	while (where_take_char(parser, ','));
	if (!where_take_char(parser, ')'))
		return where_fail(parser, parser->p,
				  "',' or ')' is expected here");
	return node;
}

static struct node *
parse_regex(struct parser *parser, struct node *node)
{
	struct literal pattern = {0};
	char why[128];
	const char *at;
	int got;

	where_skip_space(parser);
	at = parser->p;
	if (!where_take_literal(parser, &pattern))
		return NULL;
	node->kind = NODE_MATCH;
	got = regcomp(&node->regex, pattern.text, REG_EXTENDED | REG_NOSUB);
	free(pattern.text);
	if (got) {
		regerror(got, &node->regex, why, sizeof(why));
		return where_fail(parser, at, "no regular expression: %s", why);
	}
	node->has_regex = true;
	return node;
}

/* Takes an operator; its negation is told, too. */
static bool
take_order(struct parser *parser, enum where_op *op, bool *negated)
{
	static const struct {
		const char *text;
		enum where_op op;
		bool negated;
	} orders[] = {
		{"==", OP_EQUAL, false},      {"!=", OP_EQUAL, true},
		{"=", OP_EQUAL, false},       {"<=", OP_LESS_EQUAL, false},
		{">=", OP_MORE_EQUAL, false}, {"<", OP_LESS, false},
		{">", OP_MORE, false},
	};
	size_t i;

	where_skip_space(parser);
	for (i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
		size_t n = strlen(orders[i].text);

		if (strncmp(parser->p, orders[i].text, n) != 0)
			continue;
		parser->p += n;
		*op = orders[i].op;
		*negated = orders[i].negated;
		return true;
	}
	return false;
}

/* True, and *negated, where =~ or !~ is taken. */
static bool
take_match(struct parser *parser, bool *negated)
{
	where_skip_space(parser);
	if (strncmp(parser->p, "=~", 2) != 0 &&
	    strncmp(parser->p, "!~", 2) != 0)
		return false;
	*negated = *parser->p == '!';
	parser->p += 2;
	return true;
}

/* Statuses and categories are names of a list: they are equal, or not. */
static bool
check_named(struct parser *parser, const struct node *node, const char *at)
{
	bool named = node->path.status || where_is_category(&node->path);

	if (named && (node->kind != NODE_COMPARE || node->op != OP_EQUAL))
		return where_fail(parser, at, "%s goes with =, != and in",
				  node->path.status ? "status"
						    : "annotation.category");
	return true;
}

static struct node *
parse_test(struct parser *parser, struct node *node)
{
	const char *at;
	bool negated;

	where_skip_space(parser);
	at = parser->p;
	negated = where_take_word(parser, "not");
	if (where_take_word(parser, "exists")) {
		node->kind = NODE_EXISTS;
		return check_named(parser, node, at)
			       ? negate(parser, node, negated)
			       : NULL;
	}
	if (where_is_category(&node->path))
		node->categories = category_set_open();
	if (where_take_word(parser, "in"))
		node = parse_list(parser, node);
	else if (negated)
		return where_fail(parser, parser->p,
				  "in or exists is expected here");
	else if (take_match(parser, &negated))
		node = parse_regex(parser, node);
	else if (!take_order(parser, &node->op, &negated))
		return where_fail(parser, at,
				  "=, !=, <, <=, >, >=, =~, in or exists "
				  "is expected here");
	else if (!check_named(parser, node, at) || !add_literal(parser, node))
		return NULL;
	if (!node || !check_named(parser, node, at))
		return NULL;
	if (node->categories)
		node->kind = NODE_CATEGORY;
	return negate(parser, node, negated);
}

static struct node *parse_either(struct parser *parser);

/* The rest behind an opening bracket. */
static struct node *
parse_bracket(struct parser *parser, bool inside)
{
	bool before = parser->inside;
	struct node *node;

	if (++parser->depth > DEEPEST)
		return where_fail(parser, parser->p, "brackets deeper than %d",
				  DEEPEST);
	parser->inside |= inside;
	node = parse_either(parser);
	parser->inside = before;
	parser->depth--;
	if (node && !where_take_char(parser, ')'))
		return where_fail(parser, parser->p, "')' is expected here");
	return node;
}

static struct node *
parse_counted(struct parser *parser)
{
	struct node *of = parse_bracket(parser, true), *node;
	bool negated = false;

	if (!of)
		return NULL;
	node = make_pair(parser, NODE_COUNT, of, NULL);
	if (!take_order(parser, &node->op, &negated))
		return where_fail(parser, parser->p,
				  "=, !=, <, <=, > or >= is expected here");
	if (!add_literal(parser, node))
		return NULL;
	if (node->literals[0].type != JSON_NUMBER)
		return where_fail(parser, parser->p, "a count is a number");
	return negate(parser, node, negated);
}

static struct node *
parse_annotations(struct parser *parser, bool all)
{
	struct node *of = parse_bracket(parser, true);

	if (!of)
		return NULL;
	of = negate(parser, of, all);
	return negate(parser, make_pair(parser, NODE_ANY, of, NULL), all);
}

static struct node *
parse_exists(struct parser *parser)
{
	struct node *node = make_node(parser, NODE_EXISTS);
	bool bracket = where_take_char(parser, '(');
	const char *at = parser->p;

	if (!where_take_path(parser, &node->path) ||
	    !check_named(parser, node, at))
		return NULL;
	if (bracket && !where_take_char(parser, ')'))
		return where_fail(parser, parser->p, "')' is expected here");
	return node;
}

static struct node *
parse_single(struct parser *parser)
{
	struct node *node;

	if (where_take_word(parser, "not")) {
		if (++parser->depth > DEEPEST)
			return where_fail(parser, parser->p,
					  "not deeper than %d", DEEPEST);
		node = negate(parser, parse_single(parser), true);
		parser->depth--;
		return node;
	}
	if (where_take_char(parser, '('))
		return parse_bracket(parser, false);
	if (!parser->inside && where_take_call(parser, "any"))
		return parse_annotations(parser, false);
	if (!parser->inside && where_take_call(parser, "all"))
		return parse_annotations(parser, true);
	if (!parser->inside && where_take_call(parser, "count"))
		return parse_counted(parser);
	if (where_take_word(parser, "exists"))
		return parse_exists(parser);
	node = make_node(parser, NODE_COMPARE);
	return where_take_path(parser, &node->path) ? parse_test(parser, node)
						    : NULL;
}

static struct node *
parse_both(struct parser *parser)
{
	struct node *left = parse_single(parser), *right;

	while (left && where_take_word(parser, "and")) {
		right = parse_single(parser);
		left = right ? make_pair(parser, NODE_AND, left, right) : NULL;
	}
	return left;
}

static struct node *
parse_either(struct parser *parser)
{
	struct node *left = parse_both(parser), *right;

	while (left && where_take_word(parser, "or")) {
		right = parse_both(parser);
		left = right ? make_pair(parser, NODE_OR, left, right) : NULL;
	}
	return left;
}

struct where *
where_parse(const char *text, struct buf *why)
{
	struct where *where = xcalloc(1, sizeof(*where));
	struct parser parser = {
		.text = text,
		.p = text,
		.where = where,
		.end = &where->all,
		.why = why,
	};

	where->asked = asked_open("no record has");
	where->root = parse_either(&parser);
	where_skip_space(&parser);
	if (where->root && *parser.p)
		where_fail(&parser, parser.p,
			   "and, or, or the end is expected here");
	where->unmet = true;
	if (!why->len)
		return where;
	where_close(where);
	return NULL;
}
