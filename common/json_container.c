/*
 * Where an array or object ends: by UTF-8, strings and brackets alone, for
 * values that are passed on and not looked into.
 */
#include "json_parts.h"
#include "utf8.h"

static const char *
broken(const char *p, const char *end, const char *why, const char **at,
       const char **what)
{
	*at = p;
	*what = p == end ? "unexpected end of text" : why;
	return NULL;
}

/* As json_string_end, but any character may follow a backslash. */
static const char *
string_end(const char *p, const char *end, const char **at, const char **what)
{
	uint32_t code;
	size_t size;

	for (p++; p != end && *p != '"'; p += size) {
		size = 1;
		if (*p == '\\' && ++p == end)
			break;
		if ((unsigned char)*p < 0x20)
			return broken(p, end, "control character in a string",
				      at, what);
		if ((unsigned char)*p >= 0x80)
			size = utf8_decode(p, (size_t)(end - p), &code);
		if (!size)
			return broken(p, end, "invalid UTF-8", at, what);
	}
	return p != end ? p + 1 : broken(p, end, NULL, at, what);
}

const char *
json_container_end_plain(const char *p, const char *end, const char **at,
			 const char **what)
{
	uint64_t stack = 0; /* a set bit is an object */
	unsigned depth = 0;

	while (p != end) {
		char c = *p;

		if (c == '"') {
			p = string_end(p, end, at, what);
			if (!p)
				return NULL;
			continue;
		}
		if ((unsigned char)c >= 0x80 || c == '\\')
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

const char *
json_container_end(const char *p, const char *end, const char **at,
		   const char **what)
{
	const char *found = json_kernel()->skip(p, end);

	return found ? found : json_container_end_plain(p, end, at, what);
}
