/*
 * What a run counted, told at its end in one line on stderr:
 *
 *	seg-coco: 14 records in, 12 images out, 1 failed; left out: unlabelled 1
 *
 * and the two options that every program has: -q/--quiet, without that line,
 * and --exit-zero. Belongs to the thread that writes.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "base/buf.h"

/* Kinds of things that can be told; more are not counted. */
enum { OUTCOME_KINDS = 12 };

struct outcome_count {
	const char *what;
	uint64_t n;
};

/* Zeroed is empty. The texts are borrowed. */
struct outcome {
	bool quiet;
	bool exit_zero;
	const char *unit; /* of what comes in; NULL: records */
	uint64_t in;
	uint64_t failed; /* here */
	uint64_t before; /* they came with `error` */
	struct buf lead; /* what the line begins with, or empty */
	struct outcome_count out[OUTCOME_KINDS];
	struct outcome_count left_out[OUTCOME_KINDS];
};

/*
 * Adds to what was made, such as images. The order of the first calls is that
 * of the line; n may be 0, so that a 0 is told.
 */
void outcome_out(struct outcome *outcome, const char *what, uint64_t n);
/* Likewise what was left out, and why: an adjective or a noun. */
void outcome_left_out(struct outcome *outcome, const char *why, uint64_t n);
/* True where nothing came in, not even what failed. */
bool outcome_empty(const struct outcome *outcome);

/*
 * Tells the line, and what diag_warn did not show. For `return
 * outcome_end(...)` in main: the exit status that `status` becomes. Where
 * nothing came in and the status is 2, the reason has been said, and no line
 * follows.
 */
int outcome_end(struct outcome *outcome, int status);

#endif
