/*
 * The categories of a release as label maps have them: the value of each one's
 * pixels, and its colour.
 */
#ifndef MASK_CLASSES_H
#define MASK_CLASSES_H

#include "output/categories.h"

struct mask_class {
	int64_t id;
	struct slice name;
	uint32_t value; /* of its pixels in a map */
	uint32_t color; /* R + 256 G + 65536 B */
	bool stuff;     /* has_instances is false */
};

/* Zeroed but for the first members before the first release. */
struct mask_classes {
	bool keep;      /* values are the release's ids */
	uint32_t first; /* else they count from here */
	bool binary;    /* but one alone is 1 */
	uint32_t most;  /* the largest value that a map can have */
	struct categories categories;
	struct mask_class *list; /* in the order of the release's */
	size_t count, room;
	uint32_t largest; /* value; 0 where there is none */
	struct buf release, failure;
};

void mask_classes_release(struct mask_classes *classes);
/*
 * Takes the categories of a release, as a record carries it, in place of those
 * of the last one. NULL, or why it cannot be; borrowed until the next call.
 */
const char *
mask_classes_take(struct mask_classes *classes, struct slice release);
/* The class of a category, or NULL. */
const struct mask_class *
mask_classes_find(const struct mask_classes *classes, int64_t id);
/* True where both have the same names, with the same values, and colours. */
bool mask_classes_same(const struct mask_classes *a,
		       const struct mask_classes *b, bool colors);
/*
 * Appends {"0":"name",...}, or with names first {"name":0,...}: there a name
 * that another class has too is followed by the id.
 */
void mask_classes_put(const struct mask_classes *classes, bool names_first,
		      struct buf *to);

#endif
