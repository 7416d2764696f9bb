#include "report/data_yaml.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

/* Where reading stands. */
struct yaml_reader {
	struct data_yaml *yaml;
	const char *p, *end; /* of the text */
	unsigned long line;
};

static int
refuse_yaml(struct yaml_reader *reader, const char *what)
{
	snprintf(reader->yaml->error, sizeof(reader->yaml->error), "%s", what);
	reader->yaml->error_line = reader->line;
	return -1;
}

static bool
at_end(const struct yaml_reader *reader)
{
	return reader->p == reader->end;
}

static char
next_byte(const struct yaml_reader *reader)
{
	return at_end(reader) ? '\n' : *reader->p;
}

static void
skip_spaces(struct yaml_reader *reader)
{
	while (next_byte(reader) == ' ' || next_byte(reader) == '\t' ||
	       next_byte(reader) == '\r')
		reader->p++;
}

/* Goes to the next line. */
static void
skip_line(struct yaml_reader *reader)
{
	while (!at_end(reader) && *reader->p != '\n')
		reader->p++;
	if (!at_end(reader))
		reader->p++;
	reader->line++;
}

/* Blanks and a comment may stand here, and no more: then the next line. */
static int
end_line(struct yaml_reader *reader)
{
	skip_spaces(reader);
	if (next_byte(reader) != '\n' && next_byte(reader) != '#')
		return refuse_yaml(reader, "more than one value on a line");
	skip_line(reader);
	return 0;
}

/* Passes lines without a value; the bytes before the next one's text. */
static size_t
next_indent(struct yaml_reader *reader)
{
	while (!at_end(reader)) {
		const char *begin = reader->p;
		const char *p = begin;

		while (p < reader->end && *p == ' ')
			p++;
		while (p < reader->end && (*p == '\t' || *p == '\r'))
			p++;
		if (p < reader->end && *p != '\n' && *p != '#')
			return (size_t)(p - begin);
		skip_line(reader);
	}
	return 0;
}

/* Appends one of the characters that \ stands before, such as n. */
static int
put_escape(struct yaml_reader *reader, struct buf *to)
{
	static const char names[] = "0abtnvfre \"/\\";
	static const char bytes[] = "\0\a\b\t\n\v\f\r\033 \"/\\";
	const char *name;

	reader->p++;
	name = at_end(reader) ? NULL : strchr(names, *reader->p);
	if (!name || !*name)
		return refuse_yaml(reader, "an escape that is not understood");
	buf_putc(to, bytes[name - names]);
	return 0;
}

static int
read_quoted(struct yaml_reader *reader, struct yaml_text *text)
{
	struct buf *to = &reader->yaml->text;
	const char quote = *reader->p++;

	*text = (struct yaml_text){.at = to->len, .quoted = true};
	for (;; reader->p++) {
		if (next_byte(reader) == '\n')
			return refuse_yaml(reader,
					   "a text without its last quote");
		if (*reader->p == '\\' && quote == '"') {
			if (put_escape(reader, to) < 0)
				return -1;
			continue;
		}
		if (*reader->p != quote) {
			buf_putc(to, *reader->p);
			continue;
		}
		reader->p++;
		if (quote == '"' || next_byte(reader) != '\'')
			break;
		buf_putc(to, '\'');
	}
	text->n = to->len - text->at;
	return 0;
}

/* True where plain text ends: at ": ", " #" or, in brackets, at , ] }. */
static bool
ends_plain(const struct yaml_reader *reader, const char *begin, bool flow)
{
	const char c = next_byte(reader);
	const char after = reader->p + 1 < reader->end ? reader->p[1] : '\n';

	if (c == '\n')
		return true;
	if (c == ':')
		return strchr(" \t\r\n", after) ||
		       (flow && strchr(",]}", after));
	if (c == '#')
		return reader->p > begin &&
		       (reader->p[-1] == ' ' || reader->p[-1] == '\t');
	return flow && strchr(",[]{}", c);
}

