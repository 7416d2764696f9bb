/*
 * The strict scanner, byte by byte: a machine that can stop at any byte and go
 * on at the next one. Grammar: RFC 8259; UTF-8: RFC 3629.
 */
#include "json/json_parts.h"

/* What the next byte belongs to. */
enum scan_place {
	VALUE,
	FIRST_ELEMENT, /* or the end of the array */
	FIRST_KEY,     /* or the end of the object */
	KEY,
	COLON,
	BEHIND, /* a comma or the end of the container */
	STRING,
	ESCAPE,
	HEX,
	UTF8,
	MINUS,
	ZERO,
	INTEGER,
	POINT,
	FRACTION,
	EXPONENT,
	EXPONENT_SIGN,
	EXPONENT_DIGITS,
	LITERAL,
};

/* What a byte did to the scan. */
enum scan_step { GO_ON, WHOLE, WHOLE_BEFORE, BROKEN };

static enum scan_step
broken(struct json_scan *s, const char *what)
{
	s->error = (struct json_error){s->at, what};
	return BROKEN;
}

static enum scan_step
go(struct json_scan *s, enum scan_place where)
{
	s->machine.where = (uint8_t)where;
	return GO_ON;
}

static enum scan_step
end_value(struct json_scan *s)
{
	return s->machine.depth ? go(s, BEHIND) : WHOLE;
}

static enum scan_step
open_container(struct json_scan *s, bool object)
{
	if (s->machine.depth == JSON_DEPTH)
		return broken(s, "nesting deeper than 64");
	s->machine.depth++;
	s->machine.stack = s->machine.stack << 1 | object;
	return go(s, object ? FIRST_KEY : FIRST_ELEMENT);
}

static enum scan_step
close_container(struct json_scan *s)
{
	s->machine.depth--;
	s->machine.stack >>= 1;
	return end_value(s);
}

static enum scan_step
begin_literal(struct json_scan *s, const char *rest)
{
	s->machine.rest = rest;
	return go(s, LITERAL);
}

static enum scan_step
begin_string(struct json_scan *s, bool key)
{
	s->machine.key = key;
	return go(s, STRING);
}

static enum scan_step
step_value(struct json_scan *s, char c)
{
	switch (c) {
	case '{':
		return open_container(s, true);
	case '[':
		return open_container(s, false);
	case '"':
		return begin_string(s, false);
	case '-':
		return go(s, MINUS);
	case '0':
		return go(s, ZERO);
	case 't':
		return begin_literal(s, "rue");
	case 'f':
		return begin_literal(s, "alse");
	case 'n':
		return begin_literal(s, "ull");
	default:
		return json_is_digit(c)
			       ? go(s, INTEGER)
			       : broken(s, json_no_value(c, "value expected"));
	}
}

static enum scan_step
step_key(struct json_scan *s, char c)
{
	return c == '"' ? begin_string(s, true) : broken(s, "key expected");
}

static enum scan_step
step_behind(struct json_scan *s, char c)
{
	bool object = s->machine.stack & 1;

	if (c == ',')
		return go(s, object ? KEY : VALUE);
	if (c == (object ? '}' : ']'))
		return close_container(s);
	return broken(s,
		      object ? "',' or '}' expected" : "',' or ']' expected");
}

static enum scan_step
step_structure(struct json_scan *s, char c)
{
	if (json_is_space(c)) {
		s->spaced = true;
		return GO_ON;
	}
	switch (s->machine.where) {
	case FIRST_ELEMENT:
		return c == ']' ? close_container(s) : step_value(s, c);
	case FIRST_KEY:
		return c == '}' ? close_container(s) : step_key(s, c);
	case KEY:
		return step_key(s, c);
	case COLON:
		return c == ':' ? go(s, VALUE) : broken(s, "':' expected");
	case BEHIND:
		return step_behind(s, c);
	default:
		return step_value(s, c);
	}
}

static enum scan_step
begin_utf8(struct json_scan *s, unsigned char c)
{
	if (c < 0xc2 || c > 0xf4)
		return broken(s, "invalid UTF-8");
	s->machine.need = (uint8_t)(c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3);
	s->machine.low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
	s->machine.high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
	return go(s, UTF8);
}

