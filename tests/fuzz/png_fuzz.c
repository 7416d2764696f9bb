/*
 * A PNG made of any bytes, of any colour, filter and width: its runs are those
 * of lodepng's pixels. With its bytes damaged behind the header it is refused,
 * or gives what lodepng gives.
 */
#include <string.h>

#include "fuzz_ids.h"
#include "fuzz_png.h"

/* What lodepng reads: false where it refuses. */
static bool
by_lodepng(struct slice file, uint32_t *ids)
{
	size_t n;
	unsigned char *pixels = fuzz_by_lodepng(file, &n);

	for (size_t i = 0; i < n; i++)
		ids[i] = (uint32_t)(pixels[4 * i] | pixels[4 * i + 1] << 8 |
				    pixels[4 * i + 2] << 16);
	free(pixels);
	return n > 0;
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf file = {0};
	size_t pixels;

	if (size < 8)
		return 0;
	pixels = fuzz_png(&file, data, size);
	compare(buf_view(&file), pixels);
	buf_release(&file);
	return 0;
}
