/* map_rows and png_write: random maps, read back by lodepng and by zlib. */
#include "image/map_rows.h"

#include <stdlib.h>

#include "codec/inflate.h"
#include "codec/png.h"
#include "pngread.h"
#include "random.h"
#include "tap.h"

static struct map_rows *rows;
static struct png_writer *writer;
static struct inflate *reader;

/* A map drawn pixel by pixel, and the runs it is made of. */
struct drawing {
	uint32_t width, height, ground;
	uint32_t *pixels;
	struct run *runs;
	struct instance instances[12];
	struct map_layer layers[12];
	size_t count;
};

/* Draws a rectangle, or scattered runs, over what is there. */
static void
draw_layer(struct drawing *drawing, uint32_t value, bool scattered)
{
	uint32_t x0 = random_below(drawing->width);
	uint32_t x1 = x0 + 1 + random_below(drawing->width - x0);
	struct run *runs = xmalloc((size_t)drawing->width * drawing->height *
				   sizeof(*runs));
	struct instance *instance = &drawing->instances[drawing->count];
	size_t n = 0;
	uint32_t x, y, y0 = random_below(drawing->height);
	uint32_t y1 = y0 + 1 + random_below(drawing->height - y0);

	for (x = x0; x < x1; x++) {
		if (scattered) {
			y0 = random_below(drawing->height);
			y1 = y0 + 1 + random_below(drawing->height - y0);
		}
		runs[n++] = (struct run){1, x, y0, y1};
		for (y = y0; y < y1; y++)
			drawing->pixels[(size_t)y * drawing->width + x] = value;
	}
	*instance = instance_of(1, runs, n);
	drawing->layers[drawing->count++] = (struct map_layer){instance, value};
}

static void
draw(struct drawing *drawing, uint32_t width, uint32_t height, uint32_t most)
{
	size_t i, n = random_below(9);

	*drawing = (struct drawing){.width = width, .height = height};
	drawing->ground = random_below(3) ? 0 : random_below(most) + 1;
	drawing->pixels = xmalloc((size_t)width * height * sizeof(uint32_t));
	for (i = 0; i < (size_t)width * height; i++)
		drawing->pixels[i] = drawing->ground;
	for (i = 0; i < n; i++)
		draw_layer(drawing, random_below(most + 1),
			   random_below(4) == 0);
}

static void
drawing_free(struct drawing *drawing)
{
	size_t i;

	for (i = 0; i < drawing->count; i++)
		free((void *)(uintptr_t)drawing->instances[i].runs);
	free(drawing->pixels);
}

/* What a pixel should be read as: RGBA of 8 bits, or of 16. */
static bool
is_pixel(const struct png_format *format, uint32_t value,
	 const unsigned char *got)
{
	if (format->pixels == PNG_GREY16)
		return got[0] == value >> 8 && got[1] == (value & 255);
	if (format->pixels == PNG_INDEX8)
		value = format->palette[value];
	if (format->pixels == PNG_GREY8)
		return got[0] == value && got[1] == value && got[2] == value;
	return got[0] == (value & 255) && got[1] == (value >> 8 & 255) &&
	       got[2] == value >> 16;
}

static bool
check(const struct drawing *drawing, const struct png_format *format)
{
	struct slice file;
	unsigned char *pixels = NULL;
	struct png png;
	size_t i, size = format->pixels == PNG_GREY16 ? 8 : 4;
	bool good;

	map_rows_paint(rows, drawing->width, drawing->height, drawing->layers,
		       drawing->count, drawing->ground);
	file = map_rows_write(rows, writer, format);
	good = png_open(&png, file.p, file.n) == 0 &&
	       png.width == drawing->width && png.height == drawing->height &&
	       png_decode(&png, reader, &pixels) == 0;
	if (!good)
		printf("# %s\n", png.error);
	for (i = 0; good && i < (size_t)drawing->width * drawing->height; i++)
		good = is_pixel(format, drawing->pixels[i], pixels + i * size);
	free(pixels);
	return good;
}

static void
test_kind(enum png_pixels kind, uint32_t most, const char *name)
{
	uint32_t palette[256], width, i, good = 0, all = 0;

	for (i = 0; i < 256; i++)
		palette[i] = i * 65793u % 0xffffff;
	for (width = 1; width <= 70; width++)
		for (i = 0; i < 12; i++) {
			struct drawing drawing;
			struct png_format format = {width, 0, kind, palette,
						    256};

			draw(&drawing, width, 1 + random_below(60), most);
			format.height = drawing.height;
			good += check(&drawing, &format);
			all++;
			drawing_free(&drawing);
		}
	ok(good == all, "%s, all widths from 1 to 70", name);
}

/* zlib is a reader of its own, and wide rows need several blocks. */
static void
test_wide(void)
{
	struct drawing drawing;
	struct png_format format = {3000, 40, PNG_GREY8, NULL, 0};
	struct pngread png = {0};
	size_t i, layer, same = 0;
	struct slice file;

	draw(&drawing, 3000, 40, 255);
	for (layer = 0; layer < 3; layer++)
		draw_layer(&drawing, 1 + random_below(255), true);
	map_rows_paint(rows, 3000, 40, drawing.layers, drawing.count,
		       drawing.ground);
	file = map_rows_write(rows, writer, &format);
	pngread(&png, file);
	for (i = 0; i < (size_t)3000 * 40; i++)
		same += png.pixels[4 * i] == drawing.pixels[i] * 257;
	ok(same == (size_t)3000 * 40, "a wide map as zlib reads it");
	pngread_release(&png);
	drawing_free(&drawing);
}

static void
test_picture(void)
{
	enum { W = 301, H = 207 };
	unsigned char *pixels = xmalloc((size_t)W * H * 3), *got = NULL;
	struct slice file;
	struct png png;
	size_t i, same = 0;

	for (i = 0; i < (size_t)W * H * 3; i++)
		pixels[i] = (unsigned char)(random_below(8) + i / W);
	file = png_write_picture(writer, pixels, W, H);
	if (png_open(&png, file.p, file.n) == 0 &&
	    png_decode(&png, reader, &got) == 0)
		for (i = 0; i < (size_t)W * H; i++)
			same += memcmp(got + 4 * i, pixels + 3 * i, 3) == 0;
	ok(same == (size_t)W * H, "a picture");
	free(got);
	free(pixels);
}

int
main(void)
{
	random_seed(11);
	rows = map_rows_open();
	writer = png_writer_open();
	reader = inflate_open();
	test_kind(PNG_GREY8, 255, "8-bit grey");
	test_kind(PNG_GREY16, 65535, "16-bit grey");
	test_kind(PNG_RGB8, 0xffffff, "RGB");
	test_kind(PNG_INDEX8, 255, "palette");
	test_wide();
	test_picture();
	map_rows_close(rows);
	png_writer_close(writer);
	inflate_close(reader);
	return done_testing();
}
