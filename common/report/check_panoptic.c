/* Finished panoptic COCO files, held against their PNGs. */
#include <stdlib.h>

#include "codec/png.h"
#include "report/check_shape.h"
#include "json/lookup.h"

/* What an id of three bytes can be. */
enum { MOST_ID = 0xffffff };

enum { ID, CATEGORY_ID, BBOX, AREA, ISCROWD, MEMBERS };

static const struct slice keys[MEMBERS] = {
	[ID] = {"id", 2},           [CATEGORY_ID] = {"category_id", 11},
	[BBOX] = {"bbox", 4},       [AREA] = {"area", 4},
	[ISCROWD] = {"iscrowd", 7},
};

struct panoptic_judge {
	struct file_judge file;
	struct known_lists lists;
	struct shape_judge *shapes;
	struct image_files *pngs;
	struct bitmap *bitmap;
	struct bitmap_view view; /* of the PNG at hand */
	bool has_view;
	bool *seen; /* of the view's instances: they are listed */
	size_t seen_room;
	struct hash_set ids, stuff; /* of the segments at hand */
	bool disordered;
	struct buf text, stem;
};

/* The bytes before a file name's ending. */
static struct slice
stem_of(struct slice name)
{
	size_t i = name.n;

	while (i > 0 && name.p[i - 1] != '.' && name.p[i - 1] != '/')
		i--;
	if (i > 0 && name.p[i - 1] == '.')
		name.n = i - 1;
	return name;
}

/* Is a PNG's name the image's, with png wherever that has jpg? */
static bool
has_png_for_jpg(struct slice image, struct slice png)
{
	size_t i;

	if (image.n != png.n)
		return false;
	for (i = 0; i < image.n; i++)
		if (image.n - i >= 3 && memcmp(image.p + i, "jpg", 3) == 0) {
			if (memcmp(png.p + i, "png", 3) != 0)
				return false;
			i += 2;
		} else if (image.p[i] != png.p[i]) {
			return false;
		}
	return true;
}

/* `text` is the PNG's name, decoded. */
static void
judge_names(struct panoptic_judge *judge, struct slice text)
{
	const struct slice image =
		text_member(judge->file.subject.name, &judge->stem);
	const struct slice stem = stem_of(image);

	if (!image.n)
		return;
	if (!slice_equal(stem_of(text), stem)) {
		file_judge_put(&judge->file, RULE_STEM_DIFFERS,
			       "its PNG is %.*s", (int)text.n, text.p);
		return;
	}
	if (image.n - stem.n != 4 || memcmp(image.p + stem.n, ".jpg", 4) != 0)
		file_judge_put(&judge->file, RULE_IMAGE_NOT_JPG,
			       "detectron2 looks for %.*s.jpg", (int)stem.n,
			       stem.p);
	if (!has_png_for_jpg(image, text))
		file_judge_put(&judge->file, RULE_PNG_NOT_FOUND,
			       "its PNG is %.*s", (int)text.n, text.p);
}

/* Readers take pixels of three bytes; a fourth does no harm. */
static void
judge_format(struct panoptic_judge *judge, struct slice bytes)
{
	struct png png;

	if (png_open(&png, bytes.p, bytes.n) < 0)
		return;
	if (png.depth == 8 && png.color == PNG_RGB)
		return;
	judge->file.mild = png.depth == 8 && png.color == PNG_RGBA;
	file_judge_put(&judge->file, RULE_PNG_FORMAT,
		       "its PNG has %u bits of colour type %d", png.depth,
		       (int)png.color);
}

/* Reads the PNG of an annotation into the view. */
static void
read_png(struct panoptic_judge *judge, const struct known_image *image,
	 struct slice path)
{
	struct slice bytes;
	const char *why;

	judge->has_view = false;
	if (!path_is_safe(path)) {
		file_judge_put(&judge->file, RULE_PATH_UNSAFE,
			       "its PNG leads elsewhere");
		return;
	}
	if (!image_files_judge(judge->pngs, &judge->file, path,
			       image ? image->width : 0,
			       image ? image->height : 0)
		     .digest)
		return;
	bytes = image_files_bytes(judge->pngs);
	judge_format(judge, bytes);
	why = bitmap_read(judge->bitmap, bytes, judge->file.options.max_pixels,
			  &judge->view);
	if (why)
		file_judge_put(&judge->file, RULE_FILE_BROKEN, "its PNG: %s",
			       why);
	judge->has_view = !why;
}

