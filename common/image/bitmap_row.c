#include "image/bitmap_row.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/inline.h"
#include "codec/png.h"

/* Two stretches that are none, so that one may look behind the next. */
enum { ENDS = 2 };

static void
end_row(const struct rows *rows, struct stretch *row)
{
	row[0] = row[1] = (struct stretch){(uint32_t)rows->width, 0};
}

void
rows_begin(struct rows *rows, size_t width, unsigned channels)
{
	if (width > rows->room) {
		rows->room = width;
		rows->row = xreallocarray(rows->row, width + ENDS,
					  sizeof(*rows->row));
		rows->above = xreallocarray(rows->above, width + ENDS,
					    sizeof(*rows->above));
		rows->deltas = xreallocarray(rows->deltas, width + ENDS,
					     sizeof(*rows->deltas));
		rows->at = xreallocarray(rows->at, width + SCAN_EXTRA,
					 sizeof(*rows->at));
	}
	rows->width = width;
	rows->channels = channels;
	rows->scan = scan_choose(channels);
	rows->adler = ADLER_START;
	rows->row[0] = (struct stretch){0, 0};
	end_row(rows, rows->row + 1);
}

void
rows_release(struct rows *rows)
{
	free(rows->row);
	free(rows->above);
	free(rows->deltas);
	free(rows->at);
}

