/*
 * Which pixels hang together, found on vertical runs: no raster is made, and
 * the cost grows with the runs.
 */
#ifndef COMPONENTS_H
#define COMPONENTS_H

#include <stdbool.h>

#include "image/instance.h"

/* Pixels that hang together. */
struct component {
	uint64_t area;
	struct pixel_box box;
	uint32_t x, y; /* one of its pixels */
};

struct components {
	const struct component *list;
	size_t count;
	const size_t *of; /* of each run, the number of its component */
};

/* Finds components again and again; its memory is kept for the next time. */
struct component_finder;

struct component_finder *component_finder_open(void);
/* Takes NULL. */
void component_finder_close(struct component_finder *finder);

/*
 * How many components there are of runs that are sorted by (x, y0) and do not
 * overlap; ids do not matter. `diagonal` joins pixels that touch by a corner
 * only. Runs of a column that touch are one piece.
 */
size_t components_count(struct component_finder *finder, const struct run *runs,
			size_t count, bool diagonal);
/*
 * The components of the runs just counted, in the order of their first runs.
 * Borrowed until the next call.
 */
struct components components_list(struct component_finder *finder,
				  const struct run *runs, size_t count);

/*
 * The pixels of an instance that have no neighbour of it above and below, or
 * none on the left and right: lines of one pixel's width.
 */
uint64_t instance_fringe(const struct instance *instance);
/* No less than that, in a fraction of the time: little for what is compact. */
uint64_t instance_fringe_most(const struct instance *instance);

#endif
