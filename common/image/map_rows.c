#include "image/map_rows.h"

#include <stdlib.h>

/* A run in its column. */
struct span {
	uint32_t y0, y1, value, layer;
};

/* Where a column's value changes. */
struct step {
	uint32_t y, x, from, to;
};

struct map_rows {
	uint32_t width, height, ground;
	size_t *columns; /* where each column's spans begin, and their end */
	size_t column_room;
	struct span *spans;
	size_t span_room;
	struct step *steps;
	size_t step_count, step_room;
	size_t *row_starts; /* of each row's changes, and their end */
	size_t row_room;
	struct png_change *changes; /* of all rows, a pixel each */
	size_t change_room;
	uint32_t *pixels; /* a column that is painted pixel by pixel */
	size_t pixel_room;
	struct png_change *row; /* the row asked for, pixels joined */
	size_t row_length_room;
};

struct map_rows *
map_rows_open(void)
{
	return xcalloc(1, sizeof(struct map_rows));
}

void
map_rows_close(struct map_rows *rows)
{
	if (!rows)
		return;
	free(rows->columns);
	free(rows->spans);
	free(rows->steps);
	free(rows->row_starts);
	free(rows->changes);
	free(rows->pixels);
	free(rows->row);
	free(rows);
}

/* Memory for so many elements, what was in it lost. */
static void *
make_room(void *p, size_t *room, size_t count, size_t size)
{
	if (p && count <= *room)
		return p;
	free(p);
	*room = count + count / 2;
	return xreallocarray(NULL, *room, size);
}

/* Sorts all runs into their columns, in the order of the layers. */
static void
sort_columns(struct map_rows *rows, const struct map_layer *layers,
	     size_t count)
{
	size_t *columns, layer, i, total = 0;

	rows->columns =
		make_room(rows->columns, &rows->column_room,
			  (size_t)rows->width + 2, sizeof(*rows->columns));
	columns = rows->columns;
	memset(columns, 0, ((size_t)rows->width + 2) * sizeof(*columns));
	for (layer = 0; layer < count; layer++) {
		const struct instance *instance = layers[layer].instance;

		for (i = 0; i < instance->count; i++)
			columns[instance->runs[i].x + 2]++;
		total += instance->count;
	}
	for (i = 2; i < (size_t)rows->width + 2; i++)
		columns[i] += columns[i - 1];
	rows->spans = make_room(rows->spans, &rows->span_room, total,
				sizeof(*rows->spans));
	for (layer = 0; layer < count; layer++) {
		const struct instance *instance = layers[layer].instance;

		for (i = 0; i < instance->count; i++) {
			const struct run *run = &instance->runs[i];

			rows->spans[columns[run->x + 1]++] =
				(struct span){run->y0, run->y1,
					      layers[layer].value,
					      (uint32_t)layer};
		}
	}
}

static int
compare_spans(const void *a, const void *b)
{
	const struct span *s = a, *t = b;

	return (s->y0 > t->y0) - (s->y0 < t->y0);
}

static int
compare_layers(const void *a, const void *b)
{
	const struct span *s = a, *t = b;

	return (s->layer > t->layer) - (s->layer < t->layer);
}

/* Sorts a column's spans by place: few, or nearly in order, for the most. */
static void
sort_spans(struct span *spans, size_t n)
{
	size_t i, k, moved = 0;

	for (i = 1; i < n; i++) {
		struct span span = spans[i];

		for (k = i; k && spans[k - 1].y0 > span.y0; k--)
			spans[k] = spans[k - 1];
		spans[k] = span;
		moved += i - k;
		if (moved > 16 * n) {
			qsort(spans, n, sizeof(*spans), compare_spans);
			return;
		}
	}
}

static bool
overlap(const struct span *spans, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (spans[i].y0 < spans[i - 1].y1)
			return true;
	return false;
}

static inline void
add_step(struct map_rows *rows, uint32_t x, uint32_t y, uint32_t from,
	 uint32_t to)
{
	if (from == to || y >= rows->height)
		return;
	if (rows->step_count == rows->step_room) {
		rows->step_room = 2 * rows->step_room + 1024;
		rows->steps = xreallocarray(rows->steps, rows->step_room,
					    sizeof(*rows->steps));
	}
	rows->steps[rows->step_count++] = (struct step){y, x, from, to};
}

