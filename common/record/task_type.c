#include "record/task_type.h"

static bool
begins(struct slice text, const char *with)
{
	return text.n >= strlen(with) &&
	       memcmp(text.p, with, strlen(with)) == 0;
}

enum task_kind
task_kind_of(struct slice type)
{
	static const struct {
		const char *type;
		enum task_kind kind;
	} kinds[] = {
		{"segmentation-bitmap", TASK_IMAGE},
		{"segmentation-bitmap-highres", TASK_IMAGE},
		{"vector", TASK_IMAGE},
		{"bboxes", TASK_IMAGE},
		{"keypoints", TASK_IMAGE},
		{"image-vector-sequence", TASK_VECTOR_FRAMES},
		{"image-segmentation-sequence", TASK_BITMAP_FRAMES},
		{"multisensor-sequence", TASK_SENSORS},
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (slice_is(type, kinds[i].type))
			return kinds[i].kind;
	if (begins(type, "pointcloud-") || begins(type, "text-"))
		return TASK_NO_IMAGE;
	return TASK_UNKNOWN;
}

bool
task_is_camera(struct slice type)
{
	return begins(type, "image-");
}

const char *
task_type_of_frame(bool has_bitmap)
{
	return has_bitmap ? "\"segmentation-bitmap\"" : "\"vector\"";
}

/* What a sequence's frames and those of its label have. */
static enum task_kind
kind_of_frames(const struct record *record, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member frame;
	struct slice found;

	while (json_next(&iter, &frame) > 0)
		if (json_find(frame.value, "pcd", &found))
			return TASK_NO_IMAGE;
	if (!json_find_path(record->label, &list, "attributes", "frames", NULL))
		return TASK_VECTOR_FRAMES;
	iter = json_iterate(list);
	while (json_next(&iter, &frame) > 0)
		if (json_find(frame.value, "segmentation_bitmap", &found))
			return TASK_BITMAP_FRAMES;
	return TASK_VECTOR_FRAMES;
}

enum task_kind
task_kind_of_sample(const struct record *record)
{
	struct slice found, list;

	if (json_find(record->attributes, "sensors", &found))
		return TASK_SENSORS;
	if (json_find(record->attributes, "pcd", &found) ||
	    json_find(record->attributes, "text", &found))
		return TASK_NO_IMAGE;
	if (json_find(record->attributes, "image", &found) ||
	    !json_find(record->attributes, "frames", &list))
		return TASK_IMAGE;
	return kind_of_frames(record, list);
}
