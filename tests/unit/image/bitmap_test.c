/* bitmap against a plain decoder and a count of its pixels. */
#include "image/bitmap.h"

#include <openssl/sha.h>
#include <stdlib.h>

#include "pngread.h"
#include "pngwrite.h"
#include "random.h"
#include "tap.h"

enum { PIXELS_MAX = 100000000 };

/*
 * What bitmap_read should say of an image.
 */

struct expected {
	struct run *runs;    /* by (id, x, y0) */
	struct run *columns; /* by (x, y0) */
	size_t count;
	uint64_t translucent;
	bool exact; /* no sample would change in 8 bits */
};

static int
compare_runs(const void *left, const void *right)
{
	const struct run *a = left, *b = right;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return a->y0 < b->y0 ? -1 : a->y0 > b->y0;
}

static uint32_t
id_at(const struct pngread *png, uint32_t x, uint32_t y)
{
	const uint16_t *p = png->pixels + ((size_t)y * png->width + x) * 4;

	return (p[0] & 255U) | (p[1] & 255U) << 8 | (p[2] & 255U) << 16;
}

static void
expect_column(struct expected *expected, const struct pngread *png, uint32_t x)
{
	uint32_t y, start = 0;

	for (y = 0; y < png->height; y++) {
		uint32_t id = id_at(png, x, y);

		if (y + 1 < png->height && id_at(png, x, y + 1) == id)
			continue;
		if (id)
			expected->runs[expected->count++] =
				(struct run){id, x, start, y + 1};
		start = y + 1;
	}
}

static struct expected
expect(const struct pngread *png)
{
	size_t pixels = (size_t)png->width * png->height, i;
	struct expected expected = {.exact = true};
	uint32_t x;

	expected.runs = xcalloc(pixels, sizeof(struct run));
	expected.columns = xcalloc(pixels, sizeof(struct run));
	for (x = 0; x < png->width; x++)
		expect_column(&expected, png, x);
	memcpy(expected.columns, expected.runs,
	       expected.count * sizeof(struct run));
	qsort(expected.runs, expected.count, sizeof(struct run), compare_runs);
	for (i = 0; i < pixels * 4; i++)
		expected.exact &= png->pixels[i] % 257 == 0;
	for (i = 0; i < pixels; i++)
		expected.translucent += png->pixels[4 * i + 3] < 65535;
	return expected;
}

static bool
is_measured(const struct instance *instance)
{
	uint64_t area = 0;
	uint32_t left = UINT32_MAX, top = UINT32_MAX, right = 0, bottom = 0;
	const struct run *run;

	for (run = instance->runs; run < instance->runs + instance->count;
	     run++) {
		area += run->y1 - run->y0;
		left = run->x < left ? run->x : left;
		right = run->x >= right ? run->x + 1 : right;
		top = run->y0 < top ? run->y0 : top;
		bottom = run->y1 > bottom ? run->y1 : bottom;
	}
	return instance->area == area && instance->box.x == left &&
	       instance->box.y == top && instance->box.w == right - left &&
	       instance->box.h == bottom - top;
}

static bool
is_expected(const struct bitmap_view *view, const struct expected *expected)
{
	const struct run *run = expected->runs;
	size_t i, k;

	for (i = 0; i < view->count; i++) {
		const struct instance *instance = &view->instances[i];

		if (!is_measured(instance) || instance->count == 0)
			return false;
		if (i && instance->id <= instance[-1].id)
			return false;
		for (k = 0; k < instance->count; k++, run++)
			if (run == expected->runs + expected->count ||
			    instance->runs[k].id != instance->id ||
			    memcmp(run, &instance->runs[k], sizeof(*run)) != 0)
				return false;
	}
	return run == expected->runs + expected->count &&
	       view->translucent == expected->translucent;
}

