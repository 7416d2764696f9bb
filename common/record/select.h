/*
 * Does a record match: the conditions of seg-filter. Conditions of different
 * kinds must all hold. Several of one kind: any of them will do for a status,
 * name, uuid or category; all must hold for the rest.
 */
#ifndef SELECT_H
#define SELECT_H

#include "base/buf.h"
#include "record/record.h"

struct select;

/* In the order in which they are looked at, the cheap ones first. */
enum select_kind {
	SELECT_STATUS,   /* LIST of statuses, in any case */
	SELECT_SHARD,    /* I/N: every Nth record by index, from the Ith */
	SELECT_NAME,     /* GLOB over the whole name */
	SELECT_UUID,     /* LIST */
	SELECT_METADATA, /* KEY=VALUE in metadata */
	SELECT_IMAGE_ATTRIBUTE, /* KEY=VALUE in the label's image_attributes */
	SELECT_CATEGORY,        /* NAME or ID that an annotation has */
	SELECT_ATTRIBUTE,       /* KEY=VALUE in an annotation's attributes */
	SELECT_MIN_ANNOTATIONS, /* N */
	SELECT_MAX_ANNOTATIONS, /* N */
	/* Shares of all, cut by a hash (see part.h); the last of each counts */
	SELECT_SAMPLE, /* FRACTION */
	SELECT_SPLIT,  /* NAME:FRACTION,... */
	SELECT_PART,   /* NAME of the part of the split that is meant */
	SELECT_BY,     /* KEY of what is kept together */
	SELECT_KINDS
};

struct select *select_open(void);
void select_close(struct select *select);

/* Adds a condition, whose text is borrowed. NULL, or what is wrong with it. */
const char *
select_add(struct select *select, enum select_kind kind, const char *text);
/* After the last one: NULL, or what is wrong with all of them together. */
const char *select_end(struct select *select);

/*
 * 1 when all conditions hold (with none, always), 0 when not, -1 when what has
 * to be looked into is not JSON, with *why set.
 */
int select_match(struct select *select, const struct record *record,
		 const char **why);

#endif
