/*
 * What the pump's workers do where maps are made: they read a record's label,
 * draw it, and put the files into the tree.
 */
#ifndef MASK_WORKER_H
#define MASK_WORKER_H

#include <stdatomic.h>

#include "flow/label_worker.h"
#include "output/mask_tree.h"

/* What workers share; borrowed. */
struct mask_work {
	struct label_work *label;
	const struct mask_tree_options *options;
	struct mask_tree *tree;
	/* Annotations that are in no map. */
	atomic_ullong uncategorized, without_pixels;
	atomic_ullong without_objects; /* labels, of the kind binary */
};

/* For struct pump; the context is the struct mask_work. */
void *mask_worker_open(void *work);
void mask_worker_close(void *worker);
/* Gives the record with `mask`; passes one without a label. */
enum verdict
mask_worker_run(void *worker, const struct record *record, struct buf *to);

#endif
