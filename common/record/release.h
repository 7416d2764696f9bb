/*
 * A release file, sample by sample, in memory bounded by the largest sample.
 * A sample becomes one record for each labelset chosen.
 */
#ifndef RELEASE_H
#define RELEASE_H

#include "base/buf.h"

struct release;

/* What to make records of. */
struct release_choice {
	const char *labelset; /* NULL: the only one, else `ground-truth` */
	bool all;             /* every labelset, one record for each */
	size_t max_record;    /* bytes of the largest value accepted */
};

/*
 * Opens an operand ("-" is stdin) and reads as far as the first sample; where
 * the samples come before what describes them, reads ahead. NULL when it can't
 * be read, is no release or has no such labelset: the message has been said,
 * and a record that has only `error` appended to `to`.
 */
struct release *
release_open(const char *operand, const struct release_choice *choice,
	     struct buf *to);
void release_close(struct release *release);

/*
 * Appends the records of the next sample, each with LF. 1, 0 after the last
 * sample and the file's good end, -1 when the file is broken: the message has
 * been said and `to` ends with a record that has only `error`.
 */
int release_next(struct release *release, struct buf *to);

/* Where the sample of the last release_next begins in the file. */
uint64_t release_at(const struct release *release);
/*
 * Behind the last sample: appends the records of one again, from where it
 * begins and by its index: 0, or -1 with the message said. Not for pipes. What
 * is wrong with it has been said before.
 */
int release_again(struct release *release, uint64_t at, uint64_t index,
		  struct buf *to);

/* Records with `error` so far: samples that are no objects and the like. */
unsigned long long release_failed(const struct release *release);
/* Records of all samples so far, with those. */
unsigned long long release_written(const struct release *release);

/*
 * Appends a line for one of the labelsets chosen, counted from 0: its `release`
 * object with one member more, `labelsets`, the names of all. False behind the
 * last.
 */
bool release_put_info(const struct release *release, size_t at, struct buf *to);

/*
 * Appends the object that records carry as `release`, of the usual labelset
 * where it was chosen among others, else of the first chosen.
 */
void release_put_facts(const struct release *release, struct buf *to);

#endif
