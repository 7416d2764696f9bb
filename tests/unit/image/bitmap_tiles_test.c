/*
 * Runs made from bits against those found by comparing rows; the fast way to
 * turn bits against the plain one, and that against the bits.
 */
#include "image/bitmap_tiles.h"

#include <stdlib.h>

#include "base/buf.h"
#include "image/bitmap_columns.h"
#include "random.h"
#include "tap.h"

enum { SIDE_MOST = 400 };

/* An image of ids, and a row of it as stretches. */
struct painting {
	uint32_t width, height;
	uint32_t ids[SIDE_MOST][SIDE_MOST];
	struct stretch row[SIDE_MOST + 2], above[SIDE_MOST + 2];
};

/* Rectangles over each other, of large ids and small ones; some dots. */
static void
draw(struct painting *d)
{
	uint32_t times = random_below(30), dots, colors, x, y;

	d->width = 1 + random_below(SIDE_MOST);
	d->height = 1 + random_below(SIDE_MOST);
	dots = random_below(2) ? random_below(d->width * d->height / 30 + 1)
			       : 0;
	memset(d->ids, 0, sizeof(d->ids));
	while (times--) {
		uint32_t id = random_below(random_below(2) ? 9 : 1 << 24);
		uint32_t left = random_below(d->width);
		uint32_t top = random_below(d->height);
		uint32_t right = left + random_below(d->width - left + 1);
		uint32_t bottom = top + random_below(d->height - top + 1);

		for (y = top; y < bottom; y++)
			for (x = left; x < right; x++)
				d->ids[y][x] = id;
	}
	colors = random_below(2) ? 5 : 300;
	while (dots--)
		d->ids[random_below(d->height)][random_below(d->width)] =
			random_below(colors);
}

/* Moves on to row y. A stretch may go on with the colour of the last one. */
static void
read_row(struct painting *d, uint32_t y)
{
	struct stretch *to = d->row;
	uint32_t x;

	memcpy(d->above, d->row, sizeof(d->row));
	for (x = 0; x < d->width; x++)
		if (!x || d->ids[y][x] != d->ids[y][x - 1] || !random_below(50))
			*to++ = (struct stretch){x,
						 d->ids[y][x] | random_below(2)
									<< 24};
	to[0] = to[1] = (struct stretch){d->width, 0};
}

static void
begin_rows(struct painting *d)
{
	d->row[0] = (struct stretch){0, 0};
	d->row[1] = d->row[2] = (struct stretch){d->width, 0};
}

static void
compare_rows(struct columns *columns, struct painting *d)
{
	uint32_t y;

	columns_begin(columns, d->width);
	begin_rows(d);
	for (y = 0; y < d->height; y++) {
		read_row(d, y);
		columns_compare(columns, d->above, d->row, y);
	}
	memcpy(d->above, d->row, sizeof(d->row));
	begin_rows(d);
	columns_compare(columns, d->above, d->row, d->height);
	columns_sort(columns);
}

/* False where that is too much for tiles. */
static bool
keep_rows(struct tiles *tiles, struct painting *d)
{
	uint32_t y;

	tiles_begin(tiles, d->width, d->height);
	for (y = 0; y < d->height; y++) {
		read_row(d, y);
		if (!tiles_keep(tiles, d->row))
			return false;
	}
	return true;
}

/* What was kept is the ids. */
static bool
kept_right(const struct tiles *tiles, struct painting *d)
{
	const struct streak *at = tiles->streaks;
	bool right = true;
	uint32_t x, y;

	for (y = 0; y < tiles->rows; y++) {
		const struct stretch *stretch = d->row;

		at = tiles_row(tiles, at, d->row);
		for (x = 0; x < d->width; x++) {
			stretch += stretch[1].x == x;
			right &= stretch->color == d->ids[y][x];
		}
		right &= stretch[1].x == d->width && stretch[2].x == d->width;
	}
	return right;
}

static bool
instances_right(const struct tiles *tiles, size_t n,
		const struct columns *columns)
{
	const struct run *run = columns->runs;
	size_t i, left = columns->count;

	for (i = 0; i < n; i++) {
		const struct instance *got = &tiles->instances[i];
		struct instance wanted = instance_of(got->id, run, got->count);

		if (got->count > left || !got->count ||
		    got->area != wanted.area ||
		    memcmp(&got->box, &wanted.box, sizeof(got->box)) != 0 ||
		    memcmp(got->runs, run, got->count * sizeof(*run)) != 0)
			return false;
		run += got->count;
		left -= got->count;
	}
	return left == 0;
}

