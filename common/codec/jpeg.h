/*
 * JPEG files as pixels, for pictures: a wall around libjpeg-turbo. Labels are
 * never read from JPEG.
 */
#ifndef JPEG_H
#define JPEG_H

#include "base/buf.h"

/*
 * Decodes a whole file of at most `max_pixels` to RGB: NULL with *pixels set,
 * height x width x 3 bytes, to be freed with free(); or what is wrong, put into
 * `why`; a file that ends early is wrong, too. The picture is as it is stored:
 * Exif may say how to turn it.
 */
const char *
jpeg_decode(struct slice file, uint64_t max_pixels, unsigned char **pixels,
	    uint32_t *width, uint32_t *height, char why[256]);

#endif
