/*
 * PNG files in memory: the header, the chunks and, for files off the fast
 * path, whole decoding. A thin wall around lodepng, whose names are C++.
 */
#ifndef PNG_H
#define PNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The colour types of the format (PNG, 11.2.2). */
enum png_color {
	PNG_GREY = 0,
	PNG_RGB = 2,
	PNG_PALETTE = 3,
	PNG_GREY_ALPHA = 4,
	PNG_RGBA = 6,
};

/* A PNG file and what its header says. */
struct png {
	const unsigned char *file; /* borrowed */
	size_t size;               /* bytes */
	uint32_t width, height;    /* pixels, at least 1 */
	unsigned depth;            /* bits per sample */
	enum png_color color;
	bool interlaced;
	size_t at;      /* offset of the chunk that png_next gives next */
	char error[96]; /* after -1 */
};

/* Reads signature and header: 0, or -1 with png->error set. */
int png_open(struct png *png, const void *file, size_t size);

/*
 * Decodes the whole image to RGBA, 8 bits a sample, or 16 (big-endian) where
 * the file has 16: 0 and *pixels set, rows x columns x 4 samples, to be freed
 * with free(); or -1 with png->error set.
 */
int png_decode(struct png *png, unsigned char **pixels);

#ifdef __cplusplus
}
#endif

#endif
