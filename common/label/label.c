#include "label/label.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "image/trace.h"
#include "label/label_parts.h"
#include "record/edits.h"

enum { BITMAP_FILE_MAX = 1 << 30 /* bytes of a label bitmap's file */ };

const struct label_options label_defaults = {
	.segmentation = SEGMENTATION_RLE,
	.unlisted = UNLISTED_WARN,
	.crowd_attribute = "is_crowd",
	.max_pixels = 100000000,
	.max_label = 512 << 20,
};

/* What a vertical run takes of memory, and a corner of an outline, at most. */
enum { RUN_COST = 64, CORNER_COST = 80 };

struct label_decoder *
label_decoder_open(const struct label_options *options,
		   struct asset_reader *reader)
{
	struct label_decoder *decoder = xcalloc(1, sizeof(*decoder));

	decoder->options = options;
	decoder->assets = reader;
	decoder->bitmap = bitmap_open();
	decoder->tracer = tracer_open();
	decoder->rasterizer = rasterizer_open();
	decoder->even_odd = even_odd_open();
	bitmap_limit_runs(decoder->bitmap, options->max_label / RUN_COST);
	tracer_limit_corners(decoder->tracer, options->max_label / CORNER_COST);
	return decoder;
}

void
label_decoder_close(struct label_decoder *decoder)
{
	if (!decoder)
		return;
	asset_reader_close(decoder->assets);
	bitmap_close(decoder->bitmap);
	tracer_close(decoder->tracer);
	rasterizer_close(decoder->rasterizer);
	even_odd_close(decoder->even_odd);
	clip_release(&decoder->clip);
	edits_release(&decoder->edits);
	left_out_release(&decoder->left_out);
	buf_release(&decoder->added);
	buf_release(&decoder->file);
	buf_release(&decoder->value);
	buf_release(&decoder->failure);
	free(decoder->annotations);
	free(decoder->points);
	free(decoder);
}

int
label_fail(struct label_decoder *decoder, const char *format, ...)
{
	va_list args;

	buf_reset(&decoder->failure);
	va_start(args, format);
	buf_vprintf(&decoder->failure, format, args);
	va_end(args);
	return -1;
}

const char *
label_failure(struct label_decoder *decoder, struct slice *url)
{
	*url = decoder->failed_url;
	return buf_cstr(&decoder->failure);
}

/* A whole number of pixels, at least one. */
static bool
read_side(struct slice object, const char *key, uint32_t *pixels)
{
	struct slice value;
	int64_t number;

	if (!json_find(object, key, &value) || !json_int(value, &number) ||
	    number < 1 || number > INT32_MAX)
		return false;
	*pixels = (uint32_t)number;
	return true;
}

bool
label_known_size(const struct record *record, struct image_size *size)
{
	struct slice image;

	return record_asset(record, ASSET_IMAGE, &image) &&
	       read_side(image, "width", &size->width) &&
	       read_side(image, "height", &size->height);
}

/* What is looked into must be whole JSON: 0, or -1 with *error set. */
static int
check_json(const struct record *record, struct json_error *error)
{
	if (json_validate(record->label, error) < 0)
		return -1;
	return record->attributes.n ? json_validate(record->attributes, error)
				    : 0;
}

bool
label_decoded(const struct record *record)
{
	struct json_iter iter;
	struct json_member first;
	struct image_size size;
	struct slice list, crowd;

	if (!json_find_path(record->label, &list, "attributes", "annotations",
			    NULL) ||
	    !label_known_size(record, &size) ||
	    check_json(record, &(struct json_error){0}) < 0)
		return false;
	/* No release has it. */
	iter = json_iterate(list);
	return json_next(&iter, &first) <= 0 ||
	       json_find(first.value, "iscrowd", &crowd);
}

/* Sets a member of an object outside the annotations. */
static void
set(struct label_decoder *decoder, struct slice object, const char *key)
{
	edits_set(&decoder->edits, object, key, buf_view(&decoder->value));
	buf_reset(&decoder->value);
}

/* Sets attributes.image.width and height, in pixels. */
static void
set_size(struct label_decoder *decoder, const struct record *record,
	 uint32_t width, uint32_t height)
{
	struct buf *value = &decoder->value;
	struct slice image;

	if (record_asset(record, ASSET_IMAGE, &image)) {
		buf_uint(value, width);
		set(decoder, image, "width");
		buf_uint(value, height);
		set(decoder, image, "height");
		return;
	}
	buf_printf(value, "{\"width\":%u,\"height\":%u}", (unsigned)width,
		   (unsigned)height);
	if (json_type(record->attributes) == JSON_OBJECT) {
		set(decoder, record->attributes, "image");
		return;
	}
	buf_reset(value);
	buf_printf(value, "{\"image\":{\"width\":%u,\"height\":%u}}",
		   (unsigned)width, (unsigned)height);
	set(decoder, record->line, "attributes");
}

