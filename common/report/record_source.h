/*
 * The records of one operand that is read more than once, whatever it is: a
 * release, records, or a pipe of either, which is kept in a temporary file.
 */
#ifndef RECORD_SOURCE_H
#define RECORD_SOURCE_H

#include "record/record.h"
#include "record/release.h"

struct record_source;

/* NULL with the message said. The choice is borrowed. */
struct record_source *
record_source_open(const char *operand, const struct release_choice *choice);
/* Takes NULL. */
void record_source_close(struct record_source *source);

/*
 * The next record, borrowed until the next call: 1, 0 after the last one, or
 * -1 when it cannot be read on: the message has been said.
 */
int record_source_next(struct record_source *source, struct record *record);
/* Back to the first one: 0, or -1 with the message said. */
int record_source_rewind(struct record_source *source);

#endif
