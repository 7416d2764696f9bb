/* Conditions as they are typed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/foreign.h"
#include "base/io.h"
#include "base/list.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "record/select_parts.h"
#include "record/status.h"

static void
put_lower(struct buf *to, const char *word)
{
	for (; *word; word++)
		buf_putc(to, *word == '_' ? '_' : (char)(*word | 0x20));
}

/* An item that is all that was given is not named: the option's value is. */
static const char *
refuse_status(struct select *select, struct slice item, bool alone)
{
	struct buf *why = &select->why;
	char *typed = slice_dup(item);
	const char *nearest = nearest_word(typed, label_status_names);
	size_t i;

	buf_reset(why);
	buf_printf(why, "%s%sno status of a label; ", alone ? "" : typed,
		   alone ? "" : " is ");
	free(typed);
	if (nearest) {
		buf_puts(why, "the nearest is ");
		put_lower(why, nearest);
		return buf_cstr(why);
	}
	buf_puts(why, "there are");
	for (i = 0; i < LABEL_STATUSES; i++) {
		buf_puts(why, i ? ", " : " ");
		put_lower(why, label_status_names[i]);
	}
	return buf_cstr(why);
}

static const char *
parse_statuses(struct select *select, const char *list)
{
	const struct slice all = slice_of(list);
	struct slice item;
	bool any = false;

	while (list_next(&list, &item)) {
		enum label_status status = label_status_find(item);

		if (status == LABEL_STATUSES)
			return refuse_status(select, item, item.n == all.n);
		select->statuses |= 1U << status;
		any = true;
	}
	return any ? NULL : refuse_status(select, (struct slice){"", 0}, true);
}

static void
add_name(struct select *select, enum select_kind kind, struct slice name)
{
	asked_add(select->asked[kind], name);
	for (; name.n; name.p++, name.n--)
		select->globs |= strchr("*?[\\", name.p[0]) != NULL;
}

static void
add_line(struct select *select, enum select_kind kind, struct slice name)
{
	if (kind == SELECT_UUID)
		name = slice_trim(name);
	while (name.n && strchr("\r\n", name.p[name.n - 1]))
		name.n--;
	if (name.n)
		add_name(select, kind, name);
}

/* Reads a file of names: NULL, or why that cannot be done. */
static const char *
read_lines(struct select *select, const char *path, struct buf *text)
{
	struct buf *why = &select->why;
	char *advice;

	if (io_read_file(AT_FDCWD, path, SIZE_MAX / 2, text) < 0)
		return strerror(errno);
	if (!memchr(buf_cstr(text), '\0', text->len))
		return NULL;
	buf_reset(why);
	if (!foreign_tell(buf_view(text), path, why))
		return "is no text: it has NUL bytes";
	/* How a program is to read it is not asked here. */
	advice = strchr(buf_cstr(why), ';');
	if (advice)
		*advice = '\0';
	return why->data;
}

/* Adds the lines of a file: NULL, or why it cannot be read. */
static const char *
add_lines(struct select *select, enum select_kind kind, const char *path)
{
	struct buf text = {0};
	const char *lf, *why = read_lines(select, path, &text);
	struct slice rest = utf8_skip_mark(buf_view(&text));

	while (!why && rest.n) {
		struct slice line = rest;

		lf = memchr(rest.p, '\n', rest.n);
		if (lf)
			line.n = (size_t)(lf - rest.p) + 1;
		add_line(select, kind, line);
		rest.p += line.n;
		rest.n -= line.n;
	}
	if (!why && !asked_count(select->asked[kind]))
		select->no_names = path;
	buf_release(&text);
	return why;
}

static const char *
parse_uuids(struct select *select, const char *list)
{
	struct slice item;

	if (*list == '@')
		return add_lines(select, SELECT_UUID, list + 1);
	while (list_next(&list, &item))
		add_name(select, SELECT_UUID, item);
	return asked_count(select->asked[SELECT_UUID]) ? NULL : "no uuid";
}

static const char *
parse_name(struct select *select, const char *glob)
{
	if (*glob == '@')
		return add_lines(select, SELECT_NAME, glob + 1);
	add_name(select, SELECT_NAME, slice_of(glob));
	return NULL;
}

static const char *
parse_number(const char *text, uint64_t *number, char **end)
{
	errno = 0;
	if (*text < '0' || *text > '9')
		return "not a whole number";
	*number = strtoull(text, end, 10);
	return errno ? "not a whole number" : NULL;
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

/* N, or CATEGORY:N. */
static const char *
parse_count(struct condition *condition)
{
	char *colon = strrchr(condition->text, ':'), *end;
	const char *digits = colon ? colon + 1 : condition->text;

	if (colon == condition->text ||
	    parse_number(digits, &condition->number, &end) || *end)
		return "not a whole number, nor CATEGORY:N";
	if (colon) {
		condition->categories = category_set_open();
		category_set_add(condition->categories,
				 (struct slice){condition->text,
						(size_t)(colon -
							 condition->text)});
	}
	return NULL;
}

/* KEY=VALUE; in the key, `\=` is an `=` and `\\` is a backslash. */
static const char *
parse_pair(struct select *select, struct condition *condition)
{
	const char *from = condition->text;
	char *to = condition->text;

	while (*from && *from != '=') {
		if (*from == '\\' && (from[1] == '=' || from[1] == '\\'))
			from++;
		*to++ = *from++;
	}
	if (!*from || from == condition->text)
		return "not KEY=VALUE";
	condition->value = condition->text + (from + 1 - condition->text);
	*to = '\0';
	condition->place = asked_add(select->asked[condition->kind],
				     slice_of(condition->text));
	return NULL;
}

static const char *
parse_condition(struct select *select, struct condition *condition)
{
	switch (condition->kind) {
	case SELECT_MIN_ANNOTATIONS:
	case SELECT_MAX_ANNOTATIONS:
		return parse_count(condition);
	case SELECT_SHARD:
		return parse_shard(condition);
	default:
		return parse_pair(select, condition);
	}
}

static const char *
add_condition(struct select *select, enum select_kind kind, const char *text)
{
	struct condition condition = {.kind = kind, .text = xstrdup(text)};
	const char *why = parse_condition(select, &condition);

	if (why) {
		category_set_close(condition.categories);
		free(condition.text);
		return why;
	}
	select->conditions =
		xreallocarray(select->conditions, select->count + 1,
			      sizeof(*select->conditions));
	select->conditions[select->count++] = condition;
	return NULL;
}

static const char *
add_where(struct select *select, const char *text)
{
	struct where *where;

	buf_reset(&select->why);
	where = where_parse(text, &select->why);
	if (!where)
		return buf_cstr(&select->why);
	select->wheres = xreallocarray(select->wheres, select->where_count + 1,
				       sizeof(struct where *));
	select->wheres[select->where_count++] = where;
	return NULL;
}

const char *
select_parse(struct select *select, enum select_kind kind, const char *text)
{
	switch (kind) {
	case SELECT_STATUS:
		return parse_statuses(select, text);
	case SELECT_NAME:
		return parse_name(select, text);
	case SELECT_UUID:
		return parse_uuids(select, text);
	case SELECT_CATEGORY:
		category_set_add(select->categories, slice_of(text));
		return NULL;
	case SELECT_WHERE:
		return add_where(select, text);
	default:
		return add_condition(select, kind, text);
	}
}
