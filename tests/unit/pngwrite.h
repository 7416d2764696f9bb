/*
 * A PNG encoder for tests and benchmarks: every colour type, depth, filter and
 * interlacing, chunks of a chosen size. Written from the PNG specification.
 */
#ifndef PNGWRITE_H
#define PNGWRITE_H

#include <stdlib.h>
#include <zlib.h>

#include "base/buf.h"

/* Filters by their number in the file, and the choice by least sum. */
enum { PNGWRITE_ADAPTIVE = 5, PNGWRITE_MIXED = 6 };

/* How to write. A zeroed one with width, height, depth and color is valid. */
struct pngwrite {
	uint32_t width, height;
	unsigned depth, color; /* as in the header */
	bool interlaced;
	unsigned filter;      /* 0 to 4, ADAPTIVE as Pillow, MIXED y % 5 */
	int level;            /* zlib's */
	int strategy;         /* zlib's */
	size_t idat;          /* bytes of an IDAT chunk; 0: one chunk */
	struct slice palette; /* PLTE, empty for none */
	struct slice trns;    /* tRNS, empty for none */
};

static inline unsigned
pngwrite_channels(unsigned color)
{
	return color == 6 ? 4 : color == 2 ? 3 : color == 4 ? 2 : 1;
}

static inline void
pngwrite_put32(struct buf *to, uint32_t value)
{
	buf_putc(to, (char)(value >> 24));
	buf_putc(to, (char)(value >> 16));
	buf_putc(to, (char)(value >> 8));
	buf_putc(to, (char)value);
}

static inline void
pngwrite_chunk(struct buf *to, const char *type, const void *data, size_t n)
{
	size_t start;

	pngwrite_put32(to, (uint32_t)n);
	start = to->len;
	buf_puts(to, type);
	if (n)
		buf_put(to, data, n);
	pngwrite_put32(to, (uint32_t)crc32(0, (const Bytef *)to->data + start,
					   (uInt)(to->len - start)));
}

/* The bytes of the format: left, above, above left (PNG, 9.4). */
static inline unsigned char
pngwrite_paeth(int a, int b, int c)
{
	int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);

	return (unsigned char)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

/* Writes the filter byte and n filtered bytes; returns their sum. */
static inline unsigned long
pngwrite_filter(unsigned char *to, unsigned filter, const unsigned char *row,
		const unsigned char *above, size_t n, size_t bpp)
{
	unsigned long sum = 0;
	size_t i;

	to[0] = (unsigned char)filter;
	for (i = 0; i < n; i++) {
		int a = i >= bpp ? row[i - bpp] : 0;
		int b = above[i];
		int c = i >= bpp ? above[i - bpp] : 0;
		int guess = 0;

		if (filter == 1)
			guess = a;
		else if (filter == 2)
			guess = b;
		else if (filter == 3)
			guess = (a + b) / 2;
		else if (filter == 4)
			guess = pngwrite_paeth(a, b, c);
		to[1 + i] = (unsigned char)(row[i] - guess);
		sum += to[1 + i] < 128 ? to[1 + i] : 256UL - to[1 + i];
	}
	return sum;
}

/* Least sum of absolute values, tried in the order in which Pillow does. */
static inline void
pngwrite_adapt(unsigned char *to, const unsigned char *row,
	       const unsigned char *above, size_t n, size_t bpp)
{
	static const unsigned order[] = {0, 2, 1, 4};
	unsigned char *trial = xmalloc(n + 1);
	unsigned long sum, least = 0;
	size_t i;

	for (i = 0; i < 4 && (i == 0 || least > 0); i++) {
		sum = pngwrite_filter(trial, order[i], row, above, n, bpp);
		if (i > 0 && sum >= least)
			continue;
		least = sum;
		memcpy(to, trial, n + 1);
	}
	free(trial);
}

/* Packs samples (a byte each) of every step-th pixel of a row. */
static inline void
pngwrite_pack(unsigned char *to, const struct pngwrite *png,
	      const unsigned char *row, uint32_t from, uint32_t step)
{
	unsigned channels = pngwrite_channels(png->color), k;
	size_t bit = 0;
	uint32_t x;

	for (x = from; x < png->width; x += step)
		for (k = 0; k < channels; k++, bit += png->depth) {
			unsigned char v = row[(size_t)x * channels + k];
			unsigned char *p = to + bit / 8;

			if (png->depth == 16)
				p[0] = p[1] = v;
			else if (png->depth == 8)
				*p = v;
			else
				*p = (unsigned char)(*p | v << (8 - png->depth -
								bit % 8));
		}
}

