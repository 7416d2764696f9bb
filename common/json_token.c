/* Strings, numbers and literals in text that is all there. */
#include "json_parts.h"

static const char *
broken(const char *p, const char *end, const char *why, const char **at,
       const char **what)
{
	*at = p;
	*what = p == end ? "unexpected end of text" : why;
	return NULL;
}

size_t
json_utf8_size(const char *p, const char *end, const char **bad)
{
	unsigned char lead = (unsigned char)*p;
	unsigned char low = 0x80, high = 0xbf;
	size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	*bad = p;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : low;
	high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : high;
	for (size_t i = 1; i < size; i++, low = 0x80, high = 0xbf) {
		*bad = p + i;
		if (p + i == end || (unsigned char)p[i] < low ||
		    (unsigned char)p[i] > high)
			return 0;
	}
	return size;
}

/* The bytes of the escape at p, or 0 with *bad set. */
static size_t
escape_size(const char *p, const char *end, const char **bad)
{
	*bad = ++p;
	if (p == end || !*p)
		return 0;
	if (*p != 'u')
		return strchr("\"\\/bfnrt", *p) ? 2 : 0;
	for (int i = 0; i < 4; i++) {
		*bad = ++p;
		if (p == end)
			return 0;
		if (!json_is_digit(*p) &&
		    ((*p | 0x20) < 'a' || (*p | 0x20) > 'f'))
			return 0;
	}
	return 6;
}

const char *
json_string_end(const char *p, const char *end, const char **at,
		const char **what)
{
	const char *bad;
	size_t size;

	for (p++; p != end && *p != '"'; p += size) {
		const char *why = "invalid escape";

		if (*p == '\\') {
			size = escape_size(p, end, &bad);
		} else if ((unsigned char)*p >= 0x80) {
			size = json_utf8_size(p, end, &bad);
			why = "invalid UTF-8";
		} else {
			size = (unsigned char)*p >= 0x20;
			bad = p;
			why = "control character in a string";
		}
		if (!size)
			return broken(bad, end, why, at, what);
	}
	return p != end ? p + 1 : broken(p, end, NULL, at, what);
}

static const char *
skip_digits(const char *p, const char *end)
{
	while (p != end && json_is_digit(*p))
		p++;
	return p;
}

const char *
json_number_end(const char *p, const char *end, const char **at,
		const char **what)
{
	const char *digits = p + (*p == '-');

	p = skip_digits(digits, end);
	if (p == digits)
		return broken(p, end, "digit expected", at, what);
	if (*digits == '0' && p - digits > 1)
		return broken(digits + 1, end, "leading zero", at, what);
	if (p != end && *p == '.') {
		digits = p + 1;
		p = skip_digits(digits, end);
		if (p == digits)
			return broken(p, end, "digit expected", at, what);
	}
	if (p != end && (*p | 0x20) == 'e') {
		digits = p + 1;
		if (digits != end && (*digits == '+' || *digits == '-'))
			digits++;
		p = skip_digits(digits, end);
		if (p == digits)
			return broken(p, end, "digit expected", at, what);
	}
	return p;
}

const char *
json_literal_end(const char *p, const char *end, const char **at,
		 const char **what)
{
	const char *word = *p == 't' ? "true" : *p == 'f' ? "false" : "null";

	for (; *word; word++, p++)
		if (p == end || *p != *word)
			return broken(p, end, "value expected", at, what);
	return p;
}

/* As json_string_end, but any byte may follow a backslash. */
static const char *
loose_string_end(const char *p, const char *end, const char **at,
		 const char **what)
{
	const char *bad;
	size_t size;

	for (p++; p != end && *p != '"'; p += size) {
		size = 1;
		if (*p == '\\' && ++p == end)
			break;
		if ((unsigned char)*p < 0x20)
			return broken(p, end, "control character in a string",
				      at, what);
		if ((unsigned char)*p >= 0x80)
			size = json_utf8_size(p, end, &bad);
		if (!size)
			return broken(bad, end, "invalid UTF-8", at, what);
	}
	return p != end ? p + 1 : broken(p, end, NULL, at, what);
}

const char *
json_container_end(const char *p, const char *end, const char **at,
		   const char **what)
{
	uint64_t stack = 0; /* a set bit is an object */
	unsigned depth = 0;

	while (p != end) {
		char c = *p;

		if (c == '"') {
			p = loose_string_end(p, end, at, what);
			if (!p)
				return NULL;
			continue;
		}
		if ((unsigned char)c >= 0x80)
			return broken(p, end, "value expected", at, what);
		if (c == '{' || c == '[') {
			if (depth++ == JSON_DEPTH)
				return broken(p, end, "nesting deeper than 64",
					      at, what);
			stack = stack << 1 | (c == '{');
		} else if (c == '}' || c == ']') {
			if ((stack & 1) != (c == '}'))
				return broken(p, end, "brackets do not match",
					      at, what);
			stack >>= 1;
			if (!--depth)
				return p + 1;
		}
		p++;
	}
	return broken(p, end, NULL, at, what);
}
