#include "report/eval_pixels.h"

#include <stdlib.h>

/* A run of one side's picture: no two of a column overlap. */
struct piece {
	uint32_t x, y0, y1;
	uint32_t object;
};

/* One side's picture, by x and y0. */
struct mask_layer {
	struct piece *list;
	size_t count, room;
	struct piece *flat; /* the same without overlaps */
	size_t flat_count, flat_room;
};

struct eval_pixels {
	struct mask_layer truth, prediction;
	uint32_t *column; /* objects of a column where some overlap */
	size_t column_room;
	struct eval_common *common;
	size_t count, room;
};

struct eval_pixels *
eval_pixels_open(void)
{
	return xcalloc(1, sizeof(struct eval_pixels));
}

void
eval_pixels_close(struct eval_pixels *pixels)
{
	if (!pixels)
		return;
	free(pixels->truth.list);
	free(pixels->truth.flat);
	free(pixels->prediction.list);
	free(pixels->prediction.flat);
	free(pixels->column);
	free(pixels->common);
	free(pixels);
}

static void
put_piece(struct piece **list, size_t *count, size_t *room, struct piece piece)
{
	if (*count == *room) {
		*room = *room ? 2 * *room : 1024;
		*list = xreallocarray(*list, *room, sizeof(**list));
	}
	(*list)[(*count)++] = piece;
}

static int
compare_pieces(const void *left, const void *right)
{
	const struct piece *a = left, *b = right;

	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	if (a->y0 != b->y0)
		return a->y0 < b->y0 ? -1 : 1;
	return a->object < b->object ? -1 : a->object > b->object;
}

/* The runs of all objects, cut to the image, by column. */
static void
gather_pieces(struct mask_layer *layer, const struct eval_segment *list,
	      size_t n, uint32_t width, uint32_t height)
{
	size_t i, r;

	layer->count = 0;
	for (i = 0; i < n; i++) {
		const struct instance *mask = list[i].mask;

		for (r = 0; mask && r < mask->count; r++) {
			struct piece piece = {mask->runs[r].x, mask->runs[r].y0,
					      mask->runs[r].y1, (uint32_t)i};

			if (piece.y1 > height)
				piece.y1 = height;
			if (piece.x < width && piece.y0 < piece.y1)
				put_piece(&layer->list, &layer->count,
					  &layer->room, piece);
		}
	}
	if (layer->count)
		qsort(layer->list, layer->count, sizeof(*layer->list),
		      compare_pieces);
}

/* Draws a column whose pieces overlap, the later objects over the others. */
static void
flatten_column(struct eval_pixels *pixels, struct mask_layer *layer,
	       const struct piece *column, size_t n, uint32_t height)
{
	uint32_t y, from;
	size_t i;

	if (height > pixels->column_room) {
		pixels->column_room = height;
		pixels->column = xreallocarray(pixels->column, height,
					       sizeof(*pixels->column));
	}
	for (y = 0; y < height; y++)
		pixels->column[y] = EVAL_VOID;
	for (i = 0; i < n; i++)
		for (y = column[i].y0; y < column[i].y1; y++)
			if (pixels->column[y] == EVAL_VOID ||
			    pixels->column[y] < column[i].object)
				pixels->column[y] = column[i].object;
	for (from = 0; from < height; from = y) {
		for (y = from + 1;
		     y < height && pixels->column[y] == pixels->column[from];
		     y++)
			;
		if (pixels->column[from] != EVAL_VOID)
			put_piece(&layer->flat, &layer->flat_count,
				  &layer->flat_room,
				  (struct piece){column->x, from, y,
						 pixels->column[from]});
	}
}

static void
flatten(struct eval_pixels *pixels, struct mask_layer *layer, uint32_t height)
{
	size_t from, end, i;
	bool overlaps;

	layer->flat_count = 0;
	for (from = 0; from < layer->count; from = end) {
		const struct piece *column = layer->list + from;

		overlaps = false;
		for (end = from + 1;
		     end < layer->count && layer->list[end].x == column->x;
		     end++)
			overlaps |=
				layer->list[end].y0 < layer->list[end - 1].y1;
		if (overlaps) {
			flatten_column(pixels, layer, column, end - from,
				       height);
			continue;
		}
		for (i = from; i < end; i++)
			put_piece(&layer->flat, &layer->flat_count,
				  &layer->flat_room, layer->list[i]);
	}
}

