/*
 * Pictures for people: an image file's pixels, turned as a viewer shows them,
 * and text on them. Labels are not read here.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include "base/buf.h"

/* Zeroed at first; its memory serves picture after picture. */
struct picture {
	uint32_t width, height;
	unsigned char *pixels; /* height x width x 3, RGB */
	size_t room;           /* bytes that there are for them */
};

/* Makes room for so many bytes; those that are there stay. */
void picture_reserve(struct picture *picture, size_t bytes);

void picture_release(struct picture *picture);
/*
 * Decodes a JPEG or PNG file of at most `max_pixels`, transparent parts on
 * white. NULL, or what is wrong, which may be put into `why`.
 */
const char *picture_read(struct picture *picture, struct slice file,
			 uint64_t max_pixels, char why[256]);

/*
 * The same as a picture whose longer side has `side` pixels at most: read at a
 * fraction of its size where the format can, then averaged over what each
 * pixel takes the place of. `real` gets the width and height that it has as a
 * whole.
 */
const char *
picture_read_small(struct picture *picture, struct slice file, uint32_t side,
		   uint64_t max_pixels, uint32_t real[2], char why[256]);

/* Pixels of a letter's cell, at size 1. */
enum { TEXT_WIDTH = 6, TEXT_HEIGHT = 8 };
/* The letters that a text has, and takes. */
size_t text_length(struct slice text);
/*
 * Writes text (UTF-8) with its upper left corner at (x, y), each dot `size`
 * pixels wide; what is outside is cut off. ASCII is drawn, and Latin letters
 * with marks as those without; others become a box.
 */
void picture_put_text(struct picture *picture, uint32_t x, uint32_t y,
		      struct slice text, unsigned size, uint32_t color);
/* Fills a rectangle, cut at the edges. */
void picture_fill(struct picture *picture, uint32_t x, uint32_t y, uint32_t w,
		  uint32_t h, uint32_t color);

#endif
