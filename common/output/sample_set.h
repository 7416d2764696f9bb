/* The samples that a data set has already, as a hash_set.h each. */
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
/* Adds the sample of the last sample_set_has. */
void sample_set_add(struct sample_set *set);

#endif
