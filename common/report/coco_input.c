#include <stdlib.h>

#include "base/order.h"
#include "report/coco_input_parts.h"
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
	for (size_t i = 0; i < file->block_count; i++)
		free(file->blocks[i]);
	free(file->blocks);
	free(file->images);
	free(file->categories);
	arena_release(&file->names);
	arena_release(&file->text);
	buf_release(&file->decoded);
	free(file);
}

/* Keeps the text of a string; nothing of other values. */
static struct slice
keep_string(struct coco_input *file, struct arena *in, struct slice value)
{
	buf_reset(&file->decoded);
	json_string(value, &file->decoded);
	return arena_keep(in, buf_view(&file->decoded));
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

void
coco_input_put_image(struct coco_input *file, const struct coco_image *image)
{
	APPEND(file->images, file->image_count, *image);
}

const char *
coco_input_add_image(struct coco_input *file, struct slice object)
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
	image.name = keep_string(file, &file->text, values[3]);
	coco_input_put_image(file, &image);
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
	category.name = keep_string(file, &file->names, values[1]);
	category.keypoints = json_count(values[2]);
	category.stuff = values[3].n && !is_set(values[3]);
	APPEND(file->categories, file->category_count, category);
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
	ATTRIBUTES,
	ANNOTATION_KEYS
};

const char *
coco_annotation_read(struct coco_annotation *annotation, struct slice object,
		     const int64_t *image, struct arena *text)
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
		[ATTRIBUTES] = {"attributes", 10},
	};
	struct slice values[ANNOTATION_KEYS];
	struct coco_annotation a = {0};

	members_find(object, keys, ANNOTATION_KEYS, values);
	if (image)
		a.image = *image;
	else if (!json_int(values[IMAGE_ID], &a.image))
		return "an annotation without an integer image_id";
	a.has_category = json_int(values[CATEGORY_ID], &a.category);
	if (!a.has_category && !image)
		return "an annotation without an integer category_id";
	a.has_id = json_int(values[ID], &a.id);
	a.has_area = json_double(values[AREA], &a.area);
	a.has_score =
		json_double(values[SCORE], &a.score) ||
		(values[ATTRIBUTES].n &&
		 json_double(json_get(values[ATTRIBUTES], "score"), &a.score));
	a.has_box = read_box(values[BBOX], a.box);
	json_int(values[NUM_KEYPOINTS], &a.num_keypoints);
	a.crowd = is_set(values[ISCROWD]);
	a.ignore = is_set(values[IGNORE]);
	if (json_type(values[SEGMENTATION]) >= JSON_ARRAY)
		a.segmentation = arena_keep(text, values[SEGMENTATION]);
	if (json_type(values[KEYPOINTS]) == JSON_ARRAY)
		a.keypoints = arena_keep(text, values[KEYPOINTS]);
	*annotation = a;
	return NULL;
}

struct coco_annotation *
coco_input_room(struct coco_input *file)
{
	struct coco_annotation *block;

	if (file->annotation_count == file->block_count * COCO_BLOCK) {
		block = xreallocarray(NULL, COCO_BLOCK, sizeof(*block));
		APPEND(file->blocks, file->block_count, block);
	}
	return coco_input_annotation(file, file->annotation_count);
}

const char *
coco_input_add_annotation(struct coco_input *file, struct slice object,
			  const int64_t *image)
{
	const char *why = coco_annotation_read(coco_input_room(file), object,
					       image, &file->text);

	file->annotation_count += !why;
	return why;
}

/* All ids; *ascending tells whether they are so, each above the last. */
static int64_t *
list_ids(const struct coco_input *file, size_t *count, bool *ascending)
{
	int64_t *ids =
		xreallocarray(NULL, file->annotation_count + 1, sizeof(*ids));
	size_t i, n = 0;

	*ascending = true;
	for (i = 0; i < file->annotation_count; i++) {
		const struct coco_annotation *a =
			coco_input_annotation(file, i);

		if (!a->has_id)
			continue;
		*ascending &= n == 0 || ids[n - 1] < a->id;
		ids[n++] = a->id;
	}
	*count = n;
	return ids;
}

size_t
coco_input_repeated(const struct coco_input *file, int64_t *id)
{
	bool ascending;
	size_t i, n, repeated = 0;
	int64_t *ids = list_ids(file, &n, &ascending);

	if (!ascending)
		qsort(ids, n, sizeof(*ids), order_int64);
	for (i = 1; i < n && !ascending; i++) {
		if (ids[i] != ids[i - 1])
			continue;
		repeated++;
		*id = ids[i];
	}
	free(ids);
	return repeated;
}

void
coco_input_reset(struct coco_input *file)
{
	file->image_count = file->annotation_count = 0;
	arena_reset(&file->text);
}
