#include "coco.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "categories.h"
#include "diag.h"
#include "names.h"
#include "path.h"

struct coco {
	struct out *out;
	const struct coco_options *options;
	struct categories categories;
	struct coco_counts counts;
	bool begun; /* the head of the object is written */
	int spool_fd;
	struct out *spool; /* the list of images */
	struct names *names;
	struct buf annotations, image, text, failure;
};

struct coco *
coco_open(struct out *out, const struct coco_options *options)
{
	struct coco *coco;
	int fd = stream_temporary();

	if (fd < 0)
		return NULL;
	coco = xcalloc(1, sizeof(*coco));
	coco->out = out;
	coco->options = options;
	coco->categories.contiguous = options->contiguous;
	coco->spool_fd = fd;
	coco->spool = out_open(fd, "temporary file");
	coco->names = names_open();
	return coco;
}

__attribute__((format(printf, 2, 3))) static int
fail(struct coco *coco, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_reset(&coco->failure);
	buf_puts(&coco->failure, text);
	return -1;
}

const char *
coco_failure(struct coco *coco)
{
	return buf_cstr(&coco->failure);
}

struct coco_counts
coco_counts(const struct coco *coco)
{
	return coco->counts;
}

static void
put_member(struct buf *to, const char *key, struct slice value)
{
	buf_puts(to, ",\"");
	buf_puts(to, key);
	buf_puts(to, "\":");
	buf_slice(to, value);
}

/* Copies a member of an object where it has it. */
static void
copy_member(struct buf *to, struct slice object, const char *key)
{
	struct slice value;

	if (json_find(object, key, &value))
		put_member(to, key, value);
}

static void
begin(struct coco *coco, struct slice release)
{
	struct buf *to = &coco->text;
	struct slice value;

	buf_reset(to);
	buf_puts(to, "{\"info\":{\"description\":");
	buf_slice(to, json_find(release, "dataset", &value) ? value
							    : slice_of("\"\""));
	put_member(to, "version",
		   json_find(release, "name", &value) ? value
						      : slice_of("\"\""));
	copy_member(to, release, "created_at");
	buf_puts(to, "},\n\"annotations\":[");
	out_put(coco->out, buf_view(to));
	coco->begun = true;
}

/* The text behind DIR/images/ where a path starts so. */
static bool
strip_directory(const struct coco *coco, struct slice *path)
{
	static const char images[] = "images/";
	size_t n = strlen(coco->options->directory);

	while (n > 1 && coco->options->directory[n - 1] == '/')
		n--;
	if (path->n <= n + sizeof(images) ||
	    memcmp(path->p, coco->options->directory, n) != 0 ||
	    path->p[n] != '/' ||
	    memcmp(path->p + n + 1, images, sizeof(images) - 1) != 0)
		return false;
	path->p += n + sizeof(images);
	path->n -= n + sizeof(images);
	return true;
}

/* The text behind the last "/images/", or else all of it. */
static struct slice
behind_images(struct slice path)
{
	static const char mark[] = "/images/";
	size_t n = sizeof(mark) - 1, at;

	for (at = path.n; at >= n; at--)
		if (memcmp(path.p + at - n, mark, n) == 0)
			return (struct slice){path.p + at, path.n - at};
	return path;
}

/*
 * The image's path below DIR/images: where seg-fetch has put it, or would put
 * it.
 */
static void
put_file_name(struct coco *coco, const struct record *record, struct buf *to)
{
	struct slice image, path, value;
	struct buf memory = {0}, chosen = {0};
	struct wanted wanted;
	uint64_t line;

	if (record_asset(record, ASSET_IMAGE, &image) &&
	    json_find(image, "path", &value) && json_string(value, &chosen)) {
		path = buf_view(&chosen);
		if (!strip_directory(coco, &path))
			path = behind_images(path);
	} else if (wanted_read(record, ASSET_IMAGE, &wanted, &memory)) {
		names_choose(coco->names, &wanted, NULL, &chosen, &line);
		path = buf_view(&chosen);
		path.p += strlen("images/");
		path.n -= strlen("images/");
	} else {
		path_put(&chosen, buf_view(&record->name_text));
		path = buf_view(&chosen);
	}
	json_put_string(to, path);
	buf_release(&memory);
	buf_release(&chosen);
}

static bool
positive(struct slice object, const char *key, struct slice *value)
{
	int64_t number;

	return json_find(object, key, value) && json_int(*value, &number) &&
	       number > 0;
}

static int
put_image(struct coco *coco, const struct record *record)
{
	struct buf *to = &coco->image;
	struct slice image = {0}, width, height;

	record_asset(record, ASSET_IMAGE, &image);
	if (!positive(image, "width", &width) ||
	    !positive(image, "height", &height))
		return fail(coco, "the image has no width and height");
	buf_reset(to);
	buf_puts(to, coco->counts.images ? ",\n{\"id\":" : "\n{\"id\":");
	buf_uint(to, coco->counts.images + 1);
	buf_puts(to, ",\"file_name\":");
	put_file_name(coco, record, to);
	put_member(to, "width", width);
	put_member(to, "height", height);
	if (record->uuid.p)
		put_member(to, "uuid", record->uuid);
	if (json_find(image, "url", &width))
		put_member(to, "coco_url", width);
	copy_member(to, record->label, "label_status");
	buf_putc(to, '}');
	return 0;
}

static struct category *
find_category(struct coco *coco, struct slice annotation)
{
	struct slice value;
	int64_t id;
	struct category *category = NULL;

	if (!json_find(annotation, "category_id", &value) ||
	    !json_int(value, &id))
		fail(coco, "an annotation has no integer category_id");
	else if (!(category = categories_find(&coco->categories, id)))
		fail(coco, "category_id %lld is not among the release's",
		     (long long)id);
	return category;
}

