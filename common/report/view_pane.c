/* A record as a page shows it: its picture, its objects, its facts. */
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "output/mask_classes.h"
#include "report/html.h"
#include "report/view_parts.h"
#include "json/lookup.h"

enum {
	/* Colour of objects whose category the release does not have. */
	GREY = 0x909090,
	KINDS = 40, /* of a record that are listed */
};

/* A category of a record's objects. */
struct kind {
	const struct mask_class *class; /* NULL: of none */
	uint64_t count;
};

struct view_pane {
	const struct view_options *options;
	struct shape_reader *shapes;
	struct view_images *images;
	struct view_svg *svg;
	struct mask_classes classes;
	struct kind *kinds;
	/* 1 + the kind of each class, behind that of none; 0: not seen yet. */
	size_t *places;
	size_t kind_count, kind_room;
	struct view_object *objects;
	size_t object_room;
	/* Of a label whose image is not there to tell its size. */
	struct shape *drawn;
	size_t drawn_room;
	struct buf id, picture, info, counts, text;
};

struct view_pane *
view_pane_open(const struct view_options *options, struct asset_reader *assets,
	       struct shape_reader *shapes)
{
	struct view_pane *pane = xcalloc(1, sizeof(*pane));

	pane->options = options;
	pane->shapes = shapes;
	pane->images = view_images_open(options, assets);
	pane->svg = view_svg_open();
	pane->classes.most = UINT32_MAX;
	return pane;
}

void
view_pane_close(struct view_pane *pane)
{
	if (!pane)
		return;
	shape_reader_close(pane->shapes);
	view_images_close(pane->images);
	view_svg_close(pane->svg);
	mask_classes_release(&pane->classes);
	free(pane->kinds);
	free(pane->places);
	free(pane->objects);
	free(pane->drawn);
	buf_release(&pane->id);
	buf_release(&pane->picture);
	buf_release(&pane->info);
	buf_release(&pane->counts);
	buf_release(&pane->text);
	free(pane);
}

/* Forgets the kinds of the record before. */
static void
begin_kinds(struct view_pane *pane)
{
	const size_t places = pane->classes.count + 1;

	pane->kind_count = 0;
	if (places > pane->kind_room) {
		pane->kind_room = places;
		pane->kinds = xreallocarray(pane->kinds, places,
					    sizeof(*pane->kinds));
		pane->places = xreallocarray(pane->places, places,
					     sizeof(*pane->places));
	}
	memset(pane->places, 0, places * sizeof(*pane->places));
}

static size_t
pane_kind_of(struct view_pane *pane, const struct shape *shape)
{
	const struct mask_class *class =
		shape->categorized
			? mask_classes_find(&pane->classes, shape->category_id)
			: NULL;
	size_t *place =
		&pane->places[class ? class - pane->classes.list + 1 : 0];

	if (!*place) {
		pane->kinds[pane->kind_count++] = (struct kind){class, 0};
		*place = pane->kind_count;
	}
	pane->kinds[*place - 1].count++;
	return *place - 1;
}

static struct slice
kind_name(const struct kind *kind)
{
	return kind->class ? kind->class->name : slice_of("no category");
}

/* Sorts the objects by category. */
static void
take_objects(struct view_pane *pane, struct view_seen *seen)
{
	const struct shapes *shapes = &seen->shapes;
	uint64_t most = 0;
	size_t i;

	begin_kinds(pane);
	if (shapes->count > pane->object_room) {
		pane->object_room = shapes->count + shapes->count / 2;
		pane->objects = xreallocarray(pane->objects, pane->object_room,
					      sizeof(*pane->objects));
	}
	for (i = 0; i < shapes->count; i++) {
		const struct shape *shape = &shapes->list[i];
		const size_t kind = pane_kind_of(pane, shape);

		pane->objects[i] =
			(struct view_object){shape, kind,
					     kind_name(&pane->kinds[kind])};
		seen->area += shape->instance.area;
		if (shape->instance.area > most) {
			most = shape->instance.area;
			seen->main = kind;
		}
	}
}

/* Takes what seg-check and seg-eval have added to the record. */
static void
take_findings(struct view_seen *seen)
{
	static const struct slice keys[] = {{"findings", 8}, {"quality", 7}};
	struct json_member finding;
	struct slice values[2];
	struct json_iter iter;

	members_find(seen->record->line, keys, 2, values);
	seen->quality = values[1];
	if (json_type(values[0]) != JSON_ARRAY)
		return;
	seen->findings = values[0];
	iter = json_iterate(seen->findings);
	while (json_next(&iter, &finding) > 0) {
		const char *severity = view_severity(finding.value);

		seen->errors += *severity == 'e';
		seen->warnings += *severity == 'w';
		seen->infos += *severity == 'i';
	}
}

