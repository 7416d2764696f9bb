/*
 * A COCO instance file, written as records come: annotations stream to the
 * output, the list of images waits in a file without a name, and images and
 * categories close the object. Memory does not grow with the records.
 */
#ifndef COCO_H
#define COCO_H

#include "mem.h"
#include "record.h"
#include "stream.h"

struct coco_options {
	const char *directory; /* where seg-fetch puts files */
	bool contiguous;       /* category ids 1, 2, ... in their order */
};

struct coco;

/* The output is borrowed. NULL with the message said. */
struct coco *coco_open(struct out *out, const struct coco_options *options);

/* What became of a record. */
enum coco_result {
	COCO_WRITTEN,
	COCO_UNLABELLED, /* nothing was labelled: left out */
	COCO_FAILED,     /* it cannot be written: coco_failure says why */
	COCO_FATAL,      /* output cannot be written; the message was said */
};

/* Adds a record that has its geometry. */
enum coco_result coco_add(struct coco *coco, const struct record *record);
const char *coco_failure(struct coco *coco);

/* How much was written so far. */
struct coco_counts {
	uint64_t images, annotations;
	uint64_t without_geometry; /* annotations left out */
};

struct coco_counts coco_counts(const struct coco *coco);

/* Writes the rest of the object and frees: 0, or -1 with the message said. */
int coco_close(struct coco *coco);

#endif
