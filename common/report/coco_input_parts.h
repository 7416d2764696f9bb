/* What the files of coco_input share. */
#ifndef COCO_INPUT_PARTS_H
#define COCO_INPUT_PARTS_H

#include "report/coco_input.h"

/* As coco_input_add_annotation. */
const char *coco_input_add_image(struct coco_input *file, struct slice object);

/*
 * Where the next annotation goes, and those behind it up to a whole number of
 * blocks; it stays there.
 */
struct coco_annotation *coco_input_room(struct coco_input *file);

#endif