/* 1 when written, 0 when it has no geometry, -1 on failure. */
static int
put_annotation(struct coco *coco, struct slice annotation, uint64_t id)
{
	static const char *const rest[] = {"segmentation", "iscrowd",
					   "keypoints",    "num_keypoints",
					   "iou",          "score",
					   "track_id",     "attributes"};
	struct buf *to = &coco->annotations;
	struct category *category = find_category(coco, annotation);
	struct slice box, value;
	size_t i;

	if (!category)
		return -1;
	if (!json_find(annotation, "bbox", &box) ||
	    !json_find(annotation, "iscrowd", &value))
		return 0;
	buf_puts(to, id > 1 ? ",\n{\"id\":" : "\n{\"id\":");
	buf_uint(to, id);
	buf_puts(to, ",\"image_id\":");
	buf_uint(to, coco->counts.images + 1);
	buf_puts(to, ",\"category_id\":");
	buf_int(to, category->out_id);
	put_member(to, "bbox", box);
	copy_member(to, annotation, "area");
	for (i = 0; i < sizeof(rest) / sizeof(*rest); i++)
		copy_member(to, annotation, rest[i]);
	buf_putc(to, '}');
	category->keypoint |= json_find(annotation, "keypoints", &value);
	return 1;
}

/* Gathers a record's annotations in coco->annotations: 0, or -1. */
static int
put_annotations(struct coco *coco, struct slice list,
		struct coco_counts *counts)
{
	struct json_iter iter = json_iterate(list);
	struct json_member annotation;
	int got;

	buf_reset(&coco->annotations);
	while (json_next(&iter, &annotation) > 0) {
		got = put_annotation(coco, annotation.value,
				     counts->annotations + 1);
		if (got < 0)
			return -1;
		counts->annotations += got == 1;
		counts->without_geometry += got == 0;
	}
	return 0;
}

/* Checks what is copied into the file, which must be whole JSON. */
static int
check_record(struct coco *coco, const struct record *record)
{
	const struct slice parts[] = {record->label, record->attributes,
				      record->uuid};
	struct json_error error = {0};
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i].n && json_validate(parts[i], &error) < 0)
			return fail(coco, "not JSON inside: %s", error.what);
	return 0;
}

enum coco_result
coco_add(struct coco *coco, const struct record *record)
{
	struct coco_counts counts = coco->counts;
	struct slice list;
	const char *why;

	if (check_record(coco, record) < 0)
		return COCO_FAILED;
	if (!json_find_path(record->label, &list, "attributes", "annotations",
			    NULL))
		return COCO_UNLABELLED;
	why = categories_take(&coco->categories, record);
	if (why) {
		fail(coco, "%s", why);
		return COCO_FAILED;
	}
	if (put_annotations(coco, list, &counts) < 0 ||
	    put_image(coco, record) < 0)
		return COCO_FAILED;
	if (!coco->begun)
		begin(coco, record->release);
	counts.images++;
	coco->counts = counts;
	out_put(coco->out, buf_view(&coco->annotations));
	out_put(coco->spool, buf_view(&coco->image));
	if (out_failed(coco->out) || out_failed(coco->spool))
		return COCO_FATAL;
	return COCO_WRITTEN;
}

static void
put_category(struct buf *to, const struct category *category)
{
	struct json_iter iter = json_iterate(buf_view(&category->text));
	struct json_member member;
	struct slice value;

	buf_puts(to, "\n{\"id\":");
	buf_int(to, category->out_id);
	while (json_next(&iter, &member) > 0) {
		if (slice_is(member.key, "id"))
			continue;
		buf_puts(to, ",\"");
		buf_slice(to, member.key);
		buf_puts(to, "\":");
		buf_slice(to, member.value);
	}
	if (!json_find(buf_view(&category->text), "supercategory", &value))
		put_member(to, "supercategory", slice_of("\"\""));
	if (category->out_id != category->id) {
		buf_puts(to, ",\"original_id\":");
		buf_int(to, category->id);
	}
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
	char *block = buf_reserve(&coco->text, 1 << 16);
	ptrdiff_t n = 1;

	if (out_flush(coco->spool) < 0 ||
	    lseek(coco->spool_fd, 0, SEEK_SET) != 0)
		return -1;
	while (n > 0) {
		n = stream_read(coco->spool_fd, "temporary file", block,
				1 << 16);
		if (n > 0)
			out_put(coco->out, (struct slice){block, (size_t)n});
	}
	return n < 0 ? -1 : 0;
}

static int
finish(struct coco *coco)
{
	size_t i;

	if (!coco->begun)
		begin(coco, (struct slice){0});
	out_put(coco->out, slice_of("\n],\n\"images\":["));
	buf_reset(&coco->text);
	if (copy_spool(coco) < 0)
		return -1;
	buf_reset(&coco->text);
	buf_puts(&coco->text, "\n],\n\"categories\":[");
	for (i = 0; i < coco->categories.count; i++) {
		buf_puts(&coco->text, i ? "," : "");
		put_category(&coco->text, &coco->categories.list[i]);
	}
	buf_puts(&coco->text, "\n]}\n");
	out_put(coco->out, buf_view(&coco->text));
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
	names_close(coco->names);
	categories_release(&coco->categories);
	buf_release(&coco->annotations);
	buf_release(&coco->image);
	buf_release(&coco->text);
	buf_release(&coco->failure);
	free(coco);
	return result;
}
