/*
 * Small pictures: of the size that was asked for, turned as the whole one is,
 * and of its colours.
 */
#include "image/picture.h"

#include <stdlib.h>

#include "codec/jpeg.h"
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
	return done_testing();
}
