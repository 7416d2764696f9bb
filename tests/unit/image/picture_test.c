/*
 * Small pictures: of the size that was asked for, turned as the whole one is,
 * and of its colours.
 */
#include "image/picture.h"

#include <stdlib.h>

#include "codec/jpeg.h"
#include "codec/png.h"
#include "pngread.h"
#include "pngwrite.h"
#include "random.h"
#include "tap.h"

enum { WIDTH = 160, HEIGHT = 96 };

/* Four quarters of different colours, as JPEG. */
static void
make_jpeg(struct buf *to)
{
	static const unsigned char colors[4][3] = {{200, 30, 30},
						   {30, 180, 40},
						   {40, 50, 210},
						   {230, 220, 90}};
	static unsigned char pixels[HEIGHT][WIDTH][3];
	const struct jpeg_picture picture = {&pixels[0][0][0], sizeof(pixels),
					     WIDTH, HEIGHT};
	unsigned x, y;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			memcpy(pixels[y][x],
			       colors[2 * (y >= HEIGHT / 2) + (x >= WIDTH / 2)],
			       3);
	jpeg_encode(&picture, 95, to);
}

/* The same with an Exif segment behind the first marker (Exif 2.3, 4.5). */
static void
put_turned(struct buf *to, struct slice jpeg, char orientation)
{
	const char exif[] = {'\xff', '\xe1', 0, 34, 'E', 'x',
			     'i',    'f',    0, 0,  'M', 'M',
			     0,      42,     0, 0,  0,   8,
			     0,      1,      1, 18, 0,   3,
			     0,      0,      0, 1,  0,   orientation,
			     0,      0,      0, 0,  0,   0};

	buf_put(to, jpeg.p, 2);
	buf_put(to, exif, sizeof(exif));
	buf_put(to, jpeg.p + 2, jpeg.n - 2);
}

/* The middle of quarter k. */
static const unsigned char *
middle(const struct picture *picture, unsigned k)
{
	const uint32_t x = picture->width * (1 + 2 * (k & 1)) / 4;
	const uint32_t y = picture->height * (1 + 2 * (k >> 1)) / 4;

	return picture->pixels + 3 * ((size_t)y * picture->width + x);
}

static bool
look_alike(const struct picture *a, const struct picture *b)
{
	unsigned k, c;

	for (k = 0; k < 4; k++)
		for (c = 0; c < 3; c++)
			if (abs(middle(a, k)[c] - middle(b, k)[c]) > 6)
				return false;
	return true;
}

static void
try_turned(struct slice jpeg, char orientation, uint32_t side)
{
	const bool upright = orientation > 4;
	const uint32_t longer = side < WIDTH ? side : WIDTH;
	const uint32_t shorter = longer * HEIGHT / WIDTH;
	struct picture whole = {0}, small = {0};
	struct buf file = {0};
	uint32_t real[2];
	char why[256];

	put_turned(&file, jpeg, orientation);
	if (ok(!picture_read(&whole, buf_view(&file), UINT32_MAX, why) &&
		       !picture_read_small(&small, buf_view(&file), side,
					   UINT32_MAX, real, why),
	       "orientation %d is read at %u pixels", orientation, side)) {
		ok(real[0] == whole.width && real[1] == whole.height,
		   "and tells the size of the whole");
		ok(small.width == (upright ? shorter : longer) &&
			   small.height == (upright ? longer : shorter),
		   "and is %u x %u", small.width, small.height);
		ok(look_alike(&small, &whole), "and looks like it");
		picture_release(&whole);
		picture_release(&small);
	}
	buf_release(&file);
}

/* A channel of a pixel on white, as 8 bits. */
static unsigned
channel_at(const struct pngread *png, size_t pixel, unsigned channel)
{
	const unsigned value = png->pixels[4 * pixel + channel] >> 8;
	const unsigned alpha = png->pixels[4 * pixel + 3] >> 8;

	return (value * alpha + 255 * (255 - alpha)) / 255;
}

