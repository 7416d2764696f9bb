/* What the judges of finished files share. */
#ifndef CHECK_FILES_PARTS_H
#define CHECK_FILES_PARTS_H

#include "output/hash_set.h"
#include "report/check_files.h"
#include "report/check_parts.h"
#include "report/coco_walk.h"

/* What is at hand, for findings; raw JSON, empty where unknown. */
struct file_judge {
	struct check_sink *sink;
	struct check_options options; /* the sink's, for these readers */
	struct check_subject subject;
	struct slice annotation, category;
	const double *box, *at;           /* or NULL */
	bool mild;                        /* what is put next is a warning */
	struct buf file, element, number; /* of the subject */
};

/* `read_by` are the readers of such files. */
void file_judge_init(struct file_judge *judge, struct check_sink *sink,
		     unsigned read_by);
void file_judge_release(struct file_judge *judge);
/* Begins a file: nothing of it is at hand. */
void file_judge_begin(struct file_judge *judge, const char *file);
/* Begins element n of a list. */
void file_judge_element(struct file_judge *judge, const char *list, uint64_t n);
/* Begins a line, from 1. */
void file_judge_line(struct file_judge *judge, uint64_t line);
/* Nothing is at hand but the file; what was found is taken. */
void file_judge_end(struct file_judge *judge);

void
file_judge_put(struct file_judge *judge, enum check_rule rule,
	       const char *format, ...) __attribute__((format(printf, 3, 4)));
/* With what is held against the rule's limit. */
void file_judge_put_value(struct file_judge *judge, enum check_rule rule,
			  double value, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The limit of a rule. */
double file_judge_limit(const struct file_judge *judge, enum check_rule rule);

/* Files of images, looked at one after the other. */
struct image_files;

/* Of a directory: NULL with the message said where it cannot be opened. */
struct image_files *image_files_open(const char *dir);
/* Takes NULL. */
void image_files_close(struct image_files *files);

/* What was learnt of a file. */
struct image_facts {
	uint32_t width, height; /* 0: unknown */
	uint64_t digest;        /* of all bytes; 0: it could not be read */
};

/*
 * Judges the file at `path`, as it is spelt in the data set: is it there, an
 * image, whole, and of this size (0: any)?
 */
struct image_facts
image_files_judge(struct image_files *files, struct file_judge *judge,
		  struct slice path, uint32_t width, uint32_t height);
/* The bytes of the file judged last, where its digest is not 0. */
struct slice image_files_bytes(const struct image_files *files);
/* True where a path stays in its directory, wherever it is unpacked. */
bool path_is_safe(struct slice path);

/* An image as a COCO file lists it. */
struct known_image {
	int64_t id;
	size_t name;            /* where it is in `names`, raw */
	uint32_t name_size;     /* bytes of it */
	uint32_t width, height; /* 0: not told */
	uint32_t place;         /* in the list */
	uint32_t annotations;   /* of it, so far */
};

struct known_category {
	int64_t id;
	size_t place; /* in the list */
	uint64_t annotations;
	struct buf name, parent; /* raw; or empty */
	size_t keypoints;
	bool stuff;
};

/* The images and categories of a COCO file. */
struct known_lists {
	struct file_judge *judge;
	struct image_files *files; /* or NULL */
	bool panoptic;
	bool is_list; /* of results: neither images nor categories */
	bool begun[COCO_LISTS], info;
	/* Sees the annotations, on the second walk. */
	const char *(*take)(void *context, size_t n, struct slice value);
	void *context;
	bool second;
	struct known_image *images; /* by id, once all are known */
	size_t image_count, image_room;
	struct known_category *categories; /* likewise */
	size_t category_count, category_room;
	struct buf names, text;
	struct hash_set same, alike; /* names of images */
	struct hash_set category_names;
};

/*
 * Walks through a file: its images and categories, which are judged, and once
 * all are known its annotations, which stand before them in many files. 0, or
 * -1 with the message said.
 */
int known_lists_walk(struct known_lists *lists, struct source *source);
void known_lists_release(struct known_lists *lists);
/* NULL where there is none. */
struct known_image *
known_lists_image(const struct known_lists *lists, int64_t id);
struct known_category *
known_lists_category(const struct known_lists *lists, int64_t id);
/* Makes an image that at hand; NULL: none is. */
void known_lists_show(const struct known_lists *lists,
		      const struct known_image *image);
/* Which parts of the file are missing. */
void known_lists_judge_root(const struct known_lists *lists);
/* What of the categories only shows in the end. */
void known_lists_judge_use(const struct known_lists *lists);

/* A string decoded into `text`; empty where it is none. */
struct slice text_member(struct slice value, struct buf *text);

#endif
