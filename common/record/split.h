/*
 * A record's place in [0, 1), from a hash of what it is and nothing else: the
 * same on every machine and in every run, and unmoved when samples are added.
 * Samples and splits are cut from it.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include "base/buf.h"
#include "base/opts.h"
#include "record/record.h"

/* The salt of parts; samples have another. */
#define SPLIT_SALT "split"

/*
 * The place of a record, by its uuid, else its name, else its index. `by` is a
 * dotted path of keys, such as metadata.scene, whose value is taken in their
 * stead where the record has it and it is not null, so that records that share
 * it share a place; or NULL. Different salts give independent places.
 */
double
split_place(const struct record *record, const char *by, const char *salt);

/* How many records have the key that they are to be kept together by. */
struct split_key {
	const char *by; /* or NULL */
	uint64_t cut, without;
};

void split_key_count(struct split_key *key, const struct record *record);
/* Says how many lack it; true where all do. */
bool split_key_say(const struct split_key *key);

/* Named shares of the whole, such as train:0.8,val:0.1,test:0.1. */
struct split;

/*
 * NULL with *why set for text that is no split (the fractions must add up to
 * 1), else *why is NULL.
 */
struct split *split_parse(const char *text, const char **why);
/* That of --split; wrong usage where it is none. */
struct split *split_option(const struct opts *o, const char *text);
void split_close(struct split *split);
/* The name of part number i, from 0; NULL behind the last one. */
const char *split_name(const struct split *split, size_t i);
/* The number of the part that a place is in. */
size_t split_part(const struct split *split, double place);
/*
 * The number of the part that a record is in, kept together by `by` (see
 * split_place): the same in every program. 0 where `split` is NULL.
 */
size_t split_part_of(const struct split *split, const struct record *record,
		     const char *by);
/* The bounds [*from, *to) of a part; false where there is none so named. */
bool split_bounds(const struct split *split, const char *part, double *from,
		  double *to);

#endif
