/*
 * From the vertical runs of instances to what changes from row to row, which
 * is what png_write takes: a map of values, painted without any pixel.
 */
#ifndef MAP_ROWS_H
#define MAP_ROWS_H

#include "codec/png_write.h"
#include "image/instance.h"

/* An instance and the value of its pixels. */
struct map_layer {
	const struct instance *instance;
	uint32_t value;
};

/* Paints map after map; its memory is kept for the next one. */
struct map_rows;

struct map_rows *map_rows_open(void);
/* Takes NULL. */
void map_rows_close(struct map_rows *rows);

/*
 * Paints layers, the later ones over the earlier ones, on a ground of one
 * value. The runs must be inside of width x height pixels.
 */
void
map_rows_paint(struct map_rows *rows, uint32_t width, uint32_t height,
	       const struct map_layer *layers, size_t count, uint32_t ground);
/*
 * What changes from row y - 1 to row y; above the first row all is zero.
 * Borrowed until the next call.
 */
size_t map_rows_get(struct map_rows *rows, uint32_t y,
		    const struct png_change **changes);

/* Writes the whole map as a file; the format tells the size. */
struct slice map_rows_write(struct map_rows *rows, struct png_writer *writer,
			    const struct png_format *format);

#endif
