/*
 * A PNG made of any bytes, as a photo: its pixels are lodepng's on white, and
 * those of a smaller picture their means. Damaged, it is refused, or gives what
 * lodepng gives.
 */
#include <string.h>

#include "fuzz_png.h"
#include "image/picture.h"
#include "image/picture_png.h"

/* What lodepng reads, in RGB on white: false where it refuses. */
static bool
by_lodepng(struct slice file, unsigned char *rgb)
{
	size_t n;
	unsigned char *pixels = fuzz_by_lodepng(file, &n);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 3; k++) {
			const unsigned alpha = pixels[4 * i + 3];

			rgb[3 * i + k] =
				(unsigned char)((pixels[4 * i + k] * alpha +
						 255 * (255 - alpha)) /
						255);
		}
	free(pixels);
	return n > 0;
}

/* The mean of a channel over what pixel (x, y) of a small one stands for. */
static unsigned
mean(const struct picture *whole, const struct picture *small, uint32_t x,
     uint32_t y, unsigned k)
{
	const uint32_t w = small->width, h = small->height;
	const uint32_t x0 = picture_pixel_start(x, w, whole->width);
	const uint32_t x1 = picture_pixel_start(x + 1, w, whole->width);
	const uint32_t y0 = picture_pixel_start(y, h, whole->height);
	const uint32_t y1 = picture_pixel_start(y + 1, h, whole->height);
	const unsigned count = (x1 - x0) * (y1 - y0);
	unsigned sum = count / 2;

	for (y = y0; y < y1; y++)
		for (x = x0; x < x1; x++)
			sum += whole->pixels[3 * ((size_t)y * whole->width +
						  x) +
					     k];
	return sum / count;
}

static void
compare_small(const struct picture *whole, struct slice file, uint32_t side)
{
	struct picture small = {0};
	uint32_t real[2];
	char why[256];

	PROMISE(!picture_read_small(&small, file, side, UINT32_MAX, real, why),
		"small, too");
	PROMISE(real[0] == whole->width && real[1] == whole->height,
		"the size of the whole");
	PROMISE(small.width <= side && small.height <= side, "small enough");
	for (uint32_t y = 0; y < small.height; y++)
		for (uint32_t x = 0; x < small.width; x++)
			for (unsigned k = 0; k < 3; k++)
				PROMISE(small.pixels[3 * ((size_t)y *
								  small.width +
							  x) +
						     k] ==
						mean(whole, &small, x, y, k),
					"means");
	picture_release(&small);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct picture whole;
	struct buf file = {0};
	unsigned char *theirs;
	size_t pixels;
	char why[256];

	if (size < 8)
		return 0;
	pixels = fuzz_png(&file, data, size);
	if (!picture_read(&whole, buf_view(&file), UINT32_MAX, why)) {
		theirs = xcalloc(pixels, 3);
		PROMISE(by_lodepng(buf_view(&file), theirs),
			"lodepng takes it, too");
		PROMISE(memcmp(whole.pixels, theirs, 3 * pixels) == 0,
			"lodepng's pixels");
		compare_small(&whole, buf_view(&file), 1 + data[7] % 64);
		free(theirs);
	}
	buf_release(&file);
	return 0;
}
