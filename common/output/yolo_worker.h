/*
 * What the pump's workers do where a YOLO data set is made: they decode a
 * record's label and make rows of it or, for semantic labels of a tree, put
 * its mask there; and they put its image into the tree.
 */
#ifndef YOLO_WORKER_H
#define YOLO_WORKER_H

#include "flow/label_worker.h"
#include "output/yolo.h"

/* What workers share; borrowed. */
struct yolo_work {
	struct label_work *label;
	const struct yolo_options *options;
};

/* For struct pump; the context is the struct yolo_work. */
void *yolo_worker_open(void *work);
void yolo_worker_close(void *worker);
/* Gives what yolo_add takes. */
enum verdict
yolo_worker_run(void *worker, const struct record *record, struct buf *to);

#endif
