/*
 * JPEG files as pixels, for pictures: a wall around libjpeg-turbo. Labels are
 * never read from JPEG.
 */
#ifndef JPEG_H
#define JPEG_H

#include "base/buf.h"

/* RGB pixels, height x width x 3 bytes. */
struct jpeg_picture {
	unsigned char *pixels;
	size_t room; /* bytes that there may be */
	uint32_t width, height;
};

/*
 * Decodes a whole file of at most `max_pixels` to RGB: NULL with the picture in
 * its pixels, which are made larger where there is no room, and are to be freed
 * with free() whatever comes; or what is wrong, put into `why`; a file that
 * ends early is wrong, too. The picture is as it is stored: Exif may say how to
 * turn it.
 *
 * With `least` above 0 it is decoded at a half, a quarter or an eighth of its
 * size, which takes as much less time, as long as the longer side keeps that
 * many pixels.
 */
const char *jpeg_decode(struct slice file, uint64_t max_pixels, uint32_t least,
			struct jpeg_picture *picture, char why[256]);

/*
 * Appends a picture, of sides of at most 65500 pixels, as a JPEG file with its
 * colours at half the resolution: as good as `quality`, from 1 to 100, says.
 */
void
jpeg_encode(const struct jpeg_picture *picture, int quality, struct buf *to);

#endif
