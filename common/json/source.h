/*
 * A JSON text of any size, read through a window: the caller walks its outer
 * levels piece by piece and takes inner values whole. Memory is bounded by the
 * largest value taken.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "base/buf.h"
#include "json/json.h"

struct source;

/* A place in the text, for messages; line and column count from 1. */
struct source_error {
	uint64_t offset; /* bytes from the start */
	uint64_t line, column;
	const char *what; /* NULL after a read error, which has been said */
};

/*
 * Opens an operand ("-" is stdin) and passes a byte order mark. Values larger
 * than max_value bytes are an error. NULL with the message said on failure.
 */
struct source *source_open(const char *operand, size_t max_value);
void source_close(struct source *source);
/*
 * Before anything was taken: the bytes at hand, eight or more
 * where there are as many. Borrowed until the next call.
 */
struct slice source_head(const struct source *source);
/* How messages call it. */
const char *source_name(const struct source *source);
/* After a function has returned -1. */
struct source_error source_error(const struct source *source);

/* The next byte that is not white space, not taken; -1 at the end or error. */
int source_peek(struct source *source);
/* Takes the next byte, which must be `c`: 0, or -1. */
int source_expect(struct source *source, char c);
/*
 * Takes what stands before the next member or element of the object or array
 * that ends with `close`; *begun is false before the first one, and is set.
 * 1 where another follows, 0 when the end has been taken, -1 on error.
 */
int source_next(struct source *source, char close, bool *begun);
/*
 * Takes a whole value, behind which comes another one or the end that was told
 * to source_next: 0 and *value, borrowed until the next call on the source, or
 * -1. *spaced tells whether white space stands in it (may be NULL).
 */
int source_value(struct source *source, struct slice *value, bool *spaced);
/* json_members of the value just taken by source_value. */
int source_members(const struct source *source, struct json_member *members,
		   size_t room, struct json_error *error);
/* Likewise of an object that is the value of one of those members. */
int source_inner_members(const struct source *source, struct slice object,
			 struct json_member *members, size_t room,
			 struct json_error *error);
/* Takes a key and its colon: 0 with the decoded key put in *key, or -1. */
int source_key(struct source *source, struct buf *key);
/* Only white space may follow: 0, or -1. */
int source_finish(struct source *source);

/*
 * Makes it possible to come back to the present offset: a pipe's rest is
 * copied to an unlinked temporary file. 0, or -1 with the message said.
 */
int source_mark(struct source *source);
/* Goes back to the mark, any number of times: 0, or -1, message said. */
int source_rewind(struct source *source);

/* The offset of the next byte, from the start. */
uint64_t source_at(const struct source *source);
/*
 * Goes to an offset that source_at told, in an object or array that ends with
 * `close`: 0, or -1 with the message said. Not for pipes. Places have no line
 * and no column from then on, but 0.
 */
int source_seek(struct source *source, uint64_t at, char close);

/* The place of a byte of the value taken last. */
struct source_error
source_locate(const struct source *source, const char *p, const char *what);
/* Marks the present offset as the place of an error found by the caller. */
void source_reject(struct source *source, const char *what);

#endif
