/*
 * A PNG made of any bytes, of any colour, filter and width: its runs are those
 * of lodepng's pixels. With its bytes damaged behind the header it is refused,
 * or gives what lodepng gives.
 */
#include <string.h>

#include "codec/inflate.h"
#include "codec/png.h"
#include "fuzz_ids.h"
#include "pngwrite.h"

/* What lodepng reads: false where it refuses. */
static bool
by_lodepng(struct slice file, uint32_t *ids)
{
	struct inflate *inflate = inflate_open();
	unsigned char *pixels = NULL;
	struct png png;
	bool good = png_open(&png, file.p, file.n) == 0 &&
		    png_decode(&png, inflate, &pixels) == 0;

	for (size_t i = 0; good && i < (size_t)png.width * png.height; i++)
		ids[i] = (uint32_t)(pixels[4 * i] | pixels[4 * i + 1] << 8 |
				    pixels[4 * i + 2] << 16);
	free(pixels);
	inflate_close(inflate);
	return good;
}

static void
compare(struct slice file, size_t pixels)
{
	static struct bitmap *bitmap;
	struct bitmap_view view;
	uint32_t *ours = xcalloc(pixels, sizeof(*ours));
	uint32_t *theirs = xcalloc(pixels, sizeof(*theirs));
	const char *why;

	if (!bitmap)
		bitmap = bitmap_open();
	why = bitmap_read(bitmap, file, pixels, &view);
	if (!why) {
		fuzz_draw(&view, ours);
		PROMISE(by_lodepng(file, theirs), "lodepng takes it, too");
		PROMISE(memcmp(ours, theirs, pixels * sizeof(*ours)) == 0,
			"lodepng's pixels");
	}
	free(ours);
	free(theirs);
}

/* Samples from few values, so that rows have stretches; some random ones. */
static void
fill(unsigned char *samples, size_t n, unsigned depth, const uint8_t *data,
     size_t size)
{
	const unsigned most = depth < 8 ? (1U << depth) - 1 : 255;

	for (size_t i = 0, at = 0, left = 0; i < n; i++) {
		if (left == 0) {
			at = (at + 2) % size;
			left = data[at] % 37;
		} else {
			left--;
		}
		samples[i] = data[(at + 1) % size] & most;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct {
		unsigned color, depth;
	} kinds[] = {{6, 8}, {6, 8}, {6, 8}, {2, 8}, {2, 8},
		     {0, 8}, {0, 1}, {3, 8}, {3, 2}, {4, 8}};
	struct pngwrite png = {0};
	struct buf file = {0};
	unsigned char *samples;
	size_t n;

	if (size < 8)
		return 0;
	png.color = kinds[data[0] % 10].color;
	png.depth = kinds[data[0] % 10].depth;
	png.width = 1 + data[1] % 90;
	png.height = 1 + data[2] % 40;
	png.filter = data[3] % 6;
	png.interlaced = data[4] % 16 == 0;
	n = (size_t)png.width * png.height * pngwrite_channels(png.color);
	samples = xmalloc(n);
	fill(samples, n, png.depth, data + 5, size - 5);
	pngwrite(&file, &png, samples);
	if (data[4] & 64 && file.len > 60)
		file.data[41 + (data[5] * 256U + data[6]) % (file.len - 41)] ^=
			(char)(1 << data[7] % 8);
	compare(buf_view(&file), (size_t)png.width * png.height);
	free(samples);
	buf_release(&file);
	return 0;
}
