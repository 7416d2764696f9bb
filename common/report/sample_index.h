/*
 * An index of the samples of a set, in 64 bytes each: what a sample is called,
 * as a fingerprint, and fingerprints of its parts.
 */
#ifndef SAMPLE_INDEX_H
#define SAMPLE_INDEX_H

#include "report/sample_prints.h"

/* Where a sample of the set stands to one of the other set. */
enum sample_state {
	SAMPLE_ALONE,    /* the other set has none such */
	SAMPLE_SAME,     /* all bytes that count are alike */
	SAMPLE_DIFFERING /* they are not: look into it */
};

struct sample_entry {
	struct fingerprint key;
	struct sample_prints prints; /* the caller's, */
	uint64_t offset;             /* and where its other is, */
	uint32_t size;               /* and how many bytes of it there are */
	unsigned state : 2;
	unsigned in_set : 15;   /* how many so called there are, at the first */
	unsigned in_other : 15; /* of them */
};

struct sample_index;

struct sample_index *sample_index_open(void);
void sample_index_close(struct sample_index *index);

/*
 * Adds a sample, in the order of the set. Where there is one so called before,
 * it is the second of that name, and so on. NULL when there are too many.
 */
struct sample_entry *
sample_index_add(struct sample_index *index, struct fingerprint key);
/*
 * That of the other set's next sample so called, in the order of that set; NULL
 * where this set has no such, or fewer.
 */
struct sample_entry *
sample_index_match(struct sample_index *index, struct fingerprint key);
/* Number n in the order of the set, or NULL behind the last. */
struct sample_entry *
sample_index_at(const struct sample_index *index, size_t n);
size_t sample_index_count(const struct sample_index *index);
/* How many came again under a name that was there. */
size_t sample_index_repeated(const struct sample_index *index);

#endif
