#include "output/overlay.h"

#include <stdio.h>
#include <stdlib.h>

#include "image/map_rows.h"
#include "image/picture.h"

enum {
	NUMBERS = 65535,   /* layers that a map tells apart */
	GROUND = 0x202020, /* of the legend */
	INK = 0xf0f0f0,    /* of its text */
	STRENGTH = 115,    /* of a colour over the image, of 256 */
	THICK = 1400,      /* pixels of a side for each of an outline */
	TEXT = 640,        /* likewise for each of a dot of text */
};

struct overlay {
	uint64_t max_pixels;
	struct picture picture;
	struct map_rows *rows;
	struct png_writer *writer;
	struct map_layer *map;
	size_t room;
	uint16_t *numbers; /* a layer's number from 1 for each pixel */
	size_t pixel_room;
	char why[256];
};

struct overlay *
overlay_open(uint64_t max_pixels)
{
	struct overlay *overlay = xcalloc(1, sizeof(*overlay));

	overlay->max_pixels = max_pixels;
	overlay->rows = map_rows_open();
	overlay->writer = png_writer_open();
	return overlay;
}

void
overlay_close(struct overlay *overlay)
{
	if (!overlay)
		return;
	picture_release(&overlay->picture);
	map_rows_close(overlay->rows);
	png_writer_close(overlay->writer);
	free(overlay->map);
	free(overlay->numbers);
	free(overlay);
}

/* Numbers every pixel by its layer; 0 where there is none. */
static void
number_pixels(struct overlay *overlay, uint32_t width, uint32_t height,
	      const struct overlay_layer *layers, size_t count)
{
	const struct png_change *changes;
	size_t i, n, pixels = (size_t)width * height;
	uint32_t y, x;

	if (count > overlay->room) {
		overlay->room = count;
		overlay->map = xreallocarray(overlay->map, count,
					     sizeof(*overlay->map));
	}
	if (pixels > overlay->pixel_room) {
		overlay->pixel_room = pixels;
		free(overlay->numbers);
		overlay->numbers =
			xreallocarray(NULL, pixels, sizeof(*overlay->numbers));
	}
	for (i = 0; i < count; i++)
		overlay->map[i] =
			(struct map_layer){layers[i].instance, (uint32_t)i + 1};
	map_rows_paint(overlay->rows, width, height, overlay->map, count, 0);
	for (y = 0; y < height; y++) {
		uint16_t *row = overlay->numbers + (size_t)y * width;

		if (y)
			memcpy(row, row - width, width * sizeof(*row));
		else
			memset(row, 0, width * sizeof(*row));
		n = map_rows_get(overlay->rows, y, &changes);
		for (i = 0; i < n; i++)
			for (x = 0; x < changes[i].n; x++)
				row[changes[i].x + x] = (uint16_t)changes[i].to;
	}
}

/* Colours n pixels in full. */
static void
fill(unsigned char *to, size_t n, uint32_t color)
{
	size_t i;

	for (i = 0; i < n; i++, to += 3) {
		to[0] = (unsigned char)color;
		to[1] = (unsigned char)(color >> 8);
		to[2] = (unsigned char)(color >> 16);
	}
}

/*
 * Mixes eight bytes with eight of colours: in two turns, as what is made of a
 * byte takes two of them.
 */
static inline uint64_t
mix(uint64_t image, uint64_t color)
{
	const uint64_t even = UINT64_C(0x00ff00ff00ff00ff);
	const uint64_t left = 256 - STRENGTH;
	const uint64_t a = (image & even) * left + (color & even) * STRENGTH;
	const uint64_t b =
		(image >> 8 & even) * left + (color >> 8 & even) * STRENGTH;

	return (a >> 8 & even) | (b & ~even);
}

