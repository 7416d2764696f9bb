/* A record's image placed in a tree, wherever it can be had. */
#ifndef TREE_IMAGE_H
#define TREE_IMAGE_H

#include "output/tree.h"
#include "store/asset.h"

/*
 * Puts the image of a record, by the number of its place: as the tree links
 * images where it is a local file, and fetched into the tree where it is not.
 * Nothing is done for TREE_NONE, which `link` must tell as tree_open was told.
 * 0, or -1 with *why appended to. Any thread, which has its own reader.
 */
int tree_image_put(struct tree *tree, enum tree_link link,
		   struct asset_reader *assets, const struct record *record,
		   struct slice path, struct buf *why);

#endif
