/*
 * A YOLO data set, as ultralytics reads it, written as records come: a tree
 * of images, label files and data.yaml, or one stream of NDJSON with the images
 * by their URLs. Workers make the rows (yolo_pack), the writer puts them where
 * they belong.
 */
#ifndef YOLO_H
#define YOLO_H

#include "base/out.h"
#include "output/image_name.h"
#include "output/tree.h"
#include "output/yolo_rows.h"
#include "record/split.h"
#include "store/asset.h"

/*
 * Appends a record, with its LF, in which the rows take the place of the
 * label: what a worker hands to the writer. Result and failure are those of
 * yolo_rows_put.
 */
int
yolo_pack(struct yolo_rows *rows, const struct record *record, struct buf *to);

/* The parts of a data set that ultralytics knows. */
enum yolo_part { YOLO_TRAIN, YOLO_VAL, YOLO_TEST, YOLO_PARTS };

struct yolo_options {
	enum yolo_task task;
	const struct split *split; /* NULL: all is for training */
	const char *by;            /* see split_place */
	struct image_names *names;
	bool by_uuid;                /* images without a URL, too */
	struct tree *tree;           /* or NULL for NDJSON */
	enum tree_link link;         /* of the tree */
	struct asset_reader *assets; /* where the tree's images come from */
	struct out *out;             /* of NDJSON */
};

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

/* Adds a record from yolo_pack. */
enum yolo_result yolo_add(struct yolo *yolo, const struct record *record);
const char *yolo_failure(struct yolo *yolo);

/* What there is so far. */
struct yolo_counts {
	uint64_t images[YOLO_PARTS];
	uint64_t without[YOLO_WITHOUTS]; /* annotations without a row */
	uint64_t without_key;            /* images that lack options->by */
};

const struct yolo_counts *yolo_counted(const struct yolo *yolo);

/*
 * Says what readers will stumble on, writes what comes last (data.yaml into
 * the tree, or the stream) and frees: 0, or -1 with the message said. Takes
 * NULL.
 */
int yolo_close(struct yolo *yolo);

#endif
