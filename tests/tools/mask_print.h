/* What a mask is, in one line of text, for comparing masks of two sources. */
#ifndef MASK_PRINT_H
#define MASK_PRINT_H

#include <zlib.h>

#include "tool.h"

/*
 * Prints AREA X Y W H CRC of a mask of width x height bytes of 0 or 1, row by
 * row: its pixels, their box, and a checksum of all of it.
 */
static inline void
mask_print(const uint8_t *mask, uint32_t width, uint32_t height)
{
	uint32_t x0 = width, y0 = height, x1 = 0, y1 = 0, area = 0;

	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++) {
			if (!mask[(size_t)y * width + x])
				continue;
			area++;
			x0 = x < x0 ? x : x0;
			y0 = y < y0 ? y : y0;
			x1 = x > x1 ? x : x1;
			y1 = y > y1 ? y : y1;
		}
	}
	if (area == 0)
		x0 = y0 = x1 = y1 = 0;
	printf("%u %u %u %u %u %08lx\n", area, x0, y0, area ? x1 - x0 + 1 : 0,
	       area ? y1 - y0 + 1 : 0,
	       crc32(0, mask, (uInt)((size_t)width * height)));
}

#endif
