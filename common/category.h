/*
 * A set of categories given by NAME or ID, resolved against the categories of
 * the release that a record comes from.
 */
#ifndef CATEGORY_H
#define CATEGORY_H

#include "mem.h"
#include "record.h"

struct category_set;

struct category_set *category_set_open(void);
void category_set_close(struct category_set *set);
/* Digits are an id, and a name too, should a category be called so. */
void category_set_add(struct category_set *set, const char *name_or_id);
bool category_set_empty(const struct category_set *set);
/*
 * Tells whether the set has an annotation's category. What names stand for is
 * kept until a record with another `release` comes.
 */
bool category_set_has(struct category_set *set, const struct record *record,
		      struct slice annotation);

#endif
