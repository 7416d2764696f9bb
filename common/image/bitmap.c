#include "image/bitmap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/png_rows.h"
#include "image/bitmap_columns.h"
#include "image/bitmap_row.h"
#include "image/bitmap_tiles.h"
#include "image/image_kind.h"

_Static_assert((int)SCAN_SLOP <= (int)PNG_ROWS_SLOP,
	       "rows are scanned with the slop");

struct bitmap {
	struct png png;
	struct png_rows png_rows;
	struct rows rows;
	struct tiles tiles;
	bool tiled; /* the rows so far are kept for that */
	struct columns columns;
	struct instance *instances; /* where rows are compared */
	size_t instances_room;
	struct instance *found; /* those, or those made from tiles */
	size_t instance_count;
	uint64_t translucent; /* pixels */
	size_t run_limit;
	bool animated;
	struct png_chunk chunk; /* the IDAT that is to be inflated next */
};

struct bitmap *
bitmap_open(void)
{
	struct bitmap *bitmap = xcalloc(1, sizeof(*bitmap));

	bitmap->png_rows.inflate = inflate_open();
	bitmap->run_limit = SIZE_MAX;
	return bitmap;
}

void
bitmap_limit_runs(struct bitmap *bitmap, size_t runs)
{
	bitmap->run_limit = runs;
}

void
bitmap_keep_columns(struct bitmap *bitmap)
{
	bitmap->columns.keep = true;
}

void
bitmap_close(struct bitmap *bitmap)
{
	if (!bitmap)
		return;
	png_rows_release(&bitmap->png_rows);
	rows_release(&bitmap->rows);
	tiles_release(&bitmap->tiles);
	columns_release(&bitmap->columns);
	free(bitmap->instances);
	free(bitmap);
}

/*
 * From rows to runs.
 */

static void
begin_rows(struct bitmap *bitmap, unsigned channels)
{
	rows_begin(&bitmap->rows, bitmap->png.width, channels);
	bitmap->tiled = !bitmap->columns.keep;
	if (bitmap->tiled)
		tiles_begin(&bitmap->tiles, bitmap->png.width,
			    bitmap->png.height);
	else
		columns_begin(&bitmap->columns, bitmap->png.width);
	bitmap->translucent = 0;
}

/* Pixels of a row whose alpha is below 255. */
static uint64_t
count_translucent(const struct stretch *row, size_t width)
{
	const struct stretch *at;
	uint64_t count = 0;
	uint32_t all = UINT32_MAX;

	for (at = row; at->x < width; at++)
		all &= at->color;
	if (all >> 24 == 255)
		return 0;
	for (at = row; at->x < width; at++)
		if (at->color >> 24 < 255)
			count += at[1].x - at->x;
	return count;
}

static const char *
refuse_runs(struct bitmap *bitmap)
{
	struct png *png = &bitmap->png;

	snprintf(png->error, sizeof(png->error),
		 "more than %zu runs; --max-label allows more",
		 bitmap->run_limit);
	return png->error;
}

/* Compares a row with the one above: NULL, or an error. */
static const char *
compare_row(struct bitmap *bitmap, const struct stretch *above,
	    const struct stretch *row, uint32_t y)
{
	columns_compare(&bitmap->columns, above, row, y);
	return bitmap->columns.count > bitmap->run_limit ? refuse_runs(bitmap)
							 : NULL;
}

/* From here on rows are compared, those first that were kept. */
static const char *
compare_kept(struct bitmap *bitmap)
{
	const struct tiles *tiles = &bitmap->tiles;
	const struct streak *at = tiles->streaks;
	const uint32_t width = bitmap->png.width;
	struct stretch *memory =
		xcalloc(2 * ((size_t)width + 2), sizeof(struct stretch));
	struct stretch *above = memory, *row = memory + width + 2, *last;
	const char *error = NULL;
	uint32_t y;

	bitmap->tiled = false;
	columns_begin(&bitmap->columns, width);
	above[1] = above[2] = (struct stretch){width, 0};
	for (y = 0; !error && y < tiles->rows; y++) {
		at = tiles_row(tiles, at, row);
		error = compare_row(bitmap, above, row, y);
		last = row;
		row = above;
		above = last;
	}
	free(memory);
	return error;
}

/* What is to be done with row y, once it has been read: NULL, or an error. */
static const char *
take_row(struct bitmap *bitmap, uint32_t y)
{
	struct rows *rows = &bitmap->rows;
	const char *error = NULL;

	if (rows->channels == 4)
		bitmap->translucent +=
			count_translucent(rows->row, rows->width);
	if (bitmap->tiled && tiles_keep(&bitmap->tiles, rows->row))
		return NULL;
	if (bitmap->tiled)
		error = compare_kept(bitmap);
	return error ? error : compare_row(bitmap, rows->above, rows->row, y);
}

