/*
 * PNG files written from what changes from one row to the next. Rows are
 * filtered Up (PNG, 9.2), in which a pixel like the one above is zero: label
 * maps are long runs of zeros then, which deflate.h writes without looking at
 * pixels. The cost is that of the changes and of the rows.
 *
 * Pictures, of which every pixel differs, are written row by row (ISA-L).
 */
#ifndef PNG_WRITE_H
#define PNG_WRITE_H

#include "base/buf.h"

/*
 * What a pixel's value is: 8 or 16 bits of grey; for RGB, and for an entry of
 * a palette, R + 256 G + 65536 B, as in a label bitmap.
 */
enum png_pixels { PNG_GREY8, PNG_GREY16, PNG_RGB8, PNG_INDEX8 };

struct png_format {
	uint32_t width, height; /* at least 1 */
	enum png_pixels pixels;
	const uint32_t *palette; /* of PNG_INDEX8 */
	size_t colors;           /* in it, 1 to 256 */
};

/* From pixel x on, n pixels that were `from` in the row above are `to`. */
struct png_change {
	uint32_t x, n;
	uint32_t from, to;
};

struct png_writer;

struct png_writer *png_writer_open(void);
/* Takes NULL. */
void png_writer_close(struct png_writer *writer);

void
png_write_begin(struct png_writer *writer, const struct png_format *format);
/*
 * Writes the next row: what changes, from left to right, none at all where it
 * is the row above. Above the first row is one of zeros.
 */
void png_write_row(struct png_writer *writer, const struct png_change *changes,
		   size_t count);
/* The file, once all rows are written; borrowed until png_write_begin. */
struct slice png_write_end(struct png_writer *writer);

/* A whole picture of width x height x 3 bytes as a file, borrowed likewise. */
struct slice
png_write_picture(struct png_writer *writer, const unsigned char *pixels,
		  uint32_t width, uint32_t height);

#endif
