/*
 * The member `left_out` of a record: annotations that were dropped on purpose,
 * so that later programs do not miss them.
 */
#ifndef LEFT_OUT_H
#define LEFT_OUT_H

#include "base/buf.h"
#include "record/record.h"

/* A zeroed one is empty. */
struct left_out {
	uint64_t annotations;
	int64_t *ids; /* theirs, as far as they are integers */
	size_t count, room;
};

/* Reads what a record says; what is no such member says nothing. */
void left_out_read(struct left_out *left_out, const struct record *record);
/* Adds an annotation. */
void left_out_add(struct left_out *left_out, struct slice annotation);
/* Sorts the ids and takes away those that are there twice. */
void left_out_sort(struct left_out *left_out);
/* After left_out_sort. */
bool left_out_has(const struct left_out *left_out, int64_t id);
/* Appends the value: {"annotations":N,"ids":[...]}, after left_out_sort. */
void left_out_put(const struct left_out *left_out, struct buf *to);
void left_out_release(struct left_out *left_out);

#endif
