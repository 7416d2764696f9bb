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
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>

#include "base/nearest.h"
#include "record/status.h"
#include "record/where_parts.h"

enum { DEEPEST = 100 };

struct parser {
	const char *text, *p;
	struct where *where;
	struct node **end; /* where the next node made is linked */
	struct buf *why;
	bool inside; /* of any() and its like */
	unsigned depth;
};

/* Says what is wrong where. Returns NULL. */
__attribute__((format(printf, 3, 4))) static void *
fail(struct parser *parser, const char *at, const char *format, ...)
{
	va_list args;

	if (parser->why->len)
		return NULL;
	buf_printf(parser->why, "column %td: ", at - parser->text + 1);
	va_start(args, format);
	buf_vprintf(parser->why, format, args);
	va_end(args);
	return NULL;
}

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

static void
skip_space(struct parser *parser)
{
	parser->p += strspn(parser->p, " \t\r\n");
}

/* Letters, digits, _ and - make a name, and all that is not ASCII. */
static bool
in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' ||
	       (unsigned char)c >= 0x80;
}

static bool
at_word(struct parser *parser, const char *word)
{
	size_t n = strlen(word);

	skip_space(parser);
	return strncasecmp(parser->p, word, n) == 0 && !in_name(parser->p[n]) &&
	       parser->p[n] != '.';
}

static bool
take_word(struct parser *parser, const char *word)
{
	bool there = at_word(parser, word);

	if (there)
		parser->p += strlen(word);
	return there;
}

static bool
take_char(struct parser *parser, char c)
{
	skip_space(parser);
	if (*parser->p != c)
		return false;
	parser->p++;
	return true;
}

/* Takes a word where a bracket follows it, and the bracket. */
static bool
take_call(struct parser *parser, const char *word)
{
	const char *from = parser->p;

	if (take_word(parser, word) && take_char(parser, '('))
		return true;
	parser->p = from;
	return false;
}

/* A quoted text; a backslash goes before its quote or another backslash. */
static char *
take_quoted(struct parser *parser)
{
	const char *at = parser->p;
	char quote = *parser->p++;
	struct buf text = {0};
	char *copy;

	for (; *parser->p && *parser->p != quote; parser->p++) {
		if (*parser->p == '\\' &&
		    (parser->p[1] == quote || parser->p[1] == '\\'))
			parser->p++;
		buf_putc(&text, *parser->p);
	}
	copy = slice_dup(buf_view(&text));
	buf_release(&text);
	if (*parser->p++ == quote)
		return copy;
	parser->p--;
	free(copy);
	return fail(parser, at, "a quote is not closed");
}

static bool
at_quote(const struct parser *parser)
{
	return *parser->p == '"' || *parser->p == '\'';
}

/* One key of a path, or NULL. */
static char *
take_segment(struct parser *parser)
{
	const char *from = parser->p;

	if (at_quote(parser))
		return take_quoted(parser);
	while (in_name(*parser->p))
		parser->p++;
	if (parser->p == from)
		return fail(parser, from, "a path is expected here");
	return slice_dup((struct slice){from, (size_t)(parser->p - from)});
}

static bool
take_segments(struct parser *parser, struct path *path)
{
	const char *at = parser->p;

	do {
		if (path->count == SEGMENTS_MOST) {
			fail(parser, at, "a path of more than %d keys",
			     SEGMENTS_MOST);
			return false;
		}
		path->segments[path->count] = take_segment(parser);
		if (!path->segments[path->count])
			return false;
		path->count++;
	} while (*parser->p == '.' && parser->p++);
	return true;
}

/* The first key of a path becomes its root, but for members of the line. */
static void
find_root(struct path *path)
{
	static const struct {
		const char *key;
		enum where_root root;
	} roots[] = {
		{"attributes", ROOT_ATTRIBUTES},
		{"metadata", ROOT_METADATA},
		{"label", ROOT_LABEL},
		{"release", ROOT_RELEASE},
		{"frame", ROOT_FRAME},
		{"annotation", ROOT_ANNOTATION},
	};
	const char *first = path->segments[0];
	size_t i;

	path->status = path->count == 1 && strcmp(first, "status") == 0;
	if (path->status)
		path->root = ROOT_LABEL;
	if (strcmp(first, "image") == 0)
		path->root = ROOT_ATTRIBUTES;
	for (i = 0; i < sizeof(roots) / sizeof(*roots); i++)
		if (strcmp(first, roots[i].key) == 0)
			path->root = roots[i].root;
	if (path->root == ROOT_LINE ||
	    (path->root == ROOT_ATTRIBUTES && *first == 'i'))
		return;
	free(path->segments[0]);
	path->count--;
	memmove(path->segments, path->segments + 1,
		path->count * sizeof(*path->segments));
}

