/*
 * The masks of a COCO file's annotations, whatever their form: polygons, RLE,
 * or a box where there is nothing else.
 */
#ifndef EVAL_MASKS_H
#define EVAL_MASKS_H

#include "image/instance.h"
#include "report/coco_input.h"

/* Those of one image after the other; each thread has its own. */
struct eval_masks;

struct eval_masks *eval_masks_open(void);
/* Takes NULL. */
void eval_masks_close(struct eval_masks *masks);

/* Begins an image: what was read before is gone. */
void eval_masks_reset(struct eval_masks *masks);

/*
 * Reads the mask of an annotation: NULL with *mask set (NULL where it has no
 * pixels), borrowed until the next image; or what is wrong, static.
 */
const char *
eval_masks_read(struct eval_masks *masks,
		const struct coco_annotation *annotation,
		const struct coco_image *image, const struct instance **mask);

/* The box x, y, w, h of a mask; all 0 where it is NULL. */
void eval_masks_box(const struct instance *mask, double box[4]);

#endif
