/*
 * The keypoints of poses, the same for all classes, and which of them change
 * places where an image is mirrored.
 */
#ifndef YOLO_KEYPOINTS_H
#define YOLO_KEYPOINTS_H

#include "output/point_groups.h"

struct yolo_keypoints {
	struct slice *names; /* none where each point is by itself */
	size_t count;        /* 1 then */
	size_t *flip;        /* the place that each one gets */
	bool flips;          /* which is known */
};

/*
 * Reads them off the options, and what changes places: `pairs` is A:B,... or
 * NULL, then it follows from the names, where one has left where another has
 * right. NULL, or what is wrong with the pairs (static). Borrows the texts.
 */
const char *
yolo_keypoints_read(struct yolo_keypoints *keypoints,
		    const struct point_options *points, const char *pairs);
/* Says why ultralytics will not mirror images, where it is so. */
void yolo_keypoints_say(const struct yolo_keypoints *keypoints);
void yolo_keypoints_end(struct yolo_keypoints *keypoints);

#endif
