/*
 * cocomask: fills the masks of COCO segmentations, for the tests, from the
 * format's description (cocodataset.org, "data format") in the plainest way.
 * stdin has a line for each:
 *
 *	TEXT <tab> WIDTH <tab> HEIGHT <tab> SEGMENTATION
 *
 * with tabs in TEXT if need be, SEGMENTATION as compact JSON: compressed or
 *plain RLE, or polygons. Each gives a line TEXT <tab> AREA X Y W H CRC. With -g
 *all of them make one grid of ids, as unpng prints it, in which TEXT is the id;
 *masks must not overlap.
 */
#include <unistd.h>

#include "mask_print.h"

struct canvas {
	uint32_t width, height;
	uint8_t *mask; /* row by row */
	uint32_t *ids; /* with -g */
};

/* The number that text begins with, which *at is moved behind, and a comma. */
static double
take_number(const char **at)
{
	char *end;
	double n = strtod(*at, &end);

	if (end == *at)
		tool_fail("a number is missing");
	*at = end + (*end == ',');
	return n;
}

/* Sets the next `n` pixels, going down the columns, from pixel `at` on. */
static size_t
put_run(struct canvas *c, size_t at, double n, bool set)
{
	if (n < 0 || n > (double)((size_t)c->width * c->height - at))
		tool_fail("a run does not fit the mask");
	for (size_t end = at + (size_t)n; at < end; at++)
		if (set)
			c->mask[at % c->height * c->width + at / c->height] = 1;
	return at;
}

/* "counts":[zeros, ones, zeros, ...] */
static size_t
fill_counts(struct canvas *c, const char *p)
{
	size_t at = 0;

	for (bool set = false; *p != ']'; set = !set)
		at = put_run(c, at, take_number(&p), set);
	return at;
}

/* A byte of a compressed string, 6 bits from '0' on; `\` is escaped in JSON. */
static int
take_byte(const char **at)
{
	if (**at == '\\')
		++*at;
	if (**at < '0' || **at >= '0' + 64)
		tool_fail("not a byte of a compressed RLE");
	return *(*at)++ - '0';
}

/*
 * "counts":"..." is the same list, and each count behind the third less the
 * one two before it; five bits a byte from the lowest on, 32 where more come,
 * 16 in the last one where the number is negative.
 */
static size_t
fill_compressed(struct canvas *c, const char *p)
{
	long last[2] = {0, 0};
	size_t at = 0;

	for (unsigned n = 0; *p != '"'; n++) {
		long count = 0;
		unsigned shift = 0;
		int byte;

		do {
			byte = take_byte(&p);
			count |= (long)(byte & 31) << shift;
			shift += 5;
		} while (byte & 32 && shift < 60);
		if (byte & 16)
			count -= 1L << shift;
		if (n > 2)
			count += last[n % 2];
		last[n % 2] = count;
		at = put_run(c, at, (double)count, n % 2);
	}
	return at;
}

static void
fill_rle(struct canvas *c, const char *text)
{
	const char *size = strstr(text, "\"size\":[");
	const char *counts = strstr(text, "\"counts\":");
	size_t all;

	if (!size || !counts)
		tool_fail("RLE without size or counts");
	size += strlen("\"size\":[");
	if (take_number(&size) != c->height || take_number(&size) != c->width)
		tool_fail("RLE of another size");
	counts += strlen("\"counts\":");
	all = *counts == '"' ? fill_compressed(c, counts + 1)
			     : fill_counts(c, counts + 1);
	if (all != (size_t)c->width * c->height)
		tool_fail("RLE ends before its mask");
}

/* True where the point is within a polygon of n corners, by even and odd. */
static bool
within(const double *xy, size_t n, double x, double y)
{
	bool in = false;

	for (size_t i = 0, j = n - 1; i < n; j = i++) {
		double x0 = xy[2 * i], y0 = xy[2 * i + 1];
		double x1 = xy[2 * j], y1 = xy[2 * j + 1];

		if ((y0 > y) != (y1 > y) &&
		    x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
			in = !in;
	}
	return in;
}

/* One part, [x,y,x,y,...]; returns what is behind it. */
static const char *
fill_part(struct canvas *c, const char *p)
{
	double *xy = tool_alloc(strlen(p) * sizeof(*xy));
	size_t n = 0;

	while (*p != ']')
		xy[n++] = take_number(&p);
	if (n < 6 || n % 2)
		tool_fail("a polygon of less than three points, or of a half");
	for (uint32_t i = 0; i < c->width * c->height; i++)
		if (within(xy, n / 2, i % c->width + 0.5, i / c->width + 0.5))
			c->mask[i] = 1;
	free(xy);
	return p + 1;
}

static void
fill(struct canvas *c, const char *text)
{
	if (*text == '{') {
		fill_rle(c, text);
		return;
	}
	if (strncmp(text, "[[", 2) != 0)
		tool_fail("neither RLE nor polygons");
	for (const char *p = text + 1; *p == '['; p += *p == ',')
		p = fill_part(c, p + 1);
}

/* Makes room for a mask of the given size, empty. */
static void
resize(struct canvas *c, uint32_t width, uint32_t height)
{
	if (c->ids && (c->width != width || c->height != height))
		tool_fail("masks of several sizes");
	free(c->mask);
	c->mask = tool_alloc((size_t)width * height);
	c->width = width;
	c->height = height;
}

static void
add_to_grid(struct canvas *c, uint32_t id)
{
	size_t n = (size_t)c->width * c->height;

	if (!c->ids)
		c->ids = tool_alloc(n * sizeof(*c->ids));
	for (size_t i = 0; i < n; i++) {
		if (c->mask[i] && c->ids[i])
			tool_fail("masks overlap");
		if (c->mask[i])
			c->ids[i] = id;
	}
}

/* Cuts off what is behind the last tab of a line, and returns it. */
static char *
cut_last(char *line)
{
	char *tab = strrchr(line, '\t');

	if (!tab)
		tool_fail("a line of less than four words");
	*tab = '\0';
	return tab + 1;
}

static void
take_line(struct canvas *c, char *line, bool grid)
{
	const char *text = cut_last(line);
	uint32_t height = (uint32_t)atoi(cut_last(line));
	uint32_t width = (uint32_t)atoi(cut_last(line));

	resize(c, width, height);
	fill(c, text);
	if (grid) {
		add_to_grid(c, (uint32_t)strtoul(line, NULL, 10));
	} else {
		printf("%s\t", line);
		mask_print(c->mask, width, height);
	}
}

int
main(int argc, char **argv)
{
	bool grid = getopt(argc, argv, "g") == 'g';
	struct canvas c = {0};
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0)
		take_line(&c, line, grid);
	if (c.ids)
		tool_print_grid(c.ids, c.width, c.height);
	free(line);
	free(c.mask);
	free(c.ids);
	return 0;
}
