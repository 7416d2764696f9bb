/*
 * Milliseconds a megapixel from PNG to instances, on generated label maps:
 * libdeflate's inflate of the same data into a whole buffer (the usual floor),
 * bitmap_read, and lodepng_decode32 with a walk down the columns. Each turn
 * measures all of them on one of several maps of a kind, for a processor
 * learns by heart what it is given over and over. The ratios are medians over
 * turns of what was measured next to each other. Nothing here is a test.
 */
#include <libdeflate.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "image/bitmap.h"
#include "pngwrite.h"

/* lodepng has C++ names only: this is `lodepng_decode32` of its header. */
extern unsigned
decode32(unsigned char **pixels, unsigned *width, unsigned *height,
	 const unsigned char *file,
	 size_t size) __asm__("_Z16lodepng_decode32PPhPjS1_PKhm");

enum { TURNS = 20, MAPS = 5, ANGLES = 1024 };

enum edge { SMOOTH, RAGGED, SPECKLED };

/* What to draw and how to write it. */
struct scene {
	const char *filter_name;
	unsigned filter;
	uint32_t width, height;
	unsigned shapes, ids;
	enum edge edge;
	unsigned color; /* PNG's */
	unsigned seed;
};

/* A map of a scene, ready to be measured. */
struct subject {
	struct buf raw;    /* filtered rows */
	struct buf stream; /* compressed */
	struct buf file;
};

static uint32_t
scramble(uint32_t x)
{
	x = (x ^ x >> 16) * 0x7feb352d;
	x = (x ^ x >> 15) * 0x846ca68b;
	return x ^ x >> 16;
}

/* How far an outline is from smooth at a pixel, in pixels. */
static double
roughness(const struct scene *scene, int x, int y, bool right)
{
	uint32_t place = (uint32_t)(y * 104729 + right);

	if (scene->edge == SPECKLED)
		place += (uint32_t)(x * 7919);
	if (scene->edge == SMOOTH)
		return 0;
	return scramble(place + scene->seed * 77) % 7 - 3.0;
}

/*
 * A lobed disc. The outline of a ragged one jumps from row to row, as a brush
 * or a model leaves it; that of a speckled one from pixel to pixel.
 */
static void
draw_shape(unsigned char *samples, const struct scene *scene, unsigned shape,
	   const double center[2], double radius)
{
	unsigned channels = pngwrite_channels(scene->color);
	double reach[ANGLES];
	double phase =
		scramble(shape + scene->seed * 1000) * 0x1p-32 * 2 * M_PI;
	double most = radius * 1.3 + 3;
	uint32_t id = 1 + shape % scene->ids;
	int x, y, i;

	for (i = 0; i < ANGLES; i++) {
		double t = i * 2 * M_PI / ANGLES;

		reach[i] = radius * (1 + 0.12 * cos(3 * t + phase) +
				     0.08 * cos(5 * t + 2 * phase));
	}
	for (y = (int)(center[1] - most); y < center[1] + most; y++)
		for (x = (int)(center[0] - most); x < center[0] + most; x++) {
			double dx = x - center[0], dy = y - center[1], limit;
			unsigned char *p;

			if (x < 0 || x >= (int)scene->width || y < 0 ||
			    y >= (int)scene->height)
				continue;
			i = (int)(atan2(dy, dx) * ANGLES / (2 * M_PI));
			limit = reach[(unsigned)(i + ANGLES) % ANGLES] +
				roughness(scene, x, y, dx > 0);
			if (dx * dx + dy * dy >= limit * limit)
				continue;
			p = samples +
			    ((size_t)y * scene->width + (size_t)x) * channels;
			p[0] = (unsigned char)id;
			p[1] = (unsigned char)(id >> 8);
		}
}

