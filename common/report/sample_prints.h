/*
 * What a sample is known by, and a fingerprint of a record's bytes: where that
 * is the same, there is nothing to compare.
 */
#ifndef SAMPLE_PRINTS_H
#define SAMPLE_PRINTS_H

#include "record/record.h"
#include "report/fingerprint.h"

enum known_by { KNOWN_BY_UUID, KNOWN_BY_NAME, KNOWN_BY_URL };

/*
 * What the record's sample is known by: as was asked for, else by its name,
 * uuid or index, the first that it has. Of the records of a sequence each is
 * its frame, too. `room` is a buffer to work in.
 */
struct fingerprint
sample_key(const struct record *record, enum known_by by, struct buf *room);

/*
 * Of the bytes of a record, but for its index and release, and for what is
 * signed in the URLs of its files.
 */
uint64_t sample_print(const struct record *record);

#endif
