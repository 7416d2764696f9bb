/* rle against a reader written from the format's description. */
#include "image/rle.h"

#include <stdlib.h>

#include "random.h"
#include "tap.h"

/* A mask of width x height pixels, column by column. */
struct mask {
	uint32_t width, height;
	char *pixels;
};

static void
make_mask(struct mask *mask, uint32_t most)
{
	uint32_t kind = random_below(6), i, n;

	mask->width = 1 + random_below(most);
	mask->height = 1 + random_below(most);
	if (random_below(8) == 0)
		mask->width = 1;
	if (random_below(8) == 0)
		mask->height = 1;
	n = mask->width * mask->height;
	mask->pixels = xmalloc(n);
	for (i = 0; i < n; i++) {
		uint32_t x = i / mask->height, y = i % mask->height;

		mask->pixels[i] = (char)(kind == 0   ? 1
					 : kind == 1 ? (x + y) % 2
					 : kind == 2 ? random_below(2)
					 : kind == 3 ? random_below(50) == 0
					 : kind == 4 ? random_below(50) != 0
						     : y > mask->height / 3);
	}
	mask->pixels[random_below(n)] = 1;
}

static struct instance
find_runs(const struct mask *mask, struct run *runs)
{
	struct instance found = {.id = 1, .runs = runs};
	uint32_t x, y, start;

	for (x = 0; x < mask->width; x++)
		for (y = 0; y < mask->height; y = start + 1) {
			const char *column =
				mask->pixels + (size_t)x * mask->height;

			start = y;
			while (y < mask->height && column[y])
				y++;
			if (y > start)
				runs[found.count++] =
					(struct run){1, x, start, y};
			start = y;
		}
	return found;
}

/* The next count of "[1,2]", or of "..." with its escapes. */
static uint64_t
read_plain(const char **p)
{
	char *end;
	uint64_t count = strtoull(*p, &end, 10);

	*p = end + (*end == ',');
	return count;
}

static int64_t
read_compressed(const char **p)
{
	int64_t number = 0;
	unsigned shift = 0;
	int bits;

	do {
		if (**p == '\\')
			(*p)++;
		bits = *(*p)++ - 48;
		number |= (int64_t)(bits & 31) << shift;
		shift += 5;
	} while (bits & 32);
	if (bits & 16)
		number |= -((int64_t)1 << shift);
	return number;
}

/* Whether the counts give the mask: no zero-length one but the first. */
static bool
is_mask(const struct mask *mask, const char *text, bool compressed)
{
	uint64_t total = (uint64_t)mask->width * mask->height, at = 0, i, k;
	int64_t counts[2] = {0, 0};
	const char *p = strstr(text, "counts\":") + 9;
	char last = compressed ? '"' : ']';

	for (i = 0; *p != last; i++) {
		int64_t count = compressed ? read_compressed(&p)
					   : (int64_t)read_plain(&p);

		if (compressed && i > 2)
			count += counts[i % 2];
		counts[i % 2] = count;
		if (count < (i > 0) || (uint64_t)count > total - at)
			return false;
		for (k = 0; k < (uint64_t)count; k++)
			if (mask->pixels[at + k] != (char)(i % 2))
				return false;
		at += (uint64_t)count;
	}
	return at == total && strcmp(p + 1, "}") == 0;
}

static void
test_random(void)
{
	struct buf text = {0}, size = {0};
	unsigned wrong = 0, i;

	for (i = 0; i < 10000; i++) {
		struct mask mask;
		struct instance instance;
		struct run *runs;

		make_mask(&mask, random_below(20) ? 40 : 300);
		runs = xcalloc((size_t)mask.width * mask.height, sizeof(*runs));
		instance = find_runs(&mask, runs);
		buf_reset(&size);
		buf_printf(&size, "{\"size\":[%u,%u],\"counts\":", mask.height,
			   mask.width);
		buf_reset(&text);
		rle_put_compressed(&text, &instance, mask.width, mask.height);
		wrong += !is_mask(&mask, buf_cstr(&text), true) ||
			 memcmp(text.data, size.data, size.len) != 0;
		buf_reset(&text);
		rle_put_counts(&text, &instance, mask.width, mask.height);
		wrong += !is_mask(&mask, buf_cstr(&text), false) ||
			 memcmp(text.data, size.data, size.len) != 0;
		free(mask.pixels);
		free(runs);
	}
	ok(wrong == 0, "10000 masks read back, both encodings");
	buf_release(&text);
	buf_release(&size);
}

static void
test_strings(void)
{
	/* Seen from pycocotools. */
	static const struct {
		struct run runs[2];
		size_t count;
		uint32_t width, height;
		const char *compressed, *counts;
	} rows[] = {
		{{{1, 0, 0, 1}}, 1, 3, 3, "018", "0,1,8"},
		{{{1, 0, 0, 3}, {1, 1, 0, 3}}, 2, 2, 3, "06", "0,6"},
		{{{1, 0, 12, 14}}, 1, 1, 44, "<2n0", "12,2,30"},
		{{{1, 0, 44, 45}}, 1, 2, 50, "\\\\11g1", "44,1,55"},
		{{{1, 0, 1, 2}, {1, 1, 0, 1}}, 2, 2, 2, "121", "1,2,1"},
	};
	struct buf text = {0}, want = {0};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct instance instance = {.id = 1,
					    .runs = rows[i].runs,
					    .count = rows[i].count};

		buf_reset(&text);
		buf_reset(&want);
		rle_put_compressed(&text, &instance, rows[i].width,
				   rows[i].height);
		rle_put_counts(&text, &instance, rows[i].width, rows[i].height);
		buf_printf(&want,
			   "{\"size\":[%u,%u],\"counts\":\"%s\"}"
			   "{\"size\":[%u,%u],\"counts\":[%s]}",
			   rows[i].height, rows[i].width, rows[i].compressed,
			   rows[i].height, rows[i].width, rows[i].counts);
		ok(slice_equal(buf_view(&text), buf_view(&want)), "%s",
		   buf_cstr(&text));
	}
	buf_release(&text);
	buf_release(&want);
}

int
main(void)
{
	random_seed(1);
	test_strings();
	test_random();
	return done_testing();
}
