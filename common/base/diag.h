/*
 * Messages to the person: one line each on stderr, in the form
 *
 *	seg-decode: <stdin>:17: donuts.jpg: bitmap is 16-bit
 *
 * What comes from input may stand in a message: control characters, escapes,
 * bidi controls and invalid UTF-8 are written as \xNN or \u{NNNN}, and the
 * query of a signed URL is cut away. What is very long is cut. A message is
 * one write(2).
 */
#ifndef DIAG_H
#define DIAG_H

#include <stdarg.h>

#include "base/buf.h"

/* Where in the input a message belongs. Unknown parts are NULL or 0. */
struct place {
	const char *stream;        /* a file's name, or "<stdin>" */
	unsigned long long line;   /* counted from 1 */
	struct slice sample;       /* the sample's name, decoded */
	unsigned long long number; /* of the record in this run, from 1 */
};

/* Exit statuses of every program. */
enum {
	STATUS_OK = 0,     /* all done */
	STATUS_FAILED = 1, /* finished, some records failed */
	STATUS_FATAL =
		2, /* usage, unreadable or malformed input, write error */
};

/* Takes the base name of argv[0]; "seg" before that. */
void diag_init(const char *argv0);
const char *diag_program(void);

/*
 * Lets this thread's messages be appended to `to` instead of stderr, until
 * called with NULL; so a worker's messages can be shown in input order.
 * Returns where they were appended to before.
 */
struct buf *diag_capture(struct buf *to);
/* Shows messages that were captured, or appends them where others are. */
void diag_show(struct slice captured);

/* `place` may be NULL. */
void diag_say(const struct place *place, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/*
 * Likewise of what is odd but fails nothing: the first ten of a kind, which is
 * the format, are shown and the rest counted. Captured, or on the main thread.
 */
void diag_warn(const struct place *place, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/*
 * Likewise of what has one cause, such as "http://h cannot be reached": the
 * first is shown, the rest counted. `cause` is kept: two are one if they are
 * the same pointer.
 */
void
diag_say_once(const struct place *place, const char *cause, const char *format,
	      ...) __attribute__((format(printf, 3, 4)));
/* Tells how many more of each kind and cause there were. */
void diag_warn_end(void);
/* The text of the last message that was said at once; empty before one. */
const char *diag_last(void);
/* Says it and ends the program with status 2. Main thread only. */
_Noreturn void diag_die(const struct place *place, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Appends text as a message shows it: escaped, signatures cut, and no more of
 * it than a person reads.
 */
void diag_escape(struct buf *to, struct slice text);

#endif
