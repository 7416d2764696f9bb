/*
 * Rows of a label bitmap as stretches of one colour.
 *
 * The pixels of a row are never put together. A row is filtered, and where it
 * is regular its filter says so: between places where something happens (in
 * what is written of the row, or in the row above) the colour stays the same.
 * So each row is made from few places, whatever its filter is.
 */
#ifndef BITMAP_ROW_H
#define BITMAP_ROW_H

#include "codec/checksum.h"
#include "image/bitmap_scan.h"

/* From x on, to the next stretch, pixels have this colour. */
struct stretch {
	uint32_t x;
	uint32_t color; /* R + 256 G + 65536 B + 16777216 A */
};

/* Reads rows from top to bottom. */
struct rows {
	size_t width;      /* pixels, at least 1 */
	unsigned channels; /* 3 or 4; bytes a pixel */
	struct scan scan;
	struct adler adler; /* of the bytes of all rows so far */
	/* Rows as read last and before; two stretches at `width` end them. */
	struct stretch *row, *above;
	/* Of the filtered row: stretches, or pixels that are not zero. */
	struct stretch *deltas;
	uint32_t *at;
	size_t room; /* pixels that the memory is for */
};

/* The widest row whose checksum can be told from its stretches. */
enum { ROWS_WIDTH_MAX = 1 << 24 };

/* Begins an image, in the memory of the last one. `rows` zeroed at first. */
void rows_begin(struct rows *rows, size_t width, unsigned channels);
void rows_release(struct rows *rows);

/*
 * Reads a row as the compressed data have it: the filter's number and the
 * filtered pixels. Up to SCAN_SLOP bytes behind are read and do not count.
 * Returns NULL, or what is wrong.
 */
const char *rows_read(struct rows *rows, const unsigned char *bytes);
/* The same for pixels as they are. They do not count in the checksum. */
void rows_read_pixels(struct rows *rows, const unsigned char *pixels);

#endif
