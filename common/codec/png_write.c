#include "codec/png_write.h"

#include <stdlib.h>

#include "codec/checksum.h"
#include "codec/deflate.h"
#include "codec/png.h"

enum { UP = 2 /* the filter */ };

struct png_writer {
	struct png_format format;
	unsigned bytes; /* of a pixel */
	struct buf file;
	size_t data; /* where the chunk IDAT begins in it */
	struct deflate *deflate;
	struct buf rows; /* of a picture, filtered */
};

struct png_writer *
png_writer_open(void)
{
	struct png_writer *writer = xcalloc(1, sizeof(*writer));

	writer->deflate = deflate_open();
	return writer;
}

void
png_writer_close(struct png_writer *writer)
{
	if (!writer)
		return;
	deflate_close(writer->deflate);
	buf_release(&writer->file);
	buf_release(&writer->rows);
	free(writer);
}

static void
put32(struct buf *to, uint32_t number)
{
	buf_putc(to, (char)(number >> 24));
	buf_putc(to, (char)(number >> 16));
	buf_putc(to, (char)(number >> 8));
	buf_putc(to, (char)number);
}

/* Begins a chunk and says where; its size is not known yet. */
static size_t
begin_chunk(struct buf *to, const char *type)
{
	size_t start = to->len;

	put32(to, 0);
	buf_puts(to, type);
	return start;
}

static void
end_chunk(struct buf *to, size_t start)
{
	const size_t size = to->len - start - 8;
	unsigned i;

	for (i = 0; i < 4; i++)
		to->data[start + i] = (char)(size >> (24 - 8 * i));
	put32(to,
	      crc32_of((const unsigned char *)to->data + start + 4, size + 4));
}

static const struct {
	unsigned depth, bytes;
	enum png_color color;
} kinds[] = {
	[PNG_GREY8] = {8, 1, PNG_GREY},
	[PNG_GREY16] = {16, 2, PNG_GREY},
	[PNG_RGB8] = {8, 3, PNG_RGB},
	[PNG_INDEX8] = {8, 1, PNG_PALETTE},
};

static void
put_head(struct png_writer *writer, const struct png_format *format)
{
	struct buf *to = &writer->file;
	size_t chunk, i;

	buf_put(to, "\211PNG\r\n\032\n", 8);
	chunk = begin_chunk(to, "IHDR");
	put32(to, format->width);
	put32(to, format->height);
	buf_putc(to, (char)kinds[format->pixels].depth);
	buf_putc(to, (char)kinds[format->pixels].color);
	buf_put(to, "\0\0\0", 3);
	end_chunk(to, chunk);
	if (format->pixels != PNG_INDEX8)
		return;
	chunk = begin_chunk(to, "PLTE");
	for (i = 0; i < format->colors; i++) {
		buf_putc(to, (char)format->palette[i]);
		buf_putc(to, (char)(format->palette[i] >> 8));
		buf_putc(to, (char)(format->palette[i] >> 16));
	}
	end_chunk(to, chunk);
}

void
png_write_begin(struct png_writer *writer, const struct png_format *format)
{
	writer->format = *format;
	writer->bytes = kinds[format->pixels].bytes;
	buf_reset(&writer->file);
	put_head(writer, format);
	writer->data = begin_chunk(&writer->file, "IDAT");
	deflate_begin(writer->deflate, &writer->file);
}

/* The bytes of a pixel, each less that of the pixel above. */
static void
subtract(const struct png_writer *writer, const struct png_change *change,
	 unsigned char *bytes)
{
	const uint32_t from = change->from, to = change->to;
	unsigned k;

	if (writer->format.pixels == PNG_GREY16) {
		bytes[0] = (unsigned char)((to >> 8) - (from >> 8));
		bytes[1] = (unsigned char)(to - from);
		return;
	}
	for (k = 0; k < writer->bytes; k++)
		bytes[k] = (unsigned char)((to >> 8 * k) - (from >> 8 * k));
}

void
png_write_row(struct png_writer *writer, const struct png_change *changes,
	      size_t count)
{
	static const unsigned char filter = UP, zero = 0;
	struct deflate *deflate = writer->deflate;
	unsigned char bytes[DEFLATE_PIXEL];
	uint64_t at = 0;
	size_t i;

	deflate_run(deflate, &filter, 1, 1);
	for (i = 0; i < count; i++) {
		const struct png_change *change = &changes[i];

		subtract(writer, change, bytes);
		deflate_run(deflate, &zero, 1,
			    (change->x - at) * writer->bytes);
		deflate_run(deflate, bytes, writer->bytes, change->n);
		at = (uint64_t)change->x + change->n;
	}
	deflate_run(deflate, &zero, 1,
		    (writer->format.width - at) * writer->bytes);
}

static struct slice
end_file(struct png_writer *writer)
{
	end_chunk(&writer->file, writer->data);
	end_chunk(&writer->file, begin_chunk(&writer->file, "IEND"));
	return buf_view(&writer->file);
}

struct slice
png_write_end(struct png_writer *writer)
{
	deflate_end(writer->deflate);
	return end_file(writer);
}

/* Blocks of a constant size let compilers subtract many bytes at once. */
enum { BLOCK = 16 };

/* What each of n bytes is more than the one above it. */
static void
subtract_row(unsigned char *restrict to, const unsigned char *restrict row,
	     const unsigned char *restrict above, size_t n)
{
	size_t i;

	for (; n >= BLOCK; n -= BLOCK, row += BLOCK, above += BLOCK) {
		for (i = 0; i < BLOCK; i++)
			to[i] = (unsigned char)(row[i] - above[i]);
		to += BLOCK;
	}
	for (i = 0; i < n; i++)
		to[i] = (unsigned char)(row[i] - above[i]);
}

/* Filters some rows Up into writer->rows; `above` is what is over them. */
static void
filter_rows(struct png_writer *writer, const unsigned char *pixels,
	    const unsigned char *above, size_t row, uint32_t count)
{
	unsigned char *to;

	buf_reset(&writer->rows);
	to = (unsigned char *)buf_reserve(&writer->rows, (row + 1) * count);
	writer->rows.len = (row + 1) * count;
	for (; count; count--) {
		*to++ = UP;
		if (above)
			subtract_row(to, pixels, above, row);
		else
			memcpy(to, pixels, row);
		to += row;
		above = pixels;
		pixels += row;
	}
}

struct slice
png_write_picture(struct png_writer *writer, const unsigned char *pixels,
		  uint32_t width, uint32_t height)
{
	const struct png_format format = {width, height, PNG_RGB8, NULL, 0};
	const size_t row = (size_t)width * 3;
	/* As many rows as make a block of deflate_bytes, or one. */
	const uint32_t most =
		row < 1 << 15 ? (uint32_t)((1 << 16) / (row + 1)) : 1;
	uint32_t y, count;

	buf_reset(&writer->file);
	put_head(writer, &format);
	writer->data = begin_chunk(&writer->file, "IDAT");
	deflate_begin(writer->deflate, &writer->file);
	for (y = 0; y < height; y += count) {
		count = height - y < most ? height - y : most;
		filter_rows(writer, pixels + y * row,
			    y ? pixels + (y - 1) * row : NULL, row, count);
		deflate_bytes(writer->deflate,
			      (const unsigned char *)writer->rows.data,
			      writer->rows.len);
	}
	deflate_end(writer->deflate);
	return end_file(writer);
}
