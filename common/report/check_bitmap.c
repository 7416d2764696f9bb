/* The rules of label bitmaps, found on vertical runs. */
#include <math.h>
#include <stdlib.h>

#include "report/check_parts.h"

enum { FILE_MAX = 1 << 30 /* bytes of a label bitmap's file */ };

/* The middle of a component: of its box, for who goes there to look. */
static void
middle(const struct component *component, double at[2])
{
	at[0] = component->box.x + component->box.w / 2.0;
	at[1] = component->box.y + component->box.h / 2.0;
}

static void
judge_components(struct judge *judge, const struct judged *judged,
		 const struct instance *instance)
{
	struct components parts = components_find(judge->finder, instance->runs,
						  instance->count, true);
	const double limit = judge->options->limits[RULE_SPECK];
	double at[2];
	size_t i;

	if ((double)parts.count > judge->options->limits[RULE_FRAGMENTS])
		judge_put_value(judge, RULE_FRAGMENTS, judged, NULL,
				(double)parts.count, "in %zu pieces",
				parts.count);
	for (i = 0; i < parts.count; i++) {
		const struct component *part = &parts.list[i];

		if ((double)part->area > limit ||
		    part->area * 100 >= instance->area)
			continue;
		middle(part, at);
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
	double share =
		(double)instance_fringe(instance) / (double)instance->area;

	if (share > judge->options->limits[RULE_FRINGE])
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

	judge_put(judge, RULE_ID_UNLISTED, NULL, at,
		  "id %u has %llu px, and no annotation", instance->id,
		  (unsigned long long)instance->area);
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

static int
compare_runs(const void *left, const void *right)
{
	const struct run *a = left, *b = right;

	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return (a->y0 > b->y0) - (a->y0 < b->y0);
}

/* All runs of the image by column: their number. */
static size_t
gather_runs(struct judge *judge, const struct bitmap_view *view)
{
	size_t i, n = 0;

	for (i = 0; i < view->count; i++)
		n += view->instances[i].count;
	if (n > judge->run_room) {
		judge->run_room = n + n / 2;
		judge->runs = xreallocarray(judge->runs, judge->run_room,
					    sizeof(*judge->runs));
	}
	for (i = n = 0; i < view->count; i++) {
		const struct instance *instance = &view->instances[i];

		memcpy(judge->runs + n, instance->runs,
		       instance->count * sizeof(*judge->runs));
		n += instance->count;
	}
	if (n > 1)
		qsort(judge->runs, n, sizeof(*judge->runs), compare_runs);
	return n;
}

static void
add_gap(struct judge *judge, size_t *count, struct run gap)
{
	if (gap.y0 >= gap.y1)
		return;
	if (*count == judge->gap_room) {
		judge->gap_room = 2 * *count + 256;
		judge->gaps = xreallocarray(judge->gaps, judge->gap_room,
					    sizeof(*judge->gaps));
	}
	judge->gaps[(*count)++] = gap;
}

/* What no run covers, by column: the number of gaps. */
static size_t
gather_gaps(struct judge *judge, size_t runs, const struct bitmap_view *view)
{
	size_t at = 0, count = 0;
	uint32_t x, y;

	for (x = 0; x < view->width; x++) {
		for (y = 0; at < runs && judge->runs[at].x == x; at++) {
			add_gap(judge, &count,
				(struct run){0, x, y, judge->runs[at].y0});
			y = judge->runs[at].y1;
		}
		add_gap(judge, &count, (struct run){0, x, y, view->height});
	}
	return count;
}

/* The ids around a gap: none of the border, one, or two of them. */
struct around {
	bool border;
	uint32_t ids[2];
};

static void
note_id(struct around *around, uint32_t id)
{
	if (!around->ids[0])
		around->ids[0] = id;
	else if (around->ids[0] != id)
		around->ids[1] = id;
}

/* The first run that does not end above (x, y). */
static size_t
find_run(const struct run *runs, size_t count, uint32_t x, uint32_t y)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t at = low + (high - low) / 2;

		if (runs[at].x < x || (runs[at].x == x && runs[at].y1 <= y))
			low = at + 1;
		else
			high = at;
	}
	return low;
}

/* The ids of the pixels (x, y0) to (x, y1 - 1). */
static void
note_column(struct around *around, const struct judge *judge, size_t runs,
	    uint32_t x, const struct run *gap)
{
	size_t at = find_run(judge->runs, runs, x, gap->y0);

	for (; at < runs && judge->runs[at].x == x &&
	       judge->runs[at].y0 < gap->y1;
	     at++)
		note_id(around, judge->runs[at].id);
}

static void
look_around(struct around *around, const struct judge *judge, size_t runs,
	    const struct run *gap, const struct bitmap_view *view)
{
	const struct run above = {0, gap->x, gap->y0 - 1, gap->y0};
	const struct run below = {0, gap->x, gap->y1, gap->y1 + 1};

	if (gap->x == 0 || gap->y0 == 0 || gap->x + 1 == view->width ||
	    gap->y1 == view->height) {
		around->border = true;
		return;
	}
	note_column(around, judge, runs, gap->x, &above);
	note_column(around, judge, runs, gap->x, &below);
	note_column(around, judge, runs, gap->x - 1, gap);
	note_column(around, judge, runs, gap->x + 1, gap);
}

static const struct judged *
find_judged(const struct judge *judge, uint32_t id)
{
	size_t i;

	for (i = 0; i < judge->count; i++)
		if (judge->list[i].id == id)
			return &judge->list[i];
	return NULL;
}

static void
tell_gap(struct judge *judge, const struct component *gap,
	 const struct around *around)
{
	const double *limits = judge->options->limits;
	const struct judged *judged = find_judged(judge, around->ids[0]);
	const bool thin = gap->box.w <= 2 || gap->box.h <= 2;
	double at[2];

	middle(gap, at);
	if (around->border || !around->ids[0])
		return;
	if (!around->ids[1] && (double)gap->area <= limits[RULE_HOLE])
		judge_put_value(judge, RULE_HOLE, judged, at, (double)gap->area,
				"a hole of %llu px",
				(unsigned long long)gap->area);
	else if (around->ids[1] && thin &&
		 (double)gap->area <= limits[RULE_SLIVER])
		judge_put_value(judge, RULE_SLIVER, judged, at,
				(double)gap->area,
				"%llu px unlabelled, between it and id %u",
				(unsigned long long)gap->area, around->ids[1]);
}

/* Holes and slivers: small unlabelled components, and what is around them. */
static void
judge_gaps(struct judge *judge, const struct bitmap_view *view)
{
	const double *limits = judge->options->limits;
	const double most = fmax(limits[RULE_HOLE], limits[RULE_SLIVER]);
	size_t runs = gather_runs(judge, view);
	size_t count = gather_gaps(judge, runs, view), i;
	struct components parts =
		components_find(judge->finder, judge->gaps, count, false);
	struct around *around = xcalloc(parts.count + 1, sizeof(*around));

	for (i = 0; i < count; i++)
		if ((double)parts.list[parts.of[i]].area <= most)
			look_around(&around[parts.of[i]], judge, runs,
				    &judge->gaps[i], view);
	for (i = 0; i < parts.count; i++)
		if ((double)parts.list[i].area <= most)
			tell_gap(judge, &parts.list[i], &around[i]);
	free(around);
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
	match_instances(judge, &view);
	judge_unlabelled(judge, &view);
	if (!judge->options->disabled[RULE_HOLE] ||
	    !judge->options->disabled[RULE_SLIVER])
		judge_gaps(judge, &view);
}
