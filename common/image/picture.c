#include "image/picture.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/inflate.h"
#include "codec/jpeg.h"
#include "image/image_size.h"
#include "image/picture_png.h"

void
picture_release(struct picture *picture)
{
	free(picture->pixels);
	*picture = (struct picture){0};
}

void
picture_reserve(struct picture *picture, size_t bytes)
{
	if (bytes <= picture->room)
		return;
	picture->pixels = xreallocarray(picture->pixels, bytes, 1);
	picture->room = bytes;
}

static const char *
read_jpeg_pixels(struct picture *picture, struct slice file, uint32_t least,
		 uint64_t max_pixels, char why[256])
{
	struct jpeg_picture jpeg = {picture->pixels, picture->room, 0, 0};
	const char *failed = jpeg_decode(file, max_pixels, least, &jpeg, why);

	picture->pixels = jpeg.pixels;
	picture->room = jpeg.room;
	picture->width = jpeg.width;
	picture->height = jpeg.height;
	return failed;
}

/* RGBA on white; of 16 bits the upper 8. Most pixels are opaque. */
static void
flatten(const unsigned char *from, unsigned step, unsigned char *to, size_t n)
{
	size_t i;
	unsigned k;

	for (i = 0; i < n; i++, from += 4 * (size_t)step, to += 3) {
		const unsigned alpha = from[3 * step];

		to[0] = from[0];
		to[1] = from[step];
		to[2] = from[2 * step];
		for (k = 0; k < 3 && alpha < 255; k++)
			to[k] = (unsigned char)((to[k] * alpha +
						 255 * (255 - alpha)) /
						255);
	}
}

/* Reads a PNG of the rarer kinds: NULL, or what is wrong. */
static const char *
decode_png(struct picture *picture, struct png *png)
{
	struct inflate *inflate = inflate_open();
	const size_t n = (size_t)png->width * png->height;
	unsigned char *pixels = NULL;
	int got = png_decode(png, inflate, &pixels);

	inflate_close(inflate);
	if (got < 0 || !pixels)
		return png->error;
	picture->width = png->width;
	picture->height = png->height;
	picture_reserve(picture, n * 3);
	flatten(pixels, png->depth == 16 ? 2 : 1, picture->pixels, n);
	free(pixels);
	return NULL;
}

static const char *
read_png_pixels(struct picture *picture, struct slice file, uint32_t side,
		uint64_t max_pixels, char why[256])
{
	struct png png;
	const char *error = png.error;

	if (png_open(&png, file.p, file.n) == 0) {
		if ((uint64_t)png.width * png.height > max_pixels)
			return "more pixels than --max-pixels";
		if (!picture_read_png(picture, &png, side, &error))
			error = decode_png(picture, &png);
	}
	if (!error)
		return NULL;
	snprintf(why, 256, "%s", error);
	return why;
}

/* Turns a picture as Exif's orientation says (see image_size.h). */
static void
turn_picture(struct picture *picture, unsigned orientation)
{
	const uint32_t w = picture->width, h = picture->height;
	const bool exchanged = orientation > 4;
	const uint32_t width = exchanged ? h : w, height = exchanged ? w : h;
	/* Where the turned picture's columns and rows run backwards. */
	const bool left = orientation == 2 || orientation == 3 ||
			  orientation == 6 || orientation == 7;
	const bool up = orientation == 3 || orientation == 4 ||
			orientation == 7 || orientation == 8;
	unsigned char *to = xreallocarray(NULL, (size_t)w * h, 3), *at = to;
	uint32_t x, y;

	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++, at += 3) {
			uint32_t u = left ? width - 1 - x : x;
			uint32_t v = up ? height - 1 - y : y;
			size_t from = exchanged ? (size_t)u * w + v
						: (size_t)v * w + u;

			memcpy(at, picture->pixels + 3 * from, 3);
		}
	free(picture->pixels);
	*picture = (struct picture){width, height, to, (size_t)w * h * 3};
}

/*
 * Reads at a size of at least `least` pixels, if it has as many, or as it is
 * where that is 0.
 */
