#include "output/panoptic.h"

#include <stdlib.h>

#include "base/list.h"
#include "image/map_rows.h"
#include "output/uncategorized.h"
#include "json/lookup.h"

enum { LARGEST = 0xffffff /* id that a pixel can have */ };

/* A category of the release at hand. */
struct segment_kind {
	int64_t id;
	bool stuff;
	size_t segment; /* of the record at hand, where it is stuff; SIZE_MAX */
};

/* What is learnt of a segment as its rows go by. */
struct segment {
	uint32_t id;
	int64_t category_id;
	bool crowd;
	int64_t area;            /* pixels, once all rows went by */
	int64_t here;            /* pixels of the present row */
	uint32_t x0, x1, y0, y1; /* half open; y1 of what has ended */
};

struct panoptic {
	const char *stuff;
	struct buf release;
	struct segment_kind *kinds; /* by id */
	size_t kind_count;
	struct segment *segments;
	struct map_layer *layers;
	size_t count, layer_count, room;
	const struct place *place; /* of the record at hand */
	size_t uncategorized;      /* annotations of it */
	uint32_t *ids;             /* ascending, for finding one twice */
	struct png_change *changes;
	size_t change_room;
	struct map_rows *rows;
	struct png_writer *writer;
	struct buf failure;
};

struct panoptic *
panoptic_open(const char *stuff)
{
	struct panoptic *panoptic = xcalloc(1, sizeof(*panoptic));

	panoptic->stuff = stuff;
	panoptic->rows = map_rows_open();
	panoptic->writer = png_writer_open();
	return panoptic;
}

void
panoptic_close(struct panoptic *panoptic)
{
	if (!panoptic)
		return;
	map_rows_close(panoptic->rows);
	png_writer_close(panoptic->writer);
	buf_release(&panoptic->release);
	buf_release(&panoptic->failure);
	free(panoptic->kinds);
	free(panoptic->segments);
	free(panoptic->layers);
	free(panoptic->ids);
	free(panoptic->changes);
	free(panoptic);
}

const char *
panoptic_failure(struct panoptic *panoptic)
{
	return buf_cstr(&panoptic->failure);
}

bool
panoptic_is_stuff(const char *stuff, struct slice category)
{
	static const struct slice keys[] = {{"name", 4}, {"has_instances", 13}};
	struct slice found[2], name;

	members_find(category, keys, 2, found);
	if (slice_is(found[1], "false") || slice_is(found[1], "0"))
		return true;
	while (stuff && list_next(&stuff, &name))
		if (json_string_is(found[0], name))
			return true;
	return false;
}

static int
compare_kinds(const void *a, const void *b)
{
	const struct segment_kind *left = a, *right = b;

	return (left->id > right->id) - (left->id < right->id);
}

static void
add_kind(struct panoptic *panoptic, struct slice category)
{
	const size_t n = panoptic->kind_count;
	struct slice id;
	struct segment_kind kind = {.segment = SIZE_MAX};

	if (!json_find(category, "id", &id) || !json_int(id, &kind.id))
		return;
	kind.stuff = panoptic_is_stuff(panoptic->stuff, category);
	panoptic->kinds =
		xreallocarray(panoptic->kinds, n + 1, sizeof(*panoptic->kinds));
	panoptic->kinds[n] = kind;
	panoptic->kind_count++;
}

/* Learns the categories of a record's release, unless it is the last one. */
static void
take_release(struct panoptic *panoptic, struct slice release)
{
	struct json_error error;
	struct json_iter iter;
	struct json_member category;
	struct slice list = {0};

	if (slice_equal(buf_view(&panoptic->release), release))
		return;
	buf_reset(&panoptic->release);
	buf_slice(&panoptic->release, release);
	panoptic->kind_count = 0;
	if (json_validate(release, &error) < 0 ||
	    !json_find(release, "categories", &list))
		return;
	iter = json_iterate(list);
	while (json_next(&iter, &category) > 0)
		add_kind(panoptic, category.value);
	if (panoptic->kind_count)
		qsort(panoptic->kinds, panoptic->kind_count,
		      sizeof(*panoptic->kinds), compare_kinds);
}