/* Appends one pass of an image: filtered rows. */
static inline void
pngwrite_pass(struct buf *raw, const struct pngwrite *png,
	      const unsigned char *samples, const uint32_t at[4])
{
	unsigned channels = pngwrite_channels(png->color);
	uint32_t w = (png->width + at[2] - 1 - at[0]) / at[2], y;
	size_t bits = (size_t)channels * png->depth;
	size_t n = (w * bits + 7) / 8, bpp = bits < 8 ? 1 : bits / 8;
	unsigned char *row = xcalloc(2, n + 1), *above = row + n;

	for (y = at[1]; w && y < png->height; y += at[3]) {
		unsigned char *to = (unsigned char *)buf_reserve(raw, n + 1);
		unsigned filter = png->filter;

		memset(row, 0, n);
		pngwrite_pack(row, png,
			      samples + (size_t)y * png->width * channels,
			      at[0], at[2]);
		if (filter == PNGWRITE_MIXED)
			filter = y % 5;
		if (filter == PNGWRITE_ADAPTIVE)
			pngwrite_adapt(to, row, above, n, bpp);
		else
			pngwrite_filter(to, filter, row, above, n, bpp);
		raw->len += n + 1;
		memcpy(above, row, n);
	}
	free(row);
}

static inline void
pngwrite_rows(struct buf *raw, const struct pngwrite *png,
	      const unsigned char *samples)
{
	static const uint32_t whole[4] = {0, 0, 1, 1};
	/* x and y of the first pixel, steps (PNG, 8.2). */
	static const uint32_t adam7[7][4] = {
		{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
		{0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
	};
	unsigned pass;

	if (!png->interlaced) {
		pngwrite_pass(raw, png, samples, whole);
		return;
	}
	for (pass = 0; pass < 7; pass++)
		pngwrite_pass(raw, png, samples, adam7[pass]);
}

static inline void
pngwrite_deflate(struct buf *to, const struct pngwrite *png, struct buf *raw)
{
	z_stream z = {0};

	deflateInit2(&z, png->level, Z_DEFLATED, 15, 8, png->strategy);
	z.next_in = (Bytef *)raw->data;
	z.avail_in = (uInt)raw->len;
	z.avail_out = (uInt)deflateBound(&z, raw->len);
	z.next_out = (Bytef *)buf_reserve(to, z.avail_out);
	deflate(&z, Z_FINISH);
	to->len += z.total_out;
	deflateEnd(&z);
}

/* Appends the signature, the header and the palette. */
static inline void
pngwrite_head(struct buf *to, const struct pngwrite *png)
{
	struct buf head = {0};

	buf_put(to, "\211PNG\r\n\032\n", 8);
	pngwrite_put32(&head, png->width);
	pngwrite_put32(&head, png->height);
	buf_putc(&head, (char)png->depth);
	buf_putc(&head, (char)png->color);
	buf_putc(&head, 0);
	buf_putc(&head, 0);
	buf_putc(&head, png->interlaced);
	pngwrite_chunk(to, "IHDR", head.data, head.len);
	buf_release(&head);
	if (png->palette.n)
		pngwrite_chunk(to, "PLTE", png->palette.p, png->palette.n);
	if (png->trns.n)
		pngwrite_chunk(to, "tRNS", png->trns.p, png->trns.n);
}

/* Appends a zlib stream as IDAT chunks of `size` bytes, and IEND. */
static inline void
pngwrite_tail(struct buf *to, struct slice stream, size_t size)
{
	size_t at, n;

	for (at = 0; at < stream.n; at += n) {
		n = stream.n - at;
		if (size && n > size)
			n = size;
		pngwrite_chunk(to, "IDAT", stream.p + at, n);
	}
	pngwrite_chunk(to, "IEND", NULL, 0);
}

/*
 * Appends a PNG file of samples[height][width][channels], one byte each,
 * below 1 << depth (with depth 16, both bytes of a sample are that byte).
 */
static inline void
pngwrite(struct buf *to, const struct pngwrite *png,
	 const unsigned char *samples)
{
	struct buf raw = {0}, stream = {0};

	pngwrite_rows(&raw, png, samples);
	pngwrite_deflate(&stream, png, &raw);
	pngwrite_head(to, png);
	pngwrite_tail(to, buf_view(&stream), png->idat);
	buf_release(&raw);
	buf_release(&stream);
}

#endif
