#include "bitmap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "png.h"

struct bitmap {
	struct run *runs;
	size_t count, room;
	struct instance *instances;
	size_t instance_room;
	struct png png;
	char error[96];
};

struct bitmap *
bitmap_open(void)
{
	return xcalloc(1, sizeof(struct bitmap));
}

void
bitmap_close(struct bitmap *bitmap)
{
	if (!bitmap)
		return;
	free(bitmap->runs);
	free(bitmap->instances);
	free(bitmap);
}

static void
add_run(struct bitmap *bitmap, struct run run)
{
	if (bitmap->count == bitmap->room) {
		bitmap->room = bitmap->room ? bitmap->room * 2 : 1024;
		bitmap->runs = xreallocarray(bitmap->runs, bitmap->room,
					     sizeof(struct run));
	}
	bitmap->runs[bitmap->count++] = run;
}

static uint32_t
id_at(const unsigned char *rgba)
{
	return rgba[0] | (uint32_t)rgba[1] << 8 | (uint32_t)rgba[2] << 16;
}

static void
walk_column(struct bitmap *bitmap, const unsigned char *pixels, uint32_t x)
{
	size_t stride = (size_t)bitmap->png.width * 4;
	const unsigned char *p = pixels + (size_t)x * 4;
	uint32_t start = 0, y;

	for (y = 0; y < bitmap->png.height; y++, p += stride) {
		uint32_t id = id_at(p);

		if (y + 1 < bitmap->png.height && id_at(p + stride) == id)
			continue;
		if (id)
			add_run(bitmap, (struct run){id, x, start, y + 1});
		start = y + 1;
	}
}

static int
compare_runs(const void *left, const void *right)
{
	const struct run *a = left, *b = right;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return a->y0 < b->y0 ? -1 : a->y0 > b->y0;
}

static struct instance
measure(const struct run *runs, size_t count)
{
	struct instance found = {runs[0].id, runs, count, 0, {0, 0, 0, 0}};
	uint32_t top = UINT32_MAX, bottom = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		found.area += runs[i].y1 - runs[i].y0;
		top = runs[i].y0 < top ? runs[i].y0 : top;
		bottom = runs[i].y1 > bottom ? runs[i].y1 : bottom;
	}
	found.box.x = runs[0].x;
	found.box.y = top;
	found.box.w = runs[count - 1].x + 1 - runs[0].x;
	found.box.h = bottom - top;
	return found;
}

static void
group_runs(struct bitmap *bitmap, struct bitmap_view *view)
{
	size_t from, to;

	if (bitmap->count)
		qsort(bitmap->runs, bitmap->count, sizeof(struct run),
		      compare_runs);
	for (from = 0; from < bitmap->count; from = to) {
		for (to = from + 1; to < bitmap->count; to++)
			if (bitmap->runs[to].id != bitmap->runs[from].id)
				break;
		if (view->count == bitmap->instance_room) {
			bitmap->instance_room = view->count * 2 + 64;
			bitmap->instances =
				xreallocarray(bitmap->instances,
					      bitmap->instance_room,
					      sizeof(struct instance));
		}
		bitmap->instances[view->count++] =
			measure(bitmap->runs + from, to - from);
	}
	view->instances = bitmap->instances;
}

/* 16 bits to 8 in place; false where a low byte differs from its high one. */
static bool
narrow(unsigned char *samples, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (samples[2 * i] != samples[2 * i + 1])
			return false;
		samples[i] = samples[2 * i];
	}
	return true;
}

const char *
bitmap_read(struct bitmap *bitmap, struct slice file, uint64_t max_pixels,
	    struct bitmap_view *view)
{
	struct png *png = &bitmap->png;
	unsigned char *pixels;
	uint64_t count, i;
	uint32_t x;

	*view = (struct bitmap_view){0};
	bitmap->count = 0;
	if (png_open(png, file.p, file.n) < 0)
		return png->error;
	count = (uint64_t)png->width * png->height;
	if (count > max_pixels) {
		snprintf(bitmap->error, sizeof(bitmap->error),
			 "more than %" PRIu64 " pixels (%" PRIu32 " x %" PRIu32
			 ")",
			 max_pixels, png->width, png->height);
		return bitmap->error;
	}
	if (png_decode(png, &pixels) < 0) {
		free(pixels);
		return png->error;
	}
	if (png->depth == 16 && !narrow(pixels, count * 4)) {
		free(pixels);
		return "16-bit channels hold no ids";
	}
	for (i = 0; i < count; i++)
		view->translucent += pixels[4 * i + 3] < 255;
	for (x = 0; x < png->width; x++)
		walk_column(bitmap, pixels, x);
	free(pixels);
	view->width = png->width;
	view->height = png->height;
	group_runs(bitmap, view);
	return NULL;
}
