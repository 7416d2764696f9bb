/* What the files of the select module share. */
#ifndef SELECT_PARTS_H
#define SELECT_PARTS_H

#include "record/asked.h"
#include "record/category_set.h"
#include "record/prune.h"
#include "record/select.h"
#include "record/shares.h"
#include "record/where.h"

/* One of the conditions that must all hold. */
struct condition {
	enum select_kind kind;
	char *text;   /* the key of KEY=VALUE */
	char *value;  /* behind its `=` */
	size_t place; /* of the key among those asked for */
	uint64_t number, of;
	struct category_set *categories; /* that are counted, or NULL */
};

struct select {
	struct prune *prune;
	unsigned given;    /* a bit for each kind that has conditions */
	unsigned statuses; /* a bit for each that will do */
	struct asked *asked[SELECT_KINDS]; /* NULL for kinds without names */
	bool globs;                        /* some names may be patterns */
	const char *no_names; /* a file of names that has none, or NULL */
	struct category_set *categories;
	struct where **wheres; /* expressions */
	size_t where_count;
	struct condition *conditions;
	size_t count;
	struct shares shares;
	uint64_t strange;                 /* records whose status is none */
	bool label_valid, metadata_valid; /* this record's */
	struct buf text, why;
};

/* Takes the text of a condition apart: NULL, or what is wrong with it. */
const char *
select_parse(struct select *select, enum select_kind kind, const char *text);

/* Whether all conditions of a kind hold; what it looks into is JSON. */
bool select_holds(struct select *select, enum select_kind kind,
		  const struct record *record);
/*
 * Meets the names asked for that the record has, whatever else is true of it;
 * what is not JSON has none. NULL, or why its release, where its categories are
 * asked for, cannot be looked into.
 */
const char *select_meet(struct select *select, const struct record *record);

/* 0 when the value is JSON, looked at once for a record; else -1, *why set. */
int select_check(struct slice value, bool *valid, const char **why);

#endif
