/*
 * COCO instance files, written as records come: annotations stream to the
 * output, the list of images waits in a file without a name, and images and
 * categories close the object. Several files may be the parts of one data set:
 * they share ids and categories. Memory grows with the categories, with
 * sequences and their sensors, and by the samples as sample_set.h and
 * image_name.h tell.
 */
#ifndef COCO_H
#define COCO_H

#include "base/out.h"
#include "output/categories.h"
#include "output/image_name.h"
#include "output/point_groups.h"
#include "record/record.h"

struct coco_options {
	enum category_ids category_ids;
	bool used_categories; /* list only those of annotations */
	bool keep_duplicates; /* write a sample as often as it comes */
	bool index_ids;       /* images have their records' index as id */
	bool box_polygons;    /* boxes have their corners as segmentation */
	bool image_extra;     /* images have metadata and image_attributes */
	enum image_naming file_name;
	bool panoptic;     /* see coco_add_segments */
	const char *stuff; /* see panoptic_open */
	bool below; /* file names are relative and lead below a directory */
	struct point_options points;
};

/* A data set, and a file of it. */
struct coco;
struct coco_file;

/* What has been written, and what was left out, in all files. */
struct coco_counts {
	uint64_t images, annotations;
	uint64_t without_geometry; /* annotations left out */
	uint64_t uncategorized;    /* annotations of no category, likewise */
	uint64_t duplicates;       /* samples that came again */
	uint64_t untracked;        /* annotations whose track is no number */
	uint64_t single_points;    /* that belong to no object */
	uint64_t points_again;     /* points whose object has one of the kind */
};

/* The options and the names are borrowed. */
struct coco *
coco_open(const struct coco_options *options, struct image_names *names);
void coco_close(struct coco *coco);
/*
 * Takes in what records carry as `release`: its categories are written even
 * if no record comes. NULL, or why it cannot be taken; borrowed.
 */
const char *coco_take_release(struct coco *coco, struct slice release);

/* The output is borrowed. NULL with the message said. */
struct coco_file *coco_file_open(struct coco *coco, struct out *out);
/*
 * Lets `place` put the image of each record, called so in the file, before it
 * is written: 0, or -1 with *why appended to, then the record fails.
 */
void coco_file_place(struct coco_file *file,
		     int (*place)(void *context, const struct record *record,
				  struct slice name, struct buf *why),
		     void *context);
/*
 * Writes the rest of the object and frees, after the last record of all files:
 * 0, or -1 with the message said.
 */
int coco_file_close(struct coco_file *file);

/* What became of a record. */
enum coco_result {
	COCO_WRITTEN,
	COCO_UNLABELLED, /* nothing was labelled: left out */
	COCO_FAILED,     /* it cannot be written: coco_failure says why */
	COCO_FATAL,      /* output cannot be written; the message was said */
};

/*
 * Adds a record that has its geometry; its label and attributes are whole
 * JSON, as label_decode and label_decoded have made sure.
 */
enum coco_result coco_add(struct coco_file *file, const struct record *record);
/* Appends the name of the PNG of an image that is called so. */
void coco_put_png_name(struct buf *to, struct slice image);
/*
 * Adds a record of a panoptic file: `facts` as panoptic_draw gives them. The
 * PNG is called as the image, but for its extension.
 */
enum coco_result
coco_add_segments(struct coco_file *file, const struct record *record,
		  struct slice facts);
const char *coco_failure(struct coco *coco);
const struct coco_counts *coco_count(const struct coco *coco);
/* Says, when all records have come, which keypoints were not seen. */
void coco_say_keypoints(struct coco *coco);
/* Says what became of labels that may be no truth. */
void coco_say_statuses(const struct coco *coco);

#endif
