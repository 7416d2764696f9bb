/* Finished COCO files of instances or keypoints, and lists of results. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "report/check_shape.h"
#include "report/fingerprint.h"
#include "json/lookup.h"

enum {
	ID,
	IMAGE_ID,
	CATEGORY_ID,
	BBOX,
	SEGMENTATION,
	KEYPOINTS,
	NUM_KEYPOINTS,
	ISCROWD,
	POINTS,
	SEGMENTS,
	CAPTION,
	MEMBERS
};

static const struct slice keys[MEMBERS] = {
	[ID] = {"id", 2},
	[IMAGE_ID] = {"image_id", 8},
	[CATEGORY_ID] = {"category_id", 11},
	[BBOX] = {"bbox", 4},
	[SEGMENTATION] = {"segmentation", 12},
	[KEYPOINTS] = {"keypoints", 9},
	[NUM_KEYPOINTS] = {"num_keypoints", 13},
	[ISCROWD] = {"iscrowd", 7},
	[POINTS] = {"points", 6},
	[SEGMENTS] = {"segments_info", 13},
	[CAPTION] = {"caption", 7},
};

struct coco_judge {
	struct file_judge file;
	struct known_lists lists;
	struct shape_judge *shapes;
	bool segments; /* it is a panoptic file */
	uint64_t annotations, crowds, compressed;
	struct hash_set ids, objects;
};

static void
judge_id(struct coco_judge *judge, struct slice value)
{
	int64_t id;

	if (judge->lists.is_list)
		return;
	if (!json_int(value, &id)) {
		file_judge_put(&judge->file, RULE_MEMBER_MISSING,
			       "no integer id");
		return;
	}
	if (id < 1) {
		file_judge_put(&judge->file, RULE_ID_ZERO, "its id is %lld",
			       (long long)id);
		return;
	}
	if (hash_set_has(&judge->ids, (uint64_t)id))
		file_judge_put(&judge->file, RULE_ID_DUPLICATE,
			       "another annotation has the id %lld",
			       (long long)id);
	hash_set_add(&judge->ids, (uint64_t)id);
}

/* The image that it is of; NULL where that is not known. */
static const struct known_image *
judge_image_id(struct coco_judge *judge, struct slice value)
{
	struct known_image *image;
	int64_t id;

	judge->file.subject.image_id = value;
	if (!json_int(value, &id)) {
		file_judge_put(&judge->file, RULE_MEMBER_MISSING,
			       "no integer image_id");
		return NULL;
	}
	image = known_lists_image(&judge->lists, id);
	if (!image && !judge->lists.is_list)
		file_judge_put(&judge->file, RULE_IMAGE_UNKNOWN,
			       "no image has the id %lld", (long long)id);
	known_lists_show(&judge->lists, image);
	if (image)
		image->annotations++;
	return image;
}

static const struct known_category *
judge_category_id(struct coco_judge *judge, struct slice value)
{
	struct known_category *category;
	int64_t id;

	if (!json_int(value, &id)) {
		file_judge_put(&judge->file, RULE_MEMBER_MISSING,
			       "no integer category_id");
		return NULL;
	}
	category = known_lists_category(&judge->lists, id);
	if (category) {
		category->annotations++;
		judge->file.category = buf_view(&category->name);
	} else if (!judge->lists.is_list) {
		file_judge_put(&judge->file, RULE_CATEGORY_UNKNOWN,
			       "no category has the id %lld", (long long)id);
	}
	return category;
}

/* One annotation twice is one object labelled twice. */
static void
judge_twin(struct coco_judge *judge, const struct slice *values)
{
	uint64_t hash = 7;

	if (!values[BBOX].n && !values[SEGMENTATION].n && !values[KEYPOINTS].n)
		return;
	hash = fingerprint_bytes(hash, values[IMAGE_ID]);
	hash = fingerprint_bytes(hash, values[CATEGORY_ID]);
	hash = fingerprint_bytes(hash, values[BBOX]);
	hash = fingerprint_bytes(hash, values[SEGMENTATION]);
	hash = fingerprint_bytes(hash, values[KEYPOINTS]);
	if (hash_set_has(&judge->objects, hash))
		file_judge_put(&judge->file, RULE_DUPLICATE_OBJECT,
			       "an annotation of the image before is the same");
	hash_set_add(&judge->objects, hash);
}

static void
judge_crowd(struct coco_judge *judge, const struct coco_annotation *annotation,
	    struct slice value)
{
	int64_t crowd;

	judge->annotations++;
	judge->crowds += annotation->crowd;
	if (json_type(value) != JSON_BOOL &&
	    (!json_int(value, &crowd) || crowd < 0 || crowd > 1))
		file_judge_put(&judge->file, RULE_CROWD_MISSING,
			       "no iscrowd 0 or 1");
	if (annotation->ignore)
		file_judge_put(&judge->file, RULE_IGNORE_SET, "ignore is set");
}

