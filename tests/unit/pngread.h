/*
 * A PNG decoder for tests, plain and slow, for files that are right: to RGBA,
 * 16 bits a sample. Written from the PNG specification.
 */
#ifndef PNGREAD_H
#define PNGREAD_H

#include <stdlib.h>
#include <zlib.h>

#include "base/buf.h"

struct pngread {
	uint32_t width, height;
	unsigned depth, color;
	bool interlaced;
	unsigned char palette[256][4];
	bool keyed; /* tRNS of grey and RGB: this colour is transparent */
	unsigned key[3];
	struct buf stream, raw;
	uint16_t *pixels; /* height x width x 4 */
};

static inline uint32_t
pngread_get32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static inline unsigned
pngread_channels(unsigned color)
{
	return color == 6 ? 4 : color == 2 ? 3 : color == 4 ? 2 : 1;
}

static inline void
pngread_chunk(struct pngread *png, const unsigned char *type,
	      const unsigned char *data, size_t n)
{
	size_t i;

	if (memcmp(type, "IHDR", 4) == 0) {
		png->width = pngread_get32(data);
		png->height = pngread_get32(data + 4);
		png->depth = data[8];
		png->color = data[9];
		png->interlaced = data[12];
	} else if (memcmp(type, "PLTE", 4) == 0) {
		for (i = 0; i < n / 3; i++) {
			memcpy(png->palette[i], data + 3 * i, 3);
			png->palette[i][3] = 255;
		}
	} else if (memcmp(type, "tRNS", 4) == 0 && png->color == 3) {
		for (i = 0; i < n; i++)
			png->palette[i][3] = data[i];
	} else if (memcmp(type, "tRNS", 4) == 0) {
		png->keyed = true;
		for (i = 0; i < n / 2; i++)
			png->key[i] = data[2 * i] * 256U + data[2 * i + 1];
	} else if (memcmp(type, "IDAT", 4) == 0 && n) {
		buf_put(&png->stream, data, n);
	}
}

static inline void
pngread_inflate(struct pngread *png)
{
	z_stream z = {0};
	int result;

	inflateInit(&z);
	z.next_in = (Bytef *)png->stream.data;
	z.avail_in = (uInt)png->stream.len;
	do {
		z.avail_out = 65536;
		z.next_out = (Bytef *)buf_reserve(&png->raw, z.avail_out);
		result = inflate(&z, Z_NO_FLUSH);
		png->raw.len += 65536 - z.avail_out;
	} while (result == Z_OK);
	inflateEnd(&z);
}

static inline void
pngread_unfilter(unsigned char *row, const unsigned char *above, size_t n,
		 size_t bpp)
{
	unsigned filter = row[0];
	size_t i;

	for (i = 1; i <= n; i++) {
		int a = i > bpp ? row[i - bpp] : 0;
		int b = above ? above[i] : 0;
		int c = above && i > bpp ? above[i - bpp] : 0;
		int p = a + b - c, guess = 0;

		if (filter == 1)
			guess = a;
		else if (filter == 2)
			guess = b;
		else if (filter == 3)
			guess = (a + b) / 2;
		else if (filter == 4)
			guess = abs(p - a) <= abs(p - b) &&
						abs(p - a) <= abs(p - c)
					? a
				: abs(p - b) <= abs(p - c) ? b
							   : c;
		row[i] = (unsigned char)(row[i] + guess);
	}
}

/* Sample number i of a row, and what it is in 16 bits. */
static inline unsigned
pngread_sample(const struct pngread *png, const unsigned char *row, size_t i)
{
	size_t bit = i * png->depth;

	if (png->depth == 16)
		return row[2 * i] * 256U + row[2 * i + 1];
	return ((unsigned)row[bit / 8] >> (8 - png->depth - bit % 8)) &
	       ((1U << png->depth) - 1);
}

static inline void
pngread_pixel(const struct pngread *png, const unsigned char *row, size_t x,
	      uint16_t *to)
{
	unsigned channels = pngread_channels(png->color), v[4] = {0}, k;
	unsigned scale = 65535 / ((1U << png->depth) - 1);
	bool transparent = png->keyed;

	for (k = 0; k < channels; k++)
		v[k] = pngread_sample(png, row, x * channels + k);
	for (k = 0; k < channels; k++)
		transparent = transparent && v[k] == png->key[k];
	for (k = 0; k < 4; k++) {
		if (png->color == 3)
			to[k] = (uint16_t)(png->palette[v[0]][k] * 257);
		else if (k == 3 && channels % 2)
			to[k] = transparent ? 0 : 65535;
		else if (channels < 3)
			to[k] = (uint16_t)(v[k == 3] * scale);
		else
			to[k] = (uint16_t)(v[k] * scale);
	}
}

/* One pass of the image; `at`: x and y of its first pixel, steps. */
static inline unsigned char *
pngread_pass(struct pngread *png, unsigned char *raw, const uint32_t at[4])
{
	unsigned bits = pngread_channels(png->color) * png->depth;
	size_t w = (png->width + at[2] - 1 - at[0]) / at[2];
	size_t n = (w * bits + 7) / 8, i;
	unsigned char *above = NULL;
	uint32_t y;

	for (y = at[1]; w && y < png->height; y += at[3]) {
		pngread_unfilter(raw, above, n, bits < 8 ? 1 : bits / 8);
		for (i = 0; i < w; i++)
			pngread_pixel(png, raw + 1, i,
				      png->pixels + ((size_t)y * png->width +
						     at[0] + i * at[2]) *
							    4);
		above = raw;
		raw += n + 1;
	}
	return raw;
}

/* Reads a file; pngread_release frees what it holds then. */
static inline void
pngread(struct pngread *png, struct slice file)
{
	static const uint32_t whole[4] = {0, 0, 1, 1};
	static const uint32_t adam7[7][4] = {
		{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
		{0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
	};
	const unsigned char *p = (const unsigned char *)file.p;
	unsigned char *raw;
	size_t at, i;

	*png = (struct pngread){0};
	for (at = 8; at + 12 <= file.n; at += 12 + pngread_get32(p + at))
		pngread_chunk(png, p + at + 4, p + at + 8,
			      pngread_get32(p + at));
	pngread_inflate(png);
	png->pixels = xcalloc((size_t)png->width * png->height, 8);
	raw = (unsigned char *)png->raw.data;
	if (!png->interlaced)
		pngread_pass(png, raw, whole);
	for (i = 0; png->interlaced && i < 7; i++)
		raw = pngread_pass(png, raw, adam7[i]);
}

static inline void
pngread_release(struct pngread *png)
{
	buf_release(&png->stream);
	buf_release(&png->raw);
	free(png->pixels);
}

#endif