static int
read_plain(struct yaml_reader *reader, bool flow, struct yaml_text *text)
{
	const char *begin = reader->p, *end;

	if (strchr("&*!|>@`%", next_byte(reader)))
		return refuse_yaml(reader, "a value of a kind that is not "
					   "understood");
	while (!ends_plain(reader, begin, flow))
		reader->p++;
	end = reader->p;
	while (end > begin && strchr(" \t\r", end[-1]))
		end--;
	*text = (struct yaml_text){.at = reader->yaml->text.len,
				   .n = (size_t)(end - begin)};
	buf_put(&reader->yaml->text, begin, text->n);
	return 0;
}

static int
read_text(struct yaml_reader *reader, bool flow, struct yaml_text *text)
{
	const char c = next_byte(reader);

	return c == '"' || c == '\'' ? read_quoted(reader, text)
				     : read_plain(reader, flow, text);
}

static void
add_item(struct yaml_member *member, struct yaml_item item)
{
	if ((member->count & (member->count - 1)) == 0)
		member->items =
			xreallocarray(member->items,
				      member->count ? 2 * member->count : 1,
				      sizeof(*member->items));
	member->items[member->count++] = item;
}

/* Blanks, comments and ends of lines within brackets. */
static void
skip_flow(struct yaml_reader *reader)
{
	skip_spaces(reader);
	while (!at_end(reader) &&
	       (next_byte(reader) == '\n' || next_byte(reader) == '#')) {
		skip_line(reader);
		skip_spaces(reader);
	}
}

static int
read_pair(struct yaml_reader *reader, struct yaml_member *member, bool flow)
{
	struct yaml_item item = {.line = reader->line};

	if (read_text(reader, flow, &item.key) < 0)
		return -1;
	skip_spaces(reader);
	if (next_byte(reader) != ':')
		return refuse_yaml(reader, "a key without a colon");
	reader->p++;
	skip_spaces(reader);
	if (strchr("[{", next_byte(reader)))
		return refuse_yaml(reader, "a list within a mapping");
	if (read_text(reader, flow, &item.value) < 0)
		return -1;
	add_item(member, item);
	return 0;
}

/* [a, b] or {a: b, c: d}, from the bracket on. */
static int
read_flow(struct yaml_reader *reader, struct yaml_member *member)
{
	const bool list = *reader->p++ == '[';
	const char close = list ? ']' : '}';

	member->kind = list ? YAML_LIST : YAML_MAP;
	for (;;) {
		struct yaml_item item;

		skip_flow(reader);
		if (at_end(reader))
			return refuse_yaml(reader,
					   "a bracket that is not closed");
		if (next_byte(reader) == close)
			break;
		item = (struct yaml_item){.line = reader->line};
		if (strchr("[{", next_byte(reader)))
			return refuse_yaml(reader, "a list within a list");
		if (list ? read_text(reader, true, &item.value) < 0
			 : read_pair(reader, member, true) < 0)
			return -1;
		if (list)
			add_item(member, item);
		skip_flow(reader);
		if (next_byte(reader) == ',')
			reader->p++;
		else if (at_end(reader))
			return refuse_yaml(reader,
					   "a bracket that is not closed");
		else if (next_byte(reader) != close)
			return refuse_yaml(reader, "a list without a comma");
	}
	reader->p++;
	return end_line(reader);
}

/* An item of a block, from behind its indentation. */
static int
read_block_item(struct yaml_reader *reader, struct yaml_member *member)
{
	struct yaml_item item = {.line = reader->line};

	if (member->kind == YAML_MAP) {
		if (read_pair(reader, member, false) < 0)
			return -1;
		return end_line(reader);
	}
	if (next_byte(reader) != '-')
		return refuse_yaml(reader, "an item without its dash");
	reader->p++;
	if (next_byte(reader) != ' ' && next_byte(reader) != '\n')
		return refuse_yaml(reader, "a dash without a space");
	skip_spaces(reader);
	if (strchr("[{-", next_byte(reader)))
		return refuse_yaml(reader, "a list within a list");
	if (read_text(reader, false, &item.value) < 0)
		return -1;
	add_item(member, item);
	return end_line(reader);
}

