/* What the files of the pump share. */
#ifndef PUMP_PARTS_H
#define PUMP_PARTS_H

#include "base/out.h"
#include "base/progress.h"
#include "flow/pump.h"

enum {
	BATCH_LINES = 64,
	BATCH_BYTES = 1 << 18,
};

/* One line's way through the pump. */
struct pump_line {
	struct slice line; /* before: in the window or the batch's text */
	struct place place;
	struct slice whole;   /* the line with its LF, or empty */
	enum verdict verdict; /* after */
	bool broken;          /* no record */
	bool foreign;         /* nor is what follows: the run ends here */
	bool marker;          /* only `error`: of a stream that broke off */
	bool had_error;       /* its `error` came with it */
	size_t out_end;       /* where its result ends in the batch's out */
};

/* Lines that go to a worker together, and what came of them. */
struct batch {
	struct pump_line items[BATCH_LINES];
	size_t count;
	struct buf text; /* the lines, where they had to be copied */
	struct buf out;
	struct buf messages;
	bool ended; /* by an item that is foreign, which is its last */
};

/* What a thread that works on records has. */
struct hand {
	const struct pump *pump;
	void *worker;
	struct record record;
	struct buf to;
};

/* What is written, and how it went; belongs to the calling thread. */
struct drain {
	struct pump *pump;
	struct out *out;
	int status;
	struct outcome *outcome;
	struct progress progress;
	bool stopped; /* by a failure to write */
	bool foreign; /* by input that is not records */
};

void hand_open(struct hand *hand, const struct pump *pump);
void hand_close(struct hand *hand);
/* Does the program's work on each line of a batch. */
void batch_process(struct hand *hand, struct batch *batch);

/* Writes what came of a batch, its messages first. */
void drain_batch(struct drain *drain, const struct batch *batch);
/* Input broke off, which has been said: ends with a record that says so. */
void drain_broken(struct drain *drain);

/*
 * Runs all lines through with a reader, so many workers (or fewer, where there
 * is no room for them) and the calling thread, which writes. False where no
 * threads could be started; then nothing was read.
 */
bool ring_run(struct pump *pump, struct lines *lines, struct drain *drain,
	      unsigned jobs);

#endif
