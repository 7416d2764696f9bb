/*
 * What became of labels that may be no truth: those whose status is neither
 * LABELED, REVIEWED nor VERIFIED, or is none that is known. A skipped label may
 * lack annotations or have all of them, and a model's label looks like a
 * person's, so a data set says once what it made of them.
 */
#ifndef STATUS_TALLY_H
#define STATUS_TALLY_H

#include "record/record.h"
#include "record/status.h"

enum { STATUS_TALLY_KINDS = 6 };

/* Zeroed before the first record. */
struct status_tally {
	struct {
		uint64_t images, empty, left_out;
	} of[STATUS_TALLY_KINDS];
};

/* Counts a label of this status that became an image. */
void status_tally_image(struct status_tally *tally, enum label_status status,
			bool empty);
/* Counts one that was left out, as it has nothing labelled. */
void
status_tally_left_out(struct status_tally *tally, enum label_status status);
/* Whether a record's label has no annotation; it must be valid JSON. */
bool status_tally_is_empty(const struct record *record);
/* Says what became of those statuses that there were, a line each. */
void status_tally_say(const struct status_tally *tally);

#endif
