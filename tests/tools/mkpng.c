/*
 * mkpng: draws a label bitmap on stdout from a grid of ids on stdin.
 *
 *	printf '1 1 .\n. 70000 70000\n' | mkpng > label.png
 *
 * A row of ids a line, `.` for 0. Without options the PNG is what the service
 * writes: RGBA of 8 bits, filter Sub on every row, IDAT of 8192 bytes.
 *
 *	-c rgba|rgb|grey|palette  colour type; grey takes the numbers as its
 *	                          samples, palette has the ids as its colours
 *	-d DEPTH                  bits of a sample; of 16, the low byte is the
 *	                          high one again
 *	-l BYTE                   another low byte
 *	-f none|sub|up|average|paeth|each   filter; each takes them in turn
 *	-a ALPHA                  of the pixels whose id is not 0 (255)
 *	-x TIMES                  each number is a square of so many pixels
 *	-z BYTES                  data in an IDAT chunk
 *	-w WIDTH                  stdin is not text but ids of 32 bits, little
 *	                          endian, so many a row
 */
#include <unistd.h>

#include "plainpng.h"

/* A grid of ids. */
struct grid {
	uint32_t *ids;
	size_t width, height; /* pixels */
	size_t room;
};

/* How the samples are made from the ids. */
struct ink {
	uint8_t alpha;
	int low; /* low byte of 16 bits, or -1 for the high one */
};

static void
grid_put(struct grid *grid, size_t n, uint32_t id)
{
	if (n >= grid->room) {
		grid->room = 2 * grid->room + 1024;
		grid->ids = realloc(grid->ids, grid->room * sizeof(*grid->ids));
		if (!grid->ids)
			tool_fail("out of memory");
	}
	grid->ids[n] = id;
}

static uint32_t
read_id(const char *word)
{
	char *end;
	unsigned long id = strtoul(word, &end, 10);

	if (strcmp(word, ".") == 0)
		return 0;
	if (*end || id > UINT32_MAX)
		tool_fail("neither a number nor `.`");
	return (uint32_t)id;
}

static void
read_text(struct grid *grid, FILE *from)
{
	char *line = NULL, *save, *word;
	size_t room = 0, n = 0, before;

	while (getline(&line, &room, from) > 0) {
		before = n;
		word = strtok_r(line, " \t\n", &save);
		for (; word; word = strtok_r(NULL, " \t\n", &save))
			grid_put(grid, n++, read_id(word));
		if (n == before)
			continue;
		if (grid->height++ == 0)
			grid->width = n;
		if (n - before != grid->width)
			tool_fail("rows of different lengths");
	}
	free(line);
}

static void
read_raw(struct grid *grid, FILE *from, size_t width)
{
	uint8_t b[4];
	size_t n = 0;

	while (fread(b, 1, 4, from) == 4)
		grid_put(grid, n++, (uint32_t)b[3] << 24 | png_id(b));
	if (n % width)
		tool_fail("not a whole number of rows");
	grid->width = width;
	grid->height = n / width;
}

static void
enlarge(struct grid *grid, size_t times)
{
	struct grid big = {NULL, grid->width * times, grid->height * times, 0};

	for (size_t i = 0; i < big.width * big.height; i++) {
		size_t x = i % big.width / times, y = i / big.width / times;

		grid_put(&big, i, grid->ids[y * grid->width + x]);
	}
	free(grid->ids);
	*grid = big;
}

static unsigned
palette_index(struct png_form *form, uint32_t id)
{
	uint8_t rgb[3] = {(uint8_t)id, (uint8_t)(id >> 8), (uint8_t)(id >> 16)};
	size_t i;

	for (i = 0; i < form->colours; i++)
		if (memcmp(form->palette[i], rgb, 3) == 0)
			return (unsigned)i;
	if (i >= (size_t)1 << form->depth)
		tool_fail("too many ids for a palette of this depth");
	memcpy(form->palette[i], rgb, 3);
	form->colours++;
	return (unsigned)i;
}

/* Sets sample i of a row. */
static void
put_sample(uint8_t *row, size_t i, unsigned depth, unsigned value, int low)
{
	if (depth == 16) {
		row[2 * i] = (uint8_t)value;
		row[2 * i + 1] = (uint8_t)(low < 0 ? value : (unsigned)low);
	} else {
		unsigned shift = (unsigned)(8 - depth - i * depth % 8);

		if (value >> depth)
			tool_fail("a number does not fit the depth");
		row[i * depth / 8] |= (uint8_t)(value << shift);
	}
}

static uint8_t *
pack(struct png_form *form, const struct grid *grid, struct ink ink)
{
	unsigned channels = png_channels(form->colour);
	uint8_t *rows = tool_alloc(png_row(form) * grid->height);

	for (size_t i = 0; i < grid->width * grid->height; i++) {
		uint32_t id = grid->ids[i];
		unsigned v[4] = {id & 255, id >> 8 & 255, id >> 16 & 255,
				 id ? ink.alpha : 255};
		uint8_t *row = rows + i / grid->width * png_row(form);

		if (form->colour == PNG_PALETTE)
			v[0] = palette_index(form, id);
		if (channels == 1 && form->colour == PNG_GREY)
			v[0] = id;
		for (unsigned c = 0; c < channels; c++)
			put_sample(row, i % grid->width * channels + c,
				   form->depth, v[c], ink.low);
	}
	return rows;
}

/* What the command line asks for. */
struct wish {
	struct png_form form;
	struct ink ink;
	size_t width; /* of raw ids, 0 for text */
	size_t times;
};

static void
take_option(struct wish *wish, int opt, const char *arg)
{
	static const char *const filters[] = {"none",  "sub",  "up", "average",
					      "paeth", "each", NULL};
	static const char *const colours[] = {"grey", "-", "rgb",  "palette",
					      "-",    "-", "rgba", NULL};

	if (opt == 'a')
		wish->ink.alpha = (uint8_t)atoi(arg);
	else if (opt == 'c')
		wish->form.colour = tool_choose(arg, colours);
	else if (opt == 'd')
		wish->form.depth = (unsigned)atoi(arg);
	else if (opt == 'f')
		wish->form.filter = tool_choose(arg, filters);
	else if (opt == 'l')
		wish->ink.low = atoi(arg);
	else if (opt == 'w')
		wish->width = (size_t)atol(arg);
	else if (opt == 'x')
		wish->times = (size_t)atol(arg);
	else if (opt == 'z')
		wish->form.idat = (size_t)atol(arg);
	else
		exit(2);
}

int
main(int argc, char **argv)
{
	struct wish wish = {.ink = {255, -1}};
	struct png_form *form = &wish.form;
	struct grid grid = {0};
	uint8_t *rows;
	int opt;

	*form = (struct png_form){.colour = PNG_RGBA,
				  .depth = 8,
				  .filter = PNG_SUB,
				  .idat = 8192};
	while ((opt = getopt(argc, argv, "a:c:d:f:l:w:x:z:")) != -1)
		take_option(&wish, opt, optarg);
	if (wish.width)
		read_raw(&grid, stdin, wish.width);
	else
		read_text(&grid, stdin);
	if (wish.times > 1)
		enlarge(&grid, wish.times);
	form->width = (uint32_t)grid.width;
	form->height = (uint32_t)grid.height;
	rows = pack(form, &grid, wish.ink);
	png_write(stdout, form, rows);
	free(rows);
	free(grid.ids);
	return 0;
}