/* Blends a colour over n pixels, eight of them in three words. */
static void
blend(unsigned char *to, size_t n, uint32_t color)
{
	unsigned char bytes[24];
	uint64_t colors[3], image;
	size_t i;

	fill(bytes, 8, color);
	memcpy(colors, bytes, sizeof(colors));
	for (; n >= 8; n -= 8)
		for (i = 0; i < 3; i++, to += 8) {
			memcpy(&image, to, 8);
			image = mix(image, colors[i]);
			memcpy(to, &image, 8);
		}
	memcpy(bytes, to, 3 * n);
	for (i = 0; i < 3; i++) {
		memcpy(&image, bytes + 8 * i, 8);
		image = mix(image, colors[i]);
		memcpy(bytes + 8 * i, &image, 8);
	}
	memcpy(to, bytes, 3 * n);
}

/* A row of numbers, and those that are `thick` away, or NULL. */
struct rows_near {
	const uint16_t *row, *above, *below;
	uint32_t thick;
};

/* True where a row has nothing but `number` there, or is none. */
static bool
is_all(const uint16_t *row, const uint16_t *like, size_t n)
{
	return !row || memcmp(row, like, n * sizeof(*row)) == 0;
}

/*
 * Draws, of the pixels from..end of one number, which end before and behind,
 * what is within `thick` pixels of another: in full colour. Where that is all
 * there is, a layer is seen for all its size.
 */
static void
outline(unsigned char *to, const struct rows_near *near, uint32_t from,
	uint32_t end, uint32_t width, uint32_t color)
{
	const uint16_t *above = near->above, *below = near->below;
	const uint16_t number = near->row[from];
	/* What is at an edge of the image has no other number behind it. */
	const uint32_t thick = near->thick, n = end - from;
	const uint32_t left = !from ? 0 : n < thick ? n : thick;
	const uint32_t right = end == width ? 0 : n < thick ? n : thick;
	uint32_t x;

	fill(to + 3 * (size_t)from, left, color);
	fill(to + 3 * (size_t)(end - right), right, color);
	if (is_all(above ? above + from : NULL, near->row + from, n) &&
	    is_all(below ? below + from : NULL, near->row + from, n))
		return;
	for (x = from; x < end; x++)
		if ((above && above[x] != number) ||
		    (below && below[x] != number))
			fill(to + 3 * (size_t)x, 1, color);
}

/* Where the stretch of one number ends that begins at x. */
static uint32_t
stretch_end(const uint16_t *row, uint32_t x, uint32_t width)
{
	const uint64_t wanted = row[x] * UINT64_C(0x0001000100010001);
	const uint16_t number = row[x];
	uint64_t four;

	for (; width - x >= 4; x += 4) {
		memcpy(&four, row + x, sizeof(four));
		if (four != wanted)
			break;
	}
	while (x < width && row[x] == number)
		x++;
	return x;
}

/* Colours a row, stretch by stretch. */
static void
color_row(unsigned char *to, const struct rows_near *near, uint32_t width,
	  const struct overlay_layer *layers)
{
	uint32_t x, from, color;

	for (from = 0; from < width; from = x) {
		const uint16_t number = near->row[from];

		x = stretch_end(near->row, from, width);
		if (!number)
			continue;
		color = layers[number - 1].color;
		blend(to + 3 * (size_t)from, x - from, color);
		outline(to, near, from, x, width, color);
	}
}

/* Where the next entry of the legend goes. */
struct legend {
	struct picture *picture;
	unsigned size; /* pixels of a dot */
	uint32_t x, y; /* of the next entry; y below the image's foot */
	uint32_t foot;
	bool drawn; /* or only measured */
};

