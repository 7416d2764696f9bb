/*
 * The categories of a data set being written: gathered from the releases that
 * its records come from, each once, in the order they came.
 */
#ifndef CATEGORIES_H
#define CATEGORIES_H

#include "base/buf.h"
#include "record/record.h"

/* What ids categories have in the data set. */
enum category_ids {
	CATEGORY_IDS_KEEP,       /* those of the release */
	CATEGORY_IDS_CONTIGUOUS, /* 1, 2, ... */
	CATEGORY_IDS_ZERO,       /* 0, 1, ... */
	CATEGORY_IDS_BY_NAME,    /* 1, 2, ..., and a name is one category */
};

/* One category; `text` is its object as the release has it. */
struct category {
	int64_t id;     /* in the release that brought it */
	int64_t out_id; /* in the data set; see categories_number */
	struct buf name;
	struct buf text;
	size_t origin; /* which of the releases brought it */
	bool made;     /* no release brought it */
	bool used;     /* an annotation is of it */
	bool keypoint; /* an annotation of it is a point by itself */
	bool shape;    /* one of it is no point */
	bool bears;    /* one of it has points of other categories */
};

/* What an id of the release at hand stands for. */
struct category_link {
	int64_t id;
	size_t index; /* in the list */
};

struct categories {
	enum category_ids ids;
	bool silent; /* say nothing: another one takes in the same */
	struct category *list;
	size_t *by_id, *by_name; /* indices of the list, ascending */
	size_t count, room;
	struct category_link *links; /* of the release at hand, by id */
	size_t link_count, link_room;
	struct buf release;  /* the release at hand */
	struct buf *origins; /* what the releases are called in messages */
	size_t origin_count;
	const char *why; /* it cannot be taken, or NULL */
	struct buf failure;
};

void categories_release(struct categories *categories);
/*
 * Takes in the categories of a release, as records carry it, unless it is that
 * of the last call. NULL, or why they do not go together, naming the data sets:
 * the list is no list, an id has two names, or a name has two ids and is not
 * to unite them. Then nothing is taken in. Borrowed until the next call.
 */
const char *
categories_take(struct categories *categories, struct slice release);
/*
 * The same in place of all that was taken in before: the list is that of the
 * release.
 */
const char *
categories_take_alone(struct categories *categories, struct slice release);
/* The category of an id in the release taken last, or NULL. Borrowed. */
struct category *
categories_find(const struct categories *categories, int64_t id);
/* The first category of that name, or NULL. Borrowed. */
struct category *
categories_named(const struct categories *categories, struct slice name);
/*
 * After the last release: says which names of an option's list (see list_next;
 * or NULL) no category has. Nothing where there was no release.
 */
void categories_say_missing(const struct categories *categories,
			    const char *option, const char *names);
/* Adds one that no release has, with the next free id. Borrowed. */
struct category *
categories_make(struct categories *categories, struct slice name);
/*
 * Numbers those that are used anew, in the order of the list, unless ids are
 * to be kept.
 */
void categories_number_used(struct categories *categories);

#endif
