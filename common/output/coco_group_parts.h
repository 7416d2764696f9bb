/* What the files share that gather points into objects. */
#ifndef COCO_GROUP_PARTS_H
#define COCO_GROUP_PARTS_H

#include "output/coco_parts.h"

/* Indices are those of coco->items; SIZE_MAX is none. */
struct group_item {
	struct slice found[MEMBERS];
	size_t category;    /* its place in the list */
	struct slice value; /* of the attribute that groups; empty: none */
	int64_t id;
	bool has_id;
	bool point;
	bool keypoint; /* a point that may be an object's */
	bool visible;
	struct slice x, y; /* as they are spelt */
	double at[2];
	/*
	 * The object of a point; or, where points alone make one, the first of
	 * them, of itself too.
	 */
	size_t owner;
	size_t first, last, next; /* points that hang at an owner */
	size_t root;              /* towards the first of points linked */
	bool joined;              /* to another point */
};

/* These set the owners of points. */
void group_by_links(struct coco *coco, const struct record *record);
void group_by_box(struct coco *coco);
void group_by_attribute(struct coco *coco);

#endif