/* True for a name that can stand in an address as it is. */
static bool
is_plain_id(struct slice id)
{
	size_t i;

	for (i = 0; i < id.n; i++)
		if (!((id.p[i] >= 'a' && id.p[i] <= 'z') ||
		      (id.p[i] >= 'A' && id.p[i] <= 'Z') ||
		      (id.p[i] >= '0' && id.p[i] <= '9') || id.p[i] == '-' ||
		      id.p[i] == '_'))
			return false;
	return id.n && id.n <= 64;
}

/* Sets what a sample is called in addresses, and what its records share. */
static void
take_id(struct view_pane *pane, struct view_seen *seen)
{
	const struct record *record = seen->record;
	uint64_t hash = HASH_BEGIN;
	struct slice value;
	int64_t number;

	buf_reset(&pane->id);
	if (!json_string(record->uuid, &pane->id))
		buf_reset(&pane->id);
	hash = hash_add(hash, buf_view(&pane->id));
	if (!pane->id.len) {
		hash = hash_add(hash, record->index);
		hash = hash_add(hash, record->name);
	}
	hash = hash_add(hash, record->frame);
	seen->key = hash_finish(hash);
	if (!is_plain_id(buf_view(&pane->id))) {
		buf_reset(&pane->id);
		buf_printf(&pane->id, "x%016llx",
			   (unsigned long long)seen->key);
	} else if (record->frame.n) {
		if (!json_find(record->frame, "sensor", &value) &&
		    json_find(record->frame, "index", &value) &&
		    json_int(value, &number))
			buf_printf(&pane->id, ".%lld", (long long)number);
		else
			buf_printf(&pane->id, ".%016llx",
				   (unsigned long long)seen->key);
	}
}

static void
put_picture(struct view_pane *pane, struct view_seen *seen)
{
	struct buf *to = &pane->picture;
	struct shapes *shapes = &seen->shapes;
	struct view_drawing drawing = {.objects = pane->objects,
				       .count = shapes->count,
				       .findings = seen->findings};

	drawing.width = shapes->width ? shapes->width : seen->image.width;
	drawing.height = shapes->height ? shapes->height : seen->image.height;
	if (!drawing.width || !drawing.height) {
		drawing.width = 4;
		drawing.height = 3;
	}
	seen->undrawn = view_svg_put(pane->svg, &drawing, to);
	shapes->width = drawing.width;
	shapes->height = drawing.height;
}

/* The categories of this record, each with its count. */
static void
put_kinds(struct view_pane *pane, struct buf *to)
{
	size_t i;

	if (!pane->kind_count)
		return;
	buf_puts(to, "<p class=\"kinds\">");
	for (i = 0; i < pane->kind_count && i < KINDS; i++) {
		buf_printf(to, "<span class=\"c%c%zu;\">", VIEW_REF, i);
		view_put_text(to, kind_name(&pane->kinds[i]), 60);
		buf_printf(to, " <b>%llu</b></span> ",
			   (unsigned long long)pane->kinds[i].count);
	}
	buf_puts(to, "</p>");
}

static void
put_info(struct view_pane *pane, const struct view_seen *seen)
{
	struct buf *to = &pane->info;

	buf_reset(to);
	put_kinds(pane, to);
	view_put_info(to, seen);
}

/* Fields must not hold what ends a line. */
static void
pack_text(struct view_pane *pane, struct slice text, struct buf *to)
{
	size_t i;

	buf_reset(&pane->text);
	view_put_text(&pane->text, text, 240);
	for (i = 0; i < pane->text.len; i++)
		if (pane->text.data[i] == '\n')
			pane->text.data[i] = ' ';
	view_pack(to, buf_view(&pane->text));
}

static void
pack_member(struct view_pane *pane, struct slice object, const char *key,
	    struct buf *to)
{
	struct buf text = {0};
	struct slice value;

	if (json_find(object, key, &value) && !json_string(value, &text))
		buf_reset(&text);
	pack_text(pane, buf_view(&text), to);
	buf_release(&text);
}

/* The number of thousands that the image is wider than high. */
static uint64_t
ratio_of(const struct shapes *shapes)
{
	const double ratio = 1000.0 * shapes->width / shapes->height;

	return ratio < 20 ? 20 : ratio > 50000 ? 50000 : (uint64_t)ratio;
}

static void
pack_kinds(struct view_pane *pane, const struct view_seen *seen, struct buf *to)
{
	size_t i;

	if (pane->kind_count)
		pack_text(pane, kind_name(&pane->kinds[seen->main]), to);
	else
		pack_text(pane, slice_of("no objects"), to);
	view_pack_number(to, pane->kind_count);
	for (i = 0; i < pane->kind_count; i++) {
		const struct kind *kind = &pane->kinds[i];

		pack_text(pane, kind_name(kind), to);
		view_pack_number(to, kind->class ? kind->class->color : GREY);
		view_pack_number(to, kind->count);
	}
}

