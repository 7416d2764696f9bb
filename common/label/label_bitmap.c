/* Annotations whose pixels are in a bitmap. */
#include <stdlib.h>

#include "image/rle.h"
#include "image/trace.h"
#include "label/label_parts.h"

enum { ID_MAX = (1 << 24) - 1 };

static int
compare_ids(const void *left, const void *right)
{
	const struct annotation *a = left, *b = right;

	return a->id < b->id ? -1 : a->id > b->id;
}

/*
 * What names the pixels of an annotation: its id, or its track_id, of which
 * newer releases say that `id` is a legacy name.
 */
static bool
find_id(struct slice annotation, struct slice *id)
{
	bool found = json_find(annotation, "id", id);
	struct slice track;

	if (found && json_type(*id) != JSON_NULL)
		return true;
	if (!json_find(annotation, "track_id", &track))
		return found;
	*id = track;
	return true;
}

/* Reads the annotations' ids and sorts by them: 0, or -1. */
static int
order_annotations(struct label_decoder *decoder)
{
	struct annotation *list = decoder->annotations;
	struct slice value;
	int64_t id;
	size_t i;

	for (i = 0; i < decoder->count; i++) {
		if (!find_id(list[i].text, &value))
			return label_fail(decoder,
					  "annotation no. %zu has no id",
					  i + 1);
		if (!json_int(value, &id) || id < 1 || id > ID_MAX)
			return label_fail(decoder,
					  "annotation id %.*s is no integer "
					  "from 1 to %d",
					  label_shown(value), value.p, ID_MAX);
		list[i].id = (uint32_t)id;
	}
	if (decoder->count > 1)
		qsort(list, decoder->count, sizeof(*list), compare_ids);
	for (i = 1; i < decoder->count; i++)
		if (list[i].id == list[i - 1].id)
			return label_fail(decoder, "two annotations have id %u",
					  list[i].id);
	return 0;
}

/* Puts the outline and, if so wanted, sets `iou` with the mask: 0, or -1. */
static int
put_outline(struct label_decoder *decoder, const struct instance *instance,
	    const struct bitmap_view *view)
{
	struct polygon polygon = tracer_trace(decoder->tracer, instance,
					      decoder->options->simplify);
	struct instance filled;

	if (!polygon.parts)
		return label_fail(decoder,
				  "the outline of id %u has too many corners; "
				  "--max-label allows more",
				  instance->id);
	if (decoder->options->report_iou) {
		rasterizer_draw(decoder->rasterizer, &polygon, view->width,
				view->height, instance->id, &filled);
		json_put_double(&decoder->value,
				instance_iou(&filled, instance));
		label_set(decoder, IOU);
	}
	polygon_put(&decoder->value, &polygon);
	return 0;
}

/* 0, or -1. */
static int
set_segmentation(struct label_decoder *decoder, const struct instance *instance,
		 const struct bitmap_view *view)
{
	switch (decoder->options->segmentation) {
	case SEGMENTATION_RLE:
		rle_put_compressed(&decoder->value, instance, view->width,
				   view->height);
		break;
	case SEGMENTATION_COUNTS:
		rle_put_counts(&decoder->value, instance, view->width,
			       view->height);
		break;
	case SEGMENTATION_POLYGON:
		if (put_outline(decoder, instance, view) < 0)
			return -1;
		break;
	case SEGMENTATION_NONE:
		label_clear(decoder, SEGMENTATION);
		return 0;
	}
	label_set(decoder, SEGMENTATION);
	return 0;
}

/* 0, or -1. */
static int
set_mask_geometry(struct label_decoder *decoder,
		  const struct instance *instance,
		  const struct bitmap_view *view)
{
	const struct box box = {instance->box.x, instance->box.y,
				instance->box.w, instance->box.h};

	/* An IoU beside iscrowd is ours, of a run before. */
	if (decoder->members[ISCROWD].p && !decoder->options->report_iou)
		label_clear(decoder, IOU);
	label_set_box(decoder, &box);
	buf_uint(&decoder->value, instance->area);
	label_set(decoder, AREA);
	return set_segmentation(decoder, instance, view);
}

/* Ids that one side has and the other lacks, gathered for one message. */
struct gap {
	size_t ids;
	uint64_t pixels;
	struct buf some; /* the first few ids */
};

enum { GAP_SHOWN = 5 };

static void
widen_gap(struct gap *gap, uint32_t id, uint64_t pixels)
{
	if (gap->ids < GAP_SHOWN) {
		buf_puts(&gap->some, gap->ids ? ", " : "");
		buf_uint(&gap->some, id);
	} else if (gap->ids == GAP_SHOWN) {
		buf_puts(&gap->some, ", ...");
	}
	gap->ids++;
	gap->pixels += pixels;
}

