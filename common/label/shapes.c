#include "label/shapes.h"

#include <stdlib.h>

#include "image/rasterize.h"
#include "image/rle_read.h"
#include "record/shape_type.h"
#include "json/lookup.h"

struct shape_reader {
	struct label_decoder *decoder;
	struct rasterizer *rasterizer;
	struct shape *list;
	size_t count, room;
	struct run_list runs; /* of shapes not from a bitmap, in their order */
	size_t *starts;       /* of each shape in `runs` */
	size_t start_room;
	struct point *points;
	size_t point_room, *ends, end_room;
	struct buf text; /* the record, decoded here */
	struct record decoded;
	struct buf failure;
	bool failed_here, anew;
	uint64_t most_pixels;
};

struct shape_reader *
shape_reader_open(struct label_decoder *decoder)
{
	struct shape_reader *reader = xcalloc(1, sizeof(*reader));

	reader->decoder = decoder;
	reader->rasterizer = rasterizer_open();
	reader->most_pixels = UINT64_MAX;
	return reader;
}

void
shape_reader_limit(struct shape_reader *reader, uint64_t most_pixels)
{
	reader->most_pixels = most_pixels;
}

void
shape_reader_anew(struct shape_reader *reader)
{
	reader->anew = true;
}

void
shape_reader_close(struct shape_reader *reader)
{
	if (!reader)
		return;
	label_decoder_close(reader->decoder);
	rasterizer_close(reader->rasterizer);
	run_list_release(&reader->runs);
	record_release(&reader->decoded);
	buf_release(&reader->text);
	buf_release(&reader->failure);
	free(reader->list);
	free(reader->starts);
	free(reader->points);
	free(reader->ends);
	free(reader);
}

const char *
shape_failure(struct shape_reader *reader, struct slice *url)
{
	if (!reader->failed_here)
		return label_failure(reader->decoder, url);
	*url = slice_of("");
	return buf_cstr(&reader->failure);
}

static int
fail(struct shape_reader *reader, size_t number, const char *what)
{
	buf_reset(&reader->failure);
	if (number)
		buf_printf(&reader->failure, "annotation no. %zu: ", number);
	buf_puts(&reader->failure, what);
	reader->failed_here = true;
	return -1;
}

enum { ID, TRACK_ID, CATEGORY_ID, TYPE, BBOX, SEGMENTATION, ISCROWD, MEMBERS };

static const struct slice keys[MEMBERS] = {
	[ID] = {"id", 2},
	[TRACK_ID] = {"track_id", 8},
	[CATEGORY_ID] = {"category_id", 11},
	[TYPE] = {"type", 4},
	[BBOX] = {"bbox", 4},
	[SEGMENTATION] = {"segmentation", 12},
	[ISCROWD] = {"iscrowd", 7},
};

static struct shape *
add_shape(struct shape_reader *reader, struct slice text,
	  const struct slice *members)
{
	struct shape *shape;

	if (reader->count == reader->room) {
		reader->room = reader->room ? 2 * reader->room : 64;
		reader->list = xreallocarray(reader->list, reader->room,
					     sizeof(*reader->list));
	}
	shape = &reader->list[reader->count++];
	*shape = (struct shape){.text = text};
	if (!json_int(members[ID], &shape->id) &&
	    !json_int(members[TRACK_ID], &shape->id))
		shape->id = 0;
	shape->categorized = json_id(members[CATEGORY_ID], &shape->category_id);
	return shape;
}

/* For label_decode_each. */
static void
take_instance(void *context, struct slice annotation, uint32_t id, bool crowd,
	      const struct instance *instance)
{
	struct shape_reader *reader = context;
	struct slice members[MEMBERS];
	struct shape *shape;

	members_find(annotation, keys, MEMBERS, members);
	shape = add_shape(reader, annotation, members);
	shape->id = id;
	shape->crowd = crowd;
	if (instance)
		shape->instance = *instance;
}

static int
compare_places(const void *a, const void *b)
{
	const char *p = ((const struct shape *)a)->text.p;
	const char *q = ((const struct shape *)b)->text.p;

	return (p > q) - (p < q);
}

static int
read_bitmap(struct shape_reader *reader, const struct record *record,
	    struct shapes *shapes)
{
	struct label_each each = {.each = take_instance, .context = reader};
	int got = label_decode_each(reader->decoder, record, &each);

