/*
 * The flow of every record filter: read records, do one thing to each with one
 * or more workers, hand on what came of it in input order. What is the same in
 * every program is here: broken lines, records that failed before, messages in
 * order, exit statuses. The result is the same for any number of workers.
 */
#ifndef PUMP_H
#define PUMP_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/lines.h"
#include "base/outcome.h"
#include "base/stream.h"
#include "record/broken_off.h"
#include "record/record.h"

/* What came of one record. */
enum verdict {
	PUMP_PASS,   /* it goes on as it came */
	PUMP_DROP,   /* it goes no further */
	PUMP_WRITE,  /* `to` has what takes its place: whole lines */
	PUMP_FAILED, /* `to` has the record with `error` (see pump_fail) */
};

struct pump {
	/* What each worker has of its own; both may be NULL. */
	void *(*worker_open)(void *context);
	void (*worker_close)(void *worker);
	/*
	 * What happens to one record. Runs on any thread; `worker` is from
	 * worker_open, or the context where there is none. `to` is empty.
	 */
	enum verdict (*work)(void *worker, const struct record *record,
			     struct buf *to);
	/*
	 * After PUMP_WRITE, appends further lines that take the record's place
	 * to an empty `to`, until it returns false: for a record that becomes
	 * many, of which one at a time is in memory. Then there is one worker,
	 * on the calling thread. May be NULL.
	 */
	bool (*more)(void *worker, struct buf *to);
	/*
	 * Takes the resulting lines on the calling thread, in input order,
	 * each without its LF and with the place of the record it came from;
	 * NULL writes them to stdout. A nonzero result ends the run.
	 */
	int (*take)(void *context, struct slice line,
		    const struct place *place);
	/*
	 * After the last record, where all of the input could be read and no
	 * work has ended the run: may append lines that go behind it, each
	 * with its LF, and raise the status to the one it returns. May be
	 * NULL.
	 */
	int (*end)(void *context, struct buf *to);
	void *context;
	/* Records with `error` reach `work` instead of passing untouched. */
	bool sees_failed;
	/* Records with `error` are counted and go no further. */
	bool drops_failed;
	/* What `take` gets are records that go on to another program. */
	bool takes_records;
	/* Of records without `release` nothing is said: `work` refuses them. */
	bool needs_release;
	/* Set by `work`, of one worker: no more is wanted behind this record.
	 */
	bool ended;
	unsigned jobs; /* workers; 0 is one for each processor */
	size_t max_record;
	/* Gets the records in, out and failed; may be NULL. */
	struct outcome *outcome;
	/* Why records are left out, for the summary; NULL: not told. */
	const char *drops;
	/* After the run: records with `error`, broken lines among them. */
	unsigned long long failed;
};

/*
 * Runs all records of the operands through. Returns an exit status: 0, 1 where
 * a record failed here (or was dropped as failed), 2 where input was broken or
 * could not be read, or output not written. Input that is not records at all
 * (no_record.h) is said in one message and ends the run.
 */
int pump_run(struct pump *pump, char *const *operands);

/*
 * Says why a record failed and appends it with `error` to `to`; the url may
 * be empty. For `return pump_fail(...)` in a work function.
 */
enum verdict
pump_fail(const struct record *record, struct buf *to, struct slice url,
	  const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
