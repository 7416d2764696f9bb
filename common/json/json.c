/* Members, elements and what they are. */
#include "json/json.h"

#include <stdarg.h>

#include "json/json_c.h"
#include "json/json_parts.h"

bool
json_has_nul(struct slice key)
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
read_key(const char *p, const char *end, struct slice *key,
	 struct json_fault *fault)
{
	const char *quote = p;

	if (p == end || *p != '"')
		return json_fail(fault, p, end, "key expected");
	p = json_string_end(p, end, fault);
	if (!p)
		return NULL;
	*key = (struct slice){quote + 1, (size_t)(p - quote) - 2};
	if (json_has_nul(*key))
		return json_fail(fault, quote, end, "\\u0000 in a key");
	p = json_skip_space(p, end);
	if (p == end || *p != ':')
		return json_fail(fault, p, end, "':' expected");
	return json_skip_space(p + 1, end);
}

/* Reads the element or member at p; returns where it ends. */
static const char *
read_member(const char *p, const char *end, bool keyed,
	    struct json_member *member, struct json_fault *fault)
{
	member->key = (struct slice){p, 0};
	if (keyed)
		p = read_key(p, end, &member->key, fault);
	member->value.p = p;
	if (p)
		p = json_value_end(p, end, fault);
	member->value.n = p ? (size_t)(p - member->value.p) : 0;
	return p;
}

int
json_step(struct json_iter *iter, struct json_member *member,
	  struct json_fault *fault)
{
	const char *end = iter->end, *p = iter->p;
	bool object = iter->close == '}', first;

	if (!iter->close || *p == iter->close)
		return 0;
	first = *p != ',';
	p = json_skip_space(p + 1, end);
	if (first && p != end && *p == iter->close) {
		iter->p = p;
		return 0;
	}
	p = read_member(p, end, object, member, fault);
	if (!p)
		return -1;
	iter->p = p = json_skip_space(p, end);
	if (p != end && (*p == ',' || *p == iter->close))
		return 1;
	json_fail(fault, p, end,
		  object ? "',' or '}' expected" : "',' or ']' expected");
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
	else
		return (struct json_iter){0};
	return (struct json_iter){value.p, value.p + value.n, close};
}

int
json_next(struct json_iter *iter, struct json_member *member)
{
	struct json_fault fault;
	int got = json_step(iter, member, &fault);

	if (got < 0)
		iter->close = 0;
	return got;
}

/* json_spells where the two differ in size: only an escape can explain it. */
static bool
spells_escaped(struct slice raw, struct slice text)
{
	struct buf decoded = {0};
	bool same;

	if (!memchr(raw.p, '\\', raw.n))
		return false;
	same = json_decode_string((struct slice){raw.p - 1, raw.n + 2},
				  &decoded) &&
	       slice_equal(buf_view(&decoded), text);
	buf_release(&decoded);
	return same;
}

/* No escape has as few bytes as what it stands for. */
bool
json_spells_all(struct slice raw, struct slice text)
{
	if (raw.n == text.n)
		return raw.n == 0 || (memcmp(raw.p, text.p, raw.n) == 0 &&
				      !memchr(raw.p, '\\', raw.n));
	return spells_escaped(raw, text);
}

bool
json_same_key(struct slice a, struct slice b)
{
	struct buf decoded = {0};
	bool same;

	if (!memchr(b.p, '\\', b.n))
		return json_spells(a, b);
	same = json_decode_string((struct slice){b.p - 1, b.n + 2}, &decoded) &&
	       json_spells(a, buf_view(&decoded));
	buf_release(&decoded);
	return same;
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
		if (json_spells(member.key, text)) {
			*value = member.value;
			return true;
		}
	}
	return false;
}

struct slice
json_get(struct slice object, const char *key)
{
	struct slice value = {0};

	json_find(object, key, &value);
	return value;
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

	return string_body(value, &body) && json_spells(body, text);
}