/* The lines below a key: "- item", also at the left edge, or "key: value". */
static int
read_block(struct yaml_reader *reader, struct yaml_member *member)
{
	const size_t indent = next_indent(reader);
	const bool list = !at_end(reader) && reader->p[indent] == '-';

	member->kind = list ? YAML_LIST : YAML_MAP;
	if (at_end(reader) || (indent == 0 && !list)) {
		member->kind = YAML_TEXT;
		add_item(member, (struct yaml_item){.line = member->line});
		return 0;
	}
	for (;;) {
		const size_t now = next_indent(reader);

		if (at_end(reader) || now < indent ||
		    (now == 0 && reader->p[0] != '-'))
			return 0;
		if (now > indent)
			return refuse_yaml(reader, "a line that is deeper than "
						   "those before");
		reader->p += now;
		if (read_block_item(reader, member) < 0)
			return -1;
	}
}

/* The value of a member that is asked for, from behind its colon. */
static int
read_member(struct yaml_reader *reader, struct yaml_member *member)
{
	struct yaml_item item = {.line = reader->line};

	if (member->there)
		return refuse_yaml(reader, "a key that stands twice");
	member->there = true;
	member->line = reader->line;
	skip_spaces(reader);
	if (strchr("[{", next_byte(reader)))
		return read_flow(reader, member);
	if (next_byte(reader) == '\n' || next_byte(reader) == '#') {
		skip_line(reader);
		return read_block(reader, member);
	}
	if (read_text(reader, false, &item.value) < 0)
		return -1;
	add_item(member, item);
	return end_line(reader);
}

static struct yaml_member *
find(const struct data_yaml *yaml, struct slice key)
{
	size_t i;

	for (i = 0; i < yaml->count; i++)
		if (slice_is(key, yaml->members[i].key))
			return &yaml->members[i];
	return NULL;
}

/* A line at the left edge. */
static int
read_line(struct yaml_reader *reader)
{
	struct yaml_member *member;
	struct yaml_text key;

	if (reader->end - reader->p >= 3 && memcmp(reader->p, "---", 3) == 0) {
		if (reader->line > 1 && reader->yaml->text.len)
			return refuse_yaml(reader, "a second document");
		reader->p += 3;
		return end_line(reader);
	}
	if (strchr("-[{?", next_byte(reader)))
		return refuse_yaml(reader, "no \"key: value\"");
	if (read_text(reader, false, &key) < 0)
		return -1;
	skip_spaces(reader);
	if (next_byte(reader) != ':')
		return refuse_yaml(reader, "no \"key: value\"");
	reader->p++;
	member = find(reader->yaml, data_yaml_text(reader->yaml, key));
	if (member)
		return read_member(reader, member);
	/* What is below it, and a bracket's other lines, go with it. */
	skip_line(reader);
	while (next_indent(reader) > 0 ||
	       (!at_end(reader) && strchr("-]}", *reader->p)))
		skip_line(reader);
	return 0;
}

int
data_yaml_read(struct data_yaml *yaml, struct slice text,
	       const char *const *keys)
{
	struct yaml_reader reader = {.yaml = yaml,
				     .p = utf8_skip_mark(text).p,
				     .end = text.p + text.n,
				     .line = 1};
	size_t i;

	*yaml = (struct data_yaml){0};
	while (keys[yaml->count])
		yaml->count++;
	yaml->members = xcalloc(yaml->count, sizeof(*yaml->members));
	for (i = 0; i < yaml->count; i++)
		yaml->members[i].key = keys[i];
	if (text.n && memchr(text.p, 0, text.n))
		return refuse_yaml(&reader, "no text");
	for (;;) {
		const size_t indent = next_indent(&reader);

		if (at_end(&reader))
			return 0;
		if (indent > 0)
			return refuse_yaml(&reader, "a line that begins with "
						    "blanks");
		if (read_line(&reader) < 0)
			return -1;
	}
}

void
data_yaml_release(struct data_yaml *yaml)
{
	size_t i;

	for (i = 0; i < yaml->count; i++)
		free(yaml->members[i].items);
	free(yaml->members);
	buf_release(&yaml->text);
}

const struct yaml_member *
data_yaml_find(const struct data_yaml *yaml, const char *key)
{
	return find(yaml, slice_of(key));
}

struct slice
data_yaml_text(const struct data_yaml *yaml, struct yaml_text text)
{
	if (!text.n)
		return slice_of("");
	return (struct slice){yaml->text.data + text.at, text.n};
}
