/* What the forms in which statistics are written share. */
#ifndef STAT_PARTS_H
#define STAT_PARTS_H

#include "base/diag.h"
#include "report/stat.h"

/* The only row of a table without keys, or NULL. Borrowed from the tally. */
const struct tally_row *
stat_row(const struct tally *tally, enum stat_table table);

/* What bins are of. */
enum stat_bins {
	STAT_BINS_LOG2,
	STAT_BINS_COUNT,
	STAT_BINS_RATIO,
	STAT_BINS_SHARE
};

/* Appends what a bin holds, such as 16-31, in ASCII. */
void stat_put_bin(struct buf *to, enum stat_bins kind, unsigned bin);

/* A name as it is shown: `-` where there is none. */
struct slice stat_shown(struct slice name);

/* Cells of a table's head, ended by NULL. */
void stat_put_heads(struct text_table *table, ...) __attribute__((sentinel));

/* Objects by category (in rows) and by group (in columns). */
struct stat_cross {
	struct slice *rows, *columns; /* names; borrowed from the tally */
	size_t row_count, column_count;
	uint64_t *numbers; /* row by row */
};

/* By status where `by` is empty, else by that. Categories without objects
 * have no row. */
struct stat_cross stat_cross_of(const struct tally *tally, struct slice by);
void stat_cross_release(struct stat_cross *cross);

/* Sums the heat maps of all categories; returns the largest number. */
uint64_t
stat_heatmap(const struct tally *tally, uint64_t grid[STAT_GRID * STAT_GRID]);

#endif
