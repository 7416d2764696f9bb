/*
 * The size of an image as a viewer shows it, from the first bytes of its file:
 * PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC, AVIF, JPEG 2000 and JPEG XL. Pixels
 * are never decoded.
 *
 * Cameras store a picture as the sensor lay and say in Exif how to turn it
 * (orientation 1 to 8, Exif 2.3, 4.6.4). Labels are drawn on the turned
 * picture, so width and height are the turned picture's.
 */
#ifndef IMAGE_SIZE_H
#define IMAGE_SIZE_H

#include "base/buf.h"

struct image_size {
	uint32_t width, height; /* pixels, after turning; at least 1 */
	unsigned orientation;   /* 1 to 8; from 5 on, sides are exchanged */
	const char *format;     /* "PNG" and so on */
	size_t need;            /* after IMAGE_SIZE_MORE: bytes to have */
	const char *what;       /* after IMAGE_SIZE_BAD: what is wrong */
};

enum image_size_result { IMAGE_SIZE_OK, IMAGE_SIZE_MORE, IMAGE_SIZE_BAD };

enum {
	/* Enough for nearly every file; a good first request. */
	IMAGE_SIZE_FIRST = 64 << 10,
	/* No file is asked for more than this. */
	IMAGE_SIZE_MOST = 8 << 20,
};

/*
 * Reads the size from the first bytes of a file; `whole` says that there are
 * no more. IMAGE_SIZE_MORE: call again with the first size->need bytes, or with
 * all of a file that has fewer. What no byte within IMAGE_SIZE_MOST tells is
 * given up: without a size IMAGE_SIZE_BAD, without an orientation it is 1.
 */
enum image_size_result
image_size_read(struct slice head, bool whole, struct image_size *size);

#endif