/*
 * Steps down a column whose spans are in order and apart; the first step is
 * from zero, whatever the ground is.
 */
static void
step_spans(struct map_rows *rows, uint32_t x, const struct span *spans,
	   size_t n)
{
	uint32_t above = 0, y = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (spans[i].y0 > y) {
			add_step(rows, x, y, above, rows->ground);
			above = rows->ground;
		}
		add_step(rows, x, spans[i].y0, above, spans[i].value);
		above = spans[i].value;
		y = spans[i].y1;
	}
	add_step(rows, x, y, above, rows->ground);
}

/* Steps down a column whose spans lie over each other. */
static void
step_pixels(struct map_rows *rows, uint32_t x, struct span *spans, size_t n)
{
	uint32_t *pixels, above = 0, y;
	size_t i;

	rows->pixels = make_room(rows->pixels, &rows->pixel_room, rows->height,
				 sizeof(*rows->pixels));
	pixels = rows->pixels;
	qsort(spans, n, sizeof(*spans), compare_layers);
	for (y = 0; y < rows->height; y++)
		pixels[y] = rows->ground;
	for (i = 0; i < n; i++)
		for (y = spans[i].y0; y < spans[i].y1; y++)
			pixels[y] = spans[i].value;
	for (y = 0; y < rows->height; y++) {
		add_step(rows, x, y, above, pixels[y]);
		above = pixels[y];
	}
}

/* Sorts the steps, which are in the order of columns, into their rows. */
static void
sort_rows(struct map_rows *rows)
{
	const size_t height = rows->height;
	size_t *starts, i;

	rows->row_starts = make_room(rows->row_starts, &rows->row_room,
				     height + 2, sizeof(*rows->row_starts));
	starts = rows->row_starts;
	memset(starts, 0, (height + 2) * sizeof(*starts));
	for (i = 0; i < rows->step_count; i++)
		starts[rows->steps[i].y + 2]++;
	for (i = 2; i < height + 2; i++)
		starts[i] += starts[i - 1];
	rows->changes = make_room(rows->changes, &rows->change_room,
				  rows->step_count, sizeof(*rows->changes));
	for (i = 0; i < rows->step_count; i++) {
		const struct step *step = &rows->steps[i];

		rows->changes[starts[step->y + 1]++] =
			(struct png_change){step->x, 1, step->from, step->to};
	}
}

void
map_rows_paint(struct map_rows *rows, uint32_t width, uint32_t height,
	       const struct map_layer *layers, size_t count, uint32_t ground)
{
	uint32_t x;

	rows->width = width;
	rows->height = height;
	rows->ground = ground;
	rows->step_count = 0;
	sort_columns(rows, layers, count);
	for (x = 0; x < width; x++) {
		struct span *spans = rows->spans + rows->columns[x];
		size_t n = rows->columns[x + 1] - rows->columns[x];

		sort_spans(spans, n);
		if (overlap(spans, n))
			step_pixels(rows, x, spans, n);
		else
			step_spans(rows, x, spans, n);
	}
	sort_rows(rows);
}

size_t
map_rows_get(struct map_rows *rows, uint32_t y,
	     const struct png_change **changes)
{
	const struct png_change *from = rows->changes + rows->row_starts[y];
	const size_t count = rows->row_starts[y + 1] - rows->row_starts[y];
	struct png_change *to;
	size_t i, n = 0;

	rows->row = make_room(rows->row, &rows->row_length_room, count,
			      sizeof(*rows->row));
	to = rows->row;
	for (i = 0; i < count; i++) {
		struct png_change *last = n ? &to[n - 1] : NULL;

		if (last && last->x + last->n == from[i].x &&
		    last->from == from[i].from && last->to == from[i].to)
			last->n++;
		else
			to[n++] = from[i];
	}
	*changes = to;
	return n;
}

struct slice
map_rows_write(struct map_rows *rows, struct png_writer *writer,
	       const struct png_format *format)
{
	const struct png_change *changes;
	uint32_t y;
	size_t n;

	png_write_begin(writer, format);
	for (y = 0; y < rows->height; y++) {
		n = map_rows_get(rows, y, &changes);
		png_write_row(writer, changes, n);
	}
	return png_write_end(writer);
}
