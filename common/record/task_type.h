/*
 * The task types of releases, and what each tells of a release's samples: a
 * closed list, in one place.
 */
#ifndef TASK_TYPE_H
#define TASK_TYPE_H

#include "record/record.h"

enum task_kind {
	TASK_UNKNOWN,
	TASK_IMAGE,         /* a sample is one image */
	TASK_VECTOR_FRAMES, /* a sequence of images, annotated with points */
	TASK_BITMAP_FRAMES, /* a sequence of images with label bitmaps */
	TASK_SENSORS,       /* several sequences, of cameras and others */
	TASK_NO_IMAGE,      /* point clouds or text */
};

/* What a task type's text tells. */
enum task_kind task_kind_of(struct slice type);
/* By what a sample and its label have, where the task type does not tell. */
enum task_kind task_kind_of_sample(const struct record *record);
/* Whether a sensor of this type takes images. */
bool task_is_camera(struct slice type);
/* The task type, as JSON, of a sequence's frames taken as single images. */
const char *task_type_of_frame(bool has_bitmap);

#endif