/* Below the last row is nothing: NULL, or an error. */
static const char *
end_rows(struct bitmap *bitmap)
{
	uint32_t width = bitmap->png.width;
	const struct stretch nothing[] = {{0, 0}, {width, 0}, {width, 0}};
	const char *error = NULL;

	if (bitmap->tiled && tiles_fit(&bitmap->tiles))
		return NULL;
	if (bitmap->tiled)
		error = compare_kept(bitmap);
	if (!error)
		error = compare_row(bitmap, bitmap->rows.row, nothing,
				    bitmap->png.height);
	if (!error)
		columns_sort(&bitmap->columns);
	return error;
}

/*
 * The fast path: 8-bit RGB and RGBA.
 */

/* Reads on to the end of the stream, where its checksum is. */
static const char *
end_stream(struct bitmap *bitmap)
{
	const char *error = png_rows_end(&bitmap->png_rows);

	if (error)
		return error;
	if (inflate_checksum(bitmap->png_rows.inflate) !=
	    adler_value(&bitmap->rows.adler))
		return "bad Adler-32 checksum";
	return NULL;
}

static const char *
read_rows(struct bitmap *bitmap)
{
	const char *error = NULL;
	unsigned char *row;
	uint32_t y;

	for (y = 0; !error && y < bitmap->png.height; y++) {
		error = png_rows_next(&bitmap->png_rows, &row);
		if (!error)
			error = rows_read(&bitmap->rows, row);
		if (!error)
			error = take_row(bitmap, y);
	}
	return error ? error : end_stream(bitmap);
}

static const char *
read_fast(struct bitmap *bitmap)
{
	unsigned channels = png_channels(&bitmap->png);

	begin_rows(bitmap, channels);
	png_rows_begin(&bitmap->png_rows, &bitmap->png, &bitmap->chunk,
		       1 + (size_t)bitmap->png.width * channels);
	inflate_leave_checksum(bitmap->png_rows.inflate);
	return read_rows(bitmap);
}

/*
 * Every other PNG.
 */

/* Samples of 16 bits to 8, in place; false where that would change an id. */
static bool
narrow(unsigned char *samples, uint64_t count)
{
	uint64_t i;

	for (i = 0; i < count; i++) {
		if (samples[2 * i] != samples[2 * i + 1])
			return false;
		samples[i] = samples[2 * i];
	}
	return true;
}

/* Row by row through room behind which scanning may look. */
static const char *
read_whole(struct bitmap *bitmap)
{
	struct png *png = &bitmap->png;
	size_t row_size = (size_t)png->width * 4;
	unsigned char *pixels, *row;
	const char *error = NULL;
	uint32_t y;

	if (png_decode(png, bitmap->png_rows.inflate, &pixels) < 0)
		return png->error;
	if (png->depth == 16 &&
	    !narrow(pixels, (uint64_t)row_size * png->height)) {
		free(pixels);
		return "16-bit channels hold no ids";
	}
	begin_rows(bitmap, 4);
	row = png_rows_reserve(&bitmap->png_rows, row_size);
	for (y = 0; !error && y < png->height; y++) {
		memcpy(row, pixels + y * row_size, row_size);
		rows_read_pixels(&bitmap->rows, row);
		error = take_row(bitmap, y);
	}
	free(pixels);
	return error;
}

/*
 * Instances.
 */

/* The instance whose runs begin at `at`; `end` is behind the last run. */
static struct instance
measure(const struct run *at, const struct run *end)
{
	struct instance found = {.id = at->id, .runs = at};
	uint32_t top = UINT32_MAX, bottom = 0;

	do {
		found.area += at->y1 - at->y0;
		top = at->y0 < top ? at->y0 : top;
		bottom = at->y1 > bottom ? at->y1 : bottom;
		at++;
	} while (at < end && at->id == found.id);
	found.count = (size_t)(at - found.runs);
	found.box.x = found.runs->x;
	found.box.y = top;
	found.box.w = at[-1].x + 1 - found.runs->x;
	found.box.h = bottom - top;
	return found;
}

static size_t
group_runs(struct bitmap *bitmap)
{
	const struct run *at = bitmap->columns.runs;
	const struct run *end = at + bitmap->columns.count;
	size_t n = 0;

	while (at < end) {
		if (n == bitmap->instances_room) {
			bitmap->instances_room = n * 2 + 64;
			bitmap->instances =
				xreallocarray(bitmap->instances,
					      bitmap->instances_room,
					      sizeof(struct instance));
		}
		bitmap->instances[n] = measure(at, end);
		at += bitmap->instances[n++].count;
	}
	return n;
}

