/* Members, elements and what they are. */
#include "json.h"

#include <stdarg.h>

#include "json_decode.h"
#include "json_parts.h"

static const char *
skip_space(const char *p, const char *end)
{
	while (p != end && json_is_space(*p))
		p++;
	return p;
}

/* Where the value at p ends; scalars by the full grammar. */
static const char *
value_end(const char *p, const char *end, const char **at, const char **what)
{
	*at = p;
	*what = p == end ? "unexpected end of text" : "value expected";
	if (p == end)
		return NULL;
	switch (*p) {
	case '{':
	case '[':
		return json_container_end(p, end, at, what);
	case '"':
		return json_string_end(p, end, at, what);
	case 't':
	case 'f':
	case 'n':
		return json_literal_end(p, end, at, what);
	default:
		if (*p != '-' && !json_is_digit(*p))
			return NULL;
		return json_number_end(p, end, at, what);
	}
}

/* True where a key, raw and valid, spells a NUL. */
static bool
has_nul(struct slice key)
{
	const char *end = key.p + key.n, *p = key.p;

	while ((p = memchr(p, '\\', (size_t)(end - p)))) {
		if (p[1] == 'u' && memcmp(p + 2, "0000", 4) == 0)
			return true;
		p += 2;
	}
	return false;
}

/* Reads the key and the colon at p; returns where the value begins. */
static const char *
read_key(const char *p, const char *end, struct slice *key, const char **at,
	 const char **what)
{
	const char *close;

	*at = p;
	*what = p == end ? "unexpected end of text" : "key expected";
	if (p == end || *p != '"')
		return NULL;
	close = json_string_end(p, end, at, what);
	if (!close)
		return NULL;
	*key = (struct slice){p + 1, (size_t)(close - p) - 2};
	*at = p;
	*what = "\\u0000 in a key";
	if (has_nul(*key))
		return NULL;
	p = skip_space(close, end);
	*at = p;
	*what = p == end ? "unexpected end of text" : "':' expected";
	if (p == end || *p != ':')
		return NULL;
	return skip_space(p + 1, end);
}

/* json_next that says what is wrong, and where. */
static int
next(struct json_iter *iter, struct json_member *member, const char **at,
     const char **what)
{
	const char *end = iter->end, *p = iter->p;
	bool first;

	if (!iter->close)
		return 0;
	first = *p == '{' || *p == '[';
	if (!first && *p == iter->close)
		return 0;
	p = skip_space(p + 1, end);
	if (first && p != end && *p == iter->close) {
		iter->p = p;
		return 0;
	}
	member->key = (struct slice){p, 0};
	if (iter->close == '}') {
		p = read_key(p, end, &member->key, at, what);
		if (!p)
			return -1;
	}
	member->value.p = p;
	p = value_end(p, end, at, what);
	if (!p)
		return -1;
	member->value.n = (size_t)(p - member->value.p);
	iter->p = p = skip_space(p, end);
	if (p != end && (*p == ',' || *p == iter->close))
		return 1;
	*at = p;
	*what = p == end             ? "unexpected end of text"
		: iter->close == '}' ? "',' or '}' expected"
				     : "',' or ']' expected";
	return -1;
}

struct json_iter
json_iterate(struct slice value)
{
	enum json_type type = json_type(value);
	char close = 0;

	if (type == JSON_OBJECT)
		close = '}';
	else if (type == JSON_ARRAY)
		close = ']';
	return (struct json_iter){value.p, value.p + value.n, close};
}

int
json_next(struct json_iter *iter, struct json_member *member)
{
	const char *at, *what;
	int got = next(iter, member, &at, &what);

	if (got < 0)
		iter->close = 0;
	return got;
}

/* True where a raw key or string body, decoded, is `text`. */
static bool
spells(struct slice raw, struct slice text)
{
	struct buf decoded = {0};
	bool same;

	if (raw.n < text.n || !memchr(raw.p, '\\', raw.n))
		return slice_equal(raw, text);
	same = json_decode_string((struct slice){raw.p - 1, raw.n + 2},
				  &decoded) &&
	       slice_equal(buf_view(&decoded), text);
	buf_release(&decoded);
	return same;
}