/* Members of the line are known to be JSON, what is inside them not. */
static void
note_root(struct where *where, const struct path *path)
{
	if (path->root == ROOT_ANNOTATION)
		where->roots |= 1U << ROOT_LABEL;
	else if (path->root != ROOT_LINE || path->count > 1)
		where->roots |= 1U << path->root;
}

/* The name of its category, which is looked up. */
static bool
is_category(const struct path *path)
{
	return path->root == ROOT_ANNOTATION && path->count == 1 &&
	       strcmp(path->segments[0], "category") == 0;
}

static bool
take_path(struct parser *parser, struct path *path)
{
	struct buf name = {0};
	const char *at;

	skip_space(parser);
	at = parser->p;
	if (!take_segments(parser, path))
		return false;
	buf_put(&name, at, (size_t)(parser->p - at));
	find_root(path);
	note_root(parser->where, path);
	if (path->count && !is_category(path))
		path->place = asked_add(parser->where->asked, buf_view(&name));
	buf_release(&name);
	if (path->root == ROOT_ANNOTATION && !parser->inside)
		fail(parser, at,
		     "annotation stands inside any(...), all(...) "
		     "or count(...)");
	else if (path->root == ROOT_ANNOTATION && !path->count)
		fail(parser, at,
		     "a member of the annotation is expected, "
		     "such as annotation.area");
	return parser->why->len == 0;
}

static enum json_type
bare_type(struct slice text)
{
	if (slice_is(text, "true") || slice_is(text, "false"))
		return JSON_BOOL;
	if (slice_is(text, "null"))
		return JSON_NULL;
	return json_is_number(text) ? JSON_NUMBER : JSON_STRING;
}

/* A value without quotes: a word, a number, a time. */
static char *
take_bare(struct parser *parser)
{
	const char *from = parser->p;

	if (at_word(parser, "and") || at_word(parser, "or") ||
	    at_word(parser, "not") || at_word(parser, "in"))
		return fail(parser, from, "a value is expected here");
	while (in_name(*parser->p) || (*parser->p && strchr(".:+", *parser->p)))
		parser->p++;
	if (parser->p == from)
		return fail(parser, from, "a value is expected here");
	return slice_dup((struct slice){from, (size_t)(parser->p - from)});
}

static bool
take_literal(struct parser *parser, struct literal *literal)
{
	bool quoted;

	skip_space(parser);
	quoted = at_quote(parser);
	literal->text = quoted ? take_quoted(parser) : take_bare(parser);
	if (!literal->text)
		return false;
	literal->type =
		quoted ? JSON_STRING : bare_type(slice_of(literal->text));
	literal->is_instant =
		literal->type == JSON_STRING &&
		where_read_instant(slice_of(literal->text), &literal->instant);
	return true;
}

static bool
check_status(struct parser *parser, const char *at, const char *typed)
{
	const char *nearest = nearest_word(typed, label_status_names);

	if (label_status_find(slice_of(typed)) != LABEL_STATUSES)
		return true;
	fail(parser, at, "%s is no status of a label%s%s", typed,
	     nearest ? "; the nearest is " : "", nearest ? nearest : "");
	return false;
}

/* Takes one more value that the path of the node is compared with. */
static bool
add_literal(struct parser *parser, struct node *node)
{
	struct literal *literal;
	const char *at;

	skip_space(parser);
	at = parser->p;
	node->literals = xreallocarray(node->literals, node->literal_count + 1,
				       sizeof(*node->literals));
	literal = &node->literals[node->literal_count];
	*literal = (struct literal){0};
	if (!take_literal(parser, literal))
		return false;
	node->literal_count++;
	if (node->op != OP_EQUAL &&
	    (literal->type == JSON_NULL || literal->type == JSON_BOOL))
		return fail(parser, at, "%s has no order", literal->text);
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
	if (!take_char(parser, '('))
		return fail(parser, parser->p, "'(' is expected here");
	do
		if (!add_literal(parser, node))
			return NULL;
	while (take_char(parser, ','));
	if (!take_char(parser, ')'))
		return fail(parser, parser->p, "',' or ')' is expected here");
	return node;
}