static struct segment_kind *
find_kind(const struct panoptic *panoptic, int64_t id)
{
	const struct segment_kind wanted = {.id = id};

	if (!panoptic->kind_count)
		return NULL;
	return bsearch(&wanted, panoptic->kinds, panoptic->kind_count,
		       sizeof(wanted), compare_kinds);
}

static void
make_room(struct panoptic *panoptic, size_t count)
{
	if (count <= panoptic->room)
		return;
	panoptic->room = 2 * count;
	panoptic->segments = xreallocarray(panoptic->segments, panoptic->room,
					   sizeof(*panoptic->segments));
	panoptic->layers = xreallocarray(panoptic->layers, panoptic->room,
					 sizeof(*panoptic->layers));
	panoptic->ids = xreallocarray(panoptic->ids, panoptic->room,
				      sizeof(*panoptic->ids));
}

/* Sets why a record fails and returns -1. */
static int
fail(struct panoptic *panoptic, size_t number, const char *what)
{
	buf_reset(&panoptic->failure);
	buf_printf(&panoptic->failure, "annotation no. %zu %s", number, what);
	return -1;
}

static void
add_segment(struct panoptic *panoptic, const struct shape *shape)
{
	panoptic->segments[panoptic->count++] = (struct segment){
		.id = (uint32_t)shape->id,
		.category_id = shape->category_id,
		.crowd = shape->crowd,
		.x0 = UINT32_MAX,
		.y0 = UINT32_MAX,
	};
}

/* Makes a layer of a shape, and a segment unless it is of one: 0, or -1. */
static int
add_shape(struct panoptic *panoptic, const struct shape *shape, size_t number)
{
	struct segment_kind *kind = find_kind(panoptic, shape->category_id);
	size_t segment = panoptic->count;

	if (!shape->categorized || !kind) {
		uncategorized_say_numbers(panoptic->place, number, shape->id,
					  shape->categorized
						  ? &shape->category_id
						  : NULL);
		panoptic->uncategorized++;
		return 0;
	}
	if (kind->stuff && kind->segment != SIZE_MAX) {
		segment = kind->segment;
		panoptic->segments[segment].crowd &= shape->crowd;
	} else if (shape->id < 1 || shape->id > LARGEST) {
		return fail(panoptic, number,
			    "has an id that is not 1 to 16777215, which a "
			    "pixel could have");
	} else {
		add_segment(panoptic, shape);
		kind->segment = kind->stuff ? segment : SIZE_MAX;
	}
	panoptic->layers[panoptic->layer_count++] =
		(struct map_layer){&shape->instance, (uint32_t)segment + 1};
	return 0;
}