	if (got <= 0)
		return got;
	shapes->width = each.width;
	shapes->height = each.height;
	if (reader->count)
		qsort(reader->list, reader->count, sizeof(*reader->list),
		      compare_places);
	return 1;
}

static void
add_point(struct shape_reader *reader, size_t n, struct point point)
{
	if (n == reader->point_room) {
		reader->point_room = n ? 2 * n : 256;
		reader->points =
			xreallocarray(reader->points, reader->point_room,
				      sizeof(*reader->points));
	}
	reader->points[n] = point;
}

static void
add_end(struct shape_reader *reader, size_t part, size_t end)
{
	if (part == reader->end_room) {
		reader->end_room = part ? 2 * part : 16;
		reader->ends = xreallocarray(reader->ends, reader->end_room,
					     sizeof(*reader->ends));
	}
	reader->ends[part] = end;
}

/* Adds a part, [x,y,x,y,...]: the points there are then, or -1. */
static ptrdiff_t
read_part(struct shape_reader *reader, struct slice part, size_t n)
{
	struct json_iter iter = json_iterate(part);
	struct json_member number;
	struct point point = {0};
	size_t i = 0;

	while (json_next(&iter, &number) > 0) {
		if (!json_double(number.value, i % 2 ? &point.y : &point.x))
			return -1;
		if (i++ % 2)
			add_point(reader, n++, point);
	}
	return i % 2 ? -1 : (ptrdiff_t)n;
}

/* Reads COCO's list of parts; false where it is none. */
static bool
read_polygon(struct shape_reader *reader, struct slice list,
	     struct polygon *polygon)
{
	struct json_iter iter = json_iterate(list);
	struct json_member part;
	ptrdiff_t n = 0;

	*polygon = (struct polygon){0};
	while (json_next(&iter, &part) > 0) {
		n = read_part(reader, part.value, (size_t)n);
		if (n < 0)
			return false;
		add_end(reader, polygon->parts++, (size_t)n);
	}
	polygon->points = reader->points;
	polygon->ends = reader->ends;
	return true;
}

/* A box as a polygon; false where it is none. */
static bool
read_box(struct shape_reader *reader, struct slice list,
	 struct polygon *polygon)
{
	struct json_iter iter = json_iterate(list);
	struct json_member number;
	double box[4];
	size_t i;

	for (i = 0; i < 4; i++)
		if (json_next(&iter, &number) <= 0 ||
		    !json_double(number.value, &box[i]))
			return false;
	for (i = 0; i < 4; i++) {
		struct point corner = {box[0], box[1]};

		corner.x += i == 1 || i == 2 ? box[2] : 0;
		corner.y += i >= 2 ? box[3] : 0;
		add_point(reader, i, corner);
	}
	add_end(reader, 0, 4);
	*polygon = (struct polygon){reader->points, reader->ends, 1};
	return true;
}

static void
draw(struct shape_reader *reader, const struct polygon *polygon,
     const struct shapes *shapes)
{
	struct instance instance;
	size_t i;

	rasterizer_draw(reader->rasterizer, polygon, shapes->width,
			shapes->height, 1, &instance);
	for (i = 0; i < instance.count; i++)
		run_list_add(&reader->runs, instance.runs[i]);
}

/* Adds the pixels of an annotation to the runs: NULL, or what is wrong. */
static const char *
read_pixels(struct shape_reader *reader, const struct slice *members,
	    const struct shapes *shapes)
{
	struct polygon polygon;

	if (json_type(members[SEGMENTATION]) == JSON_OBJECT)
		return rle_read(members[SEGMENTATION], shapes->width,
				shapes->height, 1, &reader->runs);
	if (json_type(members[SEGMENTATION]) == JSON_ARRAY) {
		if (!read_polygon(reader, members[SEGMENTATION], &polygon))
			return "segmentation is no list of [x,y,x,y,...]";
		draw(reader, &polygon, shapes);
	} else if (shape_type_find(members[TYPE]) == SHAPE_BOX &&
		   json_type(members[BBOX]) == JSON_ARRAY) {
		if (!read_box(reader, members[BBOX], &polygon))
			return "bbox is not [x,y,width,height]";
		draw(reader, &polygon, shapes);
	}
	return NULL;
}