static const char *
read_file(struct picture *picture, struct slice file, uint32_t least,
	  uint64_t max_pixels, struct image_size *size, char why[256])
{
	picture->width = picture->height = 0;
	if (image_size_read(file, true, size) != IMAGE_SIZE_OK)
		return "neither JPEG nor PNG";
	if (strcmp(size->format, "PNG") == 0)
		return read_png_pixels(picture, file, least, max_pixels, why);
	if (strcmp(size->format, "JPEG") != 0)
		return "neither JPEG nor PNG";
	return read_jpeg_pixels(picture, file, least, max_pixels, why);
}

const char *
picture_read(struct picture *picture, struct slice file, uint64_t max_pixels,
	     char why[256])
{
	struct image_size size;
	const char *failed =
		read_file(picture, file, 0, max_pixels, &size, why);

	if (!failed && size.orientation > 1)
		turn_picture(picture, size.orientation);
	return failed;
}

/* The mean of each channel over the pixels that one takes the place of. */
static void
average(const struct picture *from, const uint32_t box[4], unsigned char *to)
{
	const uint32_t x0 = box[0], y0 = box[1], x1 = box[2], y1 = box[3];
	const uint64_t count = (uint64_t)(x1 - x0) * (y1 - y0);
	uint64_t sums[3] = {count / 2, count / 2, count / 2};
	uint32_t x, y;
	unsigned k;

	if (!count)
		return;
	for (y = y0; y < y1; y++) {
		const unsigned char *at =
			from->pixels + 3 * ((size_t)y * from->width + x0);

		for (x = x0; x < x1; x++, at += 3)
			for (k = 0; k < 3; k++)
				sums[k] += at[k];
	}
	for (k = 0; k < 3; k++)
		to[k] = (unsigned char)(sums[k] / count);
}

uint32_t
picture_pixel_start(uint32_t i, uint32_t n, uint32_t of)
{
	return (uint32_t)((uint64_t)i * of / n);
}

void
picture_fit(uint32_t w, uint32_t h, uint32_t side, uint32_t fitted[2])
{
	const uint32_t longer = w > h ? w : h;

	fitted[0] = w;
	fitted[1] = h;
	if (longer <= side)
		return;
	fitted[0] = picture_pixel_start(w, longer, side);
	fitted[1] = picture_pixel_start(h, longer, side);
	fitted[0] += !fitted[0];
	fitted[1] += !fitted[1];
}

/* In place: no pixel is written before it has been read for the last time. */
static void
shrink(struct picture *picture, uint32_t side)
{
	const uint32_t w = picture->width, h = picture->height;
	unsigned char *to = picture->pixels;
	uint32_t fitted[2], x, y;

	picture_fit(w, h, side, fitted);
	if (fitted[0] == w && fitted[1] == h)
		return;
	for (y = 0; y < fitted[1]; y++)
		for (x = 0; x < fitted[0]; x++, to += 3) {
			const uint32_t box[4] = {
				picture_pixel_start(x, fitted[0], w),
				picture_pixel_start(y, fitted[1], h),
				picture_pixel_start(x + 1, fitted[0], w),
				picture_pixel_start(y + 1, fitted[1], h)};

			average(picture, box, to);
		}
	picture->width = fitted[0];
	picture->height = fitted[1];
}

const char *
picture_read_small(struct picture *picture, struct slice file, uint32_t side,
		   uint64_t max_pixels, uint32_t real[2], char why[256])
{
	struct image_size size;
	const char *failed =
		read_file(picture, file, side, max_pixels, &size, why);

	if (failed)
		return failed;
	shrink(picture, side);
	if (size.orientation > 1)
		turn_picture(picture, size.orientation);
	real[0] = size.width;
	real[1] = size.height;
	return NULL;
}

void
picture_fill(struct picture *picture, uint32_t x, uint32_t y, uint32_t w,
	     uint32_t h, uint32_t color)
{
	uint32_t i, k;

	for (k = y; k < picture->height && k - y < h; k++)
		for (i = x; i < picture->width && i - x < w; i++) {
			unsigned char *to =
				picture->pixels +
				3 * ((size_t)k * picture->width + i);

			to[0] = (unsigned char)color;
			to[1] = (unsigned char)(color >> 8);
			to[2] = (unsigned char)(color >> 16);
		}
}
