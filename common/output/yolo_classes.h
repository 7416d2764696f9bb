/*
 * Classes 0 to n - 1 of a YOLO data set, from the categories of releases: in
 * the order of the first one's list, then what others add. Categories of one
 * name are one class, whatever their ids. Those that are keypoints of objects
 * are no classes.
 */
#ifndef YOLO_CLASSES_H
#define YOLO_CLASSES_H

#include "output/categories.h"
#include "output/point_groups.h"

/* Zeroed but for `points` is empty. */
struct yolo_classes {
	const struct point_options *points; /* how they are grouped; or NULL */
	struct categories all, release;     /* `release`: the one taken last */
	size_t *list;                       /* places in `all` */
	size_t count, room;
	size_t *map; /* a class for each place in `release` */
	size_t map_room;
	bool plain; /* the map changes nothing */
};

/* Takes in those of a record's release. NULL, or what is wrong; borrowed. */
const char *
yolo_classes_take(struct yolo_classes *classes, struct slice release);
/*
 * The class for a place in the list of the release taken last. The place
 * behind them stands for objects that are not drawn, see point_object_name.
 * SIZE_MAX where there is none.
 */
size_t yolo_classes_map(struct yolo_classes *classes, size_t place);
/*
 * What a class is called, and the id of the category that brought it: false for
 * one that no release has.
 */
struct slice yolo_class_name(const struct yolo_classes *classes, size_t class);
bool
yolo_class_id(const struct yolo_classes *classes, size_t class, int64_t *id);
void yolo_classes_end(struct yolo_classes *classes);

#endif