/* The instance of an id, or NULL. */
static const struct instance *
find_instance(const struct panoptic_judge *judge, int64_t id)
{
	size_t low = 0, high = judge->view.count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (judge->view.instances[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < judge->view.count && judge->view.instances[low].id == id
		       ? &judge->view.instances[low]
		       : NULL;
}

/* Which annotation comes where. */
static struct known_image *
judge_image(struct panoptic_judge *judge, size_t n, struct slice value)
{
	struct known_image *image = NULL;
	int64_t id;

	judge->file.subject.image_id = value;
	if (!json_int(value, &id)) {
		file_judge_put(&judge->file, RULE_MEMBER_MISSING,
			       "no integer image_id");
		return NULL;
	}
	image = known_lists_image(&judge->lists, id);
	known_lists_show(&judge->lists, image);
	if (!image) {
		file_judge_put(&judge->file, RULE_IMAGE_UNKNOWN,
			       "no image has the id %lld", (long long)id);
		return NULL;
	}
	if (image->annotations++)
		file_judge_put(&judge->file, RULE_ANNOTATION_COUNT,
			       "another annotation is of this image");
	if (!judge->disordered &&
	    (image->place != n || (size_t)(image - judge->lists.images) != n)) {
		judge->disordered = true;
		file_judge_put(&judge->file, RULE_ORDER_DIFFERS,
			       "from here on annotations do not go along with "
			       "images in the order of their ids");
	}
	return image;
}

/* Its id: 0 where it is none that a PNG has. */
static int64_t
judge_id(struct panoptic_judge *judge, struct slice value)
{
	int64_t id;

	if (!json_int(value, &id)) {
		file_judge_put(&judge->file, RULE_MEMBER_MISSING,
			       "no integer id");
		return 0;
	}
	if (id < 1 || id > MOST_ID) {
		file_judge_put(&judge->file, RULE_SEGMENT_ID, "its id is %lld",
			       (long long)id);
		return 0;
	}
	if (hash_set_has(&judge->ids, (uint64_t)id))
		file_judge_put(&judge->file, RULE_ID_DUPLICATE,
			       "another segment of the image has the id %lld",
			       (long long)id);
	hash_set_add(&judge->ids, (uint64_t)id);
	return id;
}

static void
judge_category(struct panoptic_judge *judge, struct slice value)
{
	struct known_category *category = NULL;
	int64_t id;

	if (!json_int(value, &id)) {
		file_judge_put(&judge->file, RULE_MEMBER_MISSING,
			       "no integer category_id");
		return;
	}
	category = known_lists_category(&judge->lists, id);
	if (!category) {
		file_judge_put(&judge->file, RULE_CATEGORY_UNKNOWN,
			       "no category has the id %lld", (long long)id);
		return;
	}
	category->annotations++;
	judge->file.category = buf_view(&category->name);
	if (!category->stuff)
		return;
	if (hash_set_has(&judge->stuff, (uint64_t)id + 2))
		file_judge_put(&judge->file, RULE_STUFF_SPLIT,
			       "another segment of the image is of this "
			       "category, which is stuff");
	hash_set_add(&judge->stuff, (uint64_t)id + 2);
}

/* Box and area against the pixels. */
static void
compare_segment(struct panoptic_judge *judge, const struct instance *instance,
		const struct coco_annotation *annotation)
{
	double box[1][4];

	if (annotation && annotation->has_area &&
	    annotation->area != (double)instance->area)
		file_judge_put(&judge->file, RULE_AREA_DIFFERS,
			       "area %.6g, it has %llu pixels",
			       annotation->area,
			       (unsigned long long)instance->area);
	if (!annotation || !annotation->has_box)
		return;
	box[0][0] = instance->box.x;
	box[0][1] = instance->box.y;
	box[0][2] = instance->box.w;
	box[0][3] = instance->box.h;
	judge_box_differs(&judge->file, annotation->box,
			  (const double(*)[4])box, 1);
}

static void
judge_members_of(struct panoptic_judge *judge,
		 const struct coco_annotation *annotation,
		 const struct slice *values)
{
	int64_t crowd;

	if (!annotation)
		return;
	if (!annotation->has_area)
		file_judge_put(&judge->file, RULE_AREA_MISSING, "no area");
	if (!annotation->has_box)
		file_judge_put(&judge->file, RULE_BOX_MISSING,
			       "no bbox of four numbers");
	if (json_type(values[ISCROWD]) != JSON_BOOL &&
	    (!json_int(values[ISCROWD], &crowd) || crowd < 0 || crowd > 1))
		file_judge_put(&judge->file, RULE_CROWD_MISSING,
			       "no iscrowd 0 or 1");
	judge->file.box = annotation->has_box ? annotation->box : NULL;
}

static void
judge_segment(struct panoptic_judge *judge, struct slice segment)
{
	struct slice values[MEMBERS];
	const struct coco_annotation *annotation;
	const struct instance *instance;
	int64_t id;

	members_find(segment, keys, MEMBERS, values);
	judge->file.annotation = values[ID];
	judge->file.category = (struct slice){0};
	judge->file.box = NULL;
	judge->file.sink->judged++;
	id = judge_id(judge, values[ID]);
	judge_category(judge, values[CATEGORY_ID]);
	annotation = shape_judge_read(judge->shapes, segment);
	judge_members_of(judge, annotation, values);
	if (!judge->has_view || !id)
		return;
	instance = find_instance(judge, id);
	if (!instance) {
		file_judge_put(&judge->file, RULE_SEGMENT_WITHOUT_PIXELS,
			       "its PNG has no pixel of the id %lld",
			       (long long)id);
		return;
	}
	judge->seen[instance - judge->view.instances] = true;
	compare_segment(judge, instance, annotation);
}

/* Pixels of no segment. */
static void
judge_unlisted(struct panoptic_judge *judge)
{
	double at[2];
	size_t i;

	judge->file.annotation = judge->file.category = (struct slice){0};
	judge->file.box = NULL;
	for (i = 0; i < judge->view.count; i++) {
		const struct instance *instance = &judge->view.instances[i];

		if (judge->seen[i])
			continue;
		at[0] = instance->runs[0].x;
		at[1] = instance->runs[0].y0;
		judge->file.at = at;
		file_judge_put(&judge->file, RULE_ID_UNLISTED,
			       "%llu pixels of the id %u, which no segment has",
			       (unsigned long long)instance->area,
			       instance->id);
	}
	judge->file.at = NULL;
}

static void
judge_segments(struct panoptic_judge *judge, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member segment;

	if (json_type(list) != JSON_ARRAY)
		file_judge_put(&judge->file, RULE_MEMBER_MISSING,
			       "no segments_info");
	if (judge->has_view && judge->view.count > judge->seen_room) {
		judge->seen_room = 2 * judge->view.count;
		judge->seen = xreallocarray(judge->seen, judge->seen_room,
					    sizeof(*judge->seen));
	}
	if (judge->has_view && judge->view.count)
		memset(judge->seen, 0,
		       judge->view.count * sizeof(*judge->seen));
	hash_set_release(&judge->ids);
	hash_set_release(&judge->stuff);
	while (json_next(&iter, &segment) > 0)
		judge_segment(judge, segment.value);
	if (judge->has_view)
		judge_unlisted(judge);
}

static const char *
take_annotation(void *context, size_t n, struct slice object)
{
	struct panoptic_judge *judge = context;
	enum { IMAGE, NAME, SEGMENTS, COUNT };
	static const struct slice names[COUNT] = {{"image_id", 8},
						  {"file_name", 9},
						  {"segments_info", 13}};
	struct slice values[COUNT], text;
	const struct known_image *image;

	members_find(object, names, COUNT, values);
	file_judge_element(&judge->file, "annotations", n);
	image = judge_image(judge, n, values[IMAGE]);
	text = text_member(values[NAME], &judge->text);
	judge->has_view = false;
	if (text.n) {
		judge_names(judge, text);
		read_png(judge, image, text);
	} else {
		file_judge_put(&judge->file, RULE_MEMBER_MISSING,
			       "no file_name");
	}
	judge_segments(judge, values[SEGMENTS]);
	file_judge_end(&judge->file);
	return NULL;
}

/* What only shows in the end. */
static void
judge_whole(struct panoptic_judge *judge)
{
	size_t i;

	for (i = 0; i < judge->lists.image_count; i++) {
		const struct known_image *image = &judge->lists.images[i];

		if (image->annotations)
			continue;
		file_judge_element(&judge->file, "images", image->place);
		known_lists_show(&judge->lists, image);
		file_judge_put(&judge->file, RULE_ANNOTATION_COUNT,
			       "no annotation is of this image");
		file_judge_end(&judge->file);
	}
	known_lists_judge_root(&judge->lists);
	known_lists_judge_use(&judge->lists);
}

static void
release(struct panoptic_judge *judge)
{
	known_lists_release(&judge->lists);
	shape_judge_close(judge->shapes);
	image_files_close(judge->lists.files);
	image_files_close(judge->pngs);
	bitmap_close(judge->bitmap);
	hash_set_release(&judge->ids);
	hash_set_release(&judge->stuff);
	free(judge->seen);
	buf_release(&judge->text);
	buf_release(&judge->stem);
	file_judge_release(&judge->file);
}

static int
walk(struct panoptic_judge *judge, const char *path)
{
	struct source *source = source_open(path, SIZE_MAX >> 1);
	int result;

	if (!source)
		return -1;
	file_judge_begin(&judge->file, source_name(source));
	result = known_lists_walk(&judge->lists, source);
	source_close(source);
	if (result == 0)
		judge_whole(judge);
	return result;
}

int
check_panoptic(struct check_sink *sink, const char *path, const char *pngs,
	       const char *images)
{
	const unsigned readers = 1u << READER_COCO | 1u << READER_DETECTRON2 |
				 1u << READER_MMDET | 1u << READER_HF;
	struct panoptic_judge judge = {0};
	int result = -1;

	file_judge_init(&judge.file, sink, readers);
	judge.lists.judge = &judge.file;
	judge.lists.panoptic = true;
	judge.lists.take = take_annotation;
	judge.lists.context = &judge;
	judge.shapes = shape_judge_open(&judge.file);
	judge.bitmap = bitmap_open();
	if (sink->options->max_label)
		bitmap_limit_runs(judge.bitmap,
				  (size_t)(sink->options->max_label / 64));
	judge.lists.files = images ? image_files_open(images) : NULL;
	judge.pngs = image_files_open(pngs);
	if (judge.pngs && (!images || judge.lists.files))
		result = walk(&judge, path);
	release(&judge);
	return result;
}