/* Another bitmap reads the same and tells the columns, too. */
static bool
keeps_columns(struct slice file, const struct expected *expected)
{
	struct bitmap *bitmap = bitmap_open();
	struct bitmap_view view;
	bool good;

	bitmap_keep_columns(bitmap);
	good = !bitmap_read(bitmap, file, PIXELS_MAX, &view) &&
	       is_expected(&view, expected) && view.runs == expected->count &&
	       (!view.runs || memcmp(view.columns, expected->columns,
				     view.runs * sizeof(struct run)) == 0);
	bitmap_close(bitmap);
	return good;
}

/* True when a right file is read as the plain decoder does. */
static bool
is_read(struct bitmap *bitmap, struct slice file)
{
	struct pngread png;
	struct expected expected;
	struct bitmap_view view;
	const char *error;
	bool good;

	pngread(&png, file);
	expected = expect(&png);
	error = bitmap_read(bitmap, file, PIXELS_MAX, &view);
	if (error)
		good = !expected.exact &&
		       strcmp(error, "16-bit channels hold no ids") == 0;
	else
		good = expected.exact && view.width == png.width &&
		       view.height == png.height &&
		       is_expected(&view, &expected) &&
		       keeps_columns(file, &expected);
	if (!good && error)
		printf("# %s\n", error);
	free(expected.runs);
	free(expected.columns);
	pngread_release(&png);
	return good;
}

/*
 * Random maps.
 */

/* Samples of one of several kinds: rectangles, noise, stripes, one colour. */
static void
draw(unsigned char *samples, const struct pngwrite *png)
{
	unsigned channels = pngwrite_channels(png->color);
	unsigned values = 1U << (png->depth > 8 ? 8 : png->depth);
	size_t pixels = (size_t)png->width * png->height, i;
	uint32_t kind = random_below(7), few = 1 + random_below(values);
	uint32_t shapes = kind < 4 ? random_below(30) : 0;

	if (png->palette.n && few > png->palette.n / 3)
		few = (uint32_t)png->palette.n / 3;
	memset(samples, 0, pixels * channels);
	for (i = 0; kind >= 4 && i < pixels * channels; i++)
		samples[i] =
			(unsigned char)(kind == 4         ? random_below(few)
					: kind == 5       ? i / channels % 2
					: random_below(9) ? 0
							  : random_below(few));
	while (shapes--) {
		uint32_t x0 = random_below(png->width), y, x;
		uint32_t y0 = random_below(png->height);
		uint32_t w = 1 + random_below(png->width - x0);
		uint32_t h = 1 + random_below(png->height - y0);
		unsigned char color[4];

		for (i = 0; i < 4; i++)
			color[i] = (unsigned char)random_below(few);
		if (kind == 1 && png->height > 1)
			y0 = 0, h = png->height;
		for (y = y0; y < y0 + h; y++)
			for (x = x0; x < x0 + w; x++)
				memcpy(samples + ((size_t)y * png->width + x) *
							 channels,
				       color, channels);
	}
	/* Mostly opaque. */
	for (i = channels - 1; channels % 2 == 0 && i < pixels * channels;
	     i += channels)
		if (kind != 2)
			samples[i] =
				(unsigned char)(random_below(999) ? values - 1
								  : 3);
}

static void
draw_size(struct pngwrite *png)
{
	uint32_t most = random_below(5) ? 40 : 300;

	png->width = 1 + random_below(most);
	png->height = 1 + random_below(most);
	if (random_below(12) == 0)
		png->width = 1;
	if (random_below(12) == 0)
		png->height = 1;
}

static void
draw_writing(struct pngwrite *png)
{
	png->filter = random_below(7);
	png->level = (int)random_below(10);
	png->idat = random_below(2) ? 1 + random_below(3000) : 0;
}

static unsigned
count_misread(struct bitmap *bitmap, struct pngwrite png, unsigned times)
{
	struct buf samples = {0}, file = {0};
	unsigned misread = 0;

	while (times--) {
		draw_size(&png);
		draw_writing(&png);
		draw((unsigned char *)buf_reserve(&samples, (size_t)png.width *
								    png.height *
								    4),
		     &png);
		buf_reset(&file);
		pngwrite(&file, &png, (unsigned char *)samples.data);
		misread += !is_read(bitmap, buf_view(&file));
	}
	buf_release(&samples);
	buf_release(&file);
	return misread;
}

