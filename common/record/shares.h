/*
 * Shares of all records, cut by a hash (see split.h): a sample of them, and a
 * part of a split. What is kept together by a key is in one share.
 */
#ifndef SHARES_H
#define SHARES_H

#include "record/split.h"

/* A share: the place of a record is in [from, to). */
struct interval {
	const char *salt;
	double from, to;
};

/* Zeroed is all. The texts are borrowed; NULL is not given. */
struct shares {
	const char *sample; /* FRACTION */
	const char *split;  /* NAME:FRACTION,... */
	const char *part;   /* NAME of the part of the split that is meant */
	const char *by;     /* KEY of what is kept together, see split_place */
	struct interval list[2];
	size_t count;
	struct split_key key; /* `by` of the records that shares were cut of */
	char why[200];        /* what is wrong with them */
};

/* Cuts them: NULL, or what is wrong with the texts. */
const char *shares_parse(struct shares *shares);
/* Whether the record, which must be JSON throughout, is in all of them. */
bool shares_hold(struct shares *shares, const struct record *record);
#endif
