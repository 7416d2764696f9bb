/*
 * PNG for the tests alone, written from the specification (ISO 15948) in the
 * plainest way, so that it can be held against the library. Failures end the
 * program.
 */
#ifndef PLAINPNG_H
#define PLAINPNG_H

#include <zlib.h>

#include "tool.h"

enum png_colour {
	PNG_GREY = 0,
	PNG_RGB = 2,
	PNG_PALETTE = 3,
	PNG_GREY_ALPHA = 4,
	PNG_RGBA = 6,
};

/* Filter types of a row; PNG_EACH takes them in turn, row by row. */
enum { PNG_NONE, PNG_SUB, PNG_UP, PNG_AVERAGE, PNG_PAETH, PNG_EACH };

/* How a PNG is to be written, or was. */
struct png_form {
	uint32_t width, height; /* pixels */
	unsigned colour;        /* enum png_colour */
	unsigned depth;         /* bits of a sample */
	unsigned filter;        /* PNG_NONE to PNG_EACH */
	size_t idat;            /* bytes of data in an IDAT chunk */
	size_t colours;         /* entries of the palette */
	uint8_t palette[256][3];
};

static inline unsigned
png_channels(unsigned colour)
{
	static const unsigned channels[] = {1, 0, 3, 1, 2, 0, 4};

	return colour < 7 ? channels[colour] : 0;
}

/* Bytes of a row without its filter byte. */
static inline size_t
png_row(const struct png_form *form)
{
	size_t bits = form->depth * png_channels(form->colour);

	return (form->width * bits + 7) / 8;
}

/* How far to the left a filter looks, in bytes. */
static inline size_t
png_step(const struct png_form *form)
{
	size_t bits = form->depth * png_channels(form->colour);

	return bits < 8 ? 1 : bits / 8;
}

static inline void
png_put32(uint8_t *to, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(n >> (24 - 8 * i));
}

static inline uint32_t
png_get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static inline void
png_put_chunk(FILE *to, const char *type, const void *data, size_t n)
{
	uint8_t size[4], sum[4];
	uLong crc = crc32(0, (const Bytef *)type, 4);

	if (n)
		crc = crc32(crc, data, (uInt)n);
	png_put32(size, (uint32_t)n);
	png_put32(sum, (uint32_t)crc);
	fwrite(size, 1, 4, to);
	fwrite(type, 1, 4, to);
	fwrite(data, 1, n, to);
	fwrite(sum, 1, 4, to);
}

/* What a filter foretells of a byte: a left, b above, c above and left. */
static inline uint8_t
png_foretell(unsigned filter, int a, int b, int c)
{
	int pa = abs(b - c), pb = abs(a - c), pc = abs(a + b - 2 * c);

	switch (filter) {
	case PNG_NONE:
		return 0;
	case PNG_SUB:
		return (uint8_t)a;
	case PNG_UP:
		return (uint8_t)b;
	case PNG_AVERAGE:
		return (uint8_t)((a + b) / 2);
	case PNG_PAETH:
		break;
	default:
		tool_fail("no such filter");
	}
	if (pa <= pb && pa <= pc)
		return (uint8_t)a;
	return (uint8_t)(pb <= pc ? b : c);
}

/* The rows with their filter bytes in front; the caller frees it. */
static inline uint8_t *
png_filter(const struct png_form *form, const uint8_t *rows)
{
	size_t n = png_row(form), step = png_step(form);
	uint8_t *filtered = tool_alloc((n + 1) * form->height);

	for (size_t y = 0; y < form->height; y++) {
		const uint8_t *row = rows + y * n, *up = y ? row - n : NULL;
		uint8_t *to = filtered + y * (n + 1);
		unsigned filter = form->filter;

		if (filter == PNG_EACH)
			filter = (unsigned)(y % PNG_EACH);
		*to++ = (uint8_t)filter;
		for (size_t i = 0; i < n; i++) {
			int a = i < step ? 0 : row[i - step];
			int b = up ? up[i] : 0;
			int c = up && i >= step ? up[i - step] : 0;
			int told = png_foretell(filter, a, b, c);

			to[i] = (uint8_t)(row[i] - told);
		}
	}
	return filtered;
}

/*
 * Writes a PNG with the chunks IHDR, sRGB, PLTE where there is a palette,
 * IDAT of form->idat bytes each, IEND, and zlib's level 5, which is how the
 * service writes its label bitmaps. `rows` are packed as PNG has them.
 */
static inline void
png_write(FILE *to, const struct png_form *form, const uint8_t *rows)
{
	uint8_t header[13] = {0}, *filtered = png_filter(form, rows);
	uLong size = (uLong)((png_row(form) + 1) * form->height);
	uLongf n = compressBound(size);
	uint8_t *packed = tool_alloc(n);

	if (compress2(packed, &n, filtered, size, 5) != Z_OK)
		tool_fail("cannot compress");
	png_put32(header, form->width);
	png_put32(header + 4, form->height);
	header[8] = (uint8_t)form->depth;
	header[9] = (uint8_t)form->colour;
	fwrite("\x89PNG\r\n\x1a\n", 1, 8, to);
	png_put_chunk(to, "IHDR", header, sizeof(header));
	png_put_chunk(to, "sRGB", "", 1);
	if (form->colours)
		png_put_chunk(to, "PLTE", form->palette, 3 * form->colours);
	for (size_t at = 0; at < n; at += form->idat)
		png_put_chunk(to, "IDAT", packed + at,
			      n - at < form->idat ? n - at : form->idat);
	png_put_chunk(to, "IEND", "", 0);
	free(packed);
	free(filtered);
	if (fflush(to) != 0 || ferror(to))
		tool_fail("cannot write");
}

