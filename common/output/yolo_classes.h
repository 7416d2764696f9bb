/*
 * Classes 0 to n - 1 of a YOLO data set, from the categories of releases: in
 * the order of the first one's list, then what others add. Categories of
 * several releases that have one name are one class, whatever their ids.
 */
#ifndef YOLO_CLASSES_H
#define YOLO_CLASSES_H

#include "base/buf.h"
#include "record/record.h"

struct yolo_class {
	int64_t id; /* of the category that brought it */
	struct buf name;
};

/* The categories of one release, in the order of its list; zeroed is empty. */
struct release_classes {
	struct yolo_class *list;
	size_t *by_id; /* places in the list, ascending ids */
	size_t count, room;
	struct buf release; /* that it was read from */
	const char *why;    /* it could not be, or NULL */
};

/*
 * Reads those of a release as records carry it, unless they are what was read
 * last. NULL, or what is wrong (static).
 */
const char *
release_classes_read(struct release_classes *classes, struct slice release);
/* The place of a category in the list: true and *place set, or false. */
bool release_classes_find(const struct release_classes *classes, int64_t id,
			  size_t *place);
void release_classes_end(struct release_classes *classes);

/* The classes of the data set; zeroed is empty. */
struct yolo_classes {
	struct yolo_class *list;
	size_t count, room;
	size_t *map; /* of the release taken last: a class for each place */
	size_t map_room;
	bool plain; /* the map changes nothing */
	struct release_classes release;
};

/* Takes in those of a record's release. NULL, or what is wrong (static). */
const char *
yolo_classes_take(struct yolo_classes *classes, struct slice release);
void yolo_classes_end(struct yolo_classes *classes);

#endif