static int
compare_ids(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* An id that two segments have would make them one: 0, or -1. */
static int
check_ids(struct panoptic *panoptic)
{
	size_t i;

	for (i = 0; i < panoptic->count; i++)
		panoptic->ids[i] = panoptic->segments[i].id;
	if (panoptic->count)
		qsort(panoptic->ids, panoptic->count, sizeof(*panoptic->ids),
		      compare_ids);
	for (i = 1; i < panoptic->count; i++) {
		if (panoptic->ids[i] != panoptic->ids[i - 1])
			continue;
		buf_reset(&panoptic->failure);
		buf_printf(&panoptic->failure, "two annotations have the id %u",
			   (unsigned)panoptic->ids[i]);
		return -1;
	}
	return 0;
}

static int
add_shapes(struct panoptic *panoptic, const struct shapes *shapes)
{
	size_t i;

	make_room(panoptic, shapes->count);
	panoptic->count = panoptic->layer_count = 0;
	for (i = 0; i < panoptic->kind_count; i++)
		panoptic->kinds[i].segment = SIZE_MAX;
	for (i = 0; i < shapes->count; i++)
		if (shapes->list[i].instance.count &&
		    add_shape(panoptic, &shapes->list[i], i + 1) < 0)
			return -1;
	return check_ids(panoptic);
}

/*
 * Counts what a change at row y of h means: its pixels are `to` from there to
 * the last row, unless another change takes them away. So the pixels, and
 * their box, are those of the map whatever was painted over.
 */
static void
count_change(struct panoptic *panoptic, const struct png_change *change,
	     uint32_t y, uint32_t h)
{
	const int64_t n = change->n;
	struct segment *segment;

	if (change->from) {
		segment = &panoptic->segments[change->from - 1];
		segment->area -= n * (h - y);
		segment->here -= n;
		segment->y1 = y;
	}
	if (change->to) {
		segment = &panoptic->segments[change->to - 1];
		segment->area += n * (h - y);
		segment->here += n;
		if (change->x < segment->x0)
			segment->x0 = change->x;
		if (change->x + change->n > segment->x1)
			segment->x1 = change->x + change->n;
		if (y < segment->y0)
			segment->y0 = y;
	}
}

static uint32_t
id_of(const struct panoptic *panoptic, uint32_t value)
{
	return value ? panoptic->segments[value - 1].id : 0;
}

static void
write_row(struct panoptic *panoptic, uint32_t y, uint32_t height)
{
	const struct png_change *changes;
	size_t count = map_rows_get(panoptic->rows, y, &changes), i;

	if (count > panoptic->change_room) {
		panoptic->change_room = 2 * count;
		panoptic->changes =
			xreallocarray(panoptic->changes, panoptic->change_room,
				      sizeof(*panoptic->changes));
	}
	for (i = 0; i < count; i++) {
		count_change(panoptic, &changes[i], y, height);
		panoptic->changes[i] =
			(struct png_change){changes[i].x, changes[i].n,
					    id_of(panoptic, changes[i].from),
					    id_of(panoptic, changes[i].to)};
	}
	png_write_row(panoptic->writer, panoptic->changes, count);
}

static struct slice
write_map(struct panoptic *panoptic, uint32_t width, uint32_t height)
{
	const struct png_format format = {.width = width,
					  .height = height,
					  .pixels = PNG_RGB8};
	size_t i;
	uint32_t y;

	map_rows_paint(panoptic->rows, width, height, panoptic->layers,
		       panoptic->layer_count, 0);
	png_write_begin(panoptic->writer, &format);
	for (y = 0; y < height; y++)
		write_row(panoptic, y, height);
	for (i = 0; i < panoptic->count; i++)
		if (panoptic->segments[i].here > 0)
			panoptic->segments[i].y1 = height;
	return png_write_end(panoptic->writer);
}

/* Appends the segments that have pixels; returns how many have none. */
static size_t
put_segments(const struct panoptic *panoptic, struct buf *to)
{
	const char *before = "";
	size_t i, without = 0;

	for (i = 0; i < panoptic->count; i++) {
		const struct segment *s = &panoptic->segments[i];

		if (s->area <= 0) {
			without++;
			continue;
		}
		buf_printf(to,
			   "%s{\"id\":%u,\"category_id\":%lld,\"area\":%lld,"
			   "\"bbox\":[%u,%u,%u,%u],\"iscrowd\":%d}",
			   before, (unsigned)s->id, (long long)s->category_id,
			   (long long)s->area, (unsigned)s->x0, (unsigned)s->y0,
			   (unsigned)(s->x1 - s->x0), (unsigned)(s->y1 - s->y0),
			   s->crowd);
		before = ",";
	}
	return without;
}

struct slice
panoptic_draw(struct panoptic *panoptic, const struct record *record,
	      const struct shapes *shapes, struct buf *facts)
{
	struct slice png;
	size_t without;

	panoptic->place = &record->place;
	panoptic->uncategorized = 0;
	take_release(panoptic, record->release);
	if (add_shapes(panoptic, shapes) < 0)
		return (struct slice){0};
	png = write_map(panoptic, shapes->width, shapes->height);
	buf_printf(facts, "{\"width\":%u,\"height\":%u,\"segments\":[",
		   (unsigned)shapes->width, (unsigned)shapes->height);
	without = put_segments(panoptic, facts) + shapes->without_pixels;
	buf_printf(facts, "],\"left_out\":%zu,\"uncategorized\":%zu}", without,
		   panoptic->uncategorized);
	return png;
}
