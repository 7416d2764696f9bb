/*
 * A record: one line, one JSON object, as seg-record(5) tells. This module is
 * the only place that knows the names of its members.
 */
#ifndef RECORD_H
#define RECORD_H

#include "base/buf.h"
#include "base/diag.h"
#include "record/edits.h"
#include "json/json.h"

/*
 * The names of members that programs add to a sample; one of its own that is
 * called so is left out of its records.
 */
enum { RECORD_OWN = 8 };
extern const struct slice record_own[RECORD_OWN];

/*
 * The text that records of a run end with, so that it is looked at once. Many
 * records of one thread may share it. A zeroed one is empty.
 */
struct record_memory {
	struct buf tail; /* from the comma before `release` on */
	struct buf head; /* what stands before it, closed */
};

void record_memory_release(struct record_memory *memory);

/*
 * The members that the programs look at, as raw JSON values inside `line`;
 * a slice whose p is NULL is absent. Borrowed from the line. A zeroed struct
 * is ready for record_parse; one struct serves line after line.
 */
struct record {
	struct slice line; /* the object, without LF */
	struct slice index;
	struct slice name;
	struct slice uuid;
	struct slice attributes;
	struct slice metadata;
	struct slice label;
	struct slice release;
	struct slice frame;
	struct slice left_out;
	struct slice error;
	struct place place; /* stream, line; sample is the decoded name */
	struct buf name_text;
	struct record_memory own; /* in use where none is shared */
	struct record_memory
		*shared; /* borrowed, or NULL; the caller's to set */
};

/*
 * Finds the members of a line (UTF-8, strings and nesting are checked over
 * all of it). place.stream and place.line are the caller's to set. 0, or -1
 * with *error set.
 */
int record_parse(struct record *record, struct slice line,
		 struct json_error *error);
/*
 * Whether a line is `like`, a record of another run, but for index and release,
 * and that is the release of the record that was parsed before it: then it need
 * not be parsed to be known. False tells nothing.
 */
bool record_is_like(const struct record *before, struct slice line,
		    const struct record *like);
void record_release(struct record *record);

/* A file that a record speaks of. */
enum asset_kind {
	ASSET_IMAGE, /* attributes.image */
	ASSET_LABEL, /* label.attributes.segmentation_bitmap */
};

/*
 * NULL, or what cannot be as it is and would pass for missing: a label, its
 * attributes, or those of the sample that are neither an object nor null;
 * annotations that stand in the label itself and not in its attributes.
 */
const char *record_misshapen(const struct record *record);

/*
 * The object that holds an asset's url and path, such as {"url":"..."};
 * false where the record has none (unlabelled, no such member, null).
 */
bool record_asset(const struct record *record, enum asset_kind kind,
		  struct slice *object);

/*
 * Walks the annotations of a record's label, in `annotations` and in those of
 * each of `frames`; the label must be valid JSON.
 */
struct annotations {
	struct json_iter list;
	struct json_iter frames;
};

struct annotations record_annotations(const struct record *record);
bool annotations_next(struct annotations *walk, struct slice *annotation);

/*
 * Sets a member of the record whose value is `old` so far (empty where it has
 * none): before the release, where that ends the record, as all writers do.
 */
void record_set(struct edits *edits, const struct record *record,
		const char *key, struct slice old, struct slice value);

/* Appends the record without its `error`, and LF: ready to be tried again. */
void record_put_retry(struct buf *to, const struct record *record);

/*
 * Appends the record with `error` set to {"program","message","url"?}, and LF;
 * the url is left out where it is empty. A line that is no record (its slice
 * is empty) gives a record that has only `error`.
 */
void record_put_error(struct buf *to, struct slice line, const char *message,
		      struct slice url);

/*
 * What is written is what the next program reads, at the same --max-record: a
 * record that would be longer than `most` bytes fails. Says so and appends,
 * with LF, one of its index and `error` alone.
 */
void record_put_too_long(struct buf *to, const struct place *place,
			 struct slice index, size_t most);

/* Appends the record that ends a stream whose input cannot be read on. */
void record_put_broken_off(struct buf *to);

#endif
