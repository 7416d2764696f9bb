/*
 * The pixels of a photo's PNG, row by row, and their mean over what each pixel
 * of a smaller picture takes the place of: the whole is never in memory.
 */
#ifndef PICTURE_PNG_H
#define PICTURE_PNG_H

#include "codec/png.h"
#include "image/picture.h"

/*
 * Reads a PNG that has been opened; one whose longer side has more than `side`
 * pixels is made smaller, unless that is 0. False where the PNG is of a kind
 * for png_decode; else true, and *error is NULL or what is wrong (borrowed from
 * the PNG).
 */
bool picture_read_png(struct picture *picture, struct png *png, uint32_t side,
		      const char **error);

/* The sides of a picture of w x h that fits into a square of `side`. */
void picture_fit(uint32_t w, uint32_t h, uint32_t side, uint32_t fitted[2]);
/* Where pixel i of `n` begins among `of`, of which there are more. */
uint32_t picture_pixel_start(uint32_t i, uint32_t n, uint32_t of);

#endif
