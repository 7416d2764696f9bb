/*
 * Vertical runs from rows as bits: without comparing rows, and without sorting.
 *
 * Rows are kept as they are read. When all are there, each id has a matrix with
 * a bit for each pixel of its box, where the rows are painted in; a bit that
 * differs from the one above is where a run begins or ends. Tiles of 64 x 64
 * bits are turned, rows for columns, and what stands in them then, read in
 * order, are the runs sorted by (x, y0).
 *
 * That is for images whose rows are stretches much longer than a pixel, and
 * whose ids have their pixels near each other. All others are left to
 * bitmap_columns.h, which takes the rows that were kept.
 */
#ifndef BITMAP_TILES_H
#define BITMAP_TILES_H

#include <stdbool.h>

#include "image/bitmap_row.h"
#include "image/bitmap_turn.h"
#include "image/instance.h"

/* Pixels of a row that have a matrix's id; none at the end of each row. */
struct streak {
	uint16_t from, to;
	uint32_t matrix; /* its number */
};

/* Of an id: where its pixels are. */
struct matrix {
	uint32_t id;
	uint32_t left, right, top, bottom; /* pixels, half-open */
	uint64_t area;                     /* pixels */
	size_t bits;                       /* where its words begin */
};

/* A zeroed one is empty; its memory serves image after image. */
struct tiles {
	size_t width, height;
	uint32_t rows; /* that are kept */
	turn_function *turn;
	struct streak *streaks;
	size_t streak_count, streaks_room;
	struct matrix *matrices; /* as they were found */
	size_t matrix_count, matrices_room;
	uint64_t *order; /* by id: that, and in the low half which matrix */
	size_t order_room;
	uint32_t *table; /* matrices by a hash of their ids, counted from 1 */
	size_t table_size, table_room;
	bool crowded; /* too many ids have hashes alike */
	uint64_t *bits;
	size_t bits_size, bits_room; /* words */
	uint32_t *places;
	size_t places_room;
	struct run *runs;
	size_t run_count, runs_room;
	struct instance *instances;
	size_t instances_room;
};

void tiles_begin(struct tiles *tiles, size_t width, size_t height);
void tiles_release(struct tiles *tiles);

/* Keeps the next row; false, with nothing of it kept, where it is too much. */
bool tiles_keep(struct tiles *tiles, const struct stretch *row);

/*
 * The first row that is kept as stretches of its ids, which have room for one
 * a pixel and the two that end it, given all streaks; and the streaks of the
 * rows behind it.
 */
const struct streak *
tiles_row(const struct tiles *tiles, const struct streak *streaks,
	  struct stretch *row);

/*
 * When all rows are kept: whether their matrices are few and dense enough to be
 * made from bits.
 */
bool tiles_fit(struct tiles *tiles);

/*
 * After that: makes tiles->instances, by ascending ids, and returns how many
 * they are; borrowed until the next image. Where tiles->run_count is then above
 * the limit, there would be more runs, and nothing is to be used.
 */
size_t tiles_make(struct tiles *tiles, size_t run_limit);

#endif
