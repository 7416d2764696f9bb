/*
 * The members of a decoded annotation that data sets are written from; see
 * seg-record(5).
 */
#ifndef ANNOTATION_MEMBERS_H
#define ANNOTATION_MEMBERS_H

#include "output/point_groups.h"

/* In the order in which those that are taken over are written. */
enum {
	TYPE,
	ID,
	CATEGORY_ID,
	POINTS,
	BBOX,
	AREA,
	SEGMENTATION,
	ISCROWD,
	KEYPOINTS,
	NUM_KEYPOINTS,
	IOU,
	SCORE,
	TRACK_ID,
	ATTRIBUTES,
	MEMBERS
};

extern const struct slice annotation_keys[MEMBERS];

/* Finds the members in the text of an annotation; those it lacks are empty. */
void annotation_find(struct slice annotation, struct slice found[MEMBERS]);
/*
 * What is told of it for point_groups_add, but for `boxed`, `keypoint` and the
 * category.
 */
struct point_item annotation_item(const struct slice found[MEMBERS]);

#endif
