/*
 * A set of categories given by NAME or ID, resolved against the categories of
 * the release that a record comes from.
 */
#ifndef CATEGORY_SET_H
#define CATEGORY_SET_H

#include "base/buf.h"
#include "record/record.h"

struct category_set;

struct category_set *category_set_open(void);
void category_set_close(struct category_set *set);
/* Digits are an id, and a name too, should a category be called so. */
void category_set_add(struct category_set *set, const char *name_or_id);
bool category_set_empty(const struct category_set *set);
/*
 * Looks up what the names stand for in the record's release, unless it is that
 * of the last call. A name that a release does not have is said once.
 */
void category_set_use(struct category_set *set, const struct record *record);
/* Tells whether the set has an annotation's category, after category_set_use.
 */
bool category_set_has(const struct category_set *set, struct slice annotation);

#endif