/* Reads an image's size from its first bytes: NULL, or why not. */
static const char *
measure_image(struct label_decoder *decoder, const struct record *record,
	      struct image_size *size)
{
	const char *why;
	bool whole;

	size->need = IMAGE_SIZE_FIRST;
	for (;;) {
		why = asset_read_head(decoder->assets, record, ASSET_IMAGE,
				      size->need, &decoder->file, &whole);
		if (why)
			return why;
		switch (image_size_read(buf_view(&decoder->file), whole,
					size)) {
		case IMAGE_SIZE_OK:
			return NULL;
		case IMAGE_SIZE_MORE:
			break;
		default:
			return size->what;
		}
	}
}

/* Sets decoder->size, for which no bitmap tells the image's: 0, or -1. */
static int
find_size(struct label_decoder *decoder, const struct record *record)
{
	struct image_size size;
	const char *why = NULL;
	const bool known = label_known_size(record, &size);

	if (!known && !asset_named(record, ASSET_IMAGE))
		return label_fail(decoder, "no image to learn the size from");
	if (!known)
		why = measure_image(decoder, record, &size);
	if (why) {
		decoder->failed_url = asset_failed_url(decoder->assets);
		return label_fail(decoder, "image: %s", why);
	}
	if (!known)
		set_size(decoder, record, size.width, size.height);
	decoder->size = (struct point){size.width, size.height};
	return 0;
}

/* Warns where the image's size is at hand and is not its bitmap's. */
static void
compare_sizes(struct label_decoder *decoder, const struct record *record,
	      const struct bitmap_view *view)
{
	struct image_size size;

	if (!label_known_size(record, &size) &&
	    (!asset_local(decoder->assets, record, ASSET_IMAGE) ||
	     measure_image(decoder, record, &size)))
		return;
	if (size.width != view->width || size.height != view->height)
		diag_warn(&record->place,
			  "bitmap has %u x %u pixels, the image %u x %u",
			  (unsigned)view->width, (unsigned)view->height,
			  (unsigned)size.width, (unsigned)size.height);
}

void
label_count_oddity(struct label_decoder *decoder, enum label_oddity oddity)
{
	if (decoder->options->oddities)
		decoder->options->oddities->counts[oddity]++;
}

void
label_report_oddities(struct label_oddities *oddities)
{
	static const char *const what[LABEL_ODDITIES] = {
		[LABEL_PALETTE] = "bitmaps with a palette, whose colours are "
				  "read as ids",
		[LABEL_GREY] = "grey bitmaps",
		[LABEL_LEVELS] = "bitmaps with grey levels where ids should "
				 "be, read as ids",
		[LABEL_ANIMATED] = "animated bitmaps, of which the first image "
				   "is read",
		[LABEL_TRAILING] = "bitmaps with bytes behind their end",
		[LABEL_CLIPPED] = "annotations reach beyond their image and "
				  "are clipped",
	};
	size_t i;

	for (i = 0; i < LABEL_ODDITIES; i++) {
		unsigned long long count = oddities->counts[i];

		if (count)
			diag_say(NULL, "%s: %llu", what[i], count);
	}
}

