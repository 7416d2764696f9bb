/*
 * The record of a sequence taken apart: a record for each of its frames, in
 * the shape that a single image's has, so that all that reads those reads
 * sequences too. seg-record(5) and seg-frames(1) tell what becomes of each
 * member; what is not changed keeps its bytes. One frame is made at a time.
 */
#ifndef FRAMES_H
#define FRAMES_H

#include "base/buf.h"
#include "record/record.h"

/* Which frames are wanted; borrowed. */
struct frames_options {
	/* Of samples with sensors, only those with such a name; or none. */
	const char *const *sensors;
	size_t sensor_count;
	bool *sensor_met; /* for each of them: some record had it */
	bool keyframes;   /* only frames with an annotation that is one */
};

/* What came up so far. */
struct frames_counts {
	uint64_t sequences;  /* taken apart; each camera is one */
	uint64_t frames;     /* made */
	uint64_t unlabelled; /* of a labelled sequence, without label */
	uint64_t no_cameras; /* sensors left out, such as lidars */
};

struct frames;

struct frames *frames_open(const struct frames_options *options);
void frames_close(struct frames *frames);

/* What a record is. */
enum frames_found {
	FRAMES_SINGLE,   /* one image, or a frame made of a sequence before */
	FRAMES_NO_IMAGE, /* point clouds or text */
	FRAMES_SEQUENCE, /* frames_next gives its frames */
	FRAMES_BROKEN,   /* frames_failure says why */
};

/* Looks at a record, which must last until its last frame is made. */
enum frames_found
frames_begin(struct frames *frames, const struct record *record);
const char *frames_failure(struct frames *frames);
/*
 * Appends the next frame's record, with its LF. False when all are made.
 * What is odd is said for the record's place.
 */
bool frames_next(struct frames *frames, struct buf *to);

const struct frames_counts *frames_counted(const struct frames *frames);

#endif
