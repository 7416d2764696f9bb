/*
 * Small unlabelled places in a bitmap. What is larger has a long gap somewhere
 * or touches the border, and so what hangs together with one of these need not
 * be looked at: the gaps that are listed are short ones within the image.
 */
#include <math.h>
#include <stdlib.h>

#include "report/check_parts.h"

static void
make_room(struct judge *judge, const struct bitmap_view *view)
{
	/* Behind each run of the image there is one gap at most. */
	if (view->runs > judge->gap_room) {
		judge->gap_room = view->runs + view->runs / 2;
		judge->gaps = xreallocarray(judge->gaps, judge->gap_room,
					    sizeof(*judge->gaps));
	}
	if (view->width >= judge->column_room) {
		judge->column_room = (size_t)view->width + 1;
		judge->columns =
			xreallocarray(judge->columns, judge->column_room,
				      sizeof(*judge->columns));
	}
}

/*
 * Lists the gaps of at most `most` pixels, each with the number of the run
 * below it as its id: their number.
 */
static size_t
list_gaps(struct judge *judge, const struct bitmap_view *view, uint32_t most)
{
	const struct run *run = view->columns;
	size_t at, count = 0;

	for (at = 1; at < view->runs; at++, run++) {
		const uint32_t size = run[1].y0 - run->y1;

		/* Where there is none, its size less 1 is the largest of all.
		 */
		if (size - 1 >= most || run[1].x != run->x || run->x == 0 ||
		    run->x + 1 == view->width)
			continue;
		judge->gaps[count++] =
			(struct run){(uint32_t)at, run->x, run->y1, run[1].y0};
	}
	return count;
}

/* Finds where the runs of each column begin, and the last one's end. */
static void
find_columns(struct judge *judge, const struct bitmap_view *view)
{
	size_t at;
	uint32_t x = 0;

	for (at = 0; at < view->runs; at++)
		while (x <= view->columns[at].x)
			judge->columns[x++] = at;
	while (x <= view->width)
		judge->columns[x++] = at;
}

/* What is around a gap: the ids, up to two of them. */
struct around {
	bool open; /* it is part of something larger, or of the border */
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

/* Looks at the pixels of column x beside a gap. */
static void
look_beside(struct around *around, const struct judge *judge,
	    const struct bitmap_view *view, const struct run *gap, uint32_t x,
	    uint32_t most)
{
	const struct run *run = view->columns + judge->columns[x];
	const struct run *end = view->columns + judge->columns[x + 1];
	uint32_t top = 0, bottom;

	for (; run < end && run->y1 <= gap->y0; run++)
		top = run->y1;
	for (;; run++) {
		bottom = run < end ? run->y0 : view->height;
		if (top < bottom && top < gap->y1 && bottom > gap->y0)
			around->open |= top == 0 || bottom == view->height ||
					x == 0 || x + 1 == view->width ||
					bottom - top > most;
		if (run == end || run->y0 >= gap->y1)
			return;
		note_id(around, run->id);
		top = run->y1;
	}
}

static void
look_around(struct around *around, const struct judge *judge,
	    const struct bitmap_view *view, const struct run *gap,
	    uint32_t most)
{
	note_id(around, view->columns[gap->id - 1].id);
	note_id(around, view->columns[gap->id].id);
	look_beside(around, judge, view, gap, gap->x - 1, most);
	look_beside(around, judge, view, gap, gap->x + 1, most);
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
	const struct judged *judged =
		find_judged(judge, around->ids[0] / judge->unit);
	const bool thin = gap->box.w <= 2 || gap->box.h <= 2;
	double at[2];

	judge_middle(gap, at);
	if (around->open)
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
				(unsigned long long)gap->area,
				around->ids[1] / judge->unit);
}

/* Holes and slivers: small unlabelled components, and what is around them. */
void
judge_gaps(struct judge *judge, const struct bitmap_view *view)
{
	const double *limits = judge->options->limits;
	const double larger = fmax(limits[RULE_HOLE], limits[RULE_SLIVER]);
	const uint32_t most = larger < view->height ? (uint32_t)fmax(larger, 0)
						    : view->height;
	struct components parts;
	struct around *around;
	size_t count, i;

	if (!view->columns)
		return;
	make_room(judge, view);
	count = list_gaps(judge, view, most);
	if (!count)
		return;
	find_columns(judge, view);
	components_count(judge->finder, judge->gaps, count, false);
	parts = components_list(judge->finder, judge->gaps, count);
	around = xcalloc(parts.count, sizeof(*around));
	for (i = 0; i < count; i++)
		if ((double)parts.list[parts.of[i]].area <= larger)
			look_around(&around[parts.of[i]], judge, view,
				    &judge->gaps[i], most);
	for (i = 0; i < parts.count; i++)
		if ((double)parts.list[i].area <= larger)
			tell_gap(judge, &parts.list[i], &around[i]);
	free(around);
}