/* Walks the chunks: fills *form and gathers the IDAT data into *packed. */
static inline size_t
png_unwrap(const uint8_t *p, size_t n, struct png_form *form, uint8_t *packed)
{
	size_t got = 0, at = 8;

	if (n < 8 || memcmp(p, "\x89PNG\r\n\x1a\n", 8) != 0)
		tool_fail("not a PNG");
	while (at + 12 <= n && memcmp(p + at + 4, "IEND", 4) != 0) {
		const uint8_t *type = p + at + 4, *data = p + at + 8;
		size_t size = png_get32(p + at);

		if (size > n - at - 12)
			tool_fail("a chunk ends behind the file");
		if (crc32(0, type, (uInt)size + 4) != png_get32(data + size))
			tool_fail("a chunk's checksum is wrong");
		if (memcmp(type, "IHDR", 4) == 0) {
			form->width = png_get32(data);
			form->height = png_get32(data + 4);
			form->depth = data[8];
			form->colour = data[9];
			if (data[12])
				tool_fail("interlaced");
		} else if (memcmp(type, "PLTE", 4) == 0) {
			form->colours = size / 3;
			memcpy(form->palette, data, size);
		} else if (memcmp(type, "IDAT", 4) == 0) {
			memcpy(packed + got, data, size);
			got += size;
			form->idat = form->idat ? form->idat : size;
		}
		at += size + 12;
	}
	if (at + 12 > n)
		tool_fail("no IEND");
	return got;
}

/* Takes the filters off, in place: rows of png_row bytes, packed tight. */
static inline void
png_unfilter(struct png_form *form, uint8_t *data)
{
	size_t n = png_row(form), step = png_step(form);

	form->filter = form->height ? data[0] : 0;
	for (size_t y = 0; y < form->height; y++) {
		uint8_t *row = data + y * n, *up = y ? row - n : NULL;
		unsigned filter = data[y * (n + 1)];

		if (filter != form->filter)
			form->filter = PNG_EACH;
		memmove(row, data + y * (n + 1) + 1, n);
		for (size_t i = 0; i < n; i++) {
			int a = i < step ? 0 : row[i - step];
			int b = up ? up[i] : 0;
			int c = up && i >= step ? up[i - step] : 0;
			int told = png_foretell(filter, a, b, c);

			row[i] = (uint8_t)(row[i] + told);
		}
	}
}

/* A sample of a row; of 16 bits, the high byte. */
static inline unsigned
png_sample(const uint8_t *row, size_t i, unsigned depth)
{
	if (depth >= 8)
		return row[i * depth / 8];
	return (unsigned)row[i * depth / 8] >> (8 - depth - i * depth % 8) &
	       ((1u << depth) - 1);
}

/* A pixel as R, G, B and A of 8 bits. */
static inline void
png_pixel(const struct png_form *form, const uint8_t *row, size_t x,
	  uint8_t *rgba)
{
	unsigned channels = png_channels(form->colour);
	unsigned scale = form->depth < 8 ? 255 / ((1u << form->depth) - 1) : 1;
	unsigned s[4] = {0};

	for (unsigned i = 0; i < channels; i++)
		s[i] = png_sample(row, x * channels + i, form->depth);
	rgba[3] = 255;
	if (form->colour == PNG_PALETTE) {
		memcpy(rgba, form->palette[s[0]], 3);
		return;
	}
	for (unsigned i = 0; i < 3; i++)
		rgba[i] = (uint8_t)(s[channels < 3 ? 0 : i] * scale);
	if (channels == 2 || channels == 4)
		rgba[3] = (uint8_t)s[channels - 1];
}

/*
 * Reads a PNG file ("-" is stdin) that is not interlaced, as 4 bytes a pixel,
 * R, G, B, A, which the caller frees. tRNS is not looked at.
 */
static inline uint8_t *
png_read(const char *path, struct png_form *form)
{
	size_t n, size;
	uint8_t *file = tool_slurp(path, &n), *packed = tool_alloc(n);
	uint8_t *rows, *rgba;
	uLongf got;

	memset(form, 0, sizeof(*form));
	size = png_unwrap(file, n, form, packed);
	free(file);
	got = (uLongf)((png_row(form) + 1) * form->height);
	rows = tool_alloc(got);
	n = got;
	if (uncompress(rows, &got, packed, (uLong)size) != Z_OK || got != n)
		tool_fail("its data is broken");
	free(packed);
	png_unfilter(form, rows);
	rgba = tool_alloc((size_t)4 * form->width * form->height);
	for (size_t i = 0; i < (size_t)form->width * form->height; i++)
		png_pixel(form, rows + i / form->width * png_row(form),
			  i % form->width, rgba + 4 * i);
	free(rows);
	return rgba;
}

/* The id that a pixel stands for. */
static inline uint32_t
png_id(const uint8_t *rgba)
{
	return rgba[0] | (uint32_t)rgba[1] << 8 | (uint32_t)rgba[2] << 16;
}

#endif
