/* What the files of the yolo module share. */
#ifndef YOLO_PARTS_H
#define YOLO_PARTS_H

#include "output/spool.h"
#include "output/status_tally.h"
#include "output/yolo.h"
#include "output/yolo_classes.h"

struct yolo {
	struct yolo_options options;
	struct yolo_classes classes;
	struct yolo_names *names;
	struct yolo_counts counts;
	struct status_tally statuses;
	uint64_t image_count; /* in all parts */
	bool binary;          /* masks have one class, 1, and 0 for the rest */
	/* Texts of the first release, as strings of JSON, or empty. */
	struct buf dataset, release, description, created_at;
	/* Of the record at hand. */
	const struct record *record;
	const struct yolo_parcel *parcel;
	enum yolo_part part;
	struct buf rows; /* see enum yolo_form */
	struct buf path, text, failure;
	struct spool *spool; /* of NDJSON: all but the first line */
};

/* What a part is called in paths, and in data.yaml. */
extern const char *const yolo_part_keys[YOLO_PARTS];
/* Its folder: as the split calls it. */
const char *
yolo_folder(const struct yolo_options *options, enum yolo_part part);
/* The part that a record belongs to. */
enum yolo_part
yolo_find_part(const struct yolo_options *options, const struct record *record);
/* The task by its name. */
extern const char *const yolo_task_names[];

/* Sets why the record fails and returns -1. */
int yolo_fail(struct yolo *yolo, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Put the record at hand: 0, or -1 with the failure set. */
int yolo_put_files(struct yolo *yolo);
int yolo_put_line(struct yolo *yolo);
/* What comes last. */
void yolo_put_yaml(struct yolo *yolo);
int yolo_put_stream(struct yolo *yolo);

#endif
