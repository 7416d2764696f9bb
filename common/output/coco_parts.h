/* What the files of the coco module share. */
#ifndef COCO_PARTS_H
#define COCO_PARTS_H

#include "output/coco.h"
#include "output/sample_set.h"
#include "output/spool.h"
#include "output/status_tally.h"

/* A sequence as one sensor saw it. */
struct video {
	struct buf name;   /* the sequence's, as JSON */
	struct buf sensor; /* as JSON; empty where there is none */
	uint64_t images;
};

/* A category that an annotation uses in a new manner. */
struct category_use {
	size_t index; /* in the list */
	bool keypoint;
};

struct coco {
	const struct coco_options *options;
	struct image_names *names;
	struct categories categories;
	struct sample_set *samples;
	struct sample_set *image_ids; /* where they are the records' own */
	struct coco_counts counts;
	struct status_tally statuses;
	/*
	 * Annotations wait too, as what they say of categories is known in the
	 * end only; see coco_annotation.c.
	 */
	bool deferred;
	struct video *videos;
	size_t video_count;
	struct category_use *uses; /* by the record at hand */
	size_t use_count, use_room;
	struct buf release; /* for files without a record */
	struct buf list;    /* a record's annotations */
	struct buf text, failure;
};

struct coco_file {
	struct coco *coco;
	struct out *out;
	struct spool *images, *annotations;
	uint64_t image_count, annotation_count; /* in this file */
	bool begun; /* the head of the object is written */
};

/* The record at hand, as it is written. */
struct coco_record {
	const struct record *record;
	uint64_t image_id;
	size_t video; /* among the videos, or SIZE_MAX */
	uint64_t annotations, without_geometry;
	uint64_t untracked;
};

/* Sets why a record fails and returns -1. */
int coco_fail(struct coco *coco, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* True for what stands for a value: neither absent nor null. */
bool coco_given(struct slice value);
/* Copies a member of an object to another one where it has a value. */
void coco_copy_member(struct buf *to, const char *key, struct slice object,
		      const char *from);
/* The text of a member as JSON, or "". */
struct slice coco_find_text(struct slice object, const char *key);

/* Puts the record's image into coco->text: 0, or -1. */
int coco_put_image(struct coco *coco, const struct coco_record *at, bool first);
/* Gathers the record's annotations in coco->list: 0, or -1. */
int coco_put_annotations(struct coco *coco, struct slice list,
			 struct coco_record *at, bool first);
/* Writes annotations that waited, with what is known now: 0, or -1. */
int coco_write_deferred(struct coco_file *file);
/*
 * Notes that an annotation of the record at hand uses a category, as a point
 * by itself or not; coco_keep_uses makes it so once the record is written.
 */
void coco_use_category(struct coco *coco, const struct category *category,
		       bool keypoint);
void coco_keep_uses(struct coco *coco);
/* Appends the list of categories. */
void coco_put_categories(const struct coco *coco, struct buf *to);

/* The place of a record's sequence among the videos, or SIZE_MAX. */
size_t coco_find_video(struct coco *coco, const struct record *record);
/* Appends `videos`, where there are any. */
void coco_put_videos(const struct coco *coco, struct buf *to);

#endif
