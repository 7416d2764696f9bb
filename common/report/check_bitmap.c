/* The rules of label bitmaps, found on vertical runs. */
#include <math.h>
#include <stdlib.h>

#include "report/check_parts.h"

enum { FILE_MAX = 1 << 30 /* bytes of a label bitmap's file */ };

void
judge_middle(const struct component *component, double at[2])
{
	at[0] = component->box.x + component->box.w / 2.0;
	at[1] = component->box.y + component->box.h / 2.0;
}

static void
judge_components(struct judge *judge, const struct judged *judged,
		 const struct instance *instance)
{
	const double limit = judge->options->limits[RULE_SPECK];
	struct components parts;
	double at[2];
	size_t i;

	if (components_count(judge->finder, instance->runs, instance->count,
			     true) == 1)
		return;
	parts = components_list(judge->finder, instance->runs, instance->count);
	if ((double)parts.count > judge->options->limits[RULE_FRAGMENTS])
		judge_put_value(judge, RULE_FRAGMENTS, judged, NULL,
				(double)parts.count, "in %zu pieces",
				parts.count);
	for (i = 0; i < parts.count; i++) {
		const struct component *part = &parts.list[i];

		if ((double)part->area > limit ||
		    part->area * 100 >= instance->area)
			continue;
		judge_middle(part, at);
		judge_put_value(judge, RULE_SPECK, judged, at,
				(double)part->area,
				"%llu px apart from the rest",
				(unsigned long long)part->area);
	}
}

static void
judge_fringe(struct judge *judge, const struct judged *judged,
	     const struct instance *instance)
{
	const double limit = judge->options->limits[RULE_FRINGE];
	const double area = (double)instance->area;
	double share;

	if ((double)instance_fringe_most(instance) <= limit * area)
		return;
	share = (double)instance_fringe(instance) / area;
	if (share > limit)
		judge_put_value(judge, RULE_FRINGE, judged, NULL, share,
				"%.0f %% of it is lines one pixel wide",
				100 * share);
}

static void
judge_instance(struct judge *judge, struct judged *judged,
	       const struct instance *instance, const struct bitmap_view *view)
{
	const struct pixel_box *box = &instance->box;

	judged->area = (double)instance->area;
	judged->box[0] = box->x;
	judged->box[1] = box->y;
	judged->box[2] = box->w;
	judged->box[3] = box->h;
	judge_components(judge, judged, instance);
	judge_fringe(judge, judged, instance);
	if (box->x == 0 || box->y == 0 || box->x + box->w == view->width ||
	    box->y + box->h == view->height)
		judge_put(judge, RULE_TOUCHES_BORDER, judged, NULL,
			  "it touches the border");
}

static void
judge_unlisted(struct judge *judge, const struct instance *instance)
{
	const double at[2] = {instance->runs[0].x, instance->runs[0].y0};

	if (left_out_has(&judge->left_out, instance->id))
		return;
	judge_put(judge, RULE_ID_UNLISTED, NULL, at,
		  "id %u has %llu px, and no annotation", instance->id,
		  (unsigned long long)instance->area);
}

/* Whether an annotation has the id of an instance, taken `unit` times. */
static bool
finds_any(const struct judge *judge, const struct bitmap_view *view,
	  uint32_t unit)
{
	size_t i;

	for (i = 0; i < judge->count; i++)
		if (judge->list[i].id > 0 &&
		    bitmap_find(view, (uint64_t)judge->list[i].id * unit))
			return true;
	return false;
}

/* Levels of grey where ids should be are taken for ids, as by seg-decode. */
static void
choose_unit(struct judge *judge, const struct bitmap_view *view)
{
	judge->unit = 1;
	if (!bitmap_is_grey(view) || finds_any(judge, view, 1) ||
	    !finds_any(judge, view, BITMAP_GREY_ID))
		return;
	judge->unit = BITMAP_GREY_ID;
	bitmap_take_levels(judge->bitmap);
}

/* Instances against annotations, both by ascending ids. */
static void
match_instances(struct judge *judge, const struct bitmap_view *view)
{
	const struct instance *at = view->instances, *end = at + view->count;
	size_t i;

	for (i = 0; i < judge->count; i++) {
		struct judged *judged = &judge->list[i];

		if (judged->id < 1 ||
		    (i && judged->id == judge->list[i - 1].id))
			continue;
		for (; at < end && at->id < judged->id; at++)
			judge_unlisted(judge, at);
		if (at < end && at->id == judged->id)
			judge_instance(judge, judged, at++, view);
		else
			judge_put(judge, RULE_ID_WITHOUT_PIXELS, judged, NULL,
				  "it has no pixel");
	}
	for (; at < end; at++)
		judge_unlisted(judge, at);
}

static void
judge_unlabelled(struct judge *judge, const struct bitmap_view *view)
{
	const double all = (double)view->width * (double)view->height;
	double share = 1;
	size_t i;

	for (i = 0; i < view->count; i++)
		share -= (double)view->instances[i].area / all;
	if (share > judge->options->limits[RULE_UNLABELLED] && view->count)
		judge_put_value(judge, RULE_UNLABELLED, NULL, NULL, share,
				"%.1f %% of the image is unlabelled",
				100 * share);
}

void
judge_bitmap(struct judge *judge)
{
	struct bitmap_view view;
	const char *why;

	buf_reset(&judge->file);
	why = asset_read(judge->assets, judge->record, ASSET_LABEL, FILE_MAX,
			 &judge->file);
	if (!why)
		why = bitmap_read(judge->bitmap, buf_view(&judge->file),
				  judge->options->max_pixels, &view);
	if (why) {
		judge_put(judge, RULE_UNREADABLE, NULL, NULL, "bitmap: %s",
			  why);
		return;
	}
	if (judge->width &&
	    (judge->width != view.width || judge->height != view.height))
		judge_put(judge, RULE_SIZE_DIFFERS, NULL, NULL,
			  "the bitmap has %u x %u pixels, the image %u x %u",
			  view.width, view.height, judge->width, judge->height);
	if (view.translucent)
		judge_put(judge, RULE_ALPHA, NULL, NULL,
			  "%llu px are not opaque",
			  (unsigned long long)view.translucent);
	left_out_read(&judge->left_out, judge->record);
	left_out_sort(&judge->left_out);
	choose_unit(judge, &view);
	match_instances(judge, &view);
	judge_unlabelled(judge, &view);
	if (!judge->options->disabled[RULE_HOLE] ||
	    !judge->options->disabled[RULE_SLIVER])
		judge_gaps(judge, &view);
}
