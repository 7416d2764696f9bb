/*
 * COCO's run-length encodings back into vertical runs (see rle.h): the forms
 * {"size":[h,w],"counts":"..."} and {"size":[h,w],"counts":[...]}.
 */
#ifndef RLE_READ_H
#define RLE_READ_H

#include "base/buf.h"
#include "image/instance.h"

/* Runs that are appended to; a zeroed one is empty. */
struct run_list {
	struct run *list;
	size_t count, room;
};

void run_list_add(struct run_list *runs, struct run run);
void run_list_release(struct run_list *runs);

/* The bitmap that an encoding is for; false where it does not tell. */
bool rle_read_size(struct slice rle, uint32_t *width, uint32_t *height);

/*
 * Appends the runs of an encoding, valid JSON, with this id. NULL, or what is
 * wrong (static): it is not for a bitmap of width x height pixels, its counts
 * do not add up to that, or are none.
 */
const char *rle_read(struct slice rle, uint32_t width, uint32_t height,
		     uint32_t id, struct run_list *runs);

#endif
