/*
 * An index of the samples of two sets, in 64 bytes for each sample that either
 * has: what it is called, as a fingerprint, where it stands in both, and
 * whether it is the same there.
 */
#ifndef SAMPLE_INDEX_H
#define SAMPLE_INDEX_H

#include "report/fingerprint.h"

enum sample_side { SAMPLE_OLD, SAMPLE_NEW };

struct sample_entry {
	struct fingerprint key;
	uint64_t print; /* the caller's, as are */
	uint64_t at[2]; /* these two, of each side */
	uint32_t number[2];
	unsigned seen : 2;        /* 1 << side, for each that has it */
	unsigned differs : 1;     /* the caller's */
	unsigned short counts[2]; /* how many are so called, at the first one */
};

struct sample_index;

struct sample_index *sample_index_open(void);
/* Takes NULL. */
void sample_index_close(struct sample_index *index);

/*
 * The entry of a side's next sample that is called so, with that side seen. The
 * second of a name on the one side is that of the second on the other, and so
 * on; where the other side did not have it yet, the entry is new. NULL when
 * there are too many.
 */
struct sample_entry *
sample_index_take(struct sample_index *index, enum sample_side side,
		  struct fingerprint key);
/*
 * The same where the other side has such a sample; else NULL, and nothing has
 * been taken.
 */
struct sample_entry *
sample_index_match(struct sample_index *index, enum sample_side side,
		   struct fingerprint key);

/* Number n in the order in which entries were made, or NULL behind the last. */
struct sample_entry *
sample_index_at(const struct sample_index *index, size_t n);
size_t sample_index_count(const struct sample_index *index);
/* How many of a side came again under a name that was there. */
size_t
sample_index_repeated(const struct sample_index *index, enum sample_side side);

#endif
