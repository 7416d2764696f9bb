/* What the files of the frames module share. */
#ifndef FRAMES_PARTS_H
#define FRAMES_PARTS_H

#include "record/edits.h"
#include "record/frames.h"
#include "record/task_type.h"
#include "json/json.h"

/* An object whose members go into another, but for one. */
struct members_layer {
	struct slice object; /* what is no object has no members */
	const char *without;
};

/*
 * Appends an object with the members of all layers; of those with the same key
 * the one in the last layer. That called `instead`, if it is not NULL, gets
 * `value`.
 */
void layers_put(struct buf *to, const struct members_layer *layers, size_t n,
		const char *instead, struct slice value);

/* A link of a sequence's label, on its way through the frames. */
struct link {
	struct slice object;
	struct json_iter frames; /* behind the frame at hand */
	struct slice here;       /* what it has for that one */
	int64_t from, to;
};

/* The links of a label; zeroed is none. */
struct links {
	struct link *list;
	size_t count, room;
	int64_t *ids; /* of the frame's annotations, ascending */
	size_t id_count, id_room;
};

/* Takes a label's list of them, before the first frame. */
void links_begin(struct links *links, struct slice list);
/* Goes on to the next frame. */
void links_step(struct links *links);
/*
 * Appends the list of those that hold between annotations of the frame at
 * hand, with what they have for it among their attributes.
 */
void links_put(struct links *links, struct slice annotations, struct buf *to);
void links_release(struct links *links);

/* One camera's frames: a sequence, or a sensor of one. */
struct camera {
	struct slice name;       /* of a sensor, raw; empty for a sequence */
	struct slice attributes; /* of the sample */
	struct slice label;      /* likewise of the label, or empty */
	struct json_iter frames, labels;
	bool linked;   /* its label has links */
	bool bitmaps;  /* its labels' pixels are in bitmaps */
	bool numbered; /* its frames have no names of their own to go by */
};

/* A frame of it. */
struct frame {
	size_t index;
	struct slice attributes; /* of the sample's */
	struct slice label;      /* of the label's, or empty */
	struct slice name, timestamp;
};

struct frames {
	const struct frames_options *options;
	struct frames_counts counts;
	const struct record *record;
	struct slice label; /* the label's attributes, empty without */
	bool skipped;       /* there is a label with nothing in it */
	enum task_kind kind;
	struct json_iter sensors;
	struct camera camera;
	struct frame frame;
	struct links links;
	/* The release of the last record, its kind, and what frames get. */
	struct buf release, framed[2];
	enum task_kind release_kind;
	bool typed;
	/* What all frames of the camera have of sample and label. */
	struct buf shared, shared_label;
	/* Room for what is being put together. */
	struct edits edits;
	struct buf value, text, failure;
	uint64_t *digests;
	size_t digest_room;
};

/* Reads the text of a string among an object's members, or nothing. */
struct slice
frames_text_of(struct frames *frames, struct slice object, const char *key);
/* Whether it is, as JSON, a text to go by. */
bool frames_is_named(struct slice name);
/* The name of a frame: its own, or its number. */
void frames_put_name(struct buf *to, struct slice own, size_t index);
/*
 * True when two of the first `count` frames in the list would have one name,
 * be it that of one file where capitals count for nothing.
 */
bool frames_names_meet(struct frames *frames, struct slice list, size_t count);

/* Says which sensors of a label are none of the sample's, whose list it gets.
 */
void frames_compare_sensors(struct frames *frames, struct slice list);
/* Sets out on a camera whose attributes are known; false without frames. */
bool frames_begin_camera(struct frames *frames);
/* Goes on to the next camera that is wanted, or false. */
bool frames_next_camera(struct frames *frames);
/* Goes on to the camera's next frame, or false. */
bool frames_next_frame(struct frames *frames);

/* Appends the record of the frame at hand, with its LF. */
void frames_put(struct frames *frames, struct buf *to);

#endif
