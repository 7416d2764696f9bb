#include "image/bitmap_tiles.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/inline.h"
#include "image/bitmap_turn.h"

enum { SIDE = TURN_SIDE };

/* Places in a matrix are 16 bits each, and a row more than it has. */
enum { SIDE_MAX = 65535 };

/* Streaks that are kept: one for so many pixels, of which noise has more. */
enum { PIXELS_EACH = 32, STREAKS_LEAST = 256, STREAKS_MOST = 1 << 20 };

/* Tiles: for so many streaks one, or twice the image. */
enum { STREAKS_EACH = 4, TILES_LEAST = 16, TILES_MOST = 1 << 15 };

/* The least size of the table. */
enum { TABLE_BITS = 12 };

/*
 * Places that are looked at for an id, at most. A table that is half full has
 * such a distance only where ids were chosen for it.
 */
enum { DISTANCE_MOST = 256 };

void
tiles_release(struct tiles *tiles)
{
	free(tiles->streaks);
	free(tiles->matrices);
	free(tiles->order);
	free(tiles->table);
	free(tiles->bits);
	free(tiles->places);
	free(tiles->runs);
	free(tiles->instances);
}

/* Makes room for `need` of a size; what is there stays only where `keep`. */
static void *
reserve(void *old, size_t *room, size_t need, size_t size, bool keep)
{
	if (need <= *room)
		return old;
	*room = need + need / 2;
	if (keep)
		return xreallocarray(old, *room, size);
	free(old);
	return xreallocarray(NULL, *room, size);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * From rows to matrices.
 */

/* Where an id stands or may be put; far from its place, tiles->crowded is. */
static uint32_t *
slot_of(struct tiles *tiles, uint32_t id)
{
	size_t mask = tiles->table_size - 1;
	size_t from = (id * UINT32_C(0x9e3779b1)) >> 8, at;

	for (at = from;; at++) {
		uint32_t *slot = &tiles->table[at & mask];

		if (!*slot || tiles->matrices[*slot - 1].id == id) {
			tiles->crowded |= at - from > DISTANCE_MOST;
			return slot;
		}
	}
}

/* A table of that size, a power of two, with all matrices in it. */
static void
fill_table(struct tiles *tiles, size_t size)
{
	size_t i;

	if (size > tiles->table_room) {
		free(tiles->table);
		tiles->table_room = size;
		tiles->table = xreallocarray(NULL, size, sizeof(*tiles->table));
	}
	tiles->table_size = size;
	memset(tiles->table, 0, size * sizeof(*tiles->table));
	for (i = 0; i < tiles->matrix_count; i++)
		*slot_of(tiles, tiles->matrices[i].id) = (uint32_t)i + 1;
}

static uint32_t
add_matrix(struct tiles *tiles, uint32_t id)
{
	const size_t n = tiles->matrix_count++;

	tiles->matrices = reserve(tiles->matrices, &tiles->matrices_room, n + 1,
				  sizeof(*tiles->matrices), true);
	tiles->matrices[n] = (struct matrix){.id = id,
					     .left = UINT32_MAX,
					     .top = tiles->rows - 1};
	if (2 * n >= tiles->table_size)
		fill_table(tiles, 2 * tiles->table_size);
	else
		*slot_of(tiles, id) = (uint32_t)n + 1;
	return (uint32_t)n;
}

INLINE uint32_t
find_matrix(struct tiles *tiles, uint32_t id)
{
	uint32_t found = *slot_of(tiles, id);

	return found ? found - 1 : add_matrix(tiles, id);
}

/* Adds pixels of the last row to the matrix of an id: its number. */
INLINE uint32_t
add_streak(struct tiles *tiles, uint32_t id, uint32_t from, uint32_t to)
{
	uint32_t number = find_matrix(tiles, id);
	struct matrix *matrix = &tiles->matrices[number];

	matrix->left = from < matrix->left ? from : matrix->left;
	matrix->right = to > matrix->right ? to : matrix->right;
	matrix->bottom = tiles->rows;
	matrix->area += to - from;
	return number;
}

void
tiles_begin(struct tiles *tiles, size_t width, size_t height)
{
	tiles->width = width;
	tiles->height = height;
	tiles->streak_count = tiles->matrix_count = tiles->run_count = 0;
	tiles->rows = 0;
	tiles->crowded = false;
	tiles->turn = turn_choose();
	fill_table(tiles, 1 << TABLE_BITS);
}

bool
tiles_keep(struct tiles *tiles, const struct stretch *row)
{
	struct streak *to;

	if (tiles->width > SIDE_MAX || tiles->height > SIDE_MAX ||
	    tiles->streak_count >
		    least(STREAKS_MOST,
			  tiles->width * tiles->height / PIXELS_EACH +
				  STREAKS_LEAST))
		return false;
	tiles->streaks = reserve(tiles->streaks, &tiles->streaks_room,
				 tiles->streak_count + tiles->width + 1,
				 sizeof(*tiles->streaks), true);
	to = tiles->streaks + tiles->streak_count;
	tiles->rows++;
	for (; row->x < tiles->width && !tiles->crowded; row++) {
		uint32_t id = row->color & 0xffffff;

		if (id)
			*to++ = (struct streak){(uint16_t)row->x,
						(uint16_t)row[1].x,
						add_streak(tiles, id, row->x,
							   row[1].x)};
	}
	if (tiles->crowded) {
		tiles->rows--;
		return false;
	}
	*to++ = (struct streak){0, 0, 0};
	tiles->streak_count = (size_t)(to - tiles->streaks);
	return true;
}

const struct streak *
tiles_row(const struct tiles *tiles, const struct streak *streaks,
	  struct stretch *row)
{
	const uint32_t width = (uint32_t)tiles->width;
	uint32_t x = 0;

	for (; streaks->to; streaks++) {
		if (streaks->from > x)
			*row++ = (struct stretch){x, 0};
		x = streaks->to;
		*row++ = (struct stretch){streaks->from,
					  tiles->matrices[streaks->matrix].id};
	}
	if (x < width)
		*row++ = (struct stretch){x, 0};
	row[0] = row[1] = (struct stretch){width, 0};
	return streaks + 1;
}

/* Tiles side by side, and rows: those of a matrix, one of nothing, and more. */
static size_t
across(const struct matrix *matrix)
{
	return (matrix->right - matrix->left + SIDE - 1) / SIDE;
}

static size_t
rows_of(const struct matrix *matrix)
{
	return ((size_t)matrix->bottom - matrix->top + SIDE) / SIDE * SIDE;
}

bool
tiles_fit(struct tiles *tiles)
{
	size_t most = tiles->streak_count / STREAKS_EACH + TILES_LEAST +
		      tiles->width * tiles->height / (SIDE * SIDE) * 2;
	size_t i, words = 0;

	most = least(most, TILES_MOST) * SIDE;
	for (i = 0; i < tiles->matrix_count && words <= most; i++) {
		struct matrix *matrix = &tiles->matrices[i];

		matrix->bits = words;
		words += across(matrix) * rows_of(matrix);
	}
	tiles->bits_size = words;
	return words <= most;
}

/*
 * From matrices to runs.
 */

/* Sets the bits of a streak. */
INLINE void
paint(uint64_t *bits, const struct matrix *matrix, const struct streak *streak,
      uint32_t y)
{
	uint32_t from = streak->from - matrix->left;
	uint32_t last = streak->to - 1 - matrix->left;
	size_t rows = rows_of(matrix), i;
	uint64_t begin = UINT64_MAX << from % SIDE;
	uint64_t end = UINT64_MAX >> (SIDE - 1 - last % SIDE);

	bits += matrix->bits + (y - matrix->top);
	if (from / SIDE == last / SIDE)
		begin = end &= begin;
	bits[from / SIDE * rows] |= begin;
	bits[last / SIDE * rows] |= end;
	for (i = from / SIDE + 1; i < last / SIDE; i++)
		bits[i * rows] = UINT64_MAX;
}

static void
paint_all(struct tiles *tiles)
{
	const struct streak *at = tiles->streaks;
	const struct streak *end = at + tiles->streak_count;
	uint32_t y = 0;

	tiles->bits = reserve(tiles->bits, &tiles->bits_room, tiles->bits_size,
			      sizeof(*tiles->bits), false);
	memset(tiles->bits, 0, tiles->bits_size * sizeof(*tiles->bits));
	for (; at < end; at++, y++)
		for (; at->to; at++)
			paint(tiles->bits, &tiles->matrices[at->matrix], at, y);
}

/* From the places of a column of tiles: where a run begins, where it ends. */
INLINE void
put_runs(struct run *to, const uint32_t *places, size_t n,
	 const struct matrix *matrix, uint32_t left)
{
	size_t i;

	for (i = 0; i < n; i += 2)
		*to++ = (struct run){matrix->id, left + (places[i] >> 16),
				     matrix->top + (places[i] & 0xffff),
				     matrix->top + (places[i + 1] & 0xffff)};
}

static void
make_runs(struct tiles *tiles, const struct matrix *matrix, size_t run_limit)
{
	const size_t rows = rows_of(matrix);
	uint64_t *words = tiles->bits + matrix->bits;
	uint32_t left;

	tiles->places = reserve(tiles->places, &tiles->places_room,
				rows * SIDE + TURN_EXTRA,
				sizeof(*tiles->places), false);
	for (left = matrix->left;
	     left < matrix->right && tiles->run_count <= run_limit;
	     left += SIDE) {
		size_t n = tiles->turn(words, rows,
				       least(SIDE, matrix->right - left),
				       tiles->places);

		tiles->runs = reserve(tiles->runs, &tiles->runs_room,
				      tiles->run_count + n / 2,
				      sizeof(*tiles->runs), true);
		put_runs(tiles->runs + tiles->run_count, tiles->places, n,
			 matrix, left);
		tiles->run_count += n / 2;
		words += rows;
	}
}

enum { BYTE_VALUES = 256 };

/* Sorts by one byte, without change to the order of what has the same. */
static void
sort_by_byte(uint64_t *to, const uint64_t *from, size_t n, unsigned shift)
{
	size_t ends[BYTE_VALUES] = {0}, sum = 0, i;

	for (i = 0; i < n; i++)
		ends[from[i] >> shift & 255]++;
	for (i = 0; i < BYTE_VALUES; i++) {
		size_t count = ends[i];

		ends[i] = sum;
		sum += count;
	}
	for (i = 0; i < n; i++)
		to[ends[from[i] >> shift & 255]++] = from[i];
}

/* Fills tiles->order, behind whose end is a scratch of the same size. */
static void
sort_matrices(struct tiles *tiles)
{
	const size_t n = tiles->matrix_count;
	uint64_t *order, *scratch;
	size_t i;

	tiles->order = reserve(tiles->order, &tiles->order_room, 2 * n,
			       sizeof(*tiles->order), false);
	order = tiles->order;
	scratch = order + n;
	for (i = 0; i < n; i++)
		scratch[i] = (uint64_t)tiles->matrices[i].id << 32 | i;
	sort_by_byte(order, scratch, n, 32);
	sort_by_byte(scratch, order, n, 40);
	sort_by_byte(order, scratch, n, 48);
}

/* An instance whose runs are the next ones, wherever they will be. */
static struct instance
begin_instance(const struct tiles *tiles, const struct matrix *matrix)
{
	return (struct instance){
		.id = matrix->id,
		.area = matrix->area,
		.box = {matrix->left, matrix->top, matrix->right - matrix->left,
			matrix->bottom - matrix->top},
		.count = tiles->run_count,
	};
}

size_t
tiles_make(struct tiles *tiles, size_t run_limit)
{
	const size_t n = tiles->matrix_count;
	size_t i, first = 0;

	if (!n)
		return 0;
	sort_matrices(tiles);
	paint_all(tiles);
	tiles->instances = reserve(tiles->instances, &tiles->instances_room, n,
				   sizeof(*tiles->instances), false);
	for (i = 0; i < n && tiles->run_count <= run_limit; i++) {
		const struct matrix *matrix =
			&tiles->matrices[(uint32_t)tiles->order[i]];
		struct instance *instance = &tiles->instances[i];

		*instance = begin_instance(tiles, matrix);
		make_runs(tiles, matrix, run_limit);
		instance->count = tiles->run_count - instance->count;
	}
	for (i = 0; i < n && tiles->run_count <= run_limit; i++) {
		tiles->instances[i].runs = tiles->runs + first;
		first += tiles->instances[i].count;
	}
	return n;
}
