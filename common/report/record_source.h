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
 * -1 when it cannot be read on: the message has been said. `like` is a record
 * of another source, or NULL; where *alike is set, this one is the same but for
 * index and release, and only the place of `record` has been set.
 */
int record_source_next(struct record_source *source, struct record *record,
		       const struct record *like, bool *alike);

/* Where the record just returned stands. */
struct record_at {
	uint64_t offset; /* in the file, */
	uint64_t number; /* and by its line or, in a release, its index */
};

struct record_at record_source_at(const struct record_source *source);
/*
 * After the last one, a record again from where it stood: 0 with it borrowed
 * until the next call, or -1 with the message said.
 */
int record_source_again(struct record_source *source, struct record_at at,
			struct record *record);

#endif
