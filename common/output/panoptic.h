/*
 * A label as COCO's panoptic format has it: a PNG whose pixels are segment ids
 * (R + 256 G + 65536 B, 0 where nothing is), and what is known of each segment.
 * Ids are the annotations' own, so that of a label bitmap they are its pixels;
 * annotations of one stuff category are one segment, with the first one's id.
 */
#ifndef PANOPTIC_H
#define PANOPTIC_H

#include "label/shapes.h"

/* Draws record after record; each worker has its own. */
struct panoptic;

/*
 * `stuff` names categories that are stuff, comma between, besides those whose
 * has_instances is false; borrowed, or NULL.
 */
struct panoptic *panoptic_open(const char *stuff);
/* Takes NULL. */
void panoptic_close(struct panoptic *panoptic);

/* True where a category of a release is stuff. */
bool panoptic_is_stuff(const char *stuff, struct slice category);

/*
 * Draws a record's shapes and appends what they are to `facts`:
 *
 *	{"width":W,"height":H,"segments":[{"id":I,"category_id":C,
 *	"area":A,"bbox":[X,Y,W,H],"iscrowd":0},...],"left_out":N,
 *	"uncategorized":M}
 *
 * category_id is the release's; N annotations have no pixel in the end, M no
 * category, which was said, and are no segments. The
 * PNG, borrowed until the next one; an empty slice where the record cannot be
 * drawn: panoptic_failure says why.
 */
struct slice
panoptic_draw(struct panoptic *panoptic, const struct record *record,
	      const struct shapes *shapes, struct buf *facts);
const char *panoptic_failure(struct panoptic *panoptic);

#endif
