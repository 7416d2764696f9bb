/* Pixels of label bitmaps, for the targets that hold them to lodepng's. */
#ifndef FUZZ_IDS_H
#define FUZZ_IDS_H

#include "fuzz.h"
#include "image/bitmap.h"

/* The ids of a view, drawn. */
static inline void
fuzz_draw(const struct bitmap_view *view, uint32_t *ids)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct instance *instance = &view->instances[i];

		for (size_t r = 0; r < instance->count; r++) {
			const struct run *run = &instance->runs[r];

			PROMISE(run->x < view->width && run->y1 <= view->height,
				"inside of the bitmap");
			for (uint32_t y = run->y0; y < run->y1; y++)
				ids[(size_t)y * view->width + run->x] =
					instance->id;
		}
	}
}

#endif
