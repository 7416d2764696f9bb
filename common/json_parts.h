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
/* The same byte by byte. */
const char *json_container_end_plain(const char *p, const char *end,
				     const char **at, const char **what);

/* Bytes a block of the fast scanners has, and how far they look behind it. */
enum { JSON_BLOCK = 64, JSON_AHEAD = 8 };

/* The scanners for one instruction set. */
struct json_kernel {
	const char *name;
	/*
	 * Scans an array or object on in whole blocks, from text[*at], as long
	 * as JSON_AHEAD more bytes are there. 1 at its end, which *at is then
	 * behind; 0 when bytes are missing; -1 when something is wrong or is
	 * left to the plain scanner.
	 */
	int (*scan)(struct json_carry *carry, const char *text, size_t n,
		    size_t *at);
	/* json_container_end, without saying why. */
	const char *(*skip)(const char *p, const char *end);
};

/* The best one for this machine. */
const struct json_kernel *json_kernel(void);
/* Takes another one from now on; for tests and benchmarks. */
void json_use_kernel(const struct json_kernel *kernel);
/* Those that this machine can run, up to a NULL; the best one first. */
const struct json_kernel *const *json_kernels(void);

extern const struct json_kernel json_portable;
#ifdef __x86_64__
extern const struct json_kernel json_sse2, json_avx2, json_avx512;
#endif

#endif