static enum scan_step
step_utf8(struct json_scan *s, unsigned char c)
{
	if (c < s->machine.low || c > s->machine.high)
		return broken(s, "invalid UTF-8");
	s->machine.low = 0x80;
	s->machine.high = 0xbf;
	return --s->machine.need ? GO_ON : go(s, STRING);
}

static enum scan_step
step_escape(struct json_scan *s, char c)
{
	if (c == 'u') {
		s->machine.need = 4;
		return go(s, HEX);
	}
	if (!c || !strchr("\"\\/bfnrt", c))
		return broken(s, "invalid escape");
	return go(s, STRING);
}

static enum scan_step
step_hex(struct json_scan *s, char c)
{
	char lower = (char)(c | 0x20);

	if (!json_is_digit(c) && (lower < 'a' || lower > 'f'))
		return broken(s, "invalid escape");
	return --s->machine.need ? GO_ON : go(s, STRING);
}

static enum scan_step
step_string(struct json_scan *s, char c)
{
	switch (s->machine.where) {
	case ESCAPE:
		return step_escape(s, c);
	case HEX:
		return step_hex(s, c);
	case UTF8:
		return step_utf8(s, (unsigned char)c);
	default:
		break;
	}
	if (c == '"')
		return s->machine.key ? go(s, COLON) : end_value(s);
	if (c == '\\')
		return go(s, ESCAPE);
	if ((unsigned char)c < 0x20)
		return broken(s, "control character in a string");
	return (unsigned char)c < 0x80 ? GO_ON
				       : begin_utf8(s, (unsigned char)c);
}

/* A byte that does not belong to the number, which is whole without it. */
static enum scan_step
end_number(struct json_scan *s, char c)
{
	if (!s->machine.depth)
		return WHOLE_BEFORE;
	s->machine.where = BEHIND;
	return step_structure(s, c);
}

static enum scan_step
step_exponent(struct json_scan *s, char c)
{
	if (json_is_digit(c))
		return go(s, EXPONENT_DIGITS);
	if (s->machine.where == EXPONENT && (c == '+' || c == '-'))
		return go(s, EXPONENT_SIGN);
	if (s->machine.where == EXPONENT_DIGITS)
		return end_number(s, c);
	return broken(s, "digit expected");
}

static enum scan_step
step_number(struct json_scan *s, char c)
{
	bool digit = json_is_digit(c), exponent = (c | 0x20) == 'e';

	switch (s->machine.where) {
	case MINUS:
		if (!digit)
			return broken(s, json_no_value(c, "digit expected"));
		return go(s, c == '0' ? ZERO : INTEGER);
	case POINT:
		if (!digit)
			return broken(s, "digit expected");
		return go(s, FRACTION);
	case ZERO:
		if (digit)
			return broken(s, "leading zero");
		break;
	default:
		if (digit)
			return GO_ON;
	}
	if (exponent)
		return go(s, EXPONENT);
	if (c == '.' && s->machine.where != FRACTION)
		return go(s, POINT);
	return end_number(s, c);
}

static enum scan_step
step_literal(struct json_scan *s, char c)
{
	if (c != *s->machine.rest)
		return broken(s, "value expected");
	return *++s->machine.rest ? GO_ON : end_value(s);
}

static enum scan_step
step(struct json_scan *s, char c)
{
	if (s->machine.where <= BEHIND)
		return step_structure(s, c);
	if (s->machine.where <= UTF8)
		return step_string(s, c);
	if (s->machine.where <= FRACTION)
		return step_number(s, c);
	return s->machine.where == LITERAL ? step_literal(s, c)
					   : step_exponent(s, c);
}

/* No more bytes will come: only a number at the top may end here. */
static int
end_text(struct json_scan *s)
{
	bool number = s->machine.where == ZERO || s->machine.where == INTEGER ||
		      s->machine.where == FRACTION ||
		      s->machine.where == EXPONENT_DIGITS;

	if (number && !s->machine.depth) {
		s->size = s->at;
		return 1;
	}
	broken(s, "unexpected end of text");
	return -1;
}

int
json_scan_plain(struct json_scan *s, const char *text, size_t n, bool last)
{
	for (; s->at < n; s->at++) {
		enum scan_step did = step(s, text[s->at]);

		if (did == BROKEN)
			return -1;
		if (did != GO_ON) {
			s->at += did == WHOLE;
			s->size = s->at;
			return 1;
		}
	}
	return last ? end_text(s) : 0;
}
