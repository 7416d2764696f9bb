#include "image/picture_png.h"

#include <stdlib.h>

#include "base/inline.h"
#include "codec/png_rows.h"

/* Rows that are summed up in 32 bits, at most. */
enum { HEIGHT_MAX = 1 << 24 };

/* Bytes behind a row that are written with its last pixel. */
enum { BEHIND = 4 };

/* Rows as they are read. */
struct photo {
	struct png_rows rows;
	unsigned channels;
	size_t width, size;         /* pixels, and their bytes */
	unsigned char *above, *row; /* with BEHIND, as is the next */
	unsigned char *opaque;      /* a row on white */
	uint32_t *sums; /* of each channel of each column, of some rows */
};

/* Four bytes: those of a pixel and, where it has fewer, of what follows. */
typedef uint8_t four_bytes __attribute__((vector_size(4)));
typedef int16_t lanes __attribute__((vector_size(8)));

INLINE lanes
load_pixel(const unsigned char *p)
{
	four_bytes bytes;

	memcpy(&bytes, p, sizeof(bytes));
	return __builtin_convertvector(bytes, lanes);
}

INLINE lanes
absolute(lanes x)
{
	const lanes negative = x < 0;

	return (x ^ negative) - negative;
}

/* The predictor of PNG, 9.4: of left, above and above left, nearest to p. */
INLINE lanes
paeth(lanes a, lanes b, lanes c)
{
	const lanes pa = absolute(b - c), pb = absolute(a - c);
	const lanes pc = absolute(a + b - c - c);
	const lanes take_a = (pa <= pb) & (pa <= pc);
	const lanes take_b = ~take_a & (pb <= pc);

	return (a & take_a) | (b & take_b) | (c & ~(take_a | take_b));
}

/*
 * Undoes a filter that looks at the pixel on the left. What is written behind
 * a pixel's n bytes is written over by the next one.
 */
INLINE void
undo_left(const unsigned char *from, const unsigned char *above,
	  unsigned char *to, size_t size, unsigned n, bool average)
{
	lanes a = {0}, b, c = {0};
	four_bytes bytes;
	size_t i;

	for (i = 0; i < size; i += n) {
		b = load_pixel(above + i);
		a = (load_pixel(from + i) +
		     (average ? (a + b) >> 1 : paeth(a, b, c))) &
		    255;
		c = b;
		bytes = __builtin_convertvector(a, four_bytes);
		memcpy(to + i, &bytes, sizeof(bytes));
	}
}

static void
undo_sub(const unsigned char *from, unsigned char *to, size_t size, unsigned n)
{
	const uint32_t low = 0x7f7f7f7f;
	uint32_t left = 0, pixel;
	size_t i;

	for (i = 0; i < size; i += n) {
		memcpy(&pixel, from + i, sizeof(pixel));
		/* Four sums of bytes, their upper bits apart. */
		left = ((left & low) + (pixel & low)) ^ ((left ^ pixel) & ~low);
		memcpy(to + i, &left, sizeof(left));
	}
}

/* Blocks of a constant size let compilers add many bytes at once. */
typedef uint8_t bytes_block __attribute__((vector_size(16)));

enum { BLOCK = sizeof(bytes_block) };

static void
undo_up(const unsigned char *restrict from, const unsigned char *restrict above,
	unsigned char *restrict to, size_t size)
{
	size_t i;

	for (; size >= BLOCK; size -= BLOCK, from += BLOCK, above += BLOCK) {
		for (i = 0; i < BLOCK; i++)
			to[i] = (unsigned char)(from[i] + above[i]);
		to += BLOCK;
	}
	for (i = 0; i < size; i++)
		to[i] = (unsigned char)(from[i] + above[i]);
}

/* What a filtered row's pixels are, with those of the row above. */
static void
undo_filter(const struct photo *photo, const unsigned char *from,
	    unsigned filter)
{
	const unsigned char *above = photo->above;
	unsigned char *to = photo->row;
	const size_t size = photo->size;
	const unsigned n = photo->channels;

	if (filter == PNG_FILTER_NONE)
		memcpy(to, from, size);
	else if (filter == PNG_FILTER_SUB)
		undo_sub(from, to, size, n);
	else if (filter == PNG_FILTER_UP)
		undo_up(from, above, to, size);
	else
		undo_left(from, above, to, size, n,
			  filter == PNG_FILTER_AVERAGE);
}

/* Whether the last of two or four channels is 255 everywhere. */
static bool
is_opaque(const unsigned char *row, size_t size, unsigned channels)
{
	bytes_block all, block;
	size_t i, k;
	unsigned least = 255;

	memset(&all, 255, sizeof(all));
	for (i = 0; i + BLOCK <= size; i += BLOCK) {
		memcpy(&block, row + i, sizeof(block));
		all &= block;
	}
	for (k = channels - 1; k < BLOCK; k += channels)
		least &= all[k];
	for (i += channels - 1; i < size; i += channels)
		least &= row[i];
	return least == 255;
}

/* The row on white: itself, where it is opaque. */
static const unsigned char *
put_on_white(const struct photo *photo)
{
	const unsigned n = photo->channels;
	const unsigned char *from = photo->row;
	unsigned char *to = photo->opaque;
	size_t i;
	unsigned k;

	if (n % 2 || is_opaque(from, photo->size, n))
		return from;
	for (i = 0; i < photo->size; i += n)
		for (k = 0; k < n - 1; k++) {
			const unsigned alpha = from[i + n - 1];

			to[i + k] = (unsigned char)((from[i + k] * alpha +
						     255 * (255 - alpha)) /
						    255);
		}
	return to;
}

