/*
 * What has changed between two records of one sample, or two releases'
 * categories: as a line of JSON, and as sums.
 *
 * What programs add on the way (paths, sizes, geometry, errors), the order of
 * members, and signatures in URLs are no changes.
 */
#ifndef DIFF_H
#define DIFF_H

#include "label/shapes.h"
#include "record/record.h"
#include "report/tally.h"

/* Kinds of changes; a set of them has bit 1 << kind. */
enum diff_kind {
	DIFF_ADDED,
	DIFF_REMOVED,
	DIFF_LABEL,    /* annotations, pixels, all that is drawn */
	DIFF_STATUS,   /* label_status */
	DIFF_IMAGE,    /* attributes */
	DIFF_METADATA, /* the sample's other members; who labelled, and when */
	DIFF_KINDS
};

extern const char *const diff_kind_names[DIFF_KINDS + 1]; /* ends with NULL */

/* What changes add up to. */
enum diff_table {
	DIFF_CHANGES,    /* key: kind; samples */
	DIFF_STATUSES,   /* from, to; samples */
	DIFF_CATEGORIES, /* key: category; added, removed, changed objects */
	DIFF_PEOPLE,     /* key: who updated or created the label; samples */
	DIFF_TABLES
};

extern const struct tally_table diff_tables[];

struct differ;

/*
 * Readers of pixels, of the old and of the new side, which become its own; or
 * NULL: then bitmaps of other URLs are taken for other pixels, unseen.
 */
struct differ *
differ_open(struct shape_reader *before, struct shape_reader *after);
void differ_close(struct differ *differ);

/*
 * Compares a sample's records. Returns the kinds of its changes and, unless it
 * is 0, appends the line that tells of them, with LF; or -1 where it cannot be
 * done: the message has been said.
 */
int differ_compare(struct differ *differ, const struct record *before,
		   const struct record *after, struct buf *to);
/* The same of a sample that one side does not have. */
int differ_alone(struct differ *differ, enum diff_kind kind,
		 const struct record *record, struct buf *to);
/* True where the last one's pixels could not be compared. */
bool differ_failed(const struct differ *differ);
/* Counts the change just told of. */
void differ_count(struct differ *differ, struct tally *tally);

/* Appends the line about categories that have changed, or nothing. */
void
diff_put_categories(struct buf *to, struct slice before, struct slice after);

/*
 * Appends what changes add up to, in Markdown. `samples` has the numbers of the
 * old side, of the new one, and of those that stayed as they were; the releases
 * may be empty.
 */
void
diff_put_summary(struct buf *to, const struct tally *tally, struct slice before,
		 struct slice after, const uint64_t samples[3]);

#endif
