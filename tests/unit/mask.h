/* Masks for the tests: a byte a pixel, and an instance made of them. */
#ifndef MASK_H
#define MASK_H

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "image/instance.h"

struct mask {
	uint32_t w, h;
	unsigned char *set; /* h x w, 0 or 1, row by row */
	struct run *runs;
	struct instance instance;
};

/* An empty mask, 0 x 0 at least. */
static inline struct mask
mask_make(uint32_t w, uint32_t h)
{
	return (struct mask){.w = w,
			     .h = h,
			     .set = xcalloc(w, h),
			     .runs = xcalloc((size_t)w * (h / 2 + 1),
					     sizeof(struct run))};
}

static inline void
mask_free(struct mask *mask)
{
	free(mask->set);
	free(mask->runs);
}

/* The pixels' state at (x, y), outside too. */
static inline bool
mask_at(const struct mask *mask, int64_t x, int64_t y)
{
	return x >= 0 && y >= 0 && x < mask->w && y < mask->h &&
	       mask->set[(size_t)y * mask->w + (size_t)x];
}

/* Makes mask->instance from the pixels; false where none is set. */
static inline bool
mask_update(struct mask *mask)
{
	struct instance *instance = &mask->instance;
	uint32_t x, y;

	*instance = (struct instance){.id = 1, .runs = mask->runs};
	for (x = 0; x < mask->w; x++)
		for (y = 0; y < mask->h; y++) {
			if (!mask_at(mask, x, y))
				continue;
			if (!mask_at(mask, x, (int64_t)y - 1))
				mask->runs[instance->count++] =
					(struct run){1, x, y, y};
			mask->runs[instance->count - 1].y1 = y + 1;
		}
	*instance = instance_of(1, mask->runs, instance->count);
	return instance->area > 0;
}

/* One made from rows of characters, ended by NULL: '.' is not set. */
static inline struct mask
mask_draw(const char *const *rows)
{
	struct mask mask;
	uint32_t x, y, h = 0;

	while (rows[h])
		h++;
	mask = mask_make((uint32_t)strlen(rows[0]), h);
	for (y = 0; y < h; y++)
		for (x = 0; x < mask.w; x++)
			mask.set[y * mask.w + x] = rows[y][x] != '.';
	mask_update(&mask);
	return mask;
}

/* Numbers that are the same on every machine (xorshift64). */
static inline uint64_t
mask_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif
