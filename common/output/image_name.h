/*
 * What an image is called in a data set: its path below DIR/images, where
 * seg-fetch has put it or would put it. So DIR/images is the data set's image
 * directory, whichever of the two was done first.
 */
#ifndef IMAGE_NAME_H
#define IMAGE_NAME_H

#include "base/buf.h"
#include "record/record.h"

struct image_names;

/* `directory` is DIR and borrowed. NULL with the message said. */
struct image_names *image_names_open(const char *directory);
void image_names_close(struct image_names *names);
/*
 * Appends the name of a record's image. Those of records without `path` are
 * kept in mind, so that no other sample gets one: some 40 bytes each.
 */
void image_names_put(struct image_names *names, const struct record *record,
		     struct buf *to);

#endif
