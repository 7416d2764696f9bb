/* What the files of the frames module share. */
#ifndef FRAMES_PARTS_H
#define FRAMES_PARTS_H

#include "record/edits.h"
#include "record/frames.h"
#include "json/json.h"

/* An object whose members go into another, but for one. */
struct layer {
	struct slice object; /* what is no object has no members */
	const char *without;
};

/*
 * Appends an object with the members of all layers; of those with the same key
 * the one in the last layer. That called `instead`, if it is not NULL, gets
 * `value`.
 */
void layers_put(struct buf *to, const struct layer *layers, size_t n,
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

#endif
