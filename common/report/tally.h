/*
 * Sums under keys: rows of whole numbers in a few tables, each number a sum, a
 * least or a most. Tallies of parts of the input, merged in any order, are that
 * of the whole, and so is what is read back from their lines.
 */
#ifndef TALLY_H
#define TALLY_H

#include "base/buf.h"

enum tally_rule { TALLY_SUM, TALLY_LEAST, TALLY_MOST };

/* Numbers of a row that have one name. */
struct tally_column {
	const char *name;
	enum tally_rule rule;
	bool milli;      /* in thousandths, and written as a decimal number */
	unsigned count;  /* 0: one number, else a list of so many */
	unsigned across; /* above 0: a list of lists, so many in each */
};

enum { TALLY_PARTS = 8 };

/* A kind of row. Keys have a part for each name; both lists end with NULL. */
struct tally_table {
	const char *name;
	const char *parts[TALLY_PARTS + 1];
	const struct tally_column *columns;
	int order; /* descending by values[order], then by key; -1: by key */
};

/* A row; `key` holds its parts, and `values` all numbers of its columns. */
struct tally_row {
	const struct tally_table *table;
	struct slice key;
	struct slice parts[TALLY_PARTS]; /* p is NULL where absent */
	uint64_t *values;
};

struct tally;

/* The tables end with a zeroed one and are borrowed. */
struct tally *tally_open(const struct tally_table *tables);
/* Takes NULL. */
void tally_close(struct tally *tally);

/*
 * The values of a row, which is made where it is missing: with 0 everywhere,
 * UINT64_MAX for a least of nothing. They stay where they are. A part whose p
 * is NULL is absent; the others are UTF-8.
 */
uint64_t *
tally_at(struct tally *tally, unsigned table, const struct slice *parts);
/* Adds, but no further than UINT64_MAX. */
void tally_add(uint64_t *sum, uint64_t number);
/* Takes in all rows of another tally of the same tables. */
void tally_merge(struct tally *tally, const struct tally *other);

/* The rows of a table, in its order; the list, ended by NULL, is the caller's.
 */
const struct tally_row **
tally_rows(const struct tally *tally, unsigned table, size_t *count);

/* Appends thousandths as a decimal number: 1500 is 1.5. */
void tally_put_milli(struct buf *to, uint64_t number);
/* Appends {"stat":TABLE,PART:...,COLUMN:...}; see tally_take. */
void tally_put_row(struct buf *to, const struct tally_row *row);
/* Takes in such a line; members that no column has are passed over. NULL, or
 * what is wrong with it. */
const char *tally_take(struct tally *tally, struct slice line);

#endif
