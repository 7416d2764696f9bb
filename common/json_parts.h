/*
 * The parts of the json module, for its own files and its tests.
 */
#ifndef JSON_PARTS_H
#define JSON_PARTS_H

#include "json.h"

static inline bool
json_is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline bool
json_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* json_scan byte by byte: the reference that the fast one is held to. */
int
json_scan_plain(struct json_scan *scan, const char *text, size_t n, bool last);

/* The bytes of the UTF-8 sequence at p, or 0 with *bad set. */
size_t json_utf8_size(const char *p, const char *end, const char **bad);

/*
 * Where a token ends in text that is all there, by the full grammar: the byte
 * behind the string, number or literal that begins at p (p < end), or NULL
 * with *what saying why and *at the byte that is wrong (end where it is cut
 * off).
 */
const char *json_string_end(const char *p, const char *end, const char **at,
			    const char **what);
const char *json_number_end(const char *p, const char *end, const char **at,
			    const char **what);
const char *json_literal_end(const char *p, const char *end, const char **at,
			     const char **what);

/*
 * Where the array or object that begins at p ends. Looks at UTF-8, strings
 * (their ends and control characters, not their escapes) and at brackets, not
 * at the rest of the grammar. NULL and *at, *what as above.
 */
const char *json_container_end(const char *p, const char *end, const char **at,
			       const char **what);

#endif
