/*
 * The categories of a data set being written: gathered from the releases that
 * its records come from, each once, in the order they came.
 */
#ifndef CATEGORIES_H
#define CATEGORIES_H

#include "base/buf.h"
#include "record/record.h"

/* One category; `text` is its object as the release has it. */
struct category {
	int64_t id;     /* in the release */
	int64_t out_id; /* in the data set */
	struct buf name;
	struct buf text;
	bool keypoint; /* an annotation of it is a point */
};

struct categories {
	struct category *list;
	size_t *by_id; /* indices of the list, ascending ids */
	size_t count;
	bool contiguous;    /* ids out are 1, 2, ... */
	struct buf release; /* the last one taken in */
	struct buf failure;
};

void categories_release(struct categories *categories);
/*
 * Takes in the categories of a record's release, unless it is that of the last
 * record. NULL, or why they do not go together: the list is no list, or an
 * id has two names. Borrowed until the next call.
 */
const char *
categories_take(struct categories *categories, const struct record *record);
/* The category of an id in the release, or NULL. Borrowed. */
struct category *
categories_find(const struct categories *categories, int64_t id);

#endif
