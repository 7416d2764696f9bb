/*
 * A set of categories given by NAME or ID, resolved against the categories of
 * the release that a record comes from.
 *
 * A name wins: digits are an id only where no category of the release is
 * called so. `id:N` asks for an id. Where digits are a name, and the id of
 * another category, that is said once.
 */
#ifndef CATEGORY_SET_H
#define CATEGORY_SET_H

#include "base/buf.h"
#include "record/record.h"

struct category_set;

struct category_set *category_set_open(void);
void category_set_close(struct category_set *set);
void category_set_add(struct category_set *set, struct slice name_or_id);
bool category_set_empty(const struct category_set *set);
/*
 * Looks up what the names stand for in the record's release, unless it is that
 * of the last call. NULL, or why that release cannot be looked into.
 */
const char *
category_set_use(struct category_set *set, const struct record *record);
/* Tells whether the set has an annotation's category, after category_set_use.
 */
bool category_set_has(const struct category_set *set, struct slice annotation);

/*
 * Says which names no release had, and ids that no annotation had either, with
 * the nearest name. True where there are some and they are all there are.
 */
bool category_set_say_unmet(const struct category_set *set);

#endif