/* The bytes of pixel x, the first one lowest. */
INLINE uint32_t
pixel_at(const struct rows *rows, const unsigned char *pixels, size_t x)
{
	uint32_t color;

	memcpy(&color, pixels + x * rows->channels, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	color = __builtin_bswap32(color);
#endif
	return rows->channels == 4 ? color : color & 0xffffff;
}

/* Sums and averages of bytes, four at a time. */
INLINE uint32_t
add_colors(uint32_t a, uint32_t b)
{
	uint32_t low = (a & 0x7f7f7f7f) + (b & 0x7f7f7f7f);

	return low ^ ((a ^ b) & 0x80808080);
}

INLINE uint32_t
average_colors(uint32_t a, uint32_t b)
{
	return (a & b) + (((a ^ b) & 0xfefefefe) >> 1);
}

/* The predictor of PNG, 9.4: of left, above and above left, nearest to p. */
static uint32_t
paeth_byte(int a, int b, int c)
{
	int pa = abs(b - c), pb = abs(a - c), pc = abs(a + b - 2 * c);

	return (uint32_t)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

static uint32_t
paeth_color(uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t color = 0;
	unsigned i;

	if (b == c)
		return a;
	if (a == c)
		return b;
	for (i = 0; i < 32; i += 8)
		color |= paeth_byte(a >> i & 255, b >> i & 255, c >> i & 255)
			 << i;
	return color;
}

/*
 * What the bytes of a row are for its checksum: their sum, and the sum of each
 * one times the number of bytes from it to the end.
 */
struct sums {
	uint64_t sum, weighed;
};

/* Adds n equal pixels, the first of which is `behind` pixels from the end. */
INLINE void
add_pixels(struct sums *sums, uint32_t color, uint64_t behind, uint64_t n,
	   unsigned channels)
{
	/* A byte in each 16 bits; the highest ones of a product are a sum. */
	uint64_t bytes = (color | (uint64_t)color << 16) & 0x0000ffff0000ffff;
	uint64_t sum, falling;

	bytes = (bytes | bytes << 8) & 0x00ff00ff00ff00ff;
	sum = bytes * 0x0001000100010001 >> 48;
	falling = bytes * 0x0000000100020003 >> 48;
	sums->sum += n * sum;
	sums->weighed +=
		channels * sum * (n * behind - n * (n - 1) / 2) - n * falling;
}

/* Puts the stretches of the filtered pixels into rows->deltas. */
static struct sums
read_changes(struct rows *rows, const unsigned char *pixels)
{
	size_t n = rows->scan.changes(pixels, rows->width, rows->at);
	struct sums sums = {0, 0};
	uint32_t x = 0;
	size_t i;

	rows->at[n] = (uint32_t)rows->width;
	for (i = 0; i <= n; i++) {
		uint32_t color = pixel_at(rows, pixels, x);

		add_pixels(&sums, color, rows->width - x, rows->at[i] - x,
			   rows->channels);
		rows->deltas[i] = (struct stretch){x, color};
		x = rows->at[i];
	}
	end_row(rows, rows->deltas + i);
	return sums;
}

/*
 * Puts the pixel 0 and those that are not zero into rows->deltas, or the sums
 * of them all from the left.
 */
INLINE struct sums
read_nonzero(struct rows *rows, const unsigned char *pixels, bool add)
{
	size_t n = rows->scan.nonzero(pixels, rows->width, rows->at);
	struct sums sums = {0, 0};
	uint32_t x = 0, color = 0;
	size_t i;

	for (i = 0; i <= n; i++) {
		uint32_t delta = pixel_at(rows, pixels, x);

		add_pixels(&sums, delta, rows->width - x, 1, rows->channels);
		color = add ? add_colors(color, delta) : delta;
		rows->deltas[i] = (struct stretch){x, color};
		x = rows->at[i];
	}
	end_row(rows, rows->deltas + i);
	return sums;
}

static void
undo_none(struct rows *rows)
{
	struct stretch *row = rows->row;

	rows->row = rows->deltas;
	rows->deltas = row;
}

INLINE uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * Writes a stretch, and over it the next time where it goes on with the colour
 * of the last one.
 */
INLINE struct stretch *
put_stretch(struct stretch *row, uint32_t x, uint32_t color, uint32_t *last)
{
	bool goes_on = color == *last && x > 0;

	*row = (struct stretch){x, color};
	*last = color;
	return row + !goes_on;
}

static void
undo_up(struct rows *rows)
{
	const struct stretch *above = rows->above, *delta = rows->deltas;
	struct stretch *row = rows->row;
	uint32_t x = 0, last = 0;

	while (x < rows->width) {
		row = put_stretch(row, x,
				  add_colors(above->color, delta->color),
				  &last);
		x = least(above[1].x, delta[1].x);
		above += above[1].x == x;
		delta += delta[1].x == x;
	}
	end_row(rows, row);
}

/*
 * Pixels from x to `end`, above and delta being the same in all of them: they
 * come nearer to a value, which then stays.
 */
static struct stretch *
undo_average_in(struct stretch *row, uint32_t x, uint32_t end, uint32_t *left,
		uint32_t above, uint32_t delta)
{
	for (; x < end; x++) {
		uint32_t color =
			add_colors(average_colors(*left, above), delta);

		if (color == *left && x > 0)
			break;
		*row++ = (struct stretch){x, color};
		*left = color;
	}
	return row;
}

static void
undo_average(struct rows *rows)
{
	const struct stretch *above = rows->above, *delta = rows->deltas;
	struct stretch *row = rows->row;
	uint32_t x = 0, left = 0;

	while (x < rows->width) {
		uint32_t end = least(above[1].x, delta[1].x);

		row = undo_average_in(row, x, end, &left, above->color,
				      delta->color);
		above += above[1].x == end;
		delta += delta[1].x == end;
		x = end;
	}
	end_row(rows, row);
}

/*
 * Where delta is zero and above is as one pixel before, the predictor is the
 * pixel on the left.
 */
static void
undo_paeth(struct rows *rows)
{
	const struct stretch *above = rows->above, *delta = rows->deltas;
	struct stretch *row = rows->row;
	uint32_t x = 0, last = 0, corner = 0;

	while (x < rows->width) {
		uint32_t color = paeth_color(last, above->color, corner);

		if (delta->x == x) {
			color = add_colors(color, delta->color);
			delta++;
		}
		row = put_stretch(row, x, color, &last);
		corner = above->color;
		x = least(above[1].x, delta->x);
		above += above[1].x == x;
	}
	end_row(rows, row);
}

/* The row that was read last is the one above the next. */
static void
move_down(struct rows *rows)
{
	struct stretch *above = rows->above;

	rows->above = rows->row;
	rows->row = above;
}

void
rows_read_pixels(struct rows *rows, const unsigned char *pixels)
{
	move_down(rows);
	read_changes(rows, pixels);
	undo_none(rows);
}

const char *
rows_read(struct rows *rows, const unsigned char *bytes)
{
	static void (*const undo[])(struct rows *) = {
		undo_none, undo_none, undo_up, undo_average, undo_paeth,
	};
	unsigned filter = bytes[0];
	uint64_t size = 1 + (uint64_t)rows->width * rows->channels;
	struct sums sums;

	if (filter >= PNG_FILTERS)
		return "bad filter type";
	move_down(rows);
	if (filter == PNG_FILTER_SUB)
		sums = read_nonzero(rows, bytes + 1, true);
	else if (filter == PNG_FILTER_PAETH)
		sums = read_nonzero(rows, bytes + 1, false);
	else
		sums = read_changes(rows, bytes + 1);
	undo[filter](rows);
	adler_add_sums(&rows->adler, size, filter + sums.sum,
		       size * filter + sums.weighed);
	return NULL;
}
