/*
 * What the file of a record is called: its path below DIR. It follows from the
 * record alone, whatever other records there are and whatever lies in DIR, so
 * that every part of a data set, every run and every program agree.
 */
#ifndef FILE_NAME_H
#define FILE_NAME_H

#include "store/remote.h"

/* What a sample's files are called by. */
enum file_naming {
	FILE_BY_NAME, /* the sample's name */
	FILE_BY_UUID, /* its uuid; of a frame, and its sensor and number */
};

/*
 * Appends the path below DIR: "images/..." or "labels/...". False where the
 * record lacks what it is to be called by.
 */
bool file_name_put(const struct remote *remote, enum file_naming naming,
		   struct buf *path);

#endif
