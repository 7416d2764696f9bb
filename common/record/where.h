/*
 * Conditions as expressions, such as
 *
 *	metadata.iso >= 400 and any(annotation.category = donut)
 *
 * seg-filter(1) tells the language. Numbers are compared exactly, times that
 * are written as ISO 8601 tells by when they are.
 */
#ifndef WHERE_H
#define WHERE_H

#include "base/buf.h"
#include "record/record.h"

struct where;

/*
 * NULL for what is no expression, and in `why` what is wrong at which column,
 * counted from 1 in bytes.
 */
struct where *where_parse(const char *text, struct buf *why);
void where_close(struct where *where);

/*
 * 1 where it is true of the record, 0 where not, -1 when what has to be looked
 * into is not JSON, with *why set.
 */
int
where_match(struct where *where, const struct record *record, const char **why);

/* How many records have a status that is none, as far as it was asked for. */
uint64_t where_strange(const struct where *where);

/* Paths are still to be met: where_match is to see every record. */
bool where_has_unmet(const struct where *where);
/*
 * After the last record: says which paths no record had, and which categories
 * no release. True where there are some.
 */
bool where_say_unmet(const struct where *where);

#endif
