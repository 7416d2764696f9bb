/* Strings, numbers and literals in text that is all there. */
#include "base/utf8.h"
#include "json/json_parts.h"

const char *
json_fail(struct json_fault *fault, const char *p, const char *end,
	  const char *what)
{
	fault->at = p;
	fault->what = p == end ? "unexpected end of text" : what;
	return NULL;
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

/*
 * Skips bytes of a string that are ASCII and neither quotes, backslashes nor
 * control characters, eight at a time. In each byte the top bit says no: it is
 * set, or a subtraction borrows into it.
 */
static const char *
skip_plain(const char *p, const char *end)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;

	for (; end - p >= 8; p += 8) {
		uint64_t v, quote, backslash;

		memcpy(&v, p, sizeof(v));
		quote = v ^ (ones * '"');
		backslash = v ^ (ones * '\\');
		if ((v | (v - ones * ' ') | (quote - ones) |
		     (backslash - ones)) &
		    tops)
			break;
	}
	return p;
}

const char *
json_string_end(const char *p, const char *end, struct json_fault *fault)
{
	const char *bad;
	uint32_t code;
	size_t size;

	for (p++;; p += size) {
		const char *why = "invalid escape";

		p = skip_plain(p, end);
		if (p == end || *p == '"')
			break;
		if (*p == '\\') {
			size = escape_size(p, end, &bad);
		} else if ((unsigned char)*p >= 0x80) {
			size = utf8_decode(p, (size_t)(end - p), &code);
			bad = p;
			why = "invalid UTF-8";
		} else {
			size = (unsigned char)*p >= 0x20;
			bad = p;
			why = "control character in a string";
		}
		if (!size)
			return json_fail(fault, bad, end, why);
	}
	return p != end ? p + 1 : json_fail(fault, p, end, NULL);
}

static const char *
skip_digits(const char *p, const char *end)
{
	while (p != end && json_is_digit(*p))
		p++;
	return p;
}

static const char *
fail_value(struct json_fault *fault, const char *p, const char *end,
	   const char *what)
{
	return json_fail(fault, p, end,
			 p == end ? what : json_no_value(*p, what));
}

const char *
json_number_end(const char *p, const char *end, struct json_fault *fault)
{
	const char *digits = p + (*p == '-');

	p = skip_digits(digits, end);
	if (p == digits)
		return fail_value(fault, p, end, "digit expected");
	if (*digits == '0' && p - digits > 1)
		return json_fail(fault, digits + 1, end, "leading zero");
	if (p != end && *p == '.') {
		digits = p + 1;
		p = skip_digits(digits, end);
		if (p == digits)
			return json_fail(fault, p, end, "digit expected");
	}
	if (p != end && (*p | 0x20) == 'e') {
		digits = p + 1;
		if (digits != end && (*digits == '+' || *digits == '-'))
			digits++;
		p = skip_digits(digits, end);
		if (p == digits)
			return json_fail(fault, p, end, "digit expected");
	}
	return p;
}

const char *
json_literal_end(const char *p, const char *end, struct json_fault *fault)
{
	const char *word = *p == 't' ? "true" : *p == 'f' ? "false" : "null";

	for (; *word; word++, p++)
		if (p == end || *p != *word)
			return json_fail(fault, p, end, "value expected");
	return p;
}

const char *
json_value_end(const char *p, const char *end, struct json_fault *fault)
{
	if (p == end)
		return json_fail(fault, p, end, NULL);
	switch (*p) {
	case '{':
	case '[':
		return json_container_end(p, end, fault);
	case '"':
		return json_string_end(p, end, fault);
	case 't':
	case 'f':
	case 'n':
		return json_literal_end(p, end, fault);
	default:
		if (*p == '-' || json_is_digit(*p))
			return json_number_end(p, end, fault);
		return fail_value(fault, p, end, "value expected");
	}
}