/* Every colour type, depth and interlacing that there is. */
static void
test_random(struct bitmap *bitmap)
{
	static const struct {
		unsigned color, depth, times;
	} kinds[] = {{6, 8, 3000}, {2, 8, 3000}, {0, 1, 100}, {0, 2, 100},
		     {0, 4, 100},  {0, 8, 100},  {4, 8, 100}, {3, 1, 100},
		     {3, 2, 100},  {3, 4, 100},  {3, 8, 100}, {0, 16, 50},
		     {2, 16, 50},  {4, 16, 50},  {6, 16, 50}};
	char palette[768];
	unsigned interlaced;
	size_t i;

	for (i = 0; i < sizeof(palette); i++)
		palette[i] = (char)random_below(256);
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		for (interlaced = 0; interlaced < 2; interlaced++) {
			unsigned times = kinds[i].times;
			struct pngwrite png = {.color = kinds[i].color,
					       .depth = kinds[i].depth,
					       .interlaced = interlaced};

			if (png.color == 3)
				png.palette = (struct slice){palette,
							     3UL << png.depth};
			if (interlaced && times > 100)
				times = 100;
			ok(count_misread(bitmap, png, times) == 0,
			   "reads %u maps of colour type %u, depth %u%s", times,
			   png.color, png.depth,
			   interlaced ? ", interlaced" : "");
		}
}

/*
 * Rows that no encoder would write: any filter, and filtered bytes of which
 * few, or most, are zero, or the same from pixel to pixel.
 */
static void
make_raw(struct buf *raw, uint32_t width, uint32_t height, unsigned channels)
{
	uint32_t rarity = 1 + random_below(30), y, i;

	buf_reset(raw);
	for (y = 0; y < height; y++) {
		uint32_t kind = random_below(4);

		buf_putc(raw, (char)random_below(5));
		for (i = 0; i < width * channels; i++)
			if (random_below(rarity) == 0)
				buf_putc(raw, (char)random_below(256));
			else if (kind && i >= channels)
				buf_putc(raw, raw->data[raw->len - channels]);
			else
				buf_putc(raw, 0);
	}
}

static void
test_strange(struct bitmap *bitmap)
{
	struct buf raw = {0}, stream = {0}, file = {0};
	unsigned misread = 0, i;

	for (i = 0; i < 3000; i++) {
		struct pngwrite png = {.width = 1 + random_below(150),
				       .height = 1 + random_below(40),
				       .depth = 8,
				       .color = i % 2 ? 2 : 6,
				       .level = 1};

		make_raw(&raw, png.width, png.height,
			 pngwrite_channels(png.color));
		buf_reset(&stream);
		buf_reset(&file);
		pngwrite_deflate(&stream, &png, &raw);
		pngwrite_head(&file, &png);
		pngwrite_tail(&file, buf_view(&stream), 0);
		misread += !is_read(bitmap, buf_view(&file));
	}
	ok(misread == 0, "reads 3000 images of strange rows");
	buf_release(&raw);
	buf_release(&stream);
	buf_release(&file);
}

static void
test_transparent(struct bitmap *bitmap)
{
	struct pngwrite rgb = {.color = 2,
			       .depth = 8,
			       .trns = {"\0\1\0\0\0\0", 6}};
	struct pngwrite grey = {.color = 0, .depth = 4, .trns = {"\0\1", 2}};
	struct pngwrite palette = {.color = 3,
				   .depth = 2,
				   .palette = {"0123456789ab", 12},
				   .trns = {"\377\0\7", 3}};

	ok(count_misread(bitmap, rgb, 100) == 0, "RGB with tRNS");
	ok(count_misread(bitmap, grey, 100) == 0, "grey with tRNS");
	ok(count_misread(bitmap, palette, 100) == 0, "palette with tRNS");
}

