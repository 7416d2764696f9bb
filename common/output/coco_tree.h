/*
 * A tree of COCO files with their images. Instances:
 * PART/_annotations.coco.json and beside it the images of the part, which is
 * how RF-DETR and Roboflow have them; without parts, in the tree's directory
 * itself. Ids are unique over all parts, and all have the same categories.
 *
 * Panoptic: panoptic_PART.json with the PNGs in panoptic_PART, as panopticapi
 * looks for them, and the images in PART; without parts panoptic.json,
 * panoptic and images.
 */
#ifndef COCO_TREE_H
#define COCO_TREE_H

#include "output/coco.h"
#include "output/tree.h"
#include "record/split.h"
#include "store/asset.h"

enum { COCO_TREE_PARTS = 8 /* at most */ };

struct coco_tree_options {
	const char *directory;
	enum tree_link link;
	const struct split *split; /* into parts; or NULL */
	const char *by;            /* see split_place; or NULL */
	bool panoptic;
	bool syncs; /* see tree_syncs */
};

struct coco_tree;

/* All are borrowed. NULL with the message said. */
struct coco_tree *
coco_tree_open(struct coco *coco, const struct coco_tree_options *options,
	       struct asset_reader *assets);
/* coco_add_segments to the record's part, with its image. */
enum coco_result coco_tree_add(struct coco_tree *tree,
			       const struct record *record, struct slice facts);
/*
 * Puts the PNG of a record whose image is called so: 0, or -1 with *why
 * appended to. Any thread, before the record is added.
 */
int coco_tree_put_png(const struct coco_tree *tree, const struct record *record,
		      struct slice name, struct slice png, struct buf *why);
/*
 * Ends and frees it: with `publish` it is complete then, else as tree_close
 * tells. Says which parts have no image. 0, or -1 with the message said.
 */
int coco_tree_close(struct coco_tree *tree, bool publish);

#endif
