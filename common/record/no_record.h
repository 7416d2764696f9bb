/*
 * Lines that are no records: whole files of other kinds given by mistake, and
 * JSON in another form. What they are, and the command to use.
 */
#ifndef NO_RECORD_H
#define NO_RECORD_H

#include "base/buf.h"
#include "record/record.h"
#include "json/json.h"

/*
 * True where a line that was parsed is a record: it has `release`, `index` or
 * `error`.
 */
bool record_is_one(const struct record *record);
/* Warns of a record without `release`. */
void no_release_warn(const struct record *record);
/*
 * Appends what a JSON object is that is no record: a release, a COCO file, ...
 * `stream` is its file's name.
 */
void no_record_tell(struct slice object, const char *stream, struct buf *to);
/*
 * Likewise for a line that is no JSON object. False where it may be a record
 * that was spoiled, so that the next line may be one.
 */
bool no_object_tell(struct slice line, const struct place *place,
		    const struct json_error *error, struct buf *to);
/*
 * Likewise for the first bytes of a file that should be a release: records, a
 * manifest. False where it may be one.
 */
bool no_release_tell(struct slice head, const char *stream, struct buf *to);

/* Likewise of a file that should be COCO's: records, a release. */
bool no_coco_tell(struct slice head, const char *stream, struct buf *to);

/*
 * By the first bytes of a file: "a release", "a stream of records", or NULL
 * where it is neither.
 */
const char *head_source(struct slice head);

#endif
