/* Images. */
#include "output/coco_parts.h"
#include "store/path.h"

static bool
is_positive(struct slice value)
{
	int64_t number;

	return json_int(value, &number) && number > 0;
}

/* Puts video_id and frame_id, the frame's place in its sequence from 0. */
static void
put_frame(struct buf *to, const struct coco_record *at)
{
	struct slice index;

	if (at->video == SIZE_MAX)
		return;
	buf_puts(to, ",\"video_id\":");
	buf_uint(to, at->video + 1);
	if (json_find(at->record->frame, "index", &index) &&
	    json_type(index) == JSON_NUMBER)
		json_put_member(to, slice_of("frame_id"), index);
}

/* Puts what the release says of the sample, and its label of the image. */
static void
put_extra(struct buf *to, const struct record *record)
{
	struct slice value;

	if (coco_given(record->metadata))
		json_put_member(to, slice_of("metadata"), record->metadata);
	if (json_find_path(record->label, &value, "attributes",
			   "image_attributes", NULL) &&
	    coco_given(value))
		json_put_member(to, slice_of("image_attributes"), value);
}

/* True for a path that may lead out of a directory. */
static bool
leads_out(struct slice path)
{
	size_t i, n;

	if (!path.n || path.p[0] == '/')
		return true;
	for (i = 0; i < path.n; i += n + 1) {
		for (n = 0; i + n < path.n && path.p[i + n] != '/';)
			n++;
		if (n == 0 || (n <= 2 && memcmp(path.p + i, "..", n) == 0))
			return true;
	}
	return false;
}

/* What the record's image is called; one that lies elsewhere, by its sample. */
static void
put_name(struct coco *coco, const struct record *record)
{
	struct buf *name = &coco->name;
	const char *slash, *dot;
	struct buf suffix = {0};

	buf_reset(name);
	image_names_put(coco->names, record, name);
	if (!coco->options->below || !leads_out(buf_view(name)))
		return;
	slash = memrchr(name->data, '/', name->len);
	dot = slash ? memrchr(slash, '.',
			      (size_t)(name->data + name->len - slash))
		    : NULL;
	if (dot && !slice_ends(buf_view(&record->name_text), dot))
		buf_put(&suffix, dot, (size_t)(name->data + name->len - dot));
	buf_reset(name);
	path_put(name, buf_view(&record->name_text));
	buf_slice(name, buf_view(&suffix));
	buf_release(&suffix);
}

int
coco_put_image(struct coco *coco, const struct coco_record *at, bool first)
{
	const struct record *record = at->record;
	struct buf *to = &coco->text;
	struct slice image = {0}, width, height, url;

	record_asset(record, ASSET_IMAGE, &image);
	if (!json_find(image, "width", &width) || !is_positive(width) ||
	    !json_find(image, "height", &height) || !is_positive(height))
		return coco_fail(coco, "the image has no width and height");
	buf_reset(to);
	buf_puts(to, first ? "\n{\"id\":" : ",\n{\"id\":");
	buf_uint(to, at->image_id);
	buf_puts(to, ",\"file_name\":");
	put_name(coco, record);
	json_put_string(to, buf_view(&coco->name));
	json_put_member(to, slice_of("width"), width);
	json_put_member(to, slice_of("height"), height);
	put_frame(to, at);
	if (json_type(record->uuid) == JSON_STRING)
		json_put_member(to, slice_of("uuid"), record->uuid);
	url = coco_find_text(image, "url");
	if (url.n > 2)
		json_put_member(to, slice_of("coco_url"), url);
	coco_copy_member(to, "label_status", record->label, "label_status");
	if (coco->options->image_extra)
		put_extra(to, record);
	buf_putc(to, '}');
	return 0;
}
