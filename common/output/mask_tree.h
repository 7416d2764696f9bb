/*
 * A tree of maps: where they lie, with images beside them or without, in parts
 * or not; the rows that make pairs of them, and what their values are called.
 */
#ifndef MASK_TREE_H
#define MASK_TREE_H

#include "output/mask.h"
#include "output/mask_name.h"
#include "output/tree.h"
#include "record/split.h"
#include "store/asset.h"

struct mask_tree_options {
	struct mask_options mask;
	const char *directory;
	const struct split *split; /* into parts; or NULL */
	const char *by;            /* see split_place; or NULL */
	enum tree_link link;
	bool images; /* are placed */
	bool syncs;  /* see tree_syncs */
};

struct mask_tree;

/* A map of an image. */
struct mask_file {
	struct slice name;  /* the image's */
	const char *ending; /* in place of the name's extension */
	struct slice bytes;
};

/* The options are borrowed. NULL with the message said. */
struct mask_tree *mask_tree_open(const struct mask_tree_options *options);

/*
 * Any thread: these put files for the record of a number, and append to *why
 * where they return -1.
 *
 * A map; *path is set to where it lies.
 */
int
mask_tree_put(struct mask_tree *tree, const struct record *record,
	      const struct mask_file *file, struct buf *path, struct buf *why);
/* The image that is called so, where images are placed. *url is what was asked
 * in vain. */
int mask_tree_place(struct mask_tree *tree, struct asset_reader *assets,
		    const struct record *record, struct slice name,
		    struct slice *url, struct buf *why);

/*
 * On one thread, in input order: true where files were put for a record; then
 * they become its own, NULL, or why they cannot be, borrowed. What is not
 * settled is forgotten, and gone in the end.
 */
bool mask_tree_holds(struct mask_tree *tree, const struct place *place);
const char *
mask_tree_settle(struct mask_tree *tree, const struct record *record);
void mask_tree_forget(struct mask_tree *tree, const struct place *place);

/*
 * Ends and frees it, as tree_close tells; the rows first. 0, or -1 with the
 * message said. Takes NULL.
 */
int mask_tree_close(struct mask_tree *tree, bool publish);

#endif
