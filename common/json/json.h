/*
 * JSON as slices of the bytes that came (RFC 8259, strict).
 *
 * A value is a slice of the text it stands in; nothing is copied, and numbers
 * and strings keep their spelling. Everything that is looked into has been
 * validated before: UTF-8, grammar, nesting. json-c, which is laxer than the
 * standard, sees validated scalar values only, and only inside this module.
 */
#ifndef JSON_H
#define JSON_H

#include "base/buf.h"
#include "json/scan_state.h"

/* Deepest nesting of arrays and objects that is accepted. */
enum { JSON_DEPTH = 64 };

/* What is wrong with a text, and how many bytes into it. */
struct json_error {
	size_t offset;
	/* Such as "invalid UTF-8"; until the thread's next json_validate. */
	const char *what;
};

/*
 * A strict scan of one value that may go on when more bytes have come. A
 * caller reads `size`, `spaced` and `error`; the rest is this module's.
 */
struct json_scan {
	size_t size;             /* bytes of the value, once it is whole */
	bool spaced;             /* white space outside strings was seen */
	struct json_error error; /* after -1 */
	size_t at;               /* bytes scanned */
	bool plain;              /* by json_scan_plain */
	struct json_machine machine;
	struct json_carry carry;
	struct json_marks marks; /* the last: its places are not cleared */
};

void json_scan_begin(struct json_scan *scan);
/*
 * Scans on in text[0, n), the value from its first byte (no white space before
 * it) with whatever follows it; each call has the same bytes as the last one
 * and more. `last` says that no more will come. Returns 1 when the value is
 * whole (scan->size bytes; nothing behind it was looked at), 0 when bytes are
 * missing, -1 when it is not JSON. An error in the last bytes may be found by
 * the next call only.
 */
int json_scan(struct json_scan *scan, const char *text, size_t n, bool last);

/*
 * 0 when the text is one value with optional white space around, and no object
 * in it has a key twice; else -1. For values that are to be looked into.
 */
int json_validate(struct slice text, struct json_error *error);

/* Appends a valid value without the white space outside its strings. */
void json_compact(struct buf *to, struct slice value);

/* A member of an object, or an element of an array (its key is empty). */
struct json_member {
	struct slice key;   /* raw, between the quotes */
	struct slice value; /* raw, no white space around */
};

/*
 * Checks a line that should be one object for UTF-8, strings and nesting (not
 * for the grammar inside its values) and finds its members in one pass.
 * Returns their number, or -1 with *error set: not an object, a broken rule, a
 * duplicate key or one with \u0000, more than `room` members, or bytes behind
 * the object. Fills members[0, room).
 */
int json_members(struct slice line, struct json_member *members, size_t room,
		 struct json_error *error);

/* The same, quicker, of the text in which json_scan found a whole value. */
int json_scan_members(const struct json_scan *scan, const char *text,
		      struct json_member *members, size_t room,
		      struct json_error *error);

/* json_members of the object that is the value of one of those members. */
int json_scan_inner_members(const struct json_scan *scan, const char *text,
			    struct slice object, struct json_member *members,
			    size_t room, struct json_error *error);

/*
 * Walks the members of an object or the elements of an array. The text must
 * have passed json_scan, json_validate or json_members: after the last of
 * these a member's value may still break the grammar inside, then json_next
 * returns -1 where it cannot go on.
 */
struct json_iter {
	const char *p; /* the bracket or comma before the next member */
	const char *end;
	char close; /* the bracket that ends it, 0 where there is none */
};

/* A value that is neither has no members. */
struct json_iter json_iterate(struct slice value);
/* 1 and *member set, 0 after the last, -1 where the text is not JSON. */
int json_next(struct json_iter *iter, struct json_member *member);
/*
 * The value of an object's member by its key (plain ASCII, no escapes in it):
 * true and *value set where there is one. False for what is not an object.
 * Keys spelt with escapes are compared decoded.
 */
bool json_find(struct slice object, const char *key, struct slice *value);
/* The same; an empty slice where there is none. */
struct slice json_get(struct slice object, const char *key);
/* json_find along a path of keys, ended by NULL. */
bool json_find_path(struct slice object, struct slice *value, ...)
	__attribute__((sentinel));

enum json_type {
	JSON_NONE, /* an empty slice: absent */
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* By the first byte. */
enum json_type json_type(struct slice value);
/* The number of elements or members; 0 for other values. */
size_t json_count(struct slice value);
/*
 * True and *number set for a number that is an integer within int64_t, 1.0 and
 * 1e3 among them; nothing is clamped or truncated.
 */
bool json_int(struct slice value, int64_t *number);
/* True for text, any text, that is a number by the grammar. */
bool json_is_number(struct slice text);
/*
 * Below, at or above 0 as two numbers compare: exactly, whatever their size
 * and spelling (exponents of 17 digits and more count as one).
 */
int json_compare_numbers(struct slice left, struct slice right);
/*
 * Likewise, also for a string that spells an integer, such as "1": some tools
 * leave ids so.
 */
bool json_id(struct slice value, int64_t *number);
/* False for other values and for a number beyond the range of double. */
bool json_double(struct slice value, double *number);
/* Appends the decoded text (UTF-8) of a string; false for other values. */
bool json_string(struct slice value, struct buf *text);
/*
 * True where a raw key, or what stands between a string's quotes, is `text`
 * once it is decoded; the quotes stand around it.
 */
bool json_spells_all(struct slice raw, struct slice text);

/* What most keys are told apart by is in line: no escape is short. */
static inline bool
json_spells(struct slice raw, struct slice text)
{
	if (raw.n < text.n)
		return false;
	if (text.n && raw.p[0] != text.p[0] && raw.p[0] != '\\')
		return false;
	return json_spells_all(raw, text);
}

/* True for a string whose decoded text is `text`. */
bool json_string_is(struct slice value, struct slice text);

/*
 * Appends text (UTF-8) as a JSON string, with its quotes; a byte that is not
 * UTF-8 becomes U+FFFD.
 */
void json_put_string(struct buf *to, struct slice text);
/*
 * Appends a member to an object that is being written, behind a comma unless
 * the object has just been opened; the key is raw, as between its quotes.
 */
void json_put_member(struct buf *to, struct slice key, struct slice value);
/*
 * Appends a number in the fewest digits that read back as the same double;
 * integral values are written without a fraction, -0 as 0, and what is not
 * finite as null.
 */
void json_put_double(struct buf *to, double number);

#endif
