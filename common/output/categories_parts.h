/* What the files of the categories module share. */
#ifndef CATEGORIES_PARTS_H
#define CATEGORIES_PARTS_H

#include "output/categories.h"

/* The category that has an id in the release that brought it, or NULL. */
struct category *
categories_with_id(const struct categories *categories, int64_t id);
/* Lets an id of the release at hand stand for a category of the list. */
void categories_link(struct categories *categories, int64_t id, size_t index);
/* Adds a category; the name becomes the list's. */
struct category *categories_append(struct categories *categories, int64_t id,
				   struct buf *name, struct slice text);
/* Takes out those that were added behind the first `count`. */
void categories_cut(struct categories *categories, size_t count);

#endif
