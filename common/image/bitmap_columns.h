/*
 * Vertical runs, found by comparing each row with the one above, and sorted.
 */
#ifndef BITMAP_COLUMNS_H
#define BITMAP_COLUMNS_H

#include <stdbool.h>

#include "image/bitmap_row.h"
#include "image/instance.h"

/* A zeroed one is empty; its memory serves image after image. */
struct columns {
	uint32_t *start; /* of the run that each column is in, a row */
	size_t width;    /* columns */
	size_t room;     /* columns that there is memory for */
	struct run *runs;
	size_t count, runs_room;
	bool keep;                   /* the runs by column, too; the user's */
	const struct run *by_column; /* once sorted, where they are kept */
	/* For sorting. */
	struct run *scratch;
	size_t scratch_room;
	uint32_t *ends;
	size_t ends_room;
	struct run *kept;
	size_t kept_room;
};

/* Begins an image: no runs, and a row of id 0 above the first one. */
void columns_begin(struct columns *columns, size_t width);
void columns_release(struct columns *columns);

/*
 * Ends the runs of `above` that do not go on in `row`, which is row y. The
 * runs of id 0 are left out.
 */
void columns_compare(struct columns *columns, const struct stretch *above,
		     const struct stretch *row, uint32_t y);

/* Sorts the runs by (id, x, y0) and, to be kept, by (x, y0). */
void columns_sort(struct columns *columns);

#endif