/* The rounded mean of a channel in a part of the whole. */
static unsigned
mean_at(const struct pngread *png, const struct picture *small, uint32_t u,
	uint32_t v, unsigned channel)
{
	const uint64_t w = png->width, h = png->height;
	const uint64_t x1 = (u + 1) * w / small->width;
	const uint64_t y1 = (v + 1) * h / small->height;
	uint64_t x0 = u * w / small->width, y0 = v * h / small->height;
	uint64_t count = (x1 - x0) * (y1 - y0), sum = count / 2, x;

	for (; y0 < y1; y0++)
		for (x = x0; x < x1; x++)
			sum += channel_at(png, y0 * w + x, channel);
	return (unsigned)(sum / count);
}

/* Whether a file is read as the plain decoder does, at a size. */
static bool
is_read(struct slice file, uint32_t side)
{
	struct picture picture = {0};
	struct pngread png;
	uint32_t real[2], u, v;
	unsigned channel;
	char why[256];
	bool good;

	pngread(&png, file);
	good = !(side ? picture_read_small(&picture, file, side, UINT32_MAX,
					   real, why)
		      : picture_read(&picture, file, UINT32_MAX, why)) &&
	       (side == 0 || (picture.width <= side && picture.height <= side));
	for (v = 0; good && v < picture.height; v++)
		for (u = 0; u < picture.width; u++)
			for (channel = 0; channel < 3; channel++)
				good &= picture.pixels[3 * (v * picture.width +
							    u) +
						       channel] ==
					mean_at(&png, &picture, u, v, channel);
	picture_release(&picture);
	pngread_release(&png);
	return good;
}

/* Noise, opaque or not: whole, small, and with a byte too few. */
static void
test_png(unsigned color, unsigned depth, bool interlaced)
{
	enum { TIMES = 60, MOST = 90 };
	static unsigned char samples[MOST * MOST * 4];
	const unsigned channels = pngwrite_channels(color);
	unsigned whole = 0, small = 0, refused = 0, i, k;
	struct picture picture = {0};
	struct buf file = {0};
	char why[256];

	for (i = 0; i < TIMES; i++) {
		struct pngwrite png = {.color = color,
				       .depth = depth,
				       .interlaced = interlaced,
				       .width = 1 + random_below(MOST),
				       .height = 1 + random_below(MOST),
				       .filter = random_below(7),
				       .level = (int)random_below(10),
				       .idat = 1 + random_below(3000)};

		for (k = 0; k < sizeof(samples); k++)
			samples[k] = (unsigned char)(random_below(256));
		for (k = channels - 1;
		     channels % 2 == 0 && i % 3 && k < sizeof(samples);
		     k += channels)
			samples[k] = 255;
		buf_reset(&file);
		pngwrite(&file, &png, samples);
		whole += is_read(buf_view(&file), 0);
		small += is_read(buf_view(&file), 1 + random_below(MOST));
		file.len -= 1 + random_below(40);
		refused += picture_read(&picture, buf_view(&file), UINT32_MAX,
					why) != NULL;
	}
	ok(whole == TIMES && small == TIMES,
	   "PNGs of colour type %u, depth %u%s, whole and small", color, depth,
	   interlaced ? ", interlaced" : "");
	ok(refused == TIMES, "and none that is cut off");
	picture_release(&picture);
	buf_release(&file);
}

int
main(void)
{
	static const uint32_t sides[] = {10, 20, 33, 80, 100, 160, 1000};
	struct picture small = {0};
	struct buf jpeg = {0};
	uint32_t real[2];
	char orientation, why[256];
	size_t i;

	make_jpeg(&jpeg);
	for (orientation = 1; orientation <= 8; orientation++)
		for (i = 0; i < sizeof(sides) / sizeof(*sides); i++)
			try_turned(buf_view(&jpeg), orientation, sides[i]);
	ok(picture_read_small(&small, buf_view(&jpeg), 50, WIDTH * HEIGHT - 1,
			      real, why) != NULL,
	   "what has too many pixels as a whole is refused, small or not");
	picture_release(&small);
	ok(picture_read_small(&small, (struct slice){jpeg.data, 100}, 50,
			      UINT32_MAX, real, why) != NULL,
	   "and what is cut off");
	picture_release(&small);
	buf_release(&jpeg);
	random_seed(5);
	test_png(PNG_RGB, 8, false);
	test_png(PNG_RGBA, 8, false);
	test_png(PNG_GREY, 8, false);
	test_png(PNG_GREY_ALPHA, 8, false);
	test_png(PNG_RGBA, 16, false);
	test_png(PNG_RGB, 8, true);
	return done_testing();
}
