/*
 * The size of an image as a viewer shows it, from the first bytes of its file:
 * PNG, JPEG, WebP, GIF, BMP and TIFF. Pixels are never decoded.
 *
 * Cameras store a picture as the sensor lay and say in Exif how to turn it
 * (orientation 1 to 8, Exif 2.3, 4.6.4). Labels are drawn on the turned
 * picture, so width and height are the turned picture's.
 */
#ifndef IMAGE_SIZE_H
#define IMAGE_SIZE_H

#include "base/mem.h"

struct imgsize {
	uint32_t width, height; /* pixels, after turning; at least 1 */
	unsigned orientation;   /* 1 to 8; from 5 on, sides are exchanged */
	const char *format;     /* "PNG" and so on */
	size_t need;            /* after IMGSIZE_MORE: bytes to have */
	const char *what;       /* after IMGSIZE_BAD: what is wrong */
};

enum imgsize_result { IMGSIZE_OK, IMGSIZE_MORE, IMGSIZE_BAD };

enum {
	/* Enough for nearly every file; a good first request. */
	IMGSIZE_FIRST = 64 << 10,
	/* No file is asked for more than this. */
	IMGSIZE_MOST = 8 << 20,
};

/*
 * Reads the size from the first bytes of a file; `whole` says that there are
 * no more. IMGSIZE_MORE: call again with the first size->need bytes, or with
 * all of a file that has fewer. What no byte within IMGSIZE_MOST tells is
 * given up: without a size IMGSIZE_BAD, without an orientation it is 1.
 */
enum imgsize_result
imgsize_read(struct slice head, bool whole, struct imgsize *size);

#endif