/* Rows wider than the window, and images of one very long column. */
static void
test_long(struct bitmap *bitmap)
{
	static const uint32_t sizes[][2] = {{200000, 3},
					    {1, 200000},
					    {70000, 9},
					    {3, 30000}};
	struct buf samples = {0}, file = {0};
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct pngwrite png = {.width = sizes[i][0],
				       .height = sizes[i][1],
				       .depth = 8,
				       .color = i % 2 ? 2 : 6,
				       .filter = PNGWRITE_MIXED,
				       .level = 1,
				       .idat = 8192};

		draw((unsigned char *)buf_reserve(&samples, (size_t)png.width *
								    png.height *
								    4),
		     &png);
		buf_reset(&file);
		pngwrite(&file, &png, (unsigned char *)samples.data);
		ok(is_read(bitmap, buf_view(&file)), "reads %u x %u pixels",
		   png.width, png.height);
	}
	buf_release(&samples);
	buf_release(&file);
}

/*
 * PngSuite.
 */

static const char *
suite_folder(void)
{
	static char path[4096];
	const char *data = getenv("SEGTOOLS_DATA");

	snprintf(path, sizeof(path), "%s/conformance/pngsuite",
		 data ? data : "../shared/data");
	return path;
}

static bool
load(struct buf *to, const char *name, const char *suffix)
{
	char path[4200];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s%s", suite_folder(), name, suffix);
	file = fopen(path, "rb");
	buf_reset(to);
	if (!file)
		return false;
	do {
		n = fread(buf_reserve(to, 65536), 1, 65536, file);
		to->len += n;
	} while (n);
	fclose(file);
	return true;
}

/* Whether the plain decoder gives the published pixels. */
static bool
is_published(struct slice file, const char *digest)
{
	unsigned char sum[SHA256_DIGEST_LENGTH];
	struct pngread png;
	struct buf pixels = {0}, text = {0};
	size_t i;
	bool same;

	pngread(&png, file);
	for (i = 0; i < (size_t)png.width * png.height * 4; i++)
		buf_putc(&pixels, (char)(png.pixels[i] >> 8));
	SHA256((const unsigned char *)pixels.data, pixels.len, sum);
	for (i = 0; i < sizeof(sum); i++)
		buf_printf(&text, "%02x", sum[i]);
	same = strcmp(buf_cstr(&text), digest) == 0;
	buf_release(&pixels);
	buf_release(&text);
	pngread_release(&png);
	return same;
}

static void
test_suite(struct bitmap *bitmap)
{
	struct buf table = {0}, file = {0};
	unsigned right = 0, refused = 0;
	char *line, *next = NULL;

	if (!load(&table, "expected-rgba", ".tsv")) {
		ok(true, "PngSuite # SKIP not here");
		return;
	}
	buf_putc(&table, '\0');
	for (line = strtok_r(table.data, "\n", &next); line;
	     line = strtok_r(NULL, "\n", &next)) {
		char name[64], kind[64], digest[80];
		struct bitmap_view view;

		if (sscanf(line, "%63s %*s %*s %*s %*s %63s %79s", name, kind,
			   digest) != 3 ||
		    !load(&file, name, ".png"))
			continue;
		if (strcmp(kind, "corrupt") == 0)
			refused += bitmap_read(bitmap, buf_view(&file),
					       PIXELS_MAX, &view) != NULL;
		else if (is_published(buf_view(&file), digest))
			right += is_read(bitmap, buf_view(&file));
	}
	ok(right == 161, "PngSuite: the published pixels of 161, not %u",
	   right);
	ok(refused == 14, "PngSuite: refuses the 14 corrupt, not %u", refused);
	buf_release(&table);
	buf_release(&file);
}

/*
 * Damage.
 */

