/*
 * Does a record match: the conditions of seg-filter. Conditions of different
 * kinds must all hold. Several of one kind: any of them will do for a status,
 * name, uuid or category; all must hold for the rest.
 */
#ifndef SELECT_H
#define SELECT_H

#include "mem.h"
#include "record.h"

struct select;

enum select_kind {
	SELECT_STATUS,          /* LIST of statuses, in any case */
	SELECT_NAME,            /* GLOB over the whole name */
	SELECT_UUID,            /* LIST */
	SELECT_CATEGORY,        /* NAME or ID that an annotation has */
	SELECT_METADATA,        /* KEY=VALUE in metadata */
	SELECT_ATTRIBUTE,       /* KEY=VALUE in an annotation's attributes */
	SELECT_IMAGE_ATTRIBUTE, /* KEY=VALUE in the label's image_attributes */
	SELECT_MIN_ANNOTATIONS, /* N */
	SELECT_MAX_ANNOTATIONS, /* N */
	SELECT_SHARD, /* I/N: every Nth record by index, from the Ith */
	SELECT_KINDS
};

struct select *select_open(void);
void select_close(struct select *select);

/* Adds a condition. NULL, or what is wrong with its text. */
const char *
select_add(struct select *select, enum select_kind kind, const char *text);
/*
 * Adds a condition on the record's place (see part.h) to be in [from, to).
 * `by` and `salt` are borrowed; `by` may be NULL.
 */
void select_add_part(struct select *select, const char *by, const char *salt,
		     double from, double to);

/*
 * 1 when all conditions hold (with none, always), 0 when not, -1 when what has
 * to be looked into is not JSON, with *why set.
 */
int select_match(struct select *select, const struct record *record,
		 const char **why);

#endif
