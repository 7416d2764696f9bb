/*
 * Annotations dropped by their category: a record with fewer of them, with
 * `left_out` telling which, and all the rest of its bytes as they came.
 */
#ifndef PRUNE_H
#define PRUNE_H

#include "base/buf.h"
#include "record/record.h"

struct prune;

struct prune *prune_open(void);
void prune_close(struct prune *prune);

/*
 * Of annotations, those of a category (see category_set_add) that is kept stay
 * (with none given, those of any), but for those of one that is dropped.
 */
void prune_keep(struct prune *prune, const char *name_or_id);
void prune_drop(struct prune *prune, const char *name_or_id);
/* True when nothing has been given. */
bool prune_empty(const struct prune *prune);

/* Looks up the categories in the record's release: as category_set_use. */
const char *prune_use(struct prune *prune, const struct record *record);
/* Whether an annotation of that record stays. */
bool prune_keeps(const struct prune *prune, struct slice annotation);

/*
 * Appends the record without the annotations that go, and LF: 1; or nothing, 0,
 * where all stay; or -1 and *why, where its label is not JSON.
 */
int prune_record(struct prune *prune, const struct record *record,
		 struct buf *to, const char **why);

/*
 * After the last record: says which categories no release had. True where all
 * annotations went because of that.
 */
bool prune_say_unmet(const struct prune *prune);

#endif
