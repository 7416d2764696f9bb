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

/* Refuses bitmaps of more vertical runs, which take 64 bytes each or less. */
void bitmap_limit_runs(struct bitmap *bitmap, size_t runs);

/* Tells the runs of all instances by column, too, which takes longer. */
void bitmap_keep_columns(struct bitmap *bitmap);

/* What is odd about a bitmap that can be read for all that. */
enum bitmap_oddity {
	BITMAP_PALETTE = 1,
	BITMAP_GREY = 2,     /* its samples are grey, with alpha or without */
	BITMAP_ANIMATED = 4, /* of an APNG the first image is read */
	BITMAP_TRAILING = 8, /* bytes follow the PNG's end */
};

/* What a PNG was found to be. Borrowed until the next bitmap_read. */
struct bitmap_view {
	uint32_t width, height;           /* pixels */
	const struct instance *instances; /* ascending ids, 0 left out */
	size_t count;
	const struct run *columns; /* all runs by (x, y0), if they are kept */
	size_t runs;
	uint64_t translucent; /* pixels whose alpha is below 255 */
	unsigned oddities;    /* of enum bitmap_oddity */
};

/* The instance with an id, or NULL. */
const struct instance *bitmap_find(const struct bitmap_view *view, uint64_t id);

/* The id of a pixel of grey level 1; of every level, a multiple. */
enum { BITMAP_GREY_ID = 0x010101 };

/*
 * True when every colour is a grey. Then bitmap_take_levels makes the level the
 * id of each instance, as label maps of other tools mean it.
 */
bool bitmap_is_grey(const struct bitmap_view *view);
void bitmap_take_levels(struct bitmap *bitmap);

/*
 * Reads a whole PNG file of at most `max_pixels`. Returns NULL and fills *view
 * or returns what is wrong (borrowed until the next call).
 */
const char *bitmap_read(struct bitmap *bitmap, struct slice png,
			uint64_t max_pixels, struct bitmap_view *view);

#endif
