/*
 * A COCO instance file, written as records come: annotations stream to the
 * output, the list of images waits in a file without a name, and images and
 * categories close the object. Memory grows with the categories only, and as
 * image_name.h tells.
 */
#ifndef COCO_H
#define COCO_H

#include "base/buf.h"
#include "base/out.h"
#include "base/stream.h"
#include "output/image_name.h"
#include "record/record.h"

struct coco;

/*
 * The output and the names are borrowed. Category ids are the release's or, if
 * `contiguous`, 1, 2, ... in the order of its list. NULL with the message said.
 */
struct coco *
coco_open(struct out *out, struct image_names *names, bool contiguous);

/* What became of a record. */
enum coco_result {
	COCO_WRITTEN,
	COCO_UNLABELLED, /* nothing was labelled: left out */
	COCO_FAILED,     /* it cannot be written: coco_failure says why */
	COCO_FATAL,      /* output cannot be written; the message was said */
};

/*
 * Adds a record that has its geometry; its label and attributes are whole
 * JSON, as label_decode and label_decoded have made sure.
 */
enum coco_result coco_add(struct coco *coco, const struct record *record);
const char *coco_failure(struct coco *coco);

/* Annotations left out so far because they have no geometry. */
uint64_t coco_without_geometry(const struct coco *coco);

/* Writes the rest of the object and frees: 0, or -1 with the message said. */
int coco_close(struct coco *coco);

#endif
