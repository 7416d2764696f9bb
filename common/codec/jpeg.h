/*
 * JPEG files as pixels, for pictures: a wall around libjpeg-turbo. Labels are
 * never read from JPEG.
 */
#ifndef JPEG_H
#define JPEG_H

#include "base/buf.h"

/*
 * Decodes a whole file of at most `max_pixels` to RGB: NULL with height x width
 * x 3 bytes in *pixels, which is made larger where *room bytes are too few, and
 * is to be freed with free() whatever comes; or what is wrong, put into `why`;
 * a file that ends early is wrong, too. The picture is as it is stored: Exif
 * may say how to turn it.
 */
struct jpeg_picture {
	unsigned char *pixels;
	size_t room;
	uint32_t width, height;
};

const char *jpeg_decode(struct slice file, uint64_t max_pixels,
			struct jpeg_picture *picture, char why[256]);

#endif
