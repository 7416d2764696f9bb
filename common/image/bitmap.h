/*
 * A label bitmap, from PNG to the runs and geometry of every instance in one
 * pass (design: id = R + 256 G + 65536 B, alpha ignored, 0 is unlabelled).
 */
#ifndef BITMAP_H
#define BITMAP_H

#include "base/buf.h"
#include "image/instance.h"

/* Reads bitmaps one after the other; all memory is kept for the next one. */
struct bitmap;

struct bitmap *bitmap_open(void);
void bitmap_close(struct bitmap *bitmap);

/* What a PNG was found to be. Borrowed until the next bitmap_read. */
struct bitmap_view {
	uint32_t width, height;           /* pixels */
	const struct instance *instances; /* ascending ids, 0 left out */
	size_t count;
	uint64_t translucent; /* pixels whose alpha is below 255 */
};

/*
 * Reads a whole PNG file of at most `max_pixels`. Returns NULL and fills *view
 * or returns what is wrong (borrowed until the next call).
 */
const char *bitmap_read(struct bitmap *bitmap, struct slice png,
			uint64_t max_pixels, struct bitmap_view *view);

#endif
