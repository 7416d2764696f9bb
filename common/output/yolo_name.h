/*
 * What images are called in a YOLO data set: as seg-fetch calls them, but for
 * what ultralytics would not find, or look for labels elsewhere.
 */
#ifndef YOLO_NAME_H
#define YOLO_NAME_H

#include "output/image_name.h"

/* Each thread has its own. What is set is of the record asked for last. */
struct yolo_names {
	struct image_names *images;
	bool by_uuid;
	struct buf name; /* of the image */
	size_t stem;     /* its length without the extension; see settle */
	struct buf text, failure;
};

struct yolo_names *yolo_names_open(enum image_naming naming);
/* Takes NULL. */
void yolo_names_close(struct yolo_names *names);
/* The name in a stream: true, or false with the failure set. */
bool yolo_names_take(struct yolo_names *names, const struct record *record);
/*
 * The name below images/PART in a tree; its label has the same stem. Likewise.
 */
bool yolo_names_settle(struct yolo_names *names, const struct record *record);

#endif