static void
put_common(struct eval_pixels *pixels, uint32_t truth, uint32_t prediction,
	   uint64_t count)
{
	struct eval_common *last =
		pixels->count ? &pixels->common[pixels->count - 1] : NULL;

	if (last && last->truth == truth && last->prediction == prediction) {
		last->pixels += count;
		return;
	}
	if (pixels->count == pixels->room || !pixels->common) {
		pixels->room = pixels->room ? 2 * pixels->room : 1024;
		pixels->common = xreallocarray(pixels->common, pixels->room,
					       sizeof(*pixels->common));
	}
	pixels->common[pixels->count++] =
		(struct eval_common){truth, prediction, count};
}

/* Where a walk over a flat layer stands: at pixel `at` of a column. */
struct cursor {
	const struct piece *next, *end;
};

/* The object at (x, y), and in *until where that ends in the column. */
static uint32_t
object_at(struct cursor *cursor, uint32_t x, uint32_t y, uint32_t *until)
{
	while (cursor->next < cursor->end &&
	       (cursor->next->x < x ||
		(cursor->next->x == x && cursor->next->y1 <= y)))
		cursor->next++;
	if (cursor->next == cursor->end || cursor->next->x != x)
		return EVAL_VOID;
	if (cursor->next->y0 > y) {
		if (*until > cursor->next->y0)
			*until = cursor->next->y0;
		return EVAL_VOID;
	}
	if (*until > cursor->next->y1)
		*until = cursor->next->y1;
	return cursor->next->object;
}

/* The next column, from x on, where either side has something. */
static uint32_t
next_column(const struct cursor *a, const struct cursor *b, uint32_t width)
{
	uint32_t x = width;

	if (a->next < a->end)
		x = a->next->x;
	if (b->next < b->end && b->next->x < x)
		x = b->next->x;
	return x;
}

static void
skip_column(struct cursor *cursor, uint32_t x)
{
	while (cursor->next < cursor->end && cursor->next->x <= x)
		cursor->next++;
}

static void
count_columns(struct eval_pixels *pixels, uint32_t width, uint32_t height)
{
	struct cursor a = {pixels->truth.flat,
			   pixels->truth.flat + pixels->truth.flat_count};
	struct cursor b = {pixels->prediction.flat,
			   pixels->prediction.flat +
				   pixels->prediction.flat_count};
	uint64_t empty = 0; /* pixels that neither side has */
	uint32_t x, last = 0, y, until;

	while ((x = next_column(&a, &b, width)) < width) {
		empty += (uint64_t)(x - last) * height;
		for (y = 0; y < height; y = until) {
			uint32_t truth, prediction;

			until = height;
			truth = object_at(&a, x, y, &until);
			prediction = object_at(&b, x, y, &until);
			if (truth == EVAL_VOID && prediction == EVAL_VOID)
				empty += until - y;
			else
				put_common(pixels, truth, prediction,
					   until - y);
		}
		skip_column(&a, x);
		skip_column(&b, x);
		last = x + 1;
	}
	empty += (uint64_t)(width - last) * height;
	if (empty)
		put_common(pixels, EVAL_VOID, EVAL_VOID, empty);
}

static int
compare_common(const void *left, const void *right)
{
	const struct eval_common *a = left, *b = right;

	if (a->truth != b->truth)
		return a->truth < b->truth ? -1 : 1;
	return a->prediction < b->prediction ? -1
					     : a->prediction > b->prediction;
}

/* Adds up the pieces of each pair. */
static void
unite_common(struct eval_pixels *pixels)
{
	size_t i, n = 0;

	if (!pixels->count)
		return;
	qsort(pixels->common, pixels->count, sizeof(*pixels->common),
	      compare_common);
	for (i = 1; i < pixels->count; i++) {
		if (compare_common(&pixels->common[i], &pixels->common[n]) == 0)
			pixels->common[n].pixels += pixels->common[i].pixels;
		else
			pixels->common[++n] = pixels->common[i];
	}
	pixels->count = n + 1;
}

void
eval_pixels_count(struct eval_pixels *pixels, struct eval_scene *scene)
{
	const uint32_t width = scene->width, height = scene->height;

	pixels->count = 0;
	gather_pieces(&pixels->truth, scene->truths, scene->truth_count, width,
		      height);
	gather_pieces(&pixels->prediction, scene->predictions,
		      scene->prediction_count, width, height);
	flatten(pixels, &pixels->truth, height);
	flatten(pixels, &pixels->prediction, height);
	count_columns(pixels, width, height);
	unite_common(pixels);
	scene->common = pixels->common;
	scene->common_count = pixels->count;
}
