/*
 * The parts of the json module, for its own files and its tests.
 */
#ifndef JSON_PARTS_H
#define JSON_PARTS_H

#include "json/json.h"

static inline bool
json_is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline const char *
json_skip_space(const char *p, const char *end)
{
	while (p != end && json_is_space(*p))
		p++;
	return p;
}

static inline bool
json_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* json_scan byte by byte: the reference that the fast one is held to. */
int
json_scan_plain(struct json_scan *scan, const char *text, size_t n, bool last);

/* What is wrong in a text, and where. */
struct json_fault {
	const char *at; /* the end where the text is cut off */
	const char *what;
};

/* Notes what is wrong at p, or that the text ends there. Returns NULL. */
const char *json_fail(struct json_fault *fault, const char *p, const char *end,
		      const char *what);

/*
 * Where a token ends in text that is all there, by the full grammar: the byte
 * behind the string, number or literal that begins at p, or NULL.
 */
const char *
json_string_end(const char *p, const char *end, struct json_fault *fault);
const char *
json_number_end(const char *p, const char *end, struct json_fault *fault);
const char *
json_literal_end(const char *p, const char *end, struct json_fault *fault);

/*
 * Where the array or object that begins at p ends. Looks at UTF-8, strings
 * (their ends and control characters, not their escapes) and at brackets, not
 * at the rest of the grammar.
 */
const char *
json_container_end(const char *p, const char *end, struct json_fault *fault);
/* The same byte by byte. */
const char *json_container_end_plain(const char *p, const char *end,
				     struct json_fault *fault);

/* Where any value ends: scalars as above, containers by json_container_end. */
const char *
json_value_end(const char *p, const char *end, struct json_fault *fault);

/* True where a key, raw and valid, spells a NUL. */
bool json_has_nul(struct slice key);
/* json_next that says what is wrong. */
int json_step(struct json_iter *iter, struct json_member *member,
	      struct json_fault *fault);
/* True where two raw keys, decoded, are the same. */
bool json_same_key(struct slice a, struct slice b);

/* A bit for a raw key without escapes; keys that are the same have the same. */
uint64_t json_key_bit(struct slice key);
/*
 * True where an object in a valid value has a key twice, *key then the second
 * as it stands.
 */
bool json_find_repeated(struct slice value, struct slice *key);

/* How far the fast scanners look behind a block. */
enum { JSON_AHEAD = 8 };

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
		    size_t *at, struct json_marks *marks);
	/* json_container_end, without saying why. */
	const char *(*skip)(const char *p, const char *end);
	/*
	 * Finds the marks of the object that begins at p, as far as that is
	 * possible without the grammar. Where it ends, or NULL as above.
	 */
	const char *(*mark)(const char *p, const char *end,
			    struct json_marks *marks);
	/*
	 * json_compact to `out`, where JSON_BLOCK bytes more than the text has
	 * must be free. Returns the end.
	 */
	char *(*compact)(char *out, const char *p, const char *end);
};

/* The best one for this machine. */
const struct json_kernel *json_kernel(void);
/* Takes this one from now on (NULL: the best); for tests and benchmarks. */
void json_use_kernel(const struct json_kernel *kernel);
/* Those that this machine can run, up to a NULL; the best one first. */
const struct json_kernel *const *json_kernels(void);

extern const struct json_kernel json_portable;
#ifdef __x86_64__
extern const struct json_kernel json_sse2, json_avx2, json_avx512;
#endif

/* What is wrong with a byte where a value, or a number's digit, should be. */
static inline const char *
json_no_value(char c, const char *what)
{
	return c == 'N' || c == 'I'
		       ? "NaN and Infinity are no JSON; Python: allow_nan=False"
		       : what;
}

#endif