static void
count_oddities(struct label_decoder *decoder, unsigned oddities)
{
	static const struct {
		enum bitmap_oddity bit;
		enum label_oddity oddity;
	} kinds[] = {
		{BITMAP_PALETTE, LABEL_PALETTE},
		{BITMAP_GREY, LABEL_GREY},
		{BITMAP_ANIMATED, LABEL_ANIMATED},
		{BITMAP_TRAILING, LABEL_TRAILING},
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (oddities & kinds[i].bit)
			label_count_oddity(decoder, kinds[i].oddity);
}

static int
decode_bitmap(struct label_decoder *decoder, const struct record *record)
{
	struct bitmap_view view;
	const char *why = asset_read(decoder->assets, record, ASSET_LABEL,
				     BITMAP_FILE_MAX, &decoder->file);

	if (why) {
		decoder->failed_url = asset_failed_url(decoder->assets);
		return label_fail(decoder, "bitmap: %s", why);
	}
	why = bitmap_read(decoder->bitmap, buf_view(&decoder->file),
			  decoder->options->max_pixels, &view);
	if (why)
		return label_fail(decoder, "bitmap: %s", why);
	if (view.translucent)
		diag_warn(&record->place,
			  "bitmap has %llu pixels that are not opaque",
			  (unsigned long long)view.translucent);
	count_oddities(decoder, view.oddities);
	compare_sizes(decoder, record, &view);
	if (decoder->each) {
		decoder->each->width = view.width;
		decoder->each->height = view.height;
	}
	set_size(decoder, record, view.width, view.height);
	return label_decode_bitmap(decoder, &view);
}

static int
add_annotation(struct label_decoder *decoder, struct slice text)
{
	if (json_type(text) != JSON_OBJECT)
		return label_fail(decoder,
				  "annotation no. %zu is not an object",
				  decoder->count + 1);
	if (decoder->count == decoder->room) {
		decoder->room = decoder->room ? 2 * decoder->room : 64;
		decoder->annotations =
			xreallocarray(decoder->annotations, decoder->room,
				      sizeof(*decoder->annotations));
	}
	decoder->annotations[decoder->count] =
		(struct annotation){text, decoder->count + 1, 0};
	decoder->count++;
	return 0;
}

static int
list_annotations(struct label_decoder *decoder, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member element;

	decoder->count = 0;
	if (json_type(list) != JSON_ARRAY)
		return label_fail(decoder, "annotations is not a list");
	while (json_next(&iter, &element) > 0)
		if (add_annotation(decoder, element.value) < 0)
			return -1;
	return 0;
}

/* Whether annotations are drawn with points, of which one may be broken. */
static bool
is_drawn(const struct label_decoder *decoder)
{
	struct slice points;
	size_t i;

	for (i = 0; i < decoder->count; i++)
		if (json_find(decoder->annotations[i].text, "points", &points))
			return true;
	return decoder->count == 0;
}

static int
decode_label(struct label_decoder *decoder, const struct record *record,
	     struct slice attributes)
{
	struct slice list = {0}, frames;

	if (!json_find(attributes, "annotations", &list))
		return label_fail(
			decoder,
			"a label without annotations of its own, such as a "
			"sequence's, cannot be decoded%s",
			json_find(attributes, "frames", &frames)
				? "; seg-frames takes a sequence apart"
				: "");
	if (list_annotations(decoder, list) < 0)
		return -1;
	if (asset_named(record, ASSET_LABEL))
		return decode_bitmap(decoder, record);
	if (!is_drawn(decoder))
		return label_fail(decoder, "annotations without a bitmap, and "
					   "without points");
	if (find_size(decoder, record) < 0)
		return -1;
	return label_decode_vector(decoder);
}

/*
 * Finds the attributes of a label that has any: 1; 0, or -1 where they are not
 * JSON.
 */
static int
find_attributes(struct label_decoder *decoder, const struct record *record,
		struct slice *attributes)
{
	struct json_error error = {0};
	const char *why = record_misshapen(record);

	decoder->failed_url = slice_of("");
	decoder->record = record;
	if (why)
		return label_fail(decoder, "%s", why);
	if (json_type(record->label) != JSON_OBJECT)
		return 0;
	if (check_json(record, &error) < 0)
		return label_fail(decoder, "not JSON inside: %s", error.what);
	left_out_read(&decoder->left_out, record);
	left_out_sort(&decoder->left_out);
	return json_find(record->label, "attributes", attributes) &&
	       json_type(*attributes) == JSON_OBJECT &&
	       json_count(*attributes) > 0;
}

int
label_decode(struct label_decoder *decoder, const struct record *record,
	     struct buf *to)
{
	struct slice attributes = {0};
	int got = find_attributes(decoder, record, &attributes);

	if (got <= 0)
		return got;
	got = decode_label(decoder, record, attributes);
	if (got == 0)
		edits_apply(&decoder->edits, record->line, to);
	else
		edits_reset(&decoder->edits);
	return got < 0 ? -1 : 1;
}

int
label_decode_each(struct label_decoder *decoder, const struct record *record,
		  struct label_each *each)
{
	struct slice attributes = {0};
	int got = find_attributes(decoder, record, &attributes);

	if (got <= 0 || !asset_named(record, ASSET_LABEL))
		return got < 0 ? -1 : 0;
	decoder->each = each;
	got = decode_label(decoder, record, attributes);
	decoder->each = NULL;
	edits_reset(&decoder->edits);
	return got < 0 ? -1 : 1;
}