/* Shapes in a grid, apart from each other. */
static unsigned char *
draw(const struct scene *scene)
{
	unsigned channels = pngwrite_channels(scene->color), i;
	size_t pixels = (size_t)scene->width * scene->height, k;
	unsigned char *samples = xcalloc(pixels, channels);
	unsigned across = (unsigned)ceil(
		sqrt(scene->shapes * (double)scene->width / scene->height));
	unsigned down = (scene->shapes + across - 1) / across;
	double w = (double)scene->width / across;
	double h = (double)scene->height / down;

	for (k = 3; channels == 4 && k < pixels * 4; k += 4)
		samples[k] = 255;
	for (i = 0; i < scene->shapes; i++) {
		unsigned line = i / across;
		double center[2] = {(i % across + 0.5) * w, (line + 0.5) * h};

		draw_shape(samples, scene, i, center, 0.4 * (w < h ? w : h));
	}
	return samples;
}

/* As the service writes it, or as Pillow does where filters are adaptive. */
static void
prepare(struct subject *subject, const struct scene *scene)
{
	struct pngwrite png = {.width = scene->width,
			       .height = scene->height,
			       .depth = 8,
			       .color = scene->color,
			       .filter = scene->filter,
			       .level = 5,
			       .idat = 8192};
	unsigned char *samples = draw(scene);

	if (scene->filter == PNGWRITE_ADAPTIVE) {
		png.level = 6;
		png.strategy = Z_FILTERED;
		png.idat = 65536;
	}
	*subject = (struct subject){0};
	pngwrite_rows(&subject->raw, &png, samples);
	pngwrite_deflate(&subject->stream, &png, &subject->raw);
	pngwrite_head(&subject->file, &png);
	pngwrite_tail(&subject->file, buf_view(&subject->stream), png.idat);
	free(samples);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Keeps what was found from being optimised away. */
static volatile size_t differing;

/* Pixels that differ from the one above: what any reader must look for. */
static size_t
walk_columns(const unsigned char *pixels, unsigned width, unsigned height)
{
	size_t ends = 0;
	unsigned x, y;

	for (x = 0; x < width; x++)
		for (y = 1; y < height; y++) {
			const unsigned char *p =
				pixels + ((size_t)y * width + x) * 4;

			ends += memcmp(p, p - (size_t)width * 4, 3) != 0;
		}
	return ends;
}

static double
time_naive(const struct subject *subject)
{
	unsigned char *pixels = NULL;
	unsigned width, height;
	double start = now();

	if (decode32(&pixels, &width, &height,
		     (const unsigned char *)subject->file.data,
		     subject->file.len))
		exit(2);
	differing = walk_columns(pixels, width, height);
	free(pixels);
	return now() - start;
}

static double
time_read(const struct subject *subject, struct bitmap *bitmap)
{
	struct bitmap_view view;
	double start = now();

	if (bitmap_read(bitmap, buf_view(&subject->file), UINT32_MAX, &view))
		exit(2);
	return now() - start;
}

static double
time_inflate(struct subject *subject,
	     struct libdeflate_decompressor *decompressor)
{
	double start = now();

	if (libdeflate_zlib_decompress(decompressor, subject->stream.data,
				       subject->stream.len, subject->raw.data,
				       subject->raw.len, NULL))
		exit(2);
	return now() - start;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

static void
prepare_all(struct subject subjects[MAPS], struct scene scene)
{
	for (scene.seed = 0; scene.seed < MAPS; scene.seed++)
		prepare(&subjects[scene.seed], &scene);
}

static void
release_all(struct subject subjects[MAPS])
{
	size_t i;

	for (i = 0; i < MAPS; i++) {
		buf_release(&subjects[i].raw);
		buf_release(&subjects[i].stream);
		buf_release(&subjects[i].file);
	}
}

/* Measures a scene; returns our milliseconds a megapixel. */
static double
measure(const struct scene *scene, struct bitmap *bitmap)
{
	struct libdeflate_decompressor *decompressor =
		libdeflate_alloc_decompressor();
	double megapixels = (double)scene->width * scene->height / 1e6;
	double inflate[TURNS], ours[TURNS], above_floor[TURNS], naive[MAPS];
	static const char *const edges[] = {"smooth", "ragged", "speckled"};
	struct subject subjects[MAPS];
	double read;
	size_t i;

	prepare_all(subjects, *scene);
	for (i = 0; i < TURNS; i++) {
		inflate[i] = time_inflate(&subjects[i % MAPS], decompressor);
		ours[i] = time_read(&subjects[i % MAPS], bitmap);
		above_floor[i] = ours[i] / inflate[i];
	}
	for (i = 0; i < MAPS; i++)
		naive[i] = time_naive(&subjects[i]) /
			   time_read(&subjects[i], bitmap);
	read = median(ours, TURNS) / megapixels;
	printf("%2.0f MP %s %3u shapes %-8s %-8s %4.0fx  %.3f  %.3f  %4.2f  "
	       "%5.1f\n",
	       megapixels, scene->color == 6 ? "RGBA" : "RGB ", scene->shapes,
	       edges[scene->edge], scene->filter_name,
	       (double)subjects[0].raw.len / (double)subjects[0].stream.len,
	       median(inflate, TURNS) / megapixels, read,
	       median(above_floor, TURNS), median(naive, MAPS));
	fflush(stdout);
	release_all(subjects);
	libdeflate_free_decompressor(decompressor);
	return read;
}

static const struct {
	const char *name;
	unsigned filter;
} filters[] = {{"sub", 1},     {"adaptive", PNGWRITE_ADAPTIVE},
	       {"none", 0},    {"up", 2},
	       {"average", 3}, {"paeth", 4}};

static void
measure_filters(struct bitmap *bitmap, bool all)
{
	static const unsigned shapes[] = {5, 50, 200};
	size_t i, k;

	for (i = 0; i < (all ? sizeof(filters) / sizeof(*filters) : 2); i++)
		for (k = 0; k < 7; k++) {
			struct scene scene = {
				.filter_name = filters[i].name,
				.filter = filters[i].filter,
				.width = 1632,
				.height = 1224,
				.shapes = shapes[k == 6 ? 1 : k % 3],
				.ids = 1000,
				.edge = k == 6  ? SPECKLED
					: k > 2 ? RAGGED
						: SMOOTH,
				.color = 6};

			measure(&scene, bitmap);
			if (!all || k != 1)
				continue;
			scene.color = 2;
			measure(&scene, bitmap);
		}
}

static void
measure_large(struct bitmap *bitmap)
{
	struct scene scene = {.filter_name = "sub",
			      .filter = 1,
			      .width = 4000,
			      .height = 3000,
			      .shapes = 50,
			      .ids = 1000,
			      .color = 6};

	measure(&scene, bitmap);
	scene.edge = RAGGED;
	measure(&scene, bitmap);
}

/* The same outlines, as few instances and as many. */
static void
measure_instances(struct bitmap *bitmap)
{
	struct scene scene = {.filter_name = "sub",
			      .filter = 1,
			      .width = 1632,
			      .height = 1224,
			      .shapes = 200,
			      .ids = 5,
			      .color = 6};
	double few = measure(&scene, bitmap), many;

	scene.ids = 200;
	many = measure(&scene, bitmap);
	printf("200 instances take %.2f times as long as 5\n", many / few);
}

/* With any argument: Sub and adaptive rows of 2 megapixels only. */
int
main(int argc, char **argv)
{
	struct bitmap *bitmap = bitmap_open();

	(void)argv;
	printf("ms a megapixel: libdeflate's inflate, ours, their ratio; how "
	       "often faster than lodepng\n");
	measure_filters(bitmap, argc < 2);
	if (argc < 2)
		measure_large(bitmap);
	measure_instances(bitmap);
	bitmap_close(bitmap);
	return 0;
}
