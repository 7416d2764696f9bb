/*
 * What an image is called beside its map: its path below images, by name or by
 * uuid as it lies there.
 */
#ifndef MASK_NAME_H
#define MASK_NAME_H

#include "output/image_name.h"

/* Each thread has its own. */
struct mask_names {
	struct image_names *by_name, *by_uuid;
	struct buf path, text;
};

struct mask_names mask_names_open(void);
void mask_names_close(struct mask_names *names);
/* Puts what the image is called: its path below images. */
void mask_names_put(struct mask_names *names, const struct record *record,
		    struct buf *to);
/* A name without its extension. */
struct slice mask_name_stem(struct slice name);

#endif
