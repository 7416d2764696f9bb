/* Images. */
#include "output/coco_parts.h"

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

/* Puts what the record's image is called into coco->name: 0, or -1. */
static int
put_name(struct coco *coco, const struct record *record)
{
	static const char *const lacking[] = {"name", "uuid", "path"};
	bool known;

	buf_reset(&coco->name);
	known = coco->options->below
			? image_names_put_below(coco->names, record,
						&coco->name)
			: image_names_put(coco->names, record, &coco->name);
	if (known && coco->name.len)
		return 0;
	return coco_fail(coco, "the image has no %s to be called by",
			 lacking[coco->options->file_name]);
}

/* No other sample's image may be called so: 0, or -1. */
static int
check_name(struct coco *coco, const struct coco_record *at)
{
	struct buf sample = {0};
	int result = 0;

	if (!at->again &&
	    image_set_has(coco->image_names, buf_view(&coco->name), &sample))
		result = coco_fail(coco,
				   "%s is the image of %s%s already; "
				   "--file-name uuid tells them apart",
				   buf_cstr(&coco->name),
				   sample.len ? "sample " : "another sample",
				   buf_cstr(&sample));
	buf_release(&sample);
	return result;
}

int
coco_put_image(struct coco *coco, const struct coco_record *at, bool first)
{
	const struct record *record = at->record;
	struct buf *to = &coco->text;
	struct slice image = {0}, width, height, url, facts;

	record_asset(record, ASSET_IMAGE, &image);
	facts = at->facts.n ? at->facts : image;
	if (!json_find(facts, "width", &width) || !is_positive(width) ||
	    !json_find(facts, "height", &height) || !is_positive(height))
		return coco_fail(coco, "the image has no width and height");
	if (put_name(coco, record) < 0 || check_name(coco, at) < 0)
		return -1;
	buf_reset(to);
	buf_puts(to, first ? "\n{\"id\":" : ",\n{\"id\":");
	buf_uint(to, at->image_id);
	buf_puts(to, ",\"file_name\":");
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
