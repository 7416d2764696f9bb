/*
 * A YOLO data set, as ultralytics reads it, written as records come: a tree
 * of images, label files and data.yaml, or one stream of NDJSON with the images
 * by their URLs. Workers make the rows (yolo_pack), the writer puts them where
 * they belong.
 */
#ifndef YOLO_H
#define YOLO_H

#include "base/out.h"
#include "output/tree.h"
#include "output/yolo_keypoints.h"
#include "output/yolo_name.h"
#include "output/yolo_rows.h"
#include "record/split.h"
#include "store/asset.h"

/* The parts of a data set that ultralytics knows. */
enum yolo_part { YOLO_TRAIN, YOLO_VAL, YOLO_TEST, YOLO_PARTS };

struct yolo_options {
	enum yolo_task task;
	const struct split *split; /* NULL: all is for training */
	const char *by;            /* see split_place */
	enum image_naming naming;
	struct point_options points; /* of poses */
	struct yolo_keypoints keypoints;
	struct tree *tree;   /* or NULL for NDJSON */
	enum tree_link link; /* of the tree */
	struct out *out;     /* of NDJSON */
};

/* What a worker makes of a record for the writer. */
struct yolo_parcel {
	bool labelled;
	struct slice rows; /* see enum yolo_form; without tabs */
	uint64_t without[YOLO_WITHOUTS];
	uint64_t width, height; /* of a mask that was put; or 0 */
	uint64_t status;        /* of the label, see label_status_of */
	uint64_t empty;         /* 1 for a label without annotations */
};

/*
 * Appends a line, with its LF, of a parcel with a label, then the record
 * without it. Rows are long: they stand before the record, so that nobody need
 * read them as JSON.
 */
void yolo_pack(const struct yolo_parcel *parcel, const struct record *record,
	       struct buf *to);
/*
 * Takes the parcel off such a line, without LF, so that the record is left; a
 * record that a worker passed has no label. The rows are borrowed from it.
 */
void yolo_unpack(struct slice *line, struct yolo_parcel *parcel);
/*
 * Puts the mask of a record into the tree, for yolo_add to find: 0, or -1 with
 * *why appended to. Any thread, which has its own names.
 */
int
yolo_put_mask(const struct yolo_options *options, struct yolo_names *names,
	      const struct record *record, struct slice png, struct buf *why);
/* Likewise its image; *url is what could not be had, if anything. */
int yolo_put_image(const struct yolo_options *options, struct yolo_names *names,
		   struct asset_reader *assets, const struct record *record,
		   struct slice *url, struct buf *why);

struct yolo;

/* The part that a name of a split stands for, or YOLO_PARTS. */
enum yolo_part yolo_part_named(const char *name);

/* The options are copied, what they point to is borrowed. NULL: said. */
struct yolo *yolo_open(const struct yolo_options *options);

enum yolo_result {
	YOLO_WRITTEN,
	YOLO_UNLABELLED, /* left out, its image too */
	YOLO_FAILED,     /* it cannot be written: yolo_failure says why */
	YOLO_FATAL,      /* output cannot be written; the message was said */
};

/* Adds a record from yolo_unpack. */
enum yolo_result yolo_add(struct yolo *yolo, const struct record *record,
			  const struct yolo_parcel *parcel);
const char *yolo_failure(struct yolo *yolo);

/* What there is so far. */
struct yolo_counts {
	uint64_t images[YOLO_PARTS];
	uint64_t without[YOLO_WITHOUTS]; /* annotations without a row */
	struct split_key key;            /* options->by of the images */
};

const struct yolo_counts *yolo_counted(const struct yolo *yolo);
/* Says what became of labels that may be no truth. */
void yolo_say_statuses(const struct yolo *yolo);

/*
 * Says what readers will stumble on, writes what comes last (data.yaml into
 * the tree, or the stream) and frees: 0, or -1 with the message said. Takes
 * NULL.
 */
int yolo_close(struct yolo *yolo);

#endif
