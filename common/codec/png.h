/*
 * PNG files in memory: the header, the chunks and, for files off the fast path
 * of bitmap, whole decoding. A thin wall around lodepng, whose names are C++.
 */
#ifndef PNG_H
#define PNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct inflate;

/* The colour types of the format (PNG, 11.2.2). */
enum png_color {
	PNG_GREY = 0,
	PNG_RGB = 2,
	PNG_PALETTE = 3,
	PNG_GREY_ALPHA = 4,
	PNG_RGBA = 6,
};

/* The filters of rows, by the byte before each (PNG, 9.2). */
enum png_filter {
	PNG_FILTER_NONE,
	PNG_FILTER_SUB,
	PNG_FILTER_UP,
	PNG_FILTER_AVERAGE,
	PNG_FILTER_PAETH,
	PNG_FILTERS
};

/* A PNG file and what its header says. */
struct png {
	const unsigned char *file; /* borrowed */
	size_t size;               /* bytes */
	uint32_t width, height;    /* pixels, at least 1 */
	unsigned depth;            /* bits per sample */
	enum png_color color;
	bool interlaced;
	size_t at;      /* where the next chunk begins */
	size_t behind;  /* bytes behind IEND, once that was met */
	char error[96]; /* what is wrong, after -1 */
};

/* A chunk, its data borrowed from the file. */
struct png_chunk {
	char type[5];
	const unsigned char *data;
	size_t size;
};

/* Reads signature and header: 0, or -1. */
int png_open(struct png *png, const void *file, size_t size);
/* Samples of a pixel in the file. */
unsigned png_channels(const struct png *png);

/*
 * The next chunk behind the header, its CRC checked: 1, or 0 at IEND, or -1.
 * Chunks that are critical and unknown are errors; their order is not looked
 * at, nor what stands behind IEND.
 */
int png_next(struct png *png, struct png_chunk *chunk);
bool png_chunk_is(const struct png_chunk *chunk, const char *type);

/*
 * Decodes the whole image to RGBA, 8 bits a sample, or 16 (high byte first)
 * where the file has 16: 0 and *pixels set, height x width x 4 samples, to be
 * freed with free(); or -1. The compressed data are read with `inflate`.
 */
int
png_decode(struct png *png, struct inflate *inflate, unsigned char **pixels);

#ifdef __cplusplus
}
#endif

#endif
