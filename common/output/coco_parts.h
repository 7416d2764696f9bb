/* What the files of the coco module share. */
#ifndef COCO_PARTS_H
#define COCO_PARTS_H

#include "output/annotation_members.h"
#include "output/coco.h"
#include "output/hash_set.h"
#include "output/image_set.h"
#include "output/sample_set.h"
#include "output/spool.h"
#include "output/status_tally.h"

/* A sequence as one sensor saw it. */
struct video {
	struct buf name;   /* the sequence's, as JSON */
	struct buf sensor; /* as JSON; empty where there is none */
	uint64_t images;
};

/* What a record tells of categories by how it uses them. */
enum category_use_kind {
	USE_SHAPE,  /* an annotation that is no point */
	USE_POINT,  /* a point by itself */
	USE_MEMBER, /* `other` is a point of an object of it */
	USE_LINK,   /* a point of it is linked to one of `other` */
};

struct category_use {
	enum category_use_kind kind;
	size_t index, other; /* in the list of categories */
};

/* A keypoint of an object: a category's place, or SIZE_MAX, and its name. */
struct keypoint {
	size_t index;
	struct slice name;
};

/* The keypoints of objects of one category, once all records have come. */
struct keypoint_list {
	struct keypoint *of;
	size_t count;
};

struct coco {
	const struct coco_options *options;
	struct image_names *names;
	struct categories categories;
	struct sample_set *samples;
	struct image_set *image_names;
	struct hash_set image_ids; /* where they are the records' own */
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
	/* Of each two categories a and b: bits by kind of use, at a * side + b.
	 */
	unsigned char *pairs;
	size_t side;
	struct keypoint_list *keypoints; /* of each category */
	/* Where points are grouped: the record's annotations, */
	struct point_groups groups;
	struct slice (*found)[MEMBERS]; /* and what each has */
	size_t found_room;
	struct buf release; /* for files without a record */
	struct buf name;    /* of the record's image */
	struct buf list;    /* a record's annotations */
	struct buf text, failure;
};

struct coco_file {
	struct coco *coco;
	struct out *out;
	struct spool *images, *annotations;
	uint64_t image_count, annotation_count; /* in this file */
	bool begun; /* the head of the object is written */
	int (*place)(void *context, const struct record *record,
		     struct slice name, struct buf *why);
	void *place_context;
};

/* The record at hand, as it is written. */
struct coco_record {
	const struct record *record;
	struct slice facts; /* of a panoptic label; empty: of none */
	bool again;         /* the sample is written already */
	uint64_t image_id;
	size_t video;    /* among the videos, or SIZE_MAX */
	uint64_t number; /* of the annotation, from 1 */
	uint64_t annotations, without_geometry, uncategorized;
	uint64_t untracked, points_again, single_points;
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

/*
 * Puts the record's image into coco->text, and its name into coco->name: 0, or
 * -1.
 */
int coco_put_image(struct coco *coco, const struct coco_record *at, bool first);
/* Gathers the record's annotations in coco->list. */
void coco_put_annotations(struct coco *coco, struct slice list,
			  struct coco_record *at, bool first);
/* Puts what a panoptic label has into coco->list: 0, or -1. */
int coco_put_segments(struct coco *coco, struct coco_record *at, bool first);
/* Puts isthing and color of a category. */
void coco_put_thing(const struct coco *coco, size_t category, struct buf *to);
/*
 * The same with points gathered by their object. What an object's keypoints
 * are is known in the end: until then coco_put_points stands there.
 */
void coco_put_groups(struct coco *coco, struct slice list,
		     struct coco_record *at, bool first);
/*
 * The place of the next annotation's category in the list; SIZE_MAX: it has
 * none and is left out, which was said and counted.
 */
size_t coco_find_category(struct coco *coco, struct coco_record *at,
			  const struct slice *found);
/* Puts the id of a category, or a mark for it, into coco->list. */
void coco_put_category_id(struct coco *coco, size_t category);
/* Begins an annotation in coco->list, as far as its category. */
void coco_begin_annotation(struct coco *coco, size_t category,
			   const struct coco_record *at, bool first);
/* Puts what it is in pixels, without keypoints, and what else is known. */
void coco_put_geometry(struct coco *coco, const struct slice *found);
void coco_put_facts(struct coco *coco, const struct slice *found,
		    struct coco_record *at);
/* True where it has all that a box needs. */
bool coco_has_geometry(const struct slice *found);
/* Finds what keypoints objects of each category have. */
void coco_settle_keypoints(struct coco *coco);
/*
 * Puts keypoints and num_keypoints of an object of a category, out of its
 * points as coco_put_groups left them: "INDEX,X,Y,V;" each.
 */
void coco_put_keypoints(const struct coco *coco, size_t category,
			const char *points, struct buf *to);
/* Puts keypoints and skeleton of a category. */
void coco_put_keypoint_names(const struct coco *coco, size_t category,
			     struct buf *to);

/* Marks in annotations that wait; see coco_annotation.c. */
enum {
	MARK = 0x01,
	MARK_CATEGORY = 'c',
	MARK_KEYPOINTS = 'k',
	MARK_END = 0x02
};
/* Writes annotations that waited, with what is known now: 0, or -1. */
int coco_write_deferred(struct coco_file *file);
/*
 * Notes how the record at hand uses a category; coco_keep_uses makes it known
 * once the record is written.
 */
void coco_use_category(struct coco *coco, enum category_use_kind kind,
		       size_t index, size_t other);
void coco_keep_uses(struct coco *coco);
/* True where two categories have been used so. */
bool coco_used_pair(const struct coco *coco, enum category_use_kind kind,
		    size_t index, size_t other);
/* Appends the list of categories. */
void coco_put_categories(const struct coco *coco, struct buf *to);

/* The place of a record's sequence among the videos, or SIZE_MAX. */
size_t coco_find_video(struct coco *coco, const struct record *record);
/* Appends `videos`, where there are any. */
void coco_put_videos(const struct coco *coco, struct buf *to);

#endif
