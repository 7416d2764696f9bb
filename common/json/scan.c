/* Strict scanning of whole values. */
#include <stddef.h>
#include <stdio.h>

#include "json/json_parts.h"

void
json_scan_begin(struct json_scan *scan)
{
	memset(scan, 0, offsetof(struct json_scan, marks.at));
}

/*
 * The first bracket is taken here: so it is never one of a pair for the fast
 * scanner, which sees the end of the value by the stack. A scalar is left to
 * the plain one.
 */
static void
begin(struct json_scan *scan, char c)
{
	scan->plain = c != '{' && c != '[';
	if (scan->plain)
		return;
	scan->carry.stack = c == '{';
	scan->carry.depth = 1;
	scan->carry.open = 1;
	scan->at = 1;
}

/*
 * The bytes behind the last whole block, as if white space came behind them:
 * true when the value ends there. Otherwise nothing is known.
 */
static bool
scan_tail(struct json_scan *scan, const char *text, size_t n)
{
	/* The kernel leaves less than a block and what it looks ahead. */
	char tail[2 * JSON_BLOCK + JSON_AHEAD];
	_Static_assert(sizeof(tail) >= JSON_BLOCK + JSON_AHEAD - 1,
		       "the rest fits");
	struct json_carry carry = scan->carry;
	struct json_marks *marks = &scan->marks;
	size_t rest = n - scan->at, at = 0;
	const size_t own = marks->count[JSON_OWN];
	const size_t inner = marks->count[JSON_INNER];
	bool whole;

	memset(tail, ' ', sizeof(tail));
	memcpy(tail, text + scan->at, rest);
	n = sizeof(tail) - (rest > JSON_BLOCK ? 0 : JSON_BLOCK);
	marks->base = scan->at;
	whole = rest && json_kernel()->scan(&carry, tail, n, &at, marks) > 0;
	marks->base = 0;
	if (!whole) {
		marks->count[JSON_OWN] = own;
		marks->count[JSON_INNER] = inner;
		return false;
	}
	scan->at += at;
	scan->carry = carry;
	return true;
}

int
json_scan(struct json_scan *scan, const char *text, size_t n, bool last)
{
	int got;

	if (!scan->at && n)
		begin(scan, text[0]);
	if (scan->plain || !n)
		return json_scan_plain(scan, text, n, last);
	got = json_kernel()->scan(&scan->carry, text, n, &scan->at,
				  &scan->marks);
	if (!got && scan_tail(scan, text, n))
		got = 1;
	if (got > 0) {
		scan->size = scan->at;
		scan->spaced = scan->carry.spaced;
		return 1;
	}
	if (!got && !last)
		return 0;
	scan->plain = true;
	scan->at = 0;
	return json_scan_plain(scan, text, n, last);
}

/* Says which key stands twice in a value: -1, or 0 for none. */
static int
refuse_repeated(struct slice value, struct json_error *error)
{
	static _Thread_local char what[96];
	struct slice key;

	if (!json_find_repeated(value, &key))
		return 0;
	snprintf(what, sizeof(what), "duplicate key %.*s",
		 (int)(key.n < 64 ? key.n : 64), key.p);
	*error = (struct json_error){(size_t)(key.p - 1 - value.p), what};
	return -1;
}

int
json_validate(struct slice text, struct json_error *error)
{
	struct json_scan scan;
	size_t at = 0;

	while (at < text.n && json_is_space(text.p[at]))
		at++;
	if (at == text.n) {
		*error = (struct json_error){at, "unexpected end of text"};
		return -1;
	}
	json_scan_begin(&scan);
	if (json_scan(&scan, text.p + at, text.n - at, true) < 0) {
		*error = scan.error;
		error->offset += at;
		return -1;
	}
	at += scan.size;
	while (at < text.n && json_is_space(text.p[at]))
		at++;
	if (at == text.n)
		return refuse_repeated(text, error);
	*error = (struct json_error){at, "text behind the value"};
	return -1;
}