static bool
same_key(struct slice a, struct slice b)
{
	struct buf decoded = {0};
	bool same;

	if (!memchr(b.p, '\\', b.n))
		return spells(a, b);
	same = json_decode_string((struct slice){b.p - 1, b.n + 2}, &decoded) &&
	       spells(a, buf_view(&decoded));
	buf_release(&decoded);
	return same;
}

/* A bit for a key; keys that are the same have the same one. */
static uint64_t
key_bit(struct slice key)
{
	unsigned char first, last;

	if (!key.n)
		return 1;
	first = (unsigned char)key.p[0];
	last = (unsigned char)key.p[key.n - 1];
	return UINT64_C(1) << ((key.n * 7 + first + last * 3U) % 64);
}

/* True where the last of `count` members has the key of one before it. */
static bool
repeats(const struct json_member *members, size_t count, uint64_t *seen)
{
	struct slice key = members[count - 1].key;
	bool escaped = key.n && memchr(key.p, '\\', key.n);
	uint64_t bit = escaped ? UINT64_MAX : key_bit(key);
	bool maybe = *seen & bit;

	*seen |= bit;
	for (size_t i = 0; maybe && i < count - 1; i++)
		if (same_key(members[i].key, key))
			return true;
	return false;
}

static int
fill(struct json_iter *iter, struct json_member *members, size_t room,
     const char **at, const char **what)
{
	struct json_member member;
	uint64_t seen = 0;
	size_t count = 0;
	int got;

	while ((got = next(iter, &member, at, what)) > 0) {
		*at = member.key.p;
		*what = "too many members";
		if (count == room)
			return -1;
		members[count++] = member;
		*what = "duplicate key";
		if (repeats(members, count, &seen))
			return -1;
	}
	return got < 0 ? -1 : (int)count;
}

int
json_members(struct slice line, struct json_member *members, size_t room,
	     struct json_error *error)
{
	const char *end = line.p + line.n, *at = NULL, *what = NULL;
	const char *p = skip_space(line.p, end);
	struct json_iter iter =
		json_iterate((struct slice){p, (size_t)(end - p)});
	int count = -1;

	if (iter.close == '}') {
		count = fill(&iter, members, room, &at, &what);
	} else {
		at = p;
		what = p == end ? "unexpected end of text" : "'{' expected";
	}
	if (count >= 0) {
		at = skip_space(iter.p + 1, end);
		what = "text behind the object";
		if (at != end)
			count = -1;
	}
	if (count < 0)
		*error = (struct json_error){(size_t)(at - line.p), what};
	return count;
}

bool
json_find(struct slice object, const char *key, struct slice *value)
{
	struct json_iter iter = json_iterate(object);
	struct slice text = slice_of(key);
	struct json_member member;

	if (iter.close != '}')
		return false;
	while (json_next(&iter, &member) > 0) {
		if (spells(member.key, text)) {
			*value = member.value;
			return true;
		}
	}
	return false;
}

bool
json_find_path(struct slice object, struct slice *value, ...)
{
	struct slice found = object;
	const char *key;
	bool good = true;
	va_list keys;

	va_start(keys, value);
	while (good && (key = va_arg(keys, const char *)))
		good = json_find(found, key, &found);
	va_end(keys);
	if (good)
		*value = found;
	return good;
}

enum json_type
json_type(struct slice value)
{
	if (!value.n)
		return JSON_NONE;
	switch (value.p[0]) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
	case 'f':
		return JSON_BOOL;
	case 'n':
		return JSON_NULL;
	default:
		return JSON_NUMBER;
	}
}

size_t
json_count(struct slice value)
{
	struct json_iter iter = json_iterate(value);
	struct json_member member;
	size_t count = 0;

	while (json_next(&iter, &member) > 0)
		count++;
	return count;
}

/* The bytes between a string's quotes; false for what is no string. */
static bool
string_body(struct slice value, struct slice *body)
{
	if (json_type(value) != JSON_STRING || value.n < 2)
		return false;
	*body = (struct slice){value.p + 1, value.n - 2};
	return true;
}

bool
json_string(struct slice value, struct buf *text)
{
	struct slice body;

	if (!string_body(value, &body))
		return false;
	if (body.n && memchr(body.p, '\\', body.n))
		return json_decode_string(value, text);
	buf_slice(text, body);
	return true;
}

bool
json_string_is(struct slice value, struct slice text)
{
	struct slice body;

	return string_body(value, &body) && spells(body, text);
}