/* The next row's pixels: NULL, or what is wrong. */
static const char *
read_row(struct photo *photo, const unsigned char **row)
{
	unsigned char *filtered, *swap = photo->above;
	const char *error = png_rows_next(&photo->rows, &filtered);

	if (error)
		return error;
	if (filtered[0] >= PNG_FILTERS)
		return "unknown filter";
	photo->above = photo->row;
	photo->row = swap;
	undo_filter(photo, filtered + 1, filtered[0]);
	*row = put_on_white(photo);
	return NULL;
}

static void
add_row(uint32_t *restrict sums, const unsigned char *restrict row, size_t n)
{
	size_t i;

	for (; n >= BLOCK; n -= BLOCK, sums += BLOCK, row += BLOCK)
		for (i = 0; i < BLOCK; i++)
			sums[i] += row[i];
	for (i = 0; i < n; i++)
		sums[i] += row[i];
}

/* A row as it is, in red, green and blue. */
static void
put_pixels(const struct photo *photo, const unsigned char *row,
	   unsigned char *to)
{
	const unsigned n = photo->channels, step = n > 2;
	size_t i;

	for (i = 0; i < photo->size; i += n, to += 3) {
		to[0] = row[i];
		to[1] = row[i + step];
		to[2] = row[i + 2 * step];
	}
}

/* A row of means: of so many rows and, for each pixel, some columns. */
static void
put_means(const struct photo *photo, uint32_t rows, uint32_t width,
	  unsigned char *to)
{
	const unsigned n = photo->channels, step = n > 2;
	const uint32_t *sums = photo->sums;
	uint32_t x, at = 0, end;
	unsigned k;

	for (x = 0; x < width; x++, to += 3) {
		uint64_t count, all[3];

		end = picture_pixel_start(x + 1, width, (uint32_t)photo->width);
		count = (uint64_t)(end - at) * rows;
		all[0] = all[1] = all[2] = count / 2;
		for (; at < end; at++, sums += n)
			for (k = 0; k < 3; k++)
				all[k] += sums[k * step];
		for (k = 0; k < 3 && count; k++)
			to[k] = (unsigned char)(all[k] / count);
	}
}

static const char *
read_all(struct photo *photo, struct picture *picture, uint32_t height)
{
	const bool smaller =
		picture->width < photo->width || picture->height < height;
	unsigned char *to = picture->pixels;
	const unsigned char *row;
	const char *error = NULL;
	uint32_t y, from = 0, done = 0;

	for (y = 0; y < height; y++) {
		error = read_row(photo, &row);
		if (error)
			return error;
		if (!smaller) {
			put_pixels(photo, row, to);
			to += 3 * photo->width;
			continue;
		}
		add_row(photo->sums, row, photo->size);
		if (y + 1 <
		    picture_pixel_start(done + 1, picture->height, height))
			continue;
		put_means(photo, y + 1 - from, picture->width, to);
		memset(photo->sums, 0, photo->size * sizeof(*photo->sums));
		to += 3 * (size_t)picture->width;
		from = y + 1;
		done++;
	}
	return png_rows_end(&photo->rows);
}

/* Walks to the first IDAT: true where the rows are read here. */
static bool
find_rows(struct png *png, struct png_chunk *chunk)
{
	if (png->depth != 8 || png->interlaced || png->color == PNG_PALETTE ||
	    png->height > HEIGHT_MAX)
		return false;
	while (png_next(png, chunk) > 0) {
		if (png_chunk_is(chunk, "IDAT"))
			return true;
		if (png_chunk_is(chunk, "tRNS"))
			return false;
	}
	return false;
}

/* What stands behind the image must be whole, too. */
static const char *
read_behind(struct png *png)
{
	struct png_chunk chunk;
	int more;

	while ((more = png_next(png, &chunk)) > 0)
		;
	return more < 0 ? png->error : NULL;
}

bool
picture_read_png(struct picture *picture, struct png *png, uint32_t side,
		 const char **error)
{
	struct photo photo = {.width = png->width};
	uint32_t fitted[2] = {png->width, png->height};
	struct png_chunk chunk;

	if (!find_rows(png, &chunk))
		return false;
	photo.channels = png_channels(png);
	photo.size = photo.width * photo.channels;
	photo.above = xcalloc(photo.size + BEHIND, 1);
	photo.row = xcalloc(photo.size + BEHIND, 1);
	photo.opaque = xcalloc(photo.size, 1);
	photo.sums = xcalloc(photo.size, sizeof(*photo.sums));
	if (side)
		picture_fit(png->width, png->height, side, fitted);
	picture->width = fitted[0];
	picture->height = fitted[1];
	picture_reserve(picture, (size_t)fitted[0] * fitted[1] * 3);
	png_rows_begin(&photo.rows, png, &chunk, 1 + photo.size);
	*error = read_all(&photo, picture, png->height);
	if (!*error)
		*error = read_behind(png);
	png_rows_release(&photo.rows);
	free(photo.above);
	free(photo.row);
	free(photo.opaque);
	free(photo.sums);
	return true;
}
