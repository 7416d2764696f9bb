/* The statuses that a label can have: a closed list, in one place. */
#ifndef STATUS_H
#define STATUS_H

#include "base/buf.h"

/*
 * From the most to the least settled. The service tells the last of samples
 * that have no label; it stands in no release.
 */
enum label_status {
	LABEL_REVIEWED,
	LABEL_VERIFIED,
	LABEL_REVIEWING_IN_PROGRESS,
	LABEL_LABELED,
	LABEL_LABELING_IN_PROGRESS,
	LABEL_PRELABELED, /* by a model */
	LABEL_SKIPPED,
	LABEL_REJECTED,
	LABEL_UNLABELED,
	LABEL_STATUSES, /* as a status: none that is known */
	LABEL_WITHOUT,  /* the label tells none at all */
};

/* Their names, spelt as releases spell them; NULL behind the last. */
extern const char *const label_status_names[LABEL_STATUSES + 1];

/* The status of that name, in any case; LABEL_STATUSES for no status. */
enum label_status label_status_find(struct slice name);
/*
 * That of a label, as JSON; LABEL_UNLABELED where there is no label,
 * LABEL_WITHOUT for one without a status.
 */
enum label_status label_status_of(struct slice label);
/*
 * The same as text in capitals, which may be of no status that is known, or
 * empty where a label has none. It is put into `text`.
 */
struct slice label_status_text(struct slice label, struct buf *text);

#endif
