/*
 * What the pump's workers do where a panoptic tree is made: they draw a
 * record's label, put the PNG into the tree, and hand on what they learnt.
 */
#ifndef PANOPTIC_WORKER_H
#define PANOPTIC_WORKER_H

#include "flow/label_worker.h"
#include "output/coco_tree.h"

/* What workers share; borrowed. */
struct panoptic_work {
	struct label_work *label;
	const struct coco_options *coco;
	const struct coco_tree *tree;
};

/* For struct pump; the context is the struct panoptic_work. */
void *panoptic_worker_open(void *work);
void panoptic_worker_close(void *worker);
/*
 * Gives, in place of the record, a line for panoptic_line; passes one without
 * a label.
 */
enum verdict
panoptic_worker_run(void *worker, const struct record *record, struct buf *to);
/*
 * Takes the facts of panoptic_draw off a line that a worker gave, so that the
 * record is left; they are empty for a record that it passed.
 */
struct slice panoptic_line(struct slice *line);

#endif
