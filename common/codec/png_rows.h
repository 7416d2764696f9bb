/*
 * The filtered rows of a PNG that is not interlaced, through a window: an image
 * is never in memory as a whole.
 */
#ifndef PNG_ROWS_H
#define PNG_ROWS_H

#include "codec/inflate.h"
#include "codec/png.h"

/* Bytes behind a row that may be read, but say nothing. */
enum { PNG_ROWS_SLOP = 256 };

/* A zeroed one is ready; its memory serves image after image. */
struct png_rows {
	struct inflate *inflate;
	unsigned char *window;
	size_t window_size;
	struct png *png;
	struct png_chunk chunk; /* the IDAT that is to be inflated next */
	size_t row_size;        /* bytes, with the filter's number */
	size_t read;            /* where in the window the next row begins */
	size_t filled;          /* where in the window the bytes end */
	uint64_t left;          /* bytes of the image that are to come */
};

void png_rows_release(struct png_rows *rows);
/*
 * Begins the rows of a PNG of which `first`, its first IDAT, has been taken;
 * the PNG is borrowed. A row has so many bytes, its filter's number first.
 */
void png_rows_begin(struct png_rows *rows, struct png *png,
		    const struct png_chunk *first, size_t row_size);
/*
 * The next row, which stays where it is until the next call: NULL, or what is
 * wrong (borrowed).
 */
const char *png_rows_next(struct png_rows *rows, unsigned char **row);
/* Behind the last row: reads on to the end of the stream. */
const char *png_rows_end(struct png_rows *rows);

/* Room for so many bytes and the slop behind them, for who has rows of his. */
unsigned char *png_rows_reserve(struct png_rows *rows, size_t bytes);

#endif
