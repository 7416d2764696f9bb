/* Ultralytics' NDJSON: a line for the data set, then one for each image. */
#include "output/yolo_parts.h"
#include "json/json.h"

/* The URL to read the image from, or nothing where none will do. */
static struct slice
find_url(struct slice image)
{
	static const char *const keys[] = {"url", "signed_url"};
	struct slice value;
	size_t i;

	for (i = 0; i < 2; i++)
		if (json_find(image, keys[i], &value) &&
		    json_type(value) == JSON_STRING &&
		    (memmem(value.p, value.n < 10 ? value.n : 10, "http://",
			    7) ||
		     memmem(value.p, value.n < 10 ? value.n : 10, "https://",
			    8)))
			return value;
	return (struct slice){0};
}

/* Semantic labels are painted from outlines. */
static const char *const list_keys[] = {"boxes", "segments", "pose", "obb",
					"segments"};

/* Appends the rows, a list of lists; where there are none an empty object. */
static void
put_annotations_member(const struct yolo *yolo, struct buf *to)
{
	struct slice rows = buf_view(&yolo->rows);

	if (!rows.n) {
		buf_puts(to, ",\"annotations\":{}");
		return;
	}
	buf_puts(to, ",\"annotations\":{\"");
	buf_puts(to, list_keys[yolo->options.task]);
	buf_puts(to, "\":[");
	/* Behind the last there is a comma. */
	buf_put(to, rows.p, rows.n - 1);
	buf_puts(to, "]}");
}

int
yolo_put_line(struct yolo *yolo)
{
	const struct record *record = yolo->record;
	struct slice image = {0}, url, width = {0}, height = {0};
	const struct buf *name = &yolo->names->name;
	struct buf *to = &yolo->text;
	const char *slash;

	if (!yolo_names_take(yolo->names, record))
		return yolo_fail(yolo, "%s", buf_cstr(&yolo->names->failure));

	record_asset(record, ASSET_IMAGE, &image);
	json_find(image, "width", &width);
	json_find(image, "height", &height);
	url = find_url(image);
	if (!url.p)
		return yolo_fail(yolo, "the image has no http URL, by which "
				       "ultralytics could read it");
	slash = memrchr(name->data, '/', name->len);
	slash = slash ? slash + 1 : name->data;
	buf_reset(to);
	buf_puts(to, "{\"type\":\"image\",\"file\":");
	json_put_string(to, (struct slice){slash, (size_t)(name->data +
							   name->len - slash)});
	json_put_member(to, slice_of("url"), url);
	json_put_member(to, slice_of("width"), width);
	json_put_member(to, slice_of("height"), height);
	buf_puts(to, ",\"split\":\"");
	buf_puts(to, yolo_part_keys[yolo->part]);
	buf_putc(to, '"');
	put_annotations_member(yolo, to);
	if (json_type(record->uuid) == JSON_STRING)
		json_put_member(to, slice_of("uuid"), record->uuid);
	if (json_type(record->name) == JSON_STRING)
		json_put_member(to, slice_of("name"), record->name);
	buf_puts(to, "}\n");
	spool_put(yolo->spool, buf_view(to));
	return 0;
}

static void
put_keypoints(const struct yolo *yolo, struct buf *to)
{
	const struct yolo_keypoints *keypoints = &yolo->options.keypoints;
	size_t class, i;

	buf_printf(to, ",\"kpt_shape\":[%zu,3]", keypoints->count);
	if (keypoints->flips) {
		buf_puts(to, ",\"flip_idx\":[");
		for (i = 0; i < keypoints->count; i++)
			buf_printf(to, "%s%zu", i ? "," : "",
				   keypoints->flip[i]);
		buf_putc(to, ']');
	}
	if (!yolo->options.points.by)
		return;
	buf_puts(to, ",\"kpt_names\":{");
	for (class = 0; class < yolo->classes.count; class ++) {
		buf_printf(to, "%s\"%zu\":[", class ? "," : "", class);
		for (i = 0; i < keypoints->count; i++) {
			buf_puts(to, i ? "," : "");
			json_put_string(to, keypoints->names[i]);
		}
		buf_putc(to, ']');
	}
	buf_putc(to, '}');
}

/*
 * The line of the data set. Its members get into data.yaml, where some of them
 * are obeyed, so none is called as someone likes.
 */
static void
put_head(const struct yolo *yolo, struct buf *to)
{
	const struct {
		const char *key;
		const struct buf *value;
	} texts[] =
		{
			{"name", &yolo->dataset},
			{"description", &yolo->description},
		},
	  more[] = {
		  {"created_at", &yolo->created_at},
		  {"segments_release", &yolo->release},
	  };
	size_t i;

	buf_puts(to, "{\"type\":\"dataset\",\"task\":\"");
	buf_puts(to, yolo_task_names[yolo->options.task]);
	buf_putc(to, '"');
	for (i = 0; i < 2; i++)
		if (texts[i].value->len)
			json_put_member(to, slice_of(texts[i].key),
					buf_view(texts[i].value));
	buf_puts(to, ",\"class_names\":{");
	for (i = 0; i < yolo->classes.count; i++) {
		buf_printf(to, "%s\"%zu\":", i ? "," : "", i);
		json_put_string(to, yolo_class_name(&yolo->classes, i));
	}
	buf_putc(to, '}');
	if (yolo->options.task == YOLO_POSE)
		put_keypoints(yolo, to);
	buf_puts(to, ",\"version\":1");
	for (i = 0; i < 2; i++)
		if (more[i].value->len)
			json_put_member(to, slice_of(more[i].key),
					buf_view(more[i].value));
	buf_puts(to, "}\n");
}

int
yolo_put_stream(struct yolo *yolo)
{
	const uint64_t *images = yolo->counts.images;

	if (!images[YOLO_TRAIN] && images[YOLO_VAL] + images[YOLO_TEST])
		diag_say(NULL, "no images are for training: ultralytics will "
			       "refuse this");
	buf_reset(&yolo->text);
	put_head(yolo, &yolo->text);
	out_put(yolo->options.out, buf_view(&yolo->text));
	if (spool_copy(yolo->spool, yolo->options.out) < 0)
		return -1;
	return out_failed(yolo->options.out) ? -1 : 0;
}
