/*
 * A map of any rectangles over each other, in every form of pixels: lodepng
 * reads from the file what was painted.
 */
#include <string.h>

#include "codec/inflate.h"
#include "codec/png.h"
#include "fuzz.h"
#include "image/map_rows.h"

enum { MOST = 24, SIDE = 80 };

/* What has to come out, as lodepng gives it: RGBA, 8 or 16 bits. */
static bool
is_pixel(const unsigned char *got, const struct png_format *format,
	 uint32_t value)
{
	switch (format->pixels) {
	case PNG_GREY8:
		return got[0] == value && got[1] == value && got[2] == value;
	case PNG_GREY16:
		return got[0] == value >> 8 && got[1] == (value & 255);
	case PNG_INDEX8:
		value = format->palette[value];
		break;
	case PNG_RGB8:
		break;
	}
	return got[0] == (value & 255) && got[1] == (value >> 8 & 255) &&
	       got[2] == value >> 16;
}

static void
compare(struct slice file, const struct png_format *format,
	const uint32_t *values)
{
	static struct inflate *inflate;
	const size_t bytes = format->pixels == PNG_GREY16 ? 8 : 4;
	unsigned char *pixels = NULL;
	struct png png;

	if (!inflate)
		inflate = inflate_open();
	PROMISE(png_open(&png, file.p, file.n) == 0 &&
			png.width == format->width &&
			png.height == format->height,
		"lodepng reads the header");
	PROMISE(png_decode(&png, inflate, &pixels) == 0, "and the file");
	for (size_t i = 0; i < (size_t)format->width * format->height; i++)
		PROMISE(is_pixel(pixels + bytes * i, format, values[i]),
			"each pixel");
	free(pixels);
}

/* A rectangle from five bytes, as runs, painted on `values`, too. */
static size_t
paint(const uint8_t *data, const struct png_format *format, struct run *runs,
      uint32_t *values, uint32_t value)
{
	const uint32_t x0 = data[0] % format->width;
	const uint32_t y0 = data[1] % format->height;
	const uint32_t w = 1 + data[2] % (format->width - x0);
	const uint32_t h = 1 + data[3] % (format->height - y0);
	size_t n = 0;

	for (uint32_t x = x0; x < x0 + w; x++) {
		runs[n++] = (struct run){1, x, y0, y0 + h};
		for (uint32_t y = y0; y < y0 + h; y++)
			values[(size_t)y * format->width + x] = value;
	}
	return n;
}

static uint32_t
value_of(const uint8_t *data, const struct png_format *format)
{
	const uint32_t value =
		(uint32_t)(data[0] | data[1] << 8 | data[2] << 16);

	switch (format->pixels) {
	case PNG_GREY8:
		return value & 255;
	case PNG_GREY16:
		return value & 65535;
	case PNG_INDEX8:
		return value % (uint32_t)format->colors;
	default:
		return value;
	}
}

static void
run(const uint8_t *data, size_t size, const struct png_format *format)
{
	static struct map_rows *rows;
	static struct png_writer *writer;
	static struct run runs[MOST][SIDE];
	static uint32_t values[SIDE * SIDE];
	struct instance instances[MOST];
	struct map_layer layers[MOST];
	const uint32_t ground = value_of(data, format);
	size_t count = 0, n;

	if (!rows) {
		rows = map_rows_open();
		writer = png_writer_open();
	}
	for (size_t i = 0; i < (size_t)format->width * format->height; i++)
		values[i] = ground;
	for (data += 3, size -= 3; size >= 7 && count < MOST; size -= 7) {
		const uint32_t value = value_of(data + 4, format);

		n = paint(data, format, runs[count], values, value);
		instances[count] = instance_of(1, runs[count], n);
		layers[count] = (struct map_layer){&instances[count], value};
		count++;
		data += 7;
	}
	map_rows_paint(rows, format->width, format->height, layers, count,
		       ground);
	compare(map_rows_write(rows, writer, format), format, values);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint32_t palette[256];
	struct png_format format;

	if (size < 7)
		return 0;
	if (!palette[1])
		for (uint32_t i = 0; i < 256; i++)
			palette[i] = i * 0x9e3779 & 0xffffff;
	format = (struct png_format){
		.width = 1 + data[0] % SIDE,
		.height = 1 + data[1] % SIDE,
		.pixels = (enum png_pixels)(data[2] % 4),
		.palette = palette,
		.colors = 1 + data[3],
	};
	run(data + 4, size - 4, &format);
	return 0;
}
