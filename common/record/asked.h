/*
 * Names of one kind that a person asked for (categories, uuids, keys of
 * metadata), and which of them the input had: what it has not is said in the
 * end, since an option that names nothing is mostly a slip. Names are added
 * before records come; then they may be met on any thread.
 */
#ifndef ASKED_H
#define ASKED_H

#include "base/buf.h"

struct asked;

/* What to say of a name that was not met, such as "no record has the uuid". */
struct asked *asked_open(const char *absent);
void asked_close(struct asked *asked);
/* Adds a name, which is copied: its place. One that is there keeps its own. */
size_t asked_add(struct asked *asked, struct slice name);
size_t asked_count(const struct asked *asked);
const char *asked_name(const struct asked *asked, size_t place);
/* True, and its place, where the name was asked for. */
bool asked_find(const struct asked *asked, struct slice name, size_t *place);

/* The input has the name at that place. */
void asked_meet(struct asked *asked, size_t place);
bool asked_met(const struct asked *asked, size_t place);
/* Names that were not met so far. */
size_t asked_unmet(const struct asked *asked);
/*
 * Says those, the first ten by name, and the nearest of the names that there
 * are (ended by NULL; or NULL where they are unknown). Then as asked_unmet.
 */
size_t asked_say_unmet(const struct asked *asked, const char *const *there_are);

#endif
