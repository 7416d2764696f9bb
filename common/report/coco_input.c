#include "report/coco_input.h"

#include <stdlib.h>

#include "base/diag.h"
#include "report/coco_walk.h"
#include "json/lookup.h"

/* A list of structs that grows. */
#define APPEND(list, count, element)                                      \
	do {                                                              \
		if (((count) & ((count)-1)) == 0)                         \
			(list) = xreallocarray((list),                    \
					       (count) ? 2 * (count) : 1, \
					       sizeof(*(list)));          \
		(list)[(count)++] = (element);                            \
	} while (0)

void
coco_input_close(struct coco_input *file)
{
	if (!file)
		return;
	free(file->images);
	free(file->categories);
	free(file->annotations);
	buf_release(&file->text);
	free(file);
}

struct slice
coco_input_text(const struct coco_input *file, struct coco_text text)
{
	if (text.n == 0)
		return slice_of("");
	return (struct slice){file->text.data + text.at, text.n};
}

/* Keeps a value's bytes; those of a string decoded, if so asked. */
static struct coco_text
keep(struct coco_input *file, struct slice value, bool decoded)
{
	struct coco_text kept = {file->text.len, 0};

	if (!decoded)
		buf_slice(&file->text, value);
	else
		json_string(value, &file->text);
	kept.n = file->text.len - kept.at;
	return kept;
}

static bool
read_box(struct slice value, double box[4])
{
	struct json_iter iter = json_iterate(value);
	struct json_member element;
	int n = 0;

	if (json_type(value) != JSON_ARRAY)
		return false;
	while (n <= 4 && json_next(&iter, &element) > 0)
		if (n++ < 4 && !json_double(element.value, &box[n - 1]))
			return false;
	return n == 4;
}

static bool
is_set(struct slice value)
{
	int64_t number;

	return slice_is(value, "true") ||
	       (json_int(value, &number) && number != 0);
}

static const char *
take_image(struct coco_input *file, struct slice object)
{
	static const struct slice keys[] = {{"id", 2},
					    {"width", 5},
					    {"height", 6},
					    {"file_name", 9}};
	struct slice values[4];
	struct coco_image image = {0};
	int64_t number;

	members_find(object, keys, 4, values);
	if (!json_int(values[0], &image.id))
		return "an image without an integer id";
	if (json_int(values[1], &number) && number > 0 && number <= UINT32_MAX)
		image.width = (uint32_t)number;
	if (json_int(values[2], &number) && number > 0 && number <= UINT32_MAX)
		image.height = (uint32_t)number;
	image.name = keep(file, values[3], true);
	APPEND(file->images, file->image_count, image);
	return NULL;
}

const char *
coco_input_add_category(struct coco_input *file, struct slice object)
{
	static const struct slice keys[] = {{"id", 2},
					    {"name", 4},
					    {"keypoints", 9},
					    {"isthing", 7}};
	struct slice values[4];
	struct coco_category category = {0};

	members_find(object, keys, 4, values);
	if (!json_int(values[0], &category.id))
		return "a category without an integer id";
	category.name = keep(file, values[1], true);
	category.keypoints = json_count(values[2]);
	category.stuff = values[3].n && !is_set(values[3]);
	APPEND(file->categories, file->category_count, category);
	file->kept = file->text.len;
	return NULL;
}

enum {
	ID,
	IMAGE_ID,
	CATEGORY_ID,
	AREA,
	SCORE,
	BBOX,
	SEGMENTATION,
	KEYPOINTS,
	NUM_KEYPOINTS,
	ISCROWD,
	IGNORE,
	ANNOTATION_KEYS
};

const char *
coco_input_add_annotation(struct coco_input *file, struct slice object,
			  const int64_t *image)
{
	static const struct slice keys[ANNOTATION_KEYS] = {
		[ID] = {"id", 2},
		[IMAGE_ID] = {"image_id", 8},
		[CATEGORY_ID] = {"category_id", 11},
		[AREA] = {"area", 4},
		[SCORE] = {"score", 5},
		[BBOX] = {"bbox", 4},
		[SEGMENTATION] = {"segmentation", 12},
		[KEYPOINTS] = {"keypoints", 9},
		[NUM_KEYPOINTS] = {"num_keypoints", 13},
		[ISCROWD] = {"iscrowd", 7},
		[IGNORE] = {"ignore", 6},
	};
	struct slice values[ANNOTATION_KEYS];
	struct coco_annotation a = {0};

	members_find(object, keys, ANNOTATION_KEYS, values);
	if (image)
		a.image = *image;
	else if (!json_int(values[IMAGE_ID], &a.image))
		return "an annotation without an integer image_id";
	if (!json_int(values[CATEGORY_ID], &a.category))
		return "an annotation without an integer category_id";
	a.has_id = json_int(values[ID], &a.id);
	a.has_area = json_double(values[AREA], &a.area);
	a.has_score = json_double(values[SCORE], &a.score);
	a.has_box = read_box(values[BBOX], a.box);
	json_int(values[NUM_KEYPOINTS], &a.num_keypoints);
	a.crowd = is_set(values[ISCROWD]);
	a.ignore = is_set(values[IGNORE]);
	if (json_type(values[SEGMENTATION]) >= JSON_ARRAY)
		a.segmentation = keep(file, values[SEGMENTATION], false);
	if (json_type(values[KEYPOINTS]) == JSON_ARRAY)
		a.keypoints = keep(file, values[KEYPOINTS], false);
	APPEND(file->annotations, file->annotation_count, a);
	return NULL;
}

void
coco_input_reset(struct coco_input *file)
{
	file->image_count = file->annotation_count = 0;
	file->text.len = file->kept;
}

/* What a file is read with. */
struct reading {
	struct coco_input *file;
	bool found; /* a list of annotations */
};

static const char *
take_element(void *context, enum coco_list list, size_t n, struct slice value)
{
	struct coco_input *file = ((struct reading *)context)->file;

	(void)n;
	switch (list) {
	case COCO_IMAGES:
		return take_image(file, value);
	case COCO_CATEGORIES:
		return coco_input_add_category(file, value);
	default:
		return coco_input_add_annotation(file, value, NULL);
	}
}

static void
begin_list(void *context, enum coco_list list)
{
	if (list == COCO_ANNOTATIONS)
		((struct reading *)context)->found = true;
}

struct coco_input *
coco_input_read(const char *path)
{
	struct reading reading = {0};
	const struct coco_visitor visitor = {
		.element = take_element,
		.begin = begin_list,
		.context = &reading,
	};
	struct source *source = source_open(path, SIZE_MAX >> 1);
	int result;

	if (!source)
		return NULL;
	reading.file = xcalloc(1, sizeof(*reading.file));
	result = coco_walk(source, &visitor, &reading.file->is_list);
	if (result == 0 && !reading.found) {
		diag_say(NULL, "%s: no COCO file: it has no annotations",
			 source_name(source));
		result = -1;
	}
	source_close(source);
	if (result == 0)
		return reading.file;
	coco_input_close(reading.file);
	return NULL;
}
