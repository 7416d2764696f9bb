/* The words of an expression: names, paths, values. */
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>

#include "record/where_words.h"

void *
where_fail(struct parser *parser, const char *at, const char *format, ...)
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

void
where_skip_space(struct parser *parser)
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

	where_skip_space(parser);
	return strncasecmp(parser->p, word, n) == 0 && !in_name(parser->p[n]) &&
	       parser->p[n] != '.';
}

bool
where_take_word(struct parser *parser, const char *word)
{
	bool there = at_word(parser, word);

	if (there)
		parser->p += strlen(word);
	return there;
}

bool
where_take_char(struct parser *parser, char c)
{
	where_skip_space(parser);
	if (*parser->p != c)
		return false;
	parser->p++;
	return true;
}

/* Takes a word where a bracket follows it, and the bracket. */
bool
where_take_call(struct parser *parser, const char *word)
{
	const char *from = parser->p;

	if (where_take_word(parser, word) && where_take_char(parser, '('))
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
	return where_fail(parser, at, "a quote is not closed");
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
		return where_fail(parser, from, "a path is expected here");
	return slice_dup((struct slice){from, (size_t)(parser->p - from)});
}

static bool
take_segments(struct parser *parser, struct path *path)
{
	const char *at = parser->p;

	do {
		if (path->count == SEGMENTS_MOST) {
			where_fail(parser, at, "a path of more than %d keys",
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
bool
where_is_category(const struct path *path)
{
	return path->root == ROOT_ANNOTATION && path->count == 1 &&
	       strcmp(path->segments[0], "category") == 0;
}

bool
where_take_path(struct parser *parser, struct path *path)
{
	struct buf name = {0};
	const char *at;

	where_skip_space(parser);
	at = parser->p;
	if (!take_segments(parser, path))
		return false;
	buf_put(&name, at, (size_t)(parser->p - at));
	find_root(path);
	note_root(parser->where, path);
	if (path->count && !where_is_category(path))
		path->place = asked_add(parser->where->asked, buf_view(&name));
	buf_release(&name);
	if (path->root == ROOT_ANNOTATION && !parser->inside)
		where_fail(parser, at,
			   "annotation stands inside any(...), all(...) "
			   "or count(...)");
	else if (path->root == ROOT_ANNOTATION && !path->count)
		where_fail(parser, at,
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
		return where_fail(parser, from, "a value is expected here");
	while (in_name(*parser->p) || (*parser->p && strchr(".:+", *parser->p)))
		parser->p++;
	if (parser->p == from)
		return where_fail(parser, from, "a value is expected here");
	return slice_dup((struct slice){from, (size_t)(parser->p - from)});
}

bool
where_take_literal(struct parser *parser, struct literal *literal)
{
	bool quoted;

	where_skip_space(parser);
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
