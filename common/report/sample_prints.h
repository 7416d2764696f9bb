/*
 * What a sample is known by, and fingerprints of a record's parts by their
 * bytes: where those are the same, there is nothing to compare.
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

/* Of the values of attributes and label, and of all that is besides. */
struct sample_prints {
	uint64_t image, label, rest;
};

/* Index and release, and what is signed in the URLs of files, do not count. */
struct sample_prints sample_prints(const struct record *record);
bool sample_prints_same(const struct sample_prints *a,
			const struct sample_prints *b);

#endif
