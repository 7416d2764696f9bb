/*
 * Does a record match: the conditions of seg-filter. Conditions of different
 * kinds must all hold. Several of one kind: any of them will do for a status,
 * name, uuid or category; all must hold for the rest.
 *
 * Statuses are a closed list. Other names may be in the input or not: those
 * that are nowhere in it are said in the end.
 */
#ifndef SELECT_H
#define SELECT_H

#include "base/buf.h"
#include "record/prune.h"
#include "record/record.h"

struct select;

/* In the order in which they are looked at, the cheap ones first. */
enum select_kind {
	SELECT_STATUS,   /* LIST of statuses, in any case */
	SELECT_SHARD,    /* I/N: every Nth record by index, from the Ith */
	SELECT_NAME,     /* GLOB over the whole name, or @FILE: a line each */
	SELECT_UUID,     /* LIST, or @FILE */
	SELECT_METADATA, /* KEY=VALUE in metadata; `\\=` in the key is an = */
	SELECT_IMAGE_ATTRIBUTE, /* KEY=VALUE in the label's image_attributes */
	SELECT_CATEGORY,        /* NAME or ID that an annotation has */
	SELECT_ATTRIBUTE,       /* KEY=VALUE in an annotation's attributes */
	/* N of the categories given, or of all; or CATEGORY:N of that one */
	SELECT_MIN_ANNOTATIONS,
	SELECT_MAX_ANNOTATIONS,
	SELECT_WHERE, /* EXPR, see where.h */
	/* Shares of all (see shares.h); the last of each counts */
	SELECT_SAMPLE, /* FRACTION */
	SELECT_SPLIT,  /* NAME:FRACTION,... */
	SELECT_PART,   /* NAME of the part of the split that is meant */
	SELECT_BY,     /* KEY of what is kept together */
	SELECT_KINDS
};

/* Annotations are counted as `prune`, which is borrowed, leaves them. */
struct select *select_open(struct prune *prune);
void select_close(struct select *select);
/* True when nothing has been given. */
bool select_empty(const struct select *select);
/* True when a condition is about what is inside labels. */
bool select_opens_labels(const struct select *select);

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

/*
 * After the last record: says how many labels have no status that is known,
 * where it was asked for, which names the input did not have, and how many
 * records lack the key that they should be kept together by. True where the
 * latter is true of all, or the former may be why none of them passed.
 */
bool select_say_unmet(const struct select *select, uint64_t passed);

#endif
