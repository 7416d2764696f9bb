#include "output/coco.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/out.h"
#include "output/categories.h"
#include "json/lookup.h"

struct coco {
	struct out *out;
	struct image_names *names;
	struct categories categories;
	uint64_t images, annotations; /* written */
	uint64_t without_geometry;    /* annotations left out */
	bool begun;                   /* the head of the object is written */
	int spool_fd;
	struct out *spool; /* the list of images */
	struct buf list;   /* a record's annotations */
	struct buf text, failure;
};

struct coco *
coco_open(struct out *out, struct image_names *names, bool contiguous)
{
	struct coco *coco;
	int fd = stream_temporary();

	if (fd < 0)
		return NULL;
	coco = xcalloc(1, sizeof(*coco));
	coco->out = out;
	coco->names = names;
	coco->categories.contiguous = contiguous;
	coco->spool_fd = fd;
	coco->spool = out_open(fd, "temporary file");
	return coco;
}

__attribute__((format(printf, 2, 3))) static int
fail(struct coco *coco, const char *format, ...)
{
	va_list args;

	buf_reset(&coco->failure);
	va_start(args, format);
	buf_vprintf(&coco->failure, format, args);
	va_end(args);
	return -1;
}

const char *
coco_failure(struct coco *coco)
{
	return buf_cstr(&coco->failure);
}

uint64_t
coco_without_geometry(const struct coco *coco)
{
	return coco->without_geometry;
}

/* True for what stands for a value: neither absent nor null. */
static bool
is_given(struct slice value)
{
	return json_type(value) > JSON_NULL;
}

/* Copies a member of an object to another one where it has a value. */
static void
copy_member(struct buf *to, const char *key, struct slice object,
	    const char *from)
{
	struct slice value;

	if (json_find(object, from, &value) && is_given(value))
		json_put_member(to, slice_of(key), value);
}

static struct slice
find_text(struct slice object, const char *key)
{
	struct slice value;

	if (json_find(object, key, &value) && json_type(value) == JSON_STRING)
		return value;
	return slice_of("\"\"");
}

static void
begin(struct coco *coco, struct slice release)
{
	struct buf *to = &coco->text;

	buf_reset(to);
	buf_puts(to, "{\"info\":{\"description\":");
	buf_slice(to, find_text(release, "dataset"));
	json_put_member(to, slice_of("version"), find_text(release, "name"));
	copy_member(to, "date_created", release, "created_at");
	buf_puts(to, "},\n\"licenses\":[],\n\"annotations\":[");
	out_put(coco->out, buf_view(to));
	coco->begun = true;
}

static bool
is_positive(struct slice value)
{
	int64_t number;

	return json_int(value, &number) && number > 0;
}

/* Puts the record's image into coco->text: 0, or -1. */
static int
put_image(struct coco *coco, const struct record *record)
{
	struct buf *to = &coco->text, name = {0};
	struct slice image = {0}, width, height, url;

	record_asset(record, ASSET_IMAGE, &image);
	if (!json_find(image, "width", &width) || !is_positive(width) ||
	    !json_find(image, "height", &height) || !is_positive(height))
		return fail(coco, "the image has no width and height");
	buf_reset(to);
	buf_puts(to, coco->images ? ",\n{\"id\":" : "\n{\"id\":");
	buf_uint(to, coco->images + 1);
	buf_puts(to, ",\"file_name\":");
	image_names_put(coco->names, record, &name);
	json_put_string(to, buf_view(&name));
	buf_release(&name);
	json_put_member(to, slice_of("width"), width);
	json_put_member(to, slice_of("height"), height);
	if (json_type(record->uuid) == JSON_STRING)
		json_put_member(to, slice_of("uuid"), record->uuid);
	url = find_text(image, "url");
	if (url.n > 2)
		json_put_member(to, slice_of("coco_url"), url);
	copy_member(to, "label_status", record->label, "label_status");
	buf_putc(to, '}');
	return 0;
}

/* The members of an annotation that are taken over, in this order. */
enum {
	CATEGORY_ID,
	BBOX,
	AREA,
	SEGMENTATION,
	ISCROWD,
	KEYPOINTS,
	NUM_KEYPOINTS,
	IOU,
	SCORE,
	TRACK_ID,
	ATTRIBUTES,
	MEMBERS
};

static const struct slice keys[MEMBERS] = {
	[CATEGORY_ID] = {"category_id", 11},
	[BBOX] = {"bbox", 4},
	[AREA] = {"area", 4},
	[SEGMENTATION] = {"segmentation", 12},
	[ISCROWD] = {"iscrowd", 7},
	[KEYPOINTS] = {"keypoints", 9},
	[NUM_KEYPOINTS] = {"num_keypoints", 13},
	[IOU] = {"iou", 3},
	[SCORE] = {"score", 5},
	[TRACK_ID] = {"track_id", 8},
	[ATTRIBUTES] = {"attributes", 10},
};

static struct category *
find_category(struct coco *coco, struct slice value)
{
	struct category *category;
	int64_t id;

	if (!json_int(value, &id)) {
		fail(coco, "an annotation has no integer category_id");
		return NULL;
	}
	category = categories_find(&coco->categories, id);
	if (!category)
		fail(coco, "category_id %lld is not among the release's",
		     (long long)id);
	return category;
}

/*
 * Adds an annotation to coco->list: 1, 0 when it has no geometry, or -1 when
 * it cannot be written.
 */
