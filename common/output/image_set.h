/*
 * What images of a data set are called, so that no two share a name: a hash
 * each (hash_set.h), and the names in a file without a name.
 */
#ifndef IMAGE_SET_H
#define IMAGE_SET_H

#include "base/buf.h"

struct image_set;

/* NULL with the message said. */
struct image_set *image_set_open(void);
/* Takes NULL. */
void image_set_close(struct image_set *set);
/*
 * True when an image has that name; *sample then gets the name of its sample,
 * or is empty where so many were asked for that it is no longer looked up.
 */
bool
image_set_has(struct image_set *set, struct slice name, struct buf *sample);
/* Adds a name, and whose it is. */
void
image_set_add(struct image_set *set, struct slice name, struct slice sample);
/* True after a write that failed, of which the message was said. */
bool image_set_failed(const struct image_set *set);

#endif