static void
note_start(struct shape_reader *reader)
{
	if (reader->count > reader->start_room) {
		reader->start_room = reader->room;
		reader->starts =
			xreallocarray(reader->starts, reader->start_room,
				      sizeof(*reader->starts));
	}
	reader->starts[reader->count - 1] = reader->runs.count;
}

/* The runs no longer move: gives each shape its own. */
static void
share_runs(struct shape_reader *reader)
{
	size_t i, end = reader->runs.count;

	for (i = reader->count; i-- > 0;) {
		size_t start = reader->starts[i];

		reader->list[i].instance =
			instance_of((uint32_t)reader->list[i].id,
				    reader->runs.list
					    ? reader->runs.list + start
					    : NULL,
				    end - start);
		end = start;
	}
}

/* Reads a record that has its geometry. */
static int
read_decoded(struct shape_reader *reader, const struct record *record,
	     struct shapes *shapes)
{
	struct slice list = {0}, members[MEMBERS];
	struct json_member annotation;
	struct json_iter iter;
	struct image_size size;
	struct shape *shape;
	const char *why;
	int64_t crowd;

	json_find_path(record->label, &list, "attributes", "annotations", NULL);
	if (!label_known_size(record, &size))
		return fail(reader, 0, "the image has no width and height");
	shapes->width = size.width;
	shapes->height = size.height;
	reader->runs.count = 0;
	iter = json_iterate(list);
	while (json_next(&iter, &annotation) > 0) {
		members_find(annotation.value, keys, MEMBERS, members);
		shape = add_shape(reader, annotation.value, members);
		shape->crowd = json_int(members[ISCROWD], &crowd) && crowd == 1;
		note_start(reader);
		why = read_pixels(reader, members, shapes);
		if (why)
			return fail(reader, reader->count, why);
	}
	share_runs(reader);
	return 1;
}

/* True where pixels were left out on purpose: the bitmap has them. */
static bool
lacks_pixels(const struct record *record)
{
	struct slice list = {0}, members[MEMBERS];
	struct json_member annotation;
	struct json_iter iter;

	json_find_path(record->label, &list, "attributes", "annotations", NULL);
	iter = json_iterate(list);
	while (json_next(&iter, &annotation) > 0) {
		members_find(annotation.value, keys, MEMBERS, members);
		if (json_type(members[BBOX]) == JSON_ARRAY &&
		    json_type(members[SEGMENTATION]) <= JSON_NULL)
			return true;
	}
	return false;
}

/* Decodes a label that is drawn with points, then reads it. */
static int
decode_first(struct shape_reader *reader, const struct record *record,
	     struct shapes *shapes)
{
	struct json_error error = {0};
	int got;

	buf_reset(&reader->text);
	got = label_decode(reader->decoder, record, &reader->text);
	if (got <= 0)
		return got;
	reader->decoded.place = record->place;
	if (record_parse(&reader->decoded, buf_view(&reader->text), &error) < 0)
		return fail(reader, 0, error.what);
	return read_decoded(reader, &reader->decoded, shapes);
}

/* Fails a record that would be drawn on too many pixels. */
static int
refuse_pixels(struct shape_reader *reader, const struct shapes *shapes)
{
	buf_reset(&reader->failure);
	buf_printf(&reader->failure,
		   "image: %lu x %lu is more than %llu pixels; --max-pixels "
		   "allows more",
		   (unsigned long)shapes->width, (unsigned long)shapes->height,
		   (unsigned long long)reader->most_pixels);
	reader->failed_here = true;
	return -1;
}

int
shapes_read(struct shape_reader *reader, const struct record *record,
	    struct shapes *shapes)
{
	const bool decoded = !reader->anew && label_decoded(record);
	size_t i;
	int got;

	*shapes = (struct shapes){0};
	reader->count = 0;
	reader->failed_here = false;
	if (asset_named(record, ASSET_LABEL) &&
	    (!decoded || lacks_pixels(record)))
		got = read_bitmap(reader, record, shapes);
	else if (decoded)
		got = read_decoded(reader, record, shapes);
	else
		got = decode_first(reader, record, shapes);
	shapes->list = reader->list;
	shapes->count = reader->count;
	for (i = 0; i < reader->count; i++)
		shapes->without_pixels += !reader->list[i].instance.count;
	if (got > 0 &&
	    (uint64_t)shapes->width * shapes->height > reader->most_pixels)
		return refuse_pixels(reader, shapes);
	return got;
}