static void
pack(struct view_pane *pane, const struct view_seen *seen, struct buf *to)
{
	const struct record *record = seen->record;
	struct slice status;

	view_pack_number(to, seen->key);
	view_pack_number(to, seen->area);
	view_pack_number(to, seen->errors);
	view_pack_number(to, seen->warnings);
	view_pack_number(to, seen->infos);
	view_pack_number(to, seen->shapes.count);
	view_pack_number(to, ratio_of(&seen->shapes));
	view_pack_number(to, seen->image.shown);
	view_pack(to, buf_view(&pane->id));
	pack_text(pane, record->place.sample, to);
	pack_member(pane, record->release, "dataset", to);
	pack_member(pane, record->release, "name", to);
	pack_member(pane, record->release, "labelset", to);
	if (json_type(record->label) == JSON_OBJECT) {
		if (json_find(record->label, "label_status", &status))
			pack_member(pane, record->label, "label_status", to);
		else
			pack_text(pane, slice_of("no status"), to);
	} else {
		pack_text(pane, slice_of("UNLABELED"), to);
	}
	pack_kinds(pane, seen, to);
	view_pack(to, buf_view(&pane->picture));
	view_pack(to, buf_view(&pane->info));
	buf_putc(to, '\n');
}

/* Makes room for what a coordinate list, of any depth, reaches. */
static void
reach(struct slice list, double most[2], unsigned depth)
{
	struct json_iter iter = json_iterate(list);
	struct json_member member;
	double number;
	size_t i = 0;

	while (json_next(&iter, &member) > 0) {
		if (json_type(member.value) == JSON_ARRAY) {
			if (depth)
				reach(member.value, most, depth - 1);
		} else if (json_double(member.value, &number) && i < 2 &&
			   number > most[i] && number < UINT16_MAX) {
			most[i] = number;
		}
		i++;
	}
}

/*
 * The objects of a label that is drawn with points, where its image is not
 * there to tell how large it is: as large as they reach. False where there
 * are none.
 */
static bool
take_points(struct view_pane *pane, struct view_seen *seen)
{
	struct shapes *shapes = &seen->shapes;
	double most[2] = {1, 1};
	struct slice list, value;
	struct json_member annotation;
	struct json_iter iter;
	struct json_error error;
	size_t n = 0;

	if (json_validate(seen->record->label, &error) < 0 ||
	    !json_find_path(seen->record->label, &list, "attributes",
			    "annotations", NULL))
		return false;
	iter = json_iterate(list);
	while (json_next(&iter, &annotation) > 0) {
		struct shape shape = {.text = annotation.value};

		if (!json_find(shape.text, "points", &value))
			return false;
		reach(value, most, 1);
		if (json_find(shape.text, "category_id", &value))
			shape.categorized = json_id(value, &shape.category_id);
		if (json_find(shape.text, "id", &value) &&
		    !json_int(value, &shape.id))
			shape.id = 0;
		if (n == pane->drawn_room) {
			pane->drawn_room = n ? 2 * n : 64;
			pane->drawn =
				xreallocarray(pane->drawn, pane->drawn_room,
					      sizeof(*pane->drawn));
		}
		pane->drawn[n++] = shape;
	}
	*shapes = (struct shapes){.width = (uint32_t)ceil(most[0]),
				  .height = (uint32_t)ceil(most[1]),
				  .list = pane->drawn,
				  .count = n};
	return n > 0;
}

int
view_pane_put(struct view_pane *pane, const struct record *record,
	      struct buf *to, const char **why, struct slice *url)
{
	struct view_seen seen = {.record = record};

	*url = (struct slice){0};
	*why = mask_classes_take(&pane->classes, record->release);
	if (*why)
		return -1;
	buf_reset(&pane->picture);
	if (shapes_read(pane->shapes, record, &seen.shapes) < 0) {
		*why = shape_failure(pane->shapes, url);
		seen.image =
			view_image_put(pane->images, record, &pane->picture);
		if (seen.image.shown || asset_named(record, ASSET_LABEL) ||
		    !take_points(pane, &seen))
			return -1;
	} else {
		seen.image =
			view_image_put(pane->images, record, &pane->picture);
	}
	take_id(pane, &seen);
	take_objects(pane, &seen);
	take_findings(&seen);
	put_picture(pane, &seen);
	put_info(pane, &seen);
	pack(pane, &seen, to);
	return 0;
}
