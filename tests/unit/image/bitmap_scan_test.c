/* The fast scans against the plain ones, and those against the pixels. */
#include "image/bitmap_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "random.h"
#include "tap.h"

enum { WIDTH_MAX = 9000 };

/* A row of little or much, at any alignment, with bytes all around it. */
static void
make_row(unsigned char *pixels, size_t size)
{
	uint32_t kind = random_below(4), times = random_below(20), i;

	memset(pixels - 8, kind == 1 ? 7 : 0, size + 8 + SCAN_SLOP);
	if (kind == 3)
		times = (uint32_t)size;
	for (i = 0; i < times; i++)
		pixels[random_below((uint32_t)size + SCAN_SLOP)] =
			(unsigned char)random_below(3);
}

static size_t
look(const unsigned char *pixels, size_t width, unsigned channels, bool changes,
     uint32_t *at)
{
	static const unsigned char nothing[4];
	size_t n = 0, x;

	for (x = 1; x < width; x++) {
		const unsigned char *p = pixels + x * channels;

		if (memcmp(p, changes ? p - channels : nothing, channels) != 0)
			at[n++] = (uint32_t)x;
	}
	return n;
}

static bool
is_same(scan_function *scan, const unsigned char *pixels, size_t width,
	const uint32_t *expected, size_t n)
{
	uint32_t *at = xcalloc(width + SCAN_EXTRA, sizeof(*at));
	bool same = scan(pixels, width, at) == n &&
		    memcmp(at, expected, n * sizeof(*at)) == 0;

	free(at);
	return same;
}

int
main(void)
{
	unsigned char *memory = xmalloc(WIDTH_MAX * 4 + 128 + SCAN_SLOP);
	uint32_t *at = xcalloc(WIDTH_MAX, sizeof(*at));
	unsigned wrong = 0, wrong_plain = 0, i;

	random_seed(1);
	for (i = 0; i < 20000; i++) {
		unsigned channels = 3 + i % 2;
		size_t width = 1 + random_below(i % 50 ? 300 : WIDTH_MAX), n;
		unsigned char *pixels = memory + 8 + random_below(64);
		struct scan fast = scan_choose(channels);
		struct scan plain = scan_choose_plain(channels);

		make_row(pixels, width * channels);
		n = look(pixels, width, channels, false, at);
		wrong += !is_same(fast.nonzero, pixels, width, at, n);
		wrong_plain += !is_same(plain.nonzero, pixels, width, at, n);
		n = look(pixels, width, channels, true, at);
		wrong += !is_same(fast.changes, pixels, width, at, n);
		wrong_plain += !is_same(plain.changes, pixels, width, at, n);
	}
	ok(wrong == 0, "finds what there is in 20000 rows");
	ok(wrong_plain == 0, "and so does the plain version");
	free(memory);
	free(at);
	return done_testing();
}
