#include "image/bitmap_columns.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/inline.h"

/* Runs that are written at once, whether they are there or not. */
enum { AT_ONCE = 4 };

void
columns_begin(struct columns *columns, size_t width)
{
	if (width > columns->room) {
		columns->room = width;
		columns->start = xreallocarray(columns->start, width + AT_ONCE,
					       sizeof(*columns->start));
	}
	memset(columns->start, 0, (width + AT_ONCE) * sizeof(*columns->start));
	columns->width = width;
	columns->count = 0;
}

void
columns_release(struct columns *columns)
{
	free(columns->start);
	free(columns->runs);
	free(columns->scratch);
	free(columns->ends);
	free(columns->kept);
}

/* Room for what one row can end. */
static void
reserve_row(struct columns *columns)
{
	size_t need = columns->count + columns->width + AT_ONCE;

	if (need <= columns->runs_room)
		return;
	columns->runs_room = need < 4096 ? 4096 : need + need / 2;
	columns->runs = xreallocarray(columns->runs, columns->runs_room,
				      sizeof(*columns->runs));
}

INLINE uint32_t
id_of(const struct stretch *stretch)
{
	return stretch->color & 0xffffff;
}

typedef uint32_t four __attribute__((vector_size(16)));
typedef int32_t int_four __attribute__((vector_size(16)));

/*
 * Ends the runs of four columns from x on; writes them all, and goes on in
 * those behind the first n as if nothing had been.
 */
INLINE void
end_four(struct run *runs, uint32_t *start, uint32_t id, uint32_t x, uint32_t n,
	 uint32_t y)
{
	const four count = {0, 1, 2, 3}, ids = {id, id, id, id};
	four from, until = {y, y, y, y}, columns = x + count, ended;
	four low, high, bounds;

	memcpy(&from, start + x, sizeof(from));
	ended = (four)((int_four)count < (int32_t)n);
	bounds = (until & ended) | (from & ~ended);
	memcpy(start + x, &bounds, sizeof(bounds));
	/* Rows of a 4 x 4 matrix become columns. */
	low = __builtin_shufflevector(ids, columns, 0, 4, 1, 5);
	high = __builtin_shufflevector(from, until, 0, 4, 1, 5);
	bounds = __builtin_shufflevector(low, high, 0, 1, 4, 5);
	memcpy(runs, &bounds, sizeof(*runs));
	bounds = __builtin_shufflevector(low, high, 2, 3, 6, 7);
	memcpy(runs + 1, &bounds, sizeof(*runs));
	low = __builtin_shufflevector(ids, columns, 2, 6, 3, 7);
	high = __builtin_shufflevector(from, until, 2, 6, 3, 7);
	bounds = __builtin_shufflevector(low, high, 0, 1, 4, 5);
	memcpy(runs + 2, &bounds, sizeof(*runs));
	bounds = __builtin_shufflevector(low, high, 2, 3, 6, 7);
	memcpy(runs + 3, &bounds, sizeof(*runs));
}

/*
 * Ends the runs of an id in the columns from x to `end`, often few or none.
 * Those of id 0 are written, too, and then over.
 */
INLINE struct run *
end_runs(struct run *runs, uint32_t *start, uint32_t id, uint32_t x,
	 uint32_t end, uint32_t y)
{
	uint32_t n = end - x, i;

	end_four(runs, start, id, x, n, y);
	for (i = 4; __builtin_expect(i < n, 0); i++) {
		runs[i] = (struct run){id, x + i, start[x + i], y};
		start[x + i] = y;
	}
	return runs + (n & -(uint32_t)(id != 0));
}

INLINE uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