/* The pixels of an annotation that was dropped on purpose are not missed. */
static void
widen_unlisted(const struct label_decoder *decoder, struct gap *unlisted,
	       const struct instance *instance)
{
	if (!left_out_has(&decoder->left_out, instance->id))
		widen_gap(unlisted, instance->id, instance->area);
}

static int
report_gaps(struct label_decoder *decoder, struct gap *empty,
	    struct gap *unlisted)
{
	enum unlisted what = decoder->options->unlisted;

	if (empty->ids)
		diag_warn(&decoder->record->place,
			  "%zu annotation%s without a pixel: %s", empty->ids,
			  empty->ids == 1 ? "" : "s", buf_cstr(&empty->some));
	if (!unlisted->ids || what == UNLISTED_IGNORE)
		return 0;
	label_fail(decoder,
		   "%zu id%s in the bitmap that no annotation lists: %s "
		   "(%llu pixels)",
		   unlisted->ids, unlisted->ids == 1 ? "" : "s",
		   buf_cstr(&unlisted->some),
		   (unsigned long long)unlisted->pixels);
	if (what == UNLISTED_FAIL)
		return -1;
	diag_warn(&decoder->record->place, "%s", buf_cstr(&decoder->failure));
	return 0;
}

/* Hands an annotation to whoever wants no text. */
static void
hand_over(struct label_decoder *decoder, const struct annotation *annotation,
	  const struct instance *instance)
{
	struct slice attributes = {0};

	if (instance && instance->area < decoder->options->min_area)
		instance = NULL;
	json_find(annotation->text, "attributes", &attributes);
	decoder->each->each(decoder->each->context, annotation->text,
			    annotation->id, label_is_crowd(decoder, attributes),
			    instance);
}

/*
 * Sets what an annotation has; `instance` is NULL where it has no pixel. 0, or
 * -1.
 */
static int
decode_annotation(struct label_decoder *decoder,
		  const struct annotation *annotation,
		  const struct instance *instance,
		  const struct bitmap_view *view)
{
	label_begin(decoder, annotation);
	if (!instance || instance->area < decoder->options->min_area)
		label_clear_geometry(decoder);
	else if (set_mask_geometry(decoder, instance, view) < 0)
		return -1;
	return label_end(decoder);
}

/* Whether an annotation has the id of an instance, taken `unit` times. */
static bool
lists_any(const struct label_decoder *decoder, const struct bitmap_view *view,
	  uint32_t unit)
{
	size_t i;

	for (i = 0; i < decoder->count; i++)
		if (bitmap_find(view,
				(uint64_t)decoder->annotations[i].id * unit))
			return true;
	return false;
}

/*
 * Other tools write ids as grey levels, which are no ids of ours: level 1 is
 * the colour (1, 1, 1) and the id 65793. Where no annotation has such an id and
 * some have the level, the level is meant: 0. -1 where neither fits, and so the
 * whole label would be lost.
 */
static int
choose_ids(struct label_decoder *decoder, const struct bitmap_view *view)
{
	if (!decoder->count || !view->count || !bitmap_is_grey(view) ||
	    lists_any(decoder, view, 1))
		return 0;
	if (!lists_any(decoder, view, BITMAP_GREY_ID))
		return label_fail(
			decoder,
			"ids of the bitmap look like grey levels, but "
			"annotations have neither the ids (%u, ...) "
			"nor the levels (%u, ...)",
			view->instances[0].id,
			view->instances[0].id / BITMAP_GREY_ID);
	bitmap_take_levels(decoder->bitmap);
	label_count_oddity(decoder, LABEL_LEVELS);
	return 0;
}

int
label_decode_bitmap(struct label_decoder *decoder,
		    const struct bitmap_view *view)
{
	const struct instance *at = view->instances, *end = at + view->count;
	struct gap empty = {0}, unlisted = {0};
	size_t i;
	int result = 0;

	if (order_annotations(decoder) < 0 || choose_ids(decoder, view) < 0)
		return -1;
	for (i = 0; result == 0 && i < decoder->count; i++) {
		const struct annotation *annotation = &decoder->annotations[i];
		const struct instance *instance = NULL;

		for (; at < end && at->id < annotation->id; at++)
			widen_unlisted(decoder, &unlisted, at);
		if (at < end && at->id == annotation->id)
			instance = at++;
		else
			widen_gap(&empty, annotation->id, 0);
		if (decoder->each)
			hand_over(decoder, annotation, instance);
		else
			result = decode_annotation(decoder, annotation,
						   instance, view);
	}
	for (; at < end; at++)
		widen_unlisted(decoder, &unlisted, at);
	if (result == 0)
		result = report_gaps(decoder, &empty, &unlisted);
	buf_release(&empty.some);
	buf_release(&unlisted.some);
	return result;
}
