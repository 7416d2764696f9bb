/* PNG files made of any bytes, for the targets that read them. */
#ifndef FUZZ_PNG_H
#define FUZZ_PNG_H

#include "codec/inflate.h"
#include "codec/png.h"
#include "fuzz.h"
#include "pngwrite.h"

/* Samples from few values, so that rows have stretches; some random ones. */
static inline void
fuzz_fill(unsigned char *samples, size_t n, unsigned depth, const uint8_t *data,
	  size_t size)
{
	const unsigned most = depth < 8 ? (1U << depth) - 1 : 255;

	for (size_t i = 0, at = 0, left = 0; i < n; i++) {
		if (left == 0) {
			at = (at + 2) % size;
			left = data[at] % 37;
		} else {
			left--;
		}
		samples[i] = data[(at + 1) % size] & most;
	}
}

/*
 * A PNG of any colour, filter and width, some with a byte behind the header
 * damaged. `data` has 8 bytes or more. Returns its pixels' number.
 */
static inline size_t
fuzz_png(struct buf *file, const uint8_t *data, size_t size)
{
	static const struct {
		unsigned color, depth;
	} kinds[] = {{6, 8}, {6, 8}, {6, 8}, {2, 8}, {2, 8},
		     {0, 8}, {0, 1}, {3, 8}, {3, 2}, {4, 8}};
	struct pngwrite png = {0};
	unsigned char *samples;
	size_t n;

	png.color = kinds[data[0] % 10].color;
	png.depth = kinds[data[0] % 10].depth;
	png.width = 1 + data[1] % 90;
	png.height = 1 + data[2] % 40;
	png.filter = data[3] % 6;
	png.interlaced = data[4] % 16 == 0;
	n = (size_t)png.width * png.height * pngwrite_channels(png.color);
	samples = xmalloc(n);
	fuzz_fill(samples, n, png.depth, data + 5, size - 5);
	pngwrite(file, &png, samples);
	if (data[4] & 64 && file->len > 60)
		file->data[41 +
			   (data[5] * 256U + data[6]) % (file->len - 41)] ^=
			(char)(1 << data[7] % 8);
	free(samples);
	return (size_t)png.width * png.height;
}

/* What lodepng reads, in RGBA, to be freed; NULL where it refuses. */
static inline unsigned char *
fuzz_by_lodepng(struct slice file, size_t *count)
{
	struct inflate *inflate = inflate_open();
	unsigned char *pixels = NULL;
	struct png png;

	if (png_open(&png, file.p, file.n) < 0 ||
	    png_decode(&png, inflate, &pixels) < 0)
		pixels = NULL;
	*count = pixels ? (size_t)png.width * png.height : 0;
	inflate_close(inflate);
	return pixels;
}

#endif