/* A file of about a kilobyte; the fast path or not. */
static void
make_fixture(struct buf *file, unsigned color, bool interlaced)
{
	struct pngwrite png = {.width = 24,
			       .height = 24,
			       .depth = 8,
			       .color = color,
			       .interlaced = interlaced,
			       .filter = PNGWRITE_MIXED,
			       .level = 6,
			       .idat = 200};
	unsigned char samples[24 * 24 * 4];
	size_t i;

	for (i = 0; i < sizeof(samples); i++)
		samples[i] =
			(unsigned char)(random_below(3) ? 0 : random_below(5));
	pngwrite(file, &png, samples);
}

/* Whether a damaged file is refused, or read as if it were not. */
static bool
is_safe(struct bitmap *bitmap, struct slice damaged,
	const struct expected *expected)
{
	/* A copy of the right size lets the sanitizers see what is read. */
	char *copy = slice_dup(damaged);
	struct slice file = {copy, damaged.n};
	struct bitmap_view view;
	bool safe = bitmap_read(bitmap, file, PIXELS_MAX, &view) ||
		    is_expected(&view, expected);

	free(copy);
	return safe;
}

static void
test_damage(struct bitmap *bitmap, unsigned color, bool interlaced)
{
	struct buf file = {0};
	struct pngread png;
	struct expected expected;
	struct bitmap_view view;
	unsigned unsafe = 0, taken = 0;
	size_t i;

	make_fixture(&file, color, interlaced);
	pngread(&png, buf_view(&file));
	expected = expect(&png);
	for (i = 0; i < file.len; i++) {
		struct slice cut = {file.data, i};

		taken += !bitmap_read(bitmap, cut, PIXELS_MAX, &view);
	}
	ok(taken == 0, "refuses colour type %u cut at each of %zu bytes", color,
	   file.len);
	for (i = 0; i < file.len * 8; i++) {
		file.data[i / 8] ^= (char)(1 << i % 8);
		unsafe += !is_safe(bitmap, buf_view(&file), &expected);
		file.data[i / 8] ^= (char)(1 << i % 8);
	}
	ok(unsafe == 0, "each of %zu bits turned over is safe", i);
	buf_puts(&file, "trailing");
	ok(is_safe(bitmap, buf_view(&file), &expected) &&
		   !bitmap_read(bitmap, buf_view(&file), PIXELS_MAX, &view),
	   "what stands behind IEND does not matter");
	free(expected.runs);
	free(expected.columns);
	pngread_release(&png);
	buf_release(&file);
}

/*
 * Messages.
 */

/* Files that are built chunk by chunk. */
static const struct {
	const char *message;
	const char *chunks; /* of IDAT i, text t, tRNS T, unknown x, end e */
	int rows;           /* more or fewer than there should be */
	int flip;           /* from the end of the compressed data */
} wrongs[] = {
	{"", "ie", 0, 0},
	{"", "tie", 0, 0},
	{"", "ite", 0, 0},
	{"no image data", "e", 0, 0},
	{"PNG ends early", "i", 0, 0},
	{"unknown critical chunk ABCD", "xie", 0, 0},
	{"unknown critical chunk ABCD", "ixe", 0, 0},
	{"second chunk IHDR", "ihe", 0, 0},
	{"data behind the compressed data", "iie", 0, 0},
	{"less image data than pixels", "ie", -1, 0},
	{"more image data than pixels", "ie", 1, 0},
	{"bad Adler-32 checksum", "ie", 0, 1},
};

static void
put_wrong(struct buf *file, struct buf *stream, const char *chunks)
{
	for (; *chunks; chunks++) {
		if (*chunks == 'i')
			pngwrite_chunk(file, "IDAT", stream->data, stream->len);
		else if (*chunks == 't')
			pngwrite_chunk(file, "tEXt", "a\0b", 3);
		else if (*chunks == 'x')
			pngwrite_chunk(file, "ABCD", "x", 1);
		else if (*chunks == 'h')
			pngwrite_chunk(file, "IHDR", "x", 1);
		else
			pngwrite_chunk(file, "IEND", NULL, 0);
	}
}