static void
test_tiles(void)
{
	static struct painting painting;
	struct columns columns = {0};
	struct tiles tiles = {0};
	unsigned fit = 0, unfit = 0, full = 0, wrong = 0, lost = 0, i;

	for (i = 0; i < 3000; i++) {
		bool kept;

		draw(&painting);
		compare_rows(&columns, &painting);
		kept = keep_rows(&tiles, &painting);
		lost += !kept_right(&tiles, &painting);
		full += !kept;
		if (!kept)
			continue;
		if (!tiles_fit(&tiles)) {
			unfit++;
			continue;
		}
		fit++;
		wrong += !instances_right(&tiles, tiles_make(&tiles, SIZE_MAX),
					  &columns);
	}
	ok(wrong == 0, "makes the runs that comparing rows finds");
	ok(lost == 0, "what is kept are the rows");
	ok(fit > 1000 && unfit > 20 && full > 20,
	   "of images that are for it, and others");
	printf("# %u fit, %u do not, %u are not kept\n", fit, unfit, full);
	tiles_release(&tiles);
	columns_release(&columns);
}

static void
test_limit(void)
{
	static struct painting painting;
	struct tiles tiles = {0};
	size_t runs;

	do {
		draw(&painting);
	} while (!keep_rows(&tiles, &painting) || !tiles_fit(&tiles) ||
		 tiles.matrix_count < 3);
	tiles_make(&tiles, SIZE_MAX);
	runs = tiles.run_count;
	keep_rows(&tiles, &painting);
	tiles_fit(&tiles);
	tiles_make(&tiles, runs);
	ok(tiles.run_count == runs, "as many runs as are allowed");
	keep_rows(&tiles, &painting);
	tiles_fit(&tiles);
	tiles_make(&tiles, runs - 1);
	ok(tiles.run_count > runs - 1, "one more than are allowed");
	tiles_release(&tiles);
}

/*
 * A row of ids that would all stand at the end of one another in the table: an
 * image of such would take minutes.
 */
static void
test_crowded(void)
{
	static struct painting painting;
	struct tiles tiles = {0};
	uint32_t id, x = 0, y;
	bool all = true;

	painting.width = painting.height = SIDE_MOST;
	/* As bitmap_tiles.c places them, however long the table gets here. */
	for (id = 1; id < 1 << 24 && x < SIDE_MOST; id++)
		if ((id * UINT32_C(0x9e3779b1) >> 8) % 65536 < 64)
			painting.ids[20][x++] = id;
	ok(x == SIDE_MOST, "there are as many");
	tiles_begin(&tiles, SIDE_MOST, SIDE_MOST);
	for (y = 0; y < 20; y++) {
		read_row(&painting, y);
		all &= tiles_keep(&tiles, painting.row);
	}
	ok(all, "rows before them are kept");
	read_row(&painting, y);
	ok(!tiles_keep(&tiles, painting.row), "ids of one hash are too much");
	ok(tiles.rows == 20 && kept_right(&tiles, &painting),
	   "and nothing of their row is kept");
	tiles_release(&tiles);
}

enum { ROWS_MOST = 512 };

/* Bits as drawn, or as noise, or none in most rows. */
static void
make_words(uint64_t *words, size_t rows)
{
	unsigned kind = random_below(3);
	size_t y;

	for (y = 0; y < rows; y++) {
		uint64_t noise = (uint64_t)random_below(UINT32_MAX) << 32 |
				 random_below(UINT32_MAX);

		words[y] = kind == 0 ? noise
			   : y && random_below(kind == 1 ? 4 : 200)
				   ? words[y - 1]
				   : noise & (noise << 7);
	}
}

static size_t
find_places(const uint64_t *words, size_t rows, size_t columns,
	    uint32_t *places)
{
	size_t n = 0, x, y;

	for (x = 0; x < columns; x++)
		for (y = 0; y < rows; y++)
			if ((words[y] ^ (y ? words[y - 1] : 0)) >> x & 1)
				places[n++] = (uint32_t)(x << 16 | y);
	return n;
}

static bool
turns_right(turn_function *turn, const uint64_t *words, size_t rows,
	    size_t columns, const uint32_t *wanted, size_t n)
{
	uint64_t *copy = xcalloc(rows, sizeof(*copy));
	uint32_t *places =
		xcalloc(columns * rows + TURN_EXTRA, sizeof(*places));
	bool right;

	memcpy(copy, words, rows * sizeof(*copy));
	right = turn(copy, rows, columns, places) == n &&
		memcmp(places, wanted, n * sizeof(*places)) == 0;
	free(copy);
	free(places);
	return right;
}

static void
test_turn(void)
{
	static uint64_t words[ROWS_MOST];
	static uint32_t places[TURN_SIDE * ROWS_MOST];
	unsigned wrong = 0, wrong_plain = 0, i;

	for (i = 0; i < 3000; i++) {
		size_t rows =
			TURN_SIDE * (1 + random_below(ROWS_MOST / TURN_SIDE));
		size_t columns = 1 + random_below(TURN_SIDE), n;

		make_words(words, rows);
		n = find_places(words, rows, columns, places);
		wrong += !turns_right(turn_choose(), words, rows, columns,
				      places, n);
		wrong_plain += !turns_right(turn_choose_plain(), words, rows,
					    columns, places, n);
	}
	ok(wrong == 0, "finds what changes in 3000 matrices");
	ok(wrong_plain == 0, "and so does the plain version");
}

int
main(void)
{
	random_seed(1);
	test_tiles();
	test_limit();
	test_crowded();
	test_turn();
	return done_testing();
}
