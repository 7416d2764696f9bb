#include "codec/png_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * Rows are inflated into a window that stays in the processor's cache: what
 * the stream may refer back to, rows that are read at once, and what comes
 * with them. It is larger only where rows are.
 */
enum { WINDOW_SIZE = 256 << 10, STEP_SIZE = 32 << 10 };

void
png_rows_release(struct png_rows *rows)
{
	inflate_close(rows->inflate);
	free(rows->window);
}

/* The next IDAT chunk; false where there is none, or png->error is set. */
static bool
next_idat(struct png_rows *rows)
{
	do
		if (png_next(rows->png, &rows->chunk) <= 0)
			return false;
	while (!png_chunk_is(&rows->chunk, "IDAT"));
	return true;
}

/* An inflate_source. */
static bool
next_piece(void *context, const unsigned char **piece, size_t *n)
{
	struct png_rows *rows = context;

	if (rows->chunk.size == 0 && !next_idat(rows))
		return false;
	*piece = rows->chunk.data;
	*n = rows->chunk.size;
	rows->chunk.size = 0;
	return true;
}

unsigned char *
png_rows_reserve(struct png_rows *rows, size_t bytes)
{
	const size_t size = bytes < WINDOW_SIZE ? WINDOW_SIZE : bytes;

	if (size > rows->window_size) {
		rows->window_size = size;
		free(rows->window);
		rows->window = xcalloc(size + PNG_ROWS_SLOP, 1);
	}
	return rows->window;
}

void
png_rows_begin(struct png_rows *rows, struct png *png,
	       const struct png_chunk *first, size_t row_size)
{
	png_rows_reserve(rows, INFLATE_HISTORY + INFLATE_AMPLE + 4 * row_size);
	if (!rows->inflate)
		rows->inflate = inflate_open();
	rows->png = png;
	rows->chunk = *first;
	rows->row_size = row_size;
	rows->read = rows->filled = 0;
	rows->left = (uint64_t)row_size * png->height;
	inflate_begin(rows->inflate, next_piece, rows);
}

/* Moves the bytes that are still needed to the front of the window. */
static void
slide_window(struct png_rows *rows)
{
	size_t from = rows->filled < INFLATE_HISTORY
			      ? 0
			      : rows->filled - INFLATE_HISTORY;

	if (from > rows->read)
		from = rows->read;
	memmove(rows->window, rows->window + from, rows->filled - from);
	rows->read -= from;
	rows->filled -= from;
}

/* A stream whose chunks are wrong ends early. */
static const char *
reason(const struct png_rows *rows, const char *error)
{
	return rows->png->error[0] ? rows->png->error : error;
}

/* Inflates until the next row, and if possible some more, is in the window. */
static const char *
fill_window(struct png_rows *rows)
{
	size_t want = rows->row_size - (rows->filled - rows->read), n;
	const char *error;

	if (want < STEP_SIZE)
		want = STEP_SIZE;
	if (want > rows->left)
		want = (size_t)rows->left;
	if (rows->window_size - rows->filled < want + INFLATE_AMPLE)
		slide_window(rows);
	error = inflate_read(rows->inflate, rows->window + rows->filled, want,
			     rows->window_size - rows->filled, &n);
	if (error)
		return error;
	if (n < want)
		return "less image data than pixels";
	if (n > rows->left)
		return "more image data than pixels";
	rows->filled += n;
	rows->left -= n;
	return NULL;
}

const char *
png_rows_next(struct png_rows *rows, unsigned char **row)
{
	const char *error = NULL;

	while (!error && rows->filled - rows->read < rows->row_size)
		error = fill_window(rows);
	if (error)
		return reason(rows, error);
	*row = rows->window + rows->read;
	rows->read += rows->row_size;
	return NULL;
}

const char *
png_rows_end(struct png_rows *rows)
{
	const char *error;
	size_t n;

	error = inflate_read(rows->inflate, rows->window + rows->filled, 1, 1,
			     &n);
	if (!error && n)
		error = "more image data than pixels";
	return error || rows->png->error[0] ? reason(rows, error) : NULL;
}