INLINE uint32_t
greatest(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/*
 * Whether the same stretch follows in both rows, and the boundary before it is
 * where it was or has moved, but not past the next one.
 */
INLINE bool
is_moved(const struct stretch *above, const struct stretch *row)
{
	return above[1].color == row[1].color &&
	       greatest(above[1].x, row[1].x) <= least(above[2].x, row[2].x);
}

/* Between two places of a boundary, runs of the stretch that gives way end. */
INLINE struct run *
end_moved(struct run *runs, uint32_t *start, const struct stretch *above,
	  uint32_t to, uint32_t y)
{
	uint32_t from = above[1].x, gone = from < to;
	uint32_t id = id_of(above + gone);

	/* What differs in alpha alone goes on. */
	if (id_of(above) == id_of(above + 1))
		from = to;
	return end_runs(runs, start, id, least(from, to), greatest(from, to),
			y);
}

void
columns_compare(struct columns *columns, const struct stretch *above,
		const struct stretch *row, uint32_t y)
{
	uint32_t *start = columns->start, x = 0, end;
	struct run *runs;

	reserve_row(columns);
	runs = columns->runs + columns->count;
	while (x < columns->width) {
		if (above->color == row->color && is_moved(above, row)) {
			x = greatest(above[1].x, row[1].x);
			runs = end_moved(runs, start, above, row[1].x, y);
			above++;
			row++;
			continue;
		}
		end = least(above[1].x, row[1].x);
		if (id_of(above) != id_of(row))
			runs = end_runs(runs, start, id_of(above), x, end, y);
		above += above[1].x == end;
		row += row[1].x == end;
		x = end;
	}
	columns->count = (size_t)(runs - columns->runs);
}

/* Digits of ids that are sorted by, and how many of each there may be. */
enum { DIGIT_BITS = 12, DIGITS = 1 << DIGIT_BITS };

INLINE uint32_t
low_digit(const struct run *run)
{
	return run->id & (DIGITS - 1);
}

INLINE uint32_t
high_digit(const struct run *run)
{
	return run->id >> DIGIT_BITS;
}

INLINE uint32_t
column(const struct run *run)
{
	return run->x;
}

typedef uint32_t key_function(const struct run *run);

/*
 * Sorts by a key below `keys`, without change to the order of what has the
 * same key.
 */
INLINE void
sort_by(struct columns *columns, key_function *key, size_t keys)
{
	struct run *from = columns->runs, *to = columns->scratch;
	uint32_t *ends = columns->ends, sum = 0;
	size_t room = columns->runs_room, i;

	memset(ends, 0, keys * sizeof(*ends));
	for (i = 0; i < columns->count; i++)
		ends[key(&from[i])]++;
	for (i = 0; i < keys; i++) {
		uint32_t count = ends[i];

		ends[i] = sum;
		sum += count;
	}
	for (i = 0; i < columns->count; i++)
		to[ends[key(&from[i])]++] = from[i];
	columns->runs = to;
	columns->runs_room = columns->scratch_room;
	columns->scratch = from;
	columns->scratch_room = room;
}

static void
reserve_sorting(struct columns *columns)
{
	size_t keys = columns->width > DIGITS ? columns->width : DIGITS;

	if (columns->count > UINT32_MAX)
		mem_exhausted();
	if (columns->count > columns->scratch_room) {
		columns->scratch_room = columns->runs_room;
		columns->scratch =
			xreallocarray(columns->scratch, columns->scratch_room,
				      sizeof(*columns->scratch));
	}
	if (keys > columns->ends_room) {
		columns->ends_room = keys;
		columns->ends = xreallocarray(columns->ends, keys,
					      sizeof(*columns->ends));
	}
}

/* Copies the runs, which are sorted by column, before they are no more. */
static void
keep_columns(struct columns *columns)
{
	if (columns->count > columns->kept_room) {
		columns->kept_room = columns->runs_room;
		columns->kept = xreallocarray(columns->kept, columns->kept_room,
					      sizeof(*columns->kept));
	}
	memcpy(columns->kept, columns->runs,
	       columns->count * sizeof(*columns->runs));
	columns->by_column = columns->kept;
}

/*
 * Runs come in the order of their last rows. Sorted by x and then by id from
 * its low digit up, those of one column stay in that order.
 */
void
columns_sort(struct columns *columns)
{
	uint32_t ids = 0;
	size_t i;

	columns->by_column = NULL;
	if (columns->count == 0)
		return;
	reserve_sorting(columns);
	for (i = 0; i < columns->count; i++)
		ids |= columns->runs[i].id;
	sort_by(columns, column, columns->width);
	if (columns->keep)
		keep_columns(columns);
	sort_by(columns, low_digit, DIGITS);
	if (ids >= DIGITS)
		sort_by(columns, high_digit, DIGITS);
}
