/* How far a long run is, on one line of a terminal that is written over. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include "base/buf.h"

/* What there is to tell. */
struct progress {
	uint64_t fetched;  /* files */
	uint64_t present;  /* files that were there already */
	uint64_t failed;   /* files */
	uint64_t bytes;    /* of the files fetched */
	uint64_t received; /* bytes of all that servers sent */
	uint64_t records;  /* done */
	uint64_t total;    /* records in all; 0: not known yet */
	int64_t started;   /* milliseconds, monotonic */
	int64_t shown;     /* likewise; 0: not yet */
	bool terminal;
};

void progress_begin(struct progress *progress, bool quiet);
/* Milliseconds that may pass before progress_show; -1: any. */
int progress_wait(const struct progress *progress);
/* Shows it, if stderr is a terminal and it is time. */
void progress_show(struct progress *progress);
/* Takes the line away, for a message. */
void progress_clear(struct progress *progress);
/* Takes the line away; what it told is appended to `to`. */
void progress_end(struct progress *progress, struct buf *to);

#endif
