/*
 * What an image is called in a data set: its path below DIR/images, where
 * seg-fetch puts it. It follows from the record alone, so DIR/images is the
 * data set's image directory, whichever of the two was done first.
 */
#ifndef IMAGE_NAME_H
#define IMAGE_NAME_H

#include "base/buf.h"
#include "record/record.h"

/* What images are called by: as seg-fetch does by --names, or as they lie. */
enum image_naming { IMAGE_BY_NAME, IMAGE_BY_UUID, IMAGE_BY_PATH };

struct image_names;

struct image_names *image_names_open(enum image_naming naming);
void image_names_close(struct image_names *names);
/*
 * Appends the name of a record's image: relative, and safe to create below a
 * directory; but the path that a record has, which may lead anywhere, where
 * images are called by it or the record has no URL. False where it lacks what
 * images are called by.
 */
bool image_names_put(struct image_names *names, const struct record *record,
		     struct buf *to);
/*
 * The same, but always relative and safe: an image whose name would lead out of
 * a directory is called as its sample.
 */
bool image_names_put_below(struct image_names *names,
			   const struct record *record, struct buf *to);

#endif
