/* What the files of the diff module share. */
#ifndef DIFF_PARTS_H
#define DIFF_PARTS_H

#include "report/diff.h"

enum diff_side { BEFORE, AFTER };

/* An annotation of one side. */
struct noted {
	size_t frame; /* 1 + its frame in a sequence's label, else 0 */
	int64_t id;   /* below 0: it has none */
	struct slice text;
	const struct shape *shape; /* NULL: not read */
};

/* An annotation that came, went or changed. */
struct object_change {
	unsigned what;         /* 0 added, 1 removed, 2 changed */
	struct slice category; /* its name, raw, or empty */
};

struct noted_list {
	struct noted *list;
	size_t count, room;
};

struct differ {
	struct shape_reader *readers[2];
	const struct record *sides[2];
	unsigned kinds;
	bool unseen; /* pixels of the sample at hand could not be compared */
	bool seen;   /* they have been: the URL of their bitmap tells no more */
	struct buf path, fields, scratch;
	struct buf lists[3]; /* of annotations: added, removed, changed */
	struct buf inner;    /* fields of one annotation */
	struct noted_list noted[2];
	struct object_change *objects;
	size_t object_count, object_room;
	struct buf status_text[2];
};

/* Appends a path to a list of JSON strings. */
void diff_put_field(struct buf *fields, struct slice path);
/*
 * Compares two values member by member, so many levels deep, and appends the
 * paths of those that differ, behind what differ->path has, to `fields`. Paths
 * that say nothing of a sample are passed over.
 */
void diff_values(struct differ *differ, struct slice before, struct slice after,
		 unsigned depth, struct buf *fields);
/*
 * Compares the labels' annotations, and their pixels where that is wanted.
 * False where none has changed.
 */
bool diff_annotations(struct differ *differ, bool pixels);
/* The raw name of a category in a release, or an empty slice. */
struct slice diff_category_name(struct slice release, int64_t id);

#endif
