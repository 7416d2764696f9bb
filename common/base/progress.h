/*
 * How far a long run is, on the last line of the terminal that stderr is: ten
 * times a second at most, and not within the first second, in which most runs
 * end.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include "base/buf.h"

struct progress {
	bool on;         /* there is a terminal to show it on */
	uint64_t size;   /* bytes of the input in all; 0: not known */
	int64_t started; /* milliseconds, monotonic */
	int64_t next;    /* likewise: when it may be shown */
};

/* `operands` are the input as lines_open has them, or NULL. */
void
progress_begin(struct progress *progress, bool quiet, char *const *operands);
/* Milliseconds that may pass before progress_due; -1: any. */
int progress_wait(const struct progress *progress);
/* True where it is time to show a line. */
bool progress_due(struct progress *progress);
/* Shows it: the program's name, and `text`. */
void progress_show(struct slice text);
/* Takes the line away. */
void progress_end(struct progress *progress);

/* For such lines: a size in units of 1000, such as "12.3 MB"; */
void progress_put_size(struct buf *to, uint64_t bytes);
/* ", 3.2 MB/s" of bytes so far; */
void progress_put_speed(const struct progress *progress, uint64_t bytes,
			struct buf *to);
/* "120 records, 40/s" so far; */
void progress_put_records(const struct progress *progress, uint64_t records,
			  struct buf *to);
/* ", 45 %, 12 s left" where so much of the total (0: not known) is done; */
void progress_put_left(const struct progress *progress, uint64_t done,
		       uint64_t total, struct buf *to);
/* the same by the bytes of the input that are read. */
void progress_put_input(const struct progress *progress, struct buf *to);

#endif