static void
judge_numbers(struct coco_judge *judge,
	      const struct coco_annotation *annotation,
	      const struct slice *values)
{
	struct file_judge *file = &judge->file;

	if (!annotation->has_box && !judge->lists.is_list)
		file_judge_put(file, RULE_BOX_MISSING,
			       values[POINTS].n ? "no bbox; no reader looks at "
						  "its points"
						: "no bbox of four numbers");
	if (judge->lists.is_list) {
		if (!annotation->has_score)
			file_judge_put(file, RULE_SCORE_MISSING, "no score");
		return;
	}
	if (!annotation->has_area)
		file_judge_put(file, RULE_AREA_MISSING, "no area");
	judge_crowd(judge, annotation, values[ISCROWD]);
}

static void
judge_shape(struct coco_judge *judge, struct slice object,
	    const struct known_image *image,
	    const struct known_category *category, const struct slice *values)
{
	struct coco_image known = {0};
	const struct coco_annotation *annotation;

	if (image) {
		known.width = image->width;
		known.height = image->height;
	}
	annotation = shape_judge_read(judge->shapes, object);
	if (!annotation)
		return;
	judge_numbers(judge, annotation, values);
	if (annotation->has_box)
		judge->file.box = annotation->box;
	shape_judge_box(judge->shapes, &known);
	judge->compressed += shape_judge_segmentation(judge->shapes, &known,
						      values[SEGMENTATION]);
	shape_judge_keypoints(judge->shapes, &known, category,
			      values[KEYPOINTS], values[NUM_KEYPOINTS]);
}

static const char *
take_annotation(void *context, size_t n, struct slice object)
{
	struct coco_judge *judge = context;
	struct slice values[MEMBERS];
	const struct known_image *image;
	const struct known_category *category;

	if (json_type(object) != JSON_OBJECT)
		return "an annotation that is no object";
	members_find(object, keys, MEMBERS, values);
	if (values[SEGMENTS].n)
		judge->segments = true;
	file_judge_element(&judge->file, "annotations", n);
	judge->file.annotation = values[ID];
	judge->file.sink->judged++;
	image = judge_image_id(judge, values[IMAGE_ID]);
	judge_id(judge, values[ID]);
	/* Captions have no more than that. */
	if (!values[CAPTION].n) {
		category = judge_category_id(judge, values[CATEGORY_ID]);
		judge_shape(judge, object, image, category, values);
		judge_twin(judge, values);
	}
	file_judge_end(&judge->file);
	return NULL;
}

/* What only shows in the end. */
static void
judge_whole(struct coco_judge *judge)
{
	struct file_judge *file = &judge->file;

	if (judge->compressed)
		file_judge_put(file, RULE_RLE_COMPRESSED,
			       "%llu segmentations are compressed RLE",
			       (unsigned long long)judge->compressed);
	if (judge->lists.is_list)
		return;
	known_lists_judge_root(&judge->lists);
	if (judge->annotations && judge->crowds == judge->annotations)
		file_judge_put(file, RULE_ALL_CROWD,
			       "all annotations have iscrowd 1");
	file_judge_end(file);
	known_lists_judge_use(&judge->lists);
}

static void
release(struct coco_judge *judge)
{
	known_lists_release(&judge->lists);
	shape_judge_close(judge->shapes);
	hash_set_release(&judge->ids);
	hash_set_release(&judge->objects);
	file_judge_release(&judge->file);
}

int
check_coco(struct check_sink *sink, const char *path, const char *images)
{
	const unsigned readers =
		((1u << READERS) - 1) & ~(1u << READER_ULTRALYTICS);
	struct coco_judge judge = {0};
	struct source *source = source_open(path, SIZE_MAX >> 1);
	int result = -1;

	if (!source)
		return -1;
	file_judge_init(&judge.file, sink, readers);
	judge.lists.judge = &judge.file;
	judge.lists.take = take_annotation;
	judge.lists.context = &judge;
	judge.lists.files = images ? image_files_open(images) : NULL;
	judge.shapes = shape_judge_open(&judge.file);
	file_judge_begin(&judge.file, source_name(source));
	if (!images || judge.lists.files)
		result = known_lists_walk(&judge.lists, source);
	if (result == 0 && judge.segments) {
		diag_say(NULL, "%s: a panoptic file: --panoptic judges it",
			 source_name(source));
		result = -1;
	}
	if (result == 0)
		judge_whole(&judge);
	image_files_close(judge.lists.files);
	release(&judge);
	source_close(source);
	return result;
}
