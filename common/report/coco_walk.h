/*
 * The lists of a COCO file, element by element as they stand in it, so that a
 * file of any size is read in the memory of its largest element.
 */
#ifndef COCO_WALK_H
#define COCO_WALK_H

#include "json/source.h"

enum coco_list { COCO_IMAGES, COCO_ANNOTATIONS, COCO_CATEGORIES, COCO_LISTS };

/* Who sees what is in a file. */
struct coco_visitor {
	/*
	 * An element of a list, valid JSON; `n` is its place there, from 0.
	 * NULL, or what is wrong with it, which ends the walk.
	 */
	const char *(*element)(void *context, enum coco_list list, size_t n,
			       struct slice value);
	/* A list has been met; may be NULL. */
	void (*begin)(void *context, enum coco_list list);
	/* Any other member of the root; may be NULL. */
	void (*other)(void *context, struct slice key, struct slice value);
	void *context;
};

/*
 * Walks through all of a source: an object with lists, or a list of results,
 * which are annotations alone; *is_list (may be NULL) tells which. 0, or -1
 * with the message said where it is not JSON or an element was refused.
 */
int coco_walk(struct source *source, const struct coco_visitor *visitor,
	      bool *is_list);

#endif