static void
test_messages(struct bitmap *bitmap, unsigned color)
{
	unsigned char samples[30 * 21 * 4] = {1, 0, 1};
	size_t i;

	for (i = 0; i < sizeof(wrongs) / sizeof(*wrongs); i++) {
		struct pngwrite png = {.width = 30,
				       .height = 20,
				       .depth = 8,
				       .color = color};
		struct buf file = {0}, raw = {0}, stream = {0};
		struct bitmap_view view;
		const char *error;

		pngwrite_head(&file, &png);
		png.height = (uint32_t)(20 + wrongs[i].rows);
		pngwrite_rows(&raw, &png, samples);
		pngwrite_deflate(&stream, &png, &raw);
		if (wrongs[i].flip)
			stream.data[stream.len - (size_t)wrongs[i].flip] ^= 1;
		put_wrong(&file, &stream, wrongs[i].chunks);
		error = bitmap_read(bitmap, buf_view(&file), PIXELS_MAX, &view);
		ok(strcmp(error ? error : "", wrongs[i].message) == 0,
		   "colour type %u, %s: '%s'", color, wrongs[i].chunks,
		   error ? error : "");
		buf_release(&file);
		buf_release(&raw);
		buf_release(&stream);
	}
}

static void
test_headers(struct bitmap *bitmap)
{
	struct pngwrite large = {.width = 12000,
				 .height = 12000,
				 .depth = 8,
				 .color = 6};
	struct pngwrite small = {.width = 2,
				 .height = 1,
				 .depth = 8,
				 .color = 6};
	unsigned char samples[] = {1, 2, 3, 255, 4, 5, 6, 255};
	struct bitmap_view view;
	struct buf file = {0};
	const char *error;

	pngwrite_head(&file, &large);
	error = bitmap_read(bitmap, buf_view(&file), PIXELS_MAX, &view);
	ok(error && strcmp(error, "12000 x 12000 is more than 100000000 "
				  "pixels; --max-pixels allows more") == 0,
	   "the header alone tells that there are too many pixels");
	error = bitmap_read(bitmap, slice_of("<html>"), PIXELS_MAX, &view);
	ok(error && strcmp(error, "not a PNG") == 0, "text is no PNG");
	error = bitmap_read(bitmap, slice_of(""), PIXELS_MAX, &view);
	ok(error && strcmp(error, "not a PNG") == 0, "nothing is no PNG");
	buf_reset(&file);
	pngwrite(&file, &small, samples);
	file.data[file.len - 14] ^= 1;
	error = bitmap_read(bitmap, buf_view(&file), PIXELS_MAX, &view);
	ok(error && strcmp(error, "bad CRC in chunk IDAT") == 0,
	   "a bad CRC is named");
	file.data[file.len - 14] ^= 1;
	ok(!bitmap_read(bitmap, buf_view(&file), 2, &view) && view.count == 2 &&
		   view.instances[1].id == 0x060504,
	   "as many pixels as are allowed");
	ok(bitmap_read(bitmap, buf_view(&file), 1, &view) && view.count == 0,
	   "one more than are allowed");
	bitmap_limit_runs(bitmap, 2);
	ok(!bitmap_read(bitmap, buf_view(&file), 2, &view),
	   "as many runs as are allowed");
	bitmap_limit_runs(bitmap, 1);
	error = bitmap_read(bitmap, buf_view(&file), 2, &view);
	ok(error && strcmp(error,
			   "more than 1 runs; --max-label allows more") == 0,
	   "one more than are allowed");
	bitmap_limit_runs(bitmap, SIZE_MAX);
	buf_release(&file);
}

int
main(void)
{
	struct bitmap *bitmap = bitmap_open();

	random_seed(1);
	test_random(bitmap);
	test_strange(bitmap);
	test_transparent(bitmap);
	test_long(bitmap);
	test_suite(bitmap);
	test_damage(bitmap, 6, false);
	test_damage(bitmap, 2, false);
	test_damage(bitmap, 6, true);
	test_damage(bitmap, 0, false);
	test_messages(bitmap, 6);
	test_messages(bitmap, 0);
	test_headers(bitmap);
	bitmap_close(bitmap);
	return done_testing();
}