static void
put_entry(struct legend *legend, const struct overlay_layer *layer)
{
	const uint32_t size = legend->size, line = 12 * size;
	const uint32_t swatch = TEXT_HEIGHT * size,
		       width = legend->picture->width;
	const uint32_t wide =
		(uint32_t)(text_length(layer->name) * TEXT_WIDTH * size +
			   swatch + 6 * size);

	if (legend->x > 2 * size && legend->x + wide > width) {
		legend->x = 2 * size;
		legend->y += line;
	}
	if (legend->drawn) {
		picture_fill(legend->picture, legend->x, legend->y + 2 * size,
			     swatch, swatch, INK);
		picture_fill(legend->picture, legend->x + size,
			     legend->y + 3 * size, swatch - 2 * size,
			     swatch - 2 * size, layer->color);
		picture_put_text(legend->picture, legend->x + swatch + 3 * size,
				 legend->y + 2 * size, layer->name, size, INK);
	}
	legend->x += wide + 4 * size;
}

static uint32_t
put_entries(struct legend *legend, const struct overlay_layer *const *entries,
	    size_t count)
{
	size_t i;

	legend->x = 2 * legend->size;
	legend->y = legend->foot;
	for (i = 0; i < count; i++)
		put_entry(legend, entries[i]);
	return legend->y + 12 * legend->size;
}

/* The first layer of each category, whose names are the same memory. */
static size_t
list_entries(const struct overlay_layer *layers, size_t count,
	     const struct overlay_layer **entries)
{
	size_t i, k, n = 0;

	for (i = 0; i < count; i++) {
		for (k = 0; k < n && entries[k]->name.p != layers[i].name.p;
		     k++)
			;
		if (k == n)
			entries[n++] = &layers[i];
	}
	return n;
}

/* Adds what the colours mean below the image. */
static void
put_legend(struct picture *picture, const struct overlay_layer *layers,
	   size_t count)
{
	const uint32_t side = picture->width > picture->height
				      ? picture->width
				      : picture->height;
	struct legend legend = {.picture = picture,
				.size = 1 + side / TEXT,
				.foot = picture->height};
	const struct overlay_layer **entries;
	uint32_t height;

	if (!count)
		return;
	entries = xcalloc(count, sizeof(*entries));
	count = list_entries(layers, count, entries);
	height = put_entries(&legend, entries, count);
	picture_reserve(picture, (size_t)picture->width * 3 * height);
	picture->height = height;
	picture_fill(picture, 0, legend.foot, picture->width,
		     height - legend.foot, GROUND);
	legend.drawn = true;
	put_entries(&legend, entries, count);
	free(entries);
}

static void
put_layers(struct overlay *overlay, struct picture *picture,
	   const struct overlay_layer *layers, size_t count)
{
	const uint32_t width = picture->width, height = picture->height;
	const uint32_t side = width > height ? width : height;
	struct rows_near near = {.thick = 1 + side / THICK};
	const size_t away = (size_t)near.thick * width;
	uint32_t y;

	number_pixels(overlay, width, height, layers, count);
	for (y = 0; y < height; y++) {
		near.row = overlay->numbers + (size_t)y * width;
		near.above = y < near.thick ? NULL : near.row - away;
		near.below = y + near.thick >= height ? NULL : near.row + away;
		color_row(picture->pixels + 3 * (size_t)y * width, &near, width,
			  layers);
	}
}

const char *
overlay_draw(struct overlay *overlay, struct slice image,
	     const struct overlay_label *label, struct slice *file)
{
	struct picture *picture = &overlay->picture;
	const char *why =
		picture_read(picture, image, overlay->max_pixels, overlay->why);

	if (!why && (picture->width != label->width ||
		     picture->height != label->height)) {
		snprintf(overlay->why, sizeof(overlay->why),
			 "%lu x %lu pixels, and the label %lu x %lu",
			 (unsigned long)picture->width,
			 (unsigned long)picture->height,
			 (unsigned long)label->width,
			 (unsigned long)label->height);
		why = overlay->why;
	}
	if (!why && label->count > NUMBERS)
		why = "more annotations than a picture can show";
	if (!why) {
		put_layers(overlay, picture, label->layers, label->count);
		put_legend(picture, label->layers, label->count);
		*file = png_write_picture(overlay->writer, picture->pixels,
					  picture->width, picture->height);
	}
	return why;
}