static struct node *
parse_regex(struct parser *parser, struct node *node)
{
	struct literal pattern = {0};
	char why[128];
	const char *at;
	int got;

	skip_space(parser);
	at = parser->p;
	if (!take_literal(parser, &pattern))
		return NULL;
	node->kind = NODE_MATCH;
	got = regcomp(&node->regex, pattern.text, REG_EXTENDED | REG_NOSUB);
	free(pattern.text);
	if (got) {
		regerror(got, &node->regex, why, sizeof(why));
		return fail(parser, at, "no regular expression: %s", why);
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

	skip_space(parser);
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
	skip_space(parser);
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
	bool named = node->path.status || is_category(&node->path);

	if (named && (node->kind != NODE_COMPARE || node->op != OP_EQUAL))
		return fail(parser, at, "%s goes with =, != and in",
			    node->path.status ? "status"
					      : "annotation.category");
	return true;
}

static struct node *
parse_test(struct parser *parser, struct node *node)
{
	const char *at;
	bool negated;

	skip_space(parser);
	at = parser->p;
	negated = take_word(parser, "not");
	if (take_word(parser, "exists")) {
		node->kind = NODE_EXISTS;
		return check_named(parser, node, at)
			       ? negate(parser, node, negated)
			       : NULL;
	}
	if (is_category(&node->path))
		node->categories = category_set_open();
	if (take_word(parser, "in"))
		node = parse_list(parser, node);
	else if (negated)
		return fail(parser, parser->p, "in or exists is expected here");
	else if (take_match(parser, &negated))
		node = parse_regex(parser, node);
	else if (!take_order(parser, &node->op, &negated))
		return fail(parser, at,
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
		return fail(parser, parser->p, "brackets deeper than %d",
			    DEEPEST);
	parser->inside |= inside;
	node = parse_either(parser);
	parser->inside = before;
	parser->depth--;
	if (node && !take_char(parser, ')'))
		return fail(parser, parser->p, "')' is expected here");
	return node;
}

static struct node *
parse_count(struct parser *parser)
{
	struct node *of = parse_bracket(parser, true), *node;
	bool negated = false;

	if (!of)
		return NULL;
	node = make_pair(parser, NODE_COUNT, of, NULL);
	if (!take_order(parser, &node->op, &negated))
		return fail(parser, parser->p,
			    "=, !=, <, <=, > or >= is expected here");
	if (!add_literal(parser, node))
		return NULL;
	if (node->literals[0].type != JSON_NUMBER)
		return fail(parser, parser->p, "a count is a number");
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
	bool bracket = take_char(parser, '(');
	const char *at = parser->p;

	if (!take_path(parser, &node->path) || !check_named(parser, node, at))
		return NULL;
	if (bracket && !take_char(parser, ')'))
		return fail(parser, parser->p, "')' is expected here");
	return node;
}

static struct node *
parse_single(struct parser *parser)
{
	struct node *node;

	if (take_word(parser, "not")) {
		if (++parser->depth > DEEPEST)
			return fail(parser, parser->p, "not deeper than %d",
				    DEEPEST);
		node = negate(parser, parse_single(parser), true);
		parser->depth--;
		return node;
	}
	if (take_char(parser, '('))
		return parse_bracket(parser, false);
	if (!parser->inside && take_call(parser, "any"))
		return parse_annotations(parser, false);
	if (!parser->inside && take_call(parser, "all"))
		return parse_annotations(parser, true);
	if (!parser->inside && take_call(parser, "count"))
		return parse_count(parser);
	if (take_word(parser, "exists"))
		return parse_exists(parser);
	node = make_node(parser, NODE_COMPARE);
	return take_path(parser, &node->path) ? parse_test(parser, node) : NULL;
}

static struct node *
parse_both(struct parser *parser)
{
	struct node *left = parse_single(parser), *right;

	while (left && take_word(parser, "and")) {
		right = parse_single(parser);
		left = right ? make_pair(parser, NODE_AND, left, right) : NULL;
	}
	return left;
}

static struct node *
parse_either(struct parser *parser)
{
	struct node *left = parse_both(parser), *right;

	while (left && take_word(parser, "or")) {
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
	skip_space(&parser);
	if (where->root && *parser.p)
		fail(&parser, parser.p, "and, or, or the end is expected here");
	where->unmet = true;
	if (!why->len)
		return where;
	where_close(where);
	return NULL;
}
