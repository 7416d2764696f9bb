/*
 * The samples that a data set has already: 16 bytes of a digest each, in a
 * table at most three quarters full, so 21 to 43 bytes of memory.
 */
#ifndef SAMPLE_SET_H
#define SAMPLE_SET_H

#include "record/record.h"

struct sample_set;

struct sample_set *sample_set_open(void);
void sample_set_close(struct sample_set *set);
/*
 * True when a record's sample is in the set. A sample is the same by its uuid,
 * else by its data set and name, and the same frame of a sequence, whichever
 * release, labelset or shard it comes from; what has neither is never in it.
 */
bool sample_set_has(struct sample_set *set, const struct record *record);
/* Likewise for a number, in a set of such. */
bool sample_set_has_number(struct sample_set *set, uint64_t number);
/* Adds what was looked up last. */
void sample_set_add(struct sample_set *set);

#endif
