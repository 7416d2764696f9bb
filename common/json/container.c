/*
 * Where an array or object ends: by UTF-8, strings and brackets alone, for
 * values that are passed on and not looked into.
 */
#include "base/utf8.h"
#include "json/json_parts.h"

/* The byte behind the character at p, which is no control character. */
static const char *
character_end(const char *p, const char *end, struct json_fault *fault)
{
	uint32_t code;
	size_t size = 1;

	if ((unsigned char)*p >= 0x80)
		size = utf8_decode(p, (size_t)(end - p), &code);
	return size ? p + size : json_fail(fault, p, end, "invalid UTF-8");
}

/* As json_string_end, but any character may follow a backslash. */
static const char *
string_end(const char *p, const char *end, struct json_fault *fault)
{
	for (p++; p != end && *p != '"';) {
		if (*p == '\\' && ++p == end)
			break;
		if ((unsigned char)*p < 0x20)
			return json_fail(fault, p, end,
					 "control character in a string");
		p = character_end(p, end, fault);
		if (!p)
			return NULL;
	}
	return p != end ? p + 1 : json_fail(fault, p, end, NULL);
}

/* The containers that are open. */
struct levels {
	uint64_t objects; /* a set bit is an object */
	unsigned depth;
};

/* Opens or closes a container; what is wrong with that, or NULL. */
static const char *
take_bracket(struct levels *levels, char c)
{
	bool object = c == '{' || c == '}';

	if (c == '{' || c == '[') {
		levels->objects = levels->objects << 1 | object;
		return levels->depth++ < JSON_DEPTH ? NULL
						    : "nesting deeper than 64";
	}
	if ((levels->objects & 1) != object)
		return "brackets do not match";
	levels->objects >>= 1;
	levels->depth--;
	return NULL;
}

const char *
json_container_end_plain(const char *p, const char *end,
			 struct json_fault *fault)
{
	struct levels levels = {0};
	const char *what = NULL;

	while (p && p != end) {
		switch (*p) {
		case '"':
			p = string_end(p, end, fault);
			continue;
		case '\\':
			return json_fail(fault, p, end, "value expected");
		case '{':
		case '[':
		case '}':
		case ']':
			what = take_bracket(&levels, *p);
		}
		if (what)
			return json_fail(fault, p, end, what);
		p = character_end(p, end, fault);
		if (!levels.depth)
			return p;
	}
	return p ? json_fail(fault, p, end, NULL) : NULL;
}

const char *
json_container_end(const char *p, const char *end, struct json_fault *fault)
{
	const char *found = json_kernel()->skip(p, end);

	return found ? found : json_container_end_plain(p, end, fault);
}
