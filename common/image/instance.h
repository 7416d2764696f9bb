/*
 * Vertical runs: what a label bitmap is once its pixels have been read. Sorted
 * by (id, x, y0) they are COCO's column-major order for every instance at once.
 */
#ifndef INSTANCE_H
#define INSTANCE_H

#include <stddef.h>
#include <stdint.h>

/* Pixels (x, y0) to (x, y1 - 1) have this id and form a whole run. */
struct run {
	uint32_t id;
	uint32_t x;
	uint32_t y0;
	uint32_t y1;
};

/* A rectangle of whole pixels. */
struct pixel_box {
	uint32_t x, y, w, h;
};

/* All runs of one id, with what follows from them. */
struct instance {
	uint32_t id;
	const struct run *runs; /* sorted by (x, y0), never touching */
	size_t count;           /* at least 1 */
	uint64_t area;          /* pixels */
	struct pixel_box box;
};

/*
 * The instance that some runs make, which it borrows; with none of them its
 * area is 0.
 */
struct instance instance_of(uint32_t id, const struct run *runs, size_t count);

#endif