static int
put_annotation(struct coco *coco, struct slice annotation, uint64_t id)
{
	struct slice found[MEMBERS];
	struct buf *to = &coco->list;
	struct category *category;
	size_t i;

	members_find(annotation, keys, MEMBERS, found);
	category = find_category(coco, found[CATEGORY_ID]);
	if (!category)
		return -1;
	if (json_type(found[BBOX]) != JSON_ARRAY ||
	    json_type(found[AREA]) != JSON_NUMBER ||
	    json_type(found[ISCROWD]) != JSON_NUMBER)
		return 0;
	/* Keypoints that are not ours would not be the category's. */
	if (!is_given(found[NUM_KEYPOINTS]))
		found[KEYPOINTS] = (struct slice){0};
	buf_puts(to, id > 1 ? ",\n{\"id\":" : "\n{\"id\":");
	buf_uint(to, id);
	buf_puts(to, ",\"image_id\":");
	buf_uint(to, coco->images + 1);
	buf_puts(to, ",\"category_id\":");
	buf_int(to, category->out_id);
	for (i = BBOX; i < MEMBERS; i++)
		if (is_given(found[i]))
			json_put_member(to, keys[i], found[i]);
	buf_putc(to, '}');
	category->keypoint |= is_given(found[KEYPOINTS]);
	return 1;
}

/* What a record's annotations add to the counts. */
struct added {
	uint64_t annotations, without_geometry;
};

/* Gathers a record's annotations in coco->list: 0, or -1. */
static int
put_annotations(struct coco *coco, struct slice list, struct added *added)
{
	struct json_iter iter = json_iterate(list);
	struct json_member annotation;
	int got;

	buf_reset(&coco->list);
	while (json_next(&iter, &annotation) > 0) {
		got = put_annotation(coco, annotation.value,
				     coco->annotations + added->annotations +
					     1);
		if (got < 0)
			return -1;
		added->annotations += got == 1;
		added->without_geometry += got == 0;
	}
	return 0;
}

enum coco_result
coco_add(struct coco *coco, const struct record *record)
{
	struct added added = {0};
	struct slice list;
	const char *why;

	if (!json_find_path(record->label, &list, "attributes", "annotations",
			    NULL))
		return COCO_UNLABELLED;
	why = categories_take(&coco->categories, record);
	if (why)
		fail(coco, "%s", why);
	if (why || put_annotations(coco, list, &added) < 0 ||
	    put_image(coco, record) < 0)
		return COCO_FAILED;
	out_put(coco->spool, buf_view(&coco->text));
	if (!coco->begun)
		begin(coco, record->release);
	out_put(coco->out, buf_view(&coco->list));
	coco->images++;
	coco->annotations += added.annotations;
	coco->without_geometry += added.without_geometry;
	if (out_failed(coco->out) || out_failed(coco->spool))
		return COCO_FATAL;
	return COCO_WRITTEN;
}

/* Puts a member of the release's category, unless it is told otherwise. */
static void
put_category_member(struct buf *to, const struct category *category,
		    const struct json_member *member)
{
	const bool is_ours =
		slice_is(member->key, "id") ||
		slice_is(member->key, "supercategory") ||
		(category->out_id != category->id &&
		 slice_is(member->key, "original_id")) ||
		(category->keypoint && (slice_is(member->key, "keypoints") ||
					slice_is(member->key, "skeleton")));

	if (is_ours)
		return;
	json_put_member(to, member->key, member->value);
}

static void
put_category(struct buf *to, const struct category *category)
{
	struct slice text = buf_view(&category->text);
	struct json_iter iter = json_iterate(text);
	struct json_member member;

	buf_puts(to, "\n{\"id\":");
	buf_int(to, category->out_id);
	while (json_next(&iter, &member) > 0)
		put_category_member(to, category, &member);
	json_put_member(to, slice_of("supercategory"),
			find_text(text, "supercategory"));
	if (category->out_id != category->id) {
		buf_puts(to, ",\"original_id\":");
		buf_int(to, category->id);
	}
	/* Each point is an instance of its own: one keypoint, no limb. */
	if (category->keypoint) {
		buf_puts(to, ",\"keypoints\":[");
		json_put_string(to, buf_view(&category->name));
		buf_puts(to, "],\"skeleton\":[]");
	}
	buf_putc(to, '}');
}

/* Copies the list of images from the spool: 0, or -1 with the message said. */
static int
copy_spool(struct coco *coco)
{
	const size_t size = 1 << 16;
	char *block;
	ptrdiff_t n;

	if (out_flush(coco->spool) < 0 ||
	    lseek(coco->spool_fd, 0, SEEK_SET) != 0)
		return -1;
	buf_reset(&coco->text);
	block = buf_reserve(&coco->text, size);
	do {
		n = stream_read(coco->spool_fd, "temporary file", block, size);
		if (n > 0)
			out_put(coco->out, (struct slice){block, (size_t)n});
	} while (n > 0);
	return n < 0 ? -1 : 0;
}

static int
finish(struct coco *coco)
{
	struct buf *to = &coco->text;
	size_t i;

	if (!coco->begun)
		begin(coco, (struct slice){0});
	out_put(coco->out, slice_of("\n],\n\"images\":["));
	if (copy_spool(coco) < 0)
		return -1;
	buf_reset(to);
	buf_puts(to, "\n],\n\"categories\":[");
	for (i = 0; i < coco->categories.count; i++) {
		buf_puts(to, i ? "," : "");
		put_category(to, &coco->categories.list[i]);
	}
	buf_puts(to, "\n]}\n");
	out_put(coco->out, buf_view(to));
	return out_flush(coco->out);
}

int
coco_close(struct coco *coco)
{
	int result;

	if (!coco)
		return 0;
	result = finish(coco);
	out_close(coco->spool);
	close(coco->spool_fd);
	categories_release(&coco->categories);
	buf_release(&coco->list);
	buf_release(&coco->text);
	buf_release(&coco->failure);
	free(coco);
	return result;
}
