/*
 * A finished COCO file, or a list of results, read for evaluation: its numbers,
 * and its segmentations as the text that stands in the file.
 */
#ifndef COCO_INPUT_H
#define COCO_INPUT_H

#include "base/arena.h"

struct coco_image {
	int64_t id;
	uint32_t width, height; /* 0 where the file does not tell */
	struct slice name;      /* of its file */
};

struct coco_category {
	int64_t id;
	struct slice name;
	size_t keypoints; /* names of them */
	bool stuff;       /* isthing is 0 */
};

struct coco_annotation {
	int64_t id, image, category;
	double area, score;
	double box[4];                        /* x, y, w, h */
	struct slice segmentation, keypoints; /* raw JSON; n 0: absent */
	int64_t num_keypoints;
	bool crowd, ignore, has_box, has_area, has_score, has_id, has_category;
};

struct coco_input {
	struct coco_image *images;
	size_t image_count;
	struct coco_category *categories;
	size_t category_count;
	struct coco_annotation **blocks; /* of COCO_BLOCK annotations */
	size_t block_count, annotation_count;
	struct arena names, text; /* of categories; of all else */
	struct buf decoded;       /* a string at hand */
	bool is_list;             /* of results: annotations alone */
	bool own_areas; /* those of results are not to be guessed anew */
};

enum { COCO_BLOCK = 256 };

/* The i-th one, as they stand in the file. */
static inline struct coco_annotation *
coco_input_annotation(const struct coco_input *file, size_t i)
{
	return &file->blocks[i / COCO_BLOCK][i % COCO_BLOCK];
}

/*
 * Reads a file ("-": stdin) with so many threads: NULL with the message said
 * where it cannot be read, or is neither an object with `annotations` nor a
 * list of them. The caller closes it.
 */
struct coco_input *coco_input_read(const char *path, unsigned jobs);
/* Takes NULL. */
void coco_input_close(struct coco_input *file);

/*
 * For a file that is made from other things. An image's name is borrowed. The
 * others take a valid JSON object as a COCO file has it: NULL, or what it
 * lacks. An annotation of a known image needs no image_id, and no category_id
 * either: it is of none then.
 */
void
coco_input_put_image(struct coco_input *file, const struct coco_image *image);
const char *
coco_input_add_category(struct coco_input *file, struct slice object);
const char *
coco_input_add_annotation(struct coco_input *file, struct slice object,
			  const int64_t *image);
/*
 * Likewise, to somewhere else; *annotation is set unless it lacks something,
 * and what it needs of the object is kept in `text`. Any thread, if no other
 * has the same `text`.
 */
const char *
coco_annotation_read(struct coco_annotation *annotation, struct slice object,
		     const int64_t *image, struct arena *text);
/* Forgets images, annotations and what their texts were; categories stay. */
void coco_input_reset(struct coco_input *file);

/*
 * How many annotations have the id of another one, and one such id, if any.
 */
size_t coco_input_repeated(const struct coco_input *file, int64_t *id);

#endif