/* From the rows that were read: NULL, or an error. */
static const char *
find_instances(struct bitmap *bitmap)
{
	if (!bitmap->tiled) {
		bitmap->instance_count = group_runs(bitmap);
		bitmap->found = bitmap->instances;
		return NULL;
	}
	bitmap->instance_count = tiles_make(&bitmap->tiles, bitmap->run_limit);
	bitmap->found = bitmap->tiles.instances;
	return bitmap->tiles.run_count > bitmap->run_limit ? refuse_runs(bitmap)
							   : NULL;
}

/*
 * Walks to the first IDAT chunk. 1 where the image may take the fast path, 0
 * where not, -1 with png->error set.
 */
static int
find_path(struct bitmap *bitmap)
{
	struct png *png = &bitmap->png;
	bool fast = png->depth == 8 && !png->interlaced &&
		    (png->color == PNG_RGB || png->color == PNG_RGBA) &&
		    png->width <= ROWS_WIDTH_MAX;
	int more;

	bitmap->animated = false;
	while ((more = png_next(png, &bitmap->chunk)) > 0) {
		if (png_chunk_is(&bitmap->chunk, "IDAT"))
			return fast;
		bitmap->animated |= png_chunk_is(&bitmap->chunk, "acTL");
		if (png_chunk_is(&bitmap->chunk, "tRNS"))
			fast = false;
	}
	if (more == 0)
		snprintf(png->error, sizeof(png->error), "no image data");
	return -1;
}

static const char *
refuse_pixels(struct png *png, uint64_t max_pixels)
{
	snprintf(png->error, sizeof(png->error),
		 "%" PRIu32 " x %" PRIu32 " is more than %" PRIu64
		 " pixels; --max-pixels allows more",
		 png->width, png->height, max_pixels);
	return png->error;
}

/* Says what a file is that is no PNG, where that is known. */
static const char *
name_kind(struct png *png, struct slice file)
{
	const enum image_kind kind = image_kind_of(file);

	if (file.n >= IMAGE_KIND_MARK && kind != IMAGE_PNG &&
	    kind != IMAGE_KINDS)
		snprintf(png->error, sizeof(png->error), "is %s, not a PNG",
			 image_kind_name(kind));
	return png->error;
}

static unsigned
find_oddities(const struct bitmap *bitmap)
{
	const struct png *png = &bitmap->png;
	unsigned oddities = 0;

	if (png->color == PNG_PALETTE)
		oddities |= BITMAP_PALETTE;
	if (png->color == PNG_GREY || png->color == PNG_GREY_ALPHA)
		oddities |= BITMAP_GREY;
	if (bitmap->animated)
		oddities |= BITMAP_ANIMATED;
	if (png->behind)
		oddities |= BITMAP_TRAILING;
	return oddities;
}

const char *
bitmap_read(struct bitmap *bitmap, struct slice file, uint64_t max_pixels,
	    struct bitmap_view *view)
{
	struct png *png = &bitmap->png;
	const char *error;
	int fast;

	*view = (struct bitmap_view){0};
	if (png_open(png, file.p, file.n) < 0)
		return name_kind(png, file);
	if ((uint64_t)png->width * png->height > max_pixels)
		return refuse_pixels(png, max_pixels);
	fast = find_path(bitmap);
	if (fast < 0)
		return png->error;
	error = fast ? read_fast(bitmap) : read_whole(bitmap);
	if (!error)
		error = end_rows(bitmap);
	if (error)
		return error;
	view->width = png->width;
	view->height = png->height;
	error = find_instances(bitmap);
	if (error)
		return error;
	view->instances = bitmap->found;
	view->count = bitmap->instance_count;
	if (!bitmap->tiled) {
		view->columns = bitmap->columns.by_column;
		view->runs = bitmap->columns.count;
	}
	view->translucent = bitmap->translucent;
	view->oddities = find_oddities(bitmap);
	return NULL;
}

const struct instance *
bitmap_find(const struct bitmap_view *view, uint64_t id)
{
	size_t low = 0, high = view->count;

	while (low < high) {
		const size_t at = low + (high - low) / 2;
		const struct instance *instance = &view->instances[at];

		if (instance->id == id)
			return instance;
		if (instance->id < id)
			low = at + 1;
		else
			high = at;
	}
	return NULL;
}

bool
bitmap_is_grey(const struct bitmap_view *view)
{
	size_t i;

	for (i = 0; i < view->count; i++)
		if (view->instances[i].id % BITMAP_GREY_ID != 0)
			return false;
	return true;
}

void
bitmap_take_levels(struct bitmap *bitmap)
{
	size_t i;

	for (i = 0; i < bitmap->instance_count; i++)
		bitmap->found[i].id /= BITMAP_GREY_ID;
}
