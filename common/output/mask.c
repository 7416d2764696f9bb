#include "output/mask.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/order.h"
#include "image/map_rows.h"
#include "output/color.h"
#include "output/overlay.h"
#include "output/uncategorized.h"

const char *const mask_kinds[] = {
	"semantic", "instance", "hf-instance",    "rgb",     "cityscapes",
	"binary",   "color",    "instance-color", "overlay", NULL,
};

struct mask {
	const struct mask_options *options;
	struct mask_classes classes;
	uint32_t unlabeled;
	struct map_rows *rows;
	struct png_writer *writer;
	struct overlay *overlay;
	struct map_layer *layers;
	struct overlay_layer *colors; /* likewise, for an overlay */
	size_t layer_room;
	int64_t *ids;      /* likewise, while they are compared */
	uint32_t *numbers; /* of the next instance of each class */
	size_t number_room;
	struct buf failure;
};

/* What the values of a kind may be, and whether classes count from 1. */
static const struct {
	uint32_t most, first, unlabeled;
} ranges[] = {
	[MASK_SEMANTIC] = {UINT16_MAX, 0, UINT8_MAX},
	[MASK_INSTANCE] = {UINT32_MAX, 0, 0},
	[MASK_HF] = {UINT8_MAX, 1, 0},
	[MASK_RGB] = {UINT32_MAX, 0, 0},
	/* 65 x 1000 + 535: the last class whose instances have room. */
	[MASK_CITYSCAPES] = {UINT8_MAX, 1, 0},
	[MASK_BINARY] = {UINT32_MAX, 0, 0},
	[MASK_COLOR] = {UINT32_MAX, 0, 0},
	[MASK_INSTANCE_COLOR] = {UINT32_MAX, 0, 0},
	[MASK_OVERLAY] = {UINT32_MAX, 0, 0},
};

struct mask *
mask_open(const struct mask_options *options)
{
	struct mask *mask = xcalloc(1, sizeof(*mask));

	mask->options = options;
	/* Pictures have no values for ids to be kept in. */
	mask->classes.keep = options->keep && options->kind <= MASK_CITYSCAPES;
	mask->classes.first = ranges[options->kind].first;
	mask->classes.most =
		options->most ? options->most : ranges[options->kind].most;
	mask->classes.binary = options->binary;
	mask->classes.categories.silent = options->silent;
	mask->rows = map_rows_open();
	mask->writer = png_writer_open();
	return mask;
}

void
mask_close(struct mask *mask)
{
	if (!mask)
		return;
	mask_classes_release(&mask->classes);
	map_rows_close(mask->rows);
	png_writer_close(mask->writer);
	overlay_close(mask->overlay);
	buf_release(&mask->failure);
	free(mask->layers);
	free(mask->colors);
	free(mask->ids);
	free(mask->numbers);
	free(mask);
}

__attribute__((format(printf, 2, 3))) static int
fail(struct mask *mask, const char *format, ...)
{
	va_list args;

	buf_reset(&mask->failure);
	va_start(args, format);
	buf_vprintf(&mask->failure, format, args);
	va_end(args);
	return -1;
}

const char *
mask_failure(struct mask *mask)
{
	return buf_cstr(&mask->failure);
}

const struct mask_classes *
mask_classes_of(const struct mask *mask)
{
	return &mask->classes;
}

bool
mask_is_wide(const struct mask *mask)
{
	return mask->options->kind == MASK_SEMANTIC &&
	       (mask->classes.largest > UINT8_MAX ||
		mask->unlabeled > UINT8_MAX);
}

/* Sets the value of pixels without a label: NULL, or why there is none. */
static const char *
choose_unlabeled(struct mask *mask)
{
	const struct mask_classes *classes = &mask->classes;
	const enum mask_kind kind = mask->options->kind;
	size_t i;

	mask->unlabeled = ranges[kind].unlabeled;
	if (mask->options->unlabeled >= 0)
		mask->unlabeled = (uint32_t)mask->options->unlabeled;
	else if (kind == MASK_SEMANTIC && classes->binary &&
		 classes->count == 1)
		mask->unlabeled = 0;
	else if (kind == MASK_SEMANTIC && classes->largest >= UINT8_MAX)
		mask->unlabeled = UINT16_MAX;
	if (kind != MASK_SEMANTIC && kind != MASK_CITYSCAPES)
		return NULL;
	for (i = 0; i < classes->count; i++)
		if (classes->list[i].value == mask->unlabeled) {
			fail(mask,
			     "category %lld is %lu in the map, and so are "
			     "pixels without a label: --unlabeled tells them "
			     "apart",
			     (long long)classes->list[i].id,
			     (unsigned long)mask->unlabeled);
			return buf_cstr(&mask->failure);
		}
	return NULL;
}

const char *
mask_take_release(struct mask *mask, struct slice release)
{
	const char *why = mask_classes_take(&mask->classes, release);

	return why ? why : choose_unlabeled(mask);
}

/* A record being drawn. */
struct map_drawing {
	const struct place *place;
	const struct shapes *shapes;
	const struct mask_sink *sink;
	size_t layers, left_out;
};

static void
reserve(struct mask *mask, size_t count)
{
	if (count <= mask->layer_room)
		return;
	mask->layer_room = count + count / 2;
	mask->layers = xreallocarray(mask->layers, mask->layer_room,
				     sizeof(*mask->layers));
	mask->colors = xreallocarray(mask->colors, mask->layer_room,
				     sizeof(*mask->colors));
	mask->ids =
		xreallocarray(mask->ids, mask->layer_room, sizeof(*mask->ids));
}

static void
add_layer(struct mask *mask, struct map_drawing *drawing,
	  const struct instance *instance, uint32_t value)
{
	mask->layers[drawing->layers++] = (struct map_layer){instance, value};
}

/* The class of an annotation that has pixels; NULL with the message said. */
static const struct mask_class *
class_of(struct mask *mask, struct map_drawing *drawing, size_t i)
{
	const struct shape *shape = &drawing->shapes->list[i];
	const struct mask_class *class =
		shape->categorized
			? mask_classes_find(&mask->classes, shape->category_id)
			: NULL;

	if (class)
		return class;
	drawing->left_out++;
	uncategorized_say_numbers(drawing->place, i + 1, shape->id,
				  shape->categorized ? &shape->category_id
						     : NULL);
	return NULL;
}

/* Paints the layers as a file and hands it on. */
static int
put_map(struct mask *mask, const struct map_drawing *drawing,
	enum png_pixels pixels, uint32_t ground, const char *ending)
{
	const struct shapes *shapes = drawing->shapes;
	const struct png_format format = {shapes->width, shapes->height, pixels,
					  NULL, 0};

	map_rows_paint(mask->rows, shapes->width, shapes->height, mask->layers,
		       drawing->layers, ground);
	buf_reset(&mask->failure);
	return drawing->sink->put(drawing->sink->context, ending,
				  map_rows_write(mask->rows, mask->writer,
						 &format));
}

static int
draw_semantic(struct mask *mask, struct map_drawing *drawing)
{
	const struct shapes *shapes = drawing->shapes;
	const bool color = mask->options->kind == MASK_COLOR;
	size_t i;

	for (i = 0; i < shapes->count; i++) {
		const struct instance *instance = &shapes->list[i].instance;
		const struct mask_class *class =
			instance->count ? class_of(mask, drawing, i) : NULL;

		if (class)
			add_layer(mask, drawing, instance,
				  color ? class->color : class->value);
	}
	if (color)
		return put_map(mask, drawing, PNG_RGB8, 0, ".png");
	return put_map(mask, drawing,
		       mask_is_wide(mask) ? PNG_GREY16 : PNG_GREY8,
		       mask->unlabeled, ".png");
}

/* Annotations of one id would be one object: 0, or -1. */
static int
tell_apart(struct mask *mask, const struct shapes *shapes)
{
	size_t i, n = 0;

	for (i = 0; i < shapes->count; i++)
		if (shapes->list[i].instance.count)
			mask->ids[n++] = shapes->list[i].id;
	if (n)
		qsort(mask->ids, n, sizeof(*mask->ids), order_int64);
	for (i = 1; i < n; i++)
		if (mask->ids[i] == mask->ids[i - 1])
			return fail(mask, "two annotations have the id %lld",
				    (long long)mask->ids[i]);
	return 0;
}

/* Where the way out of an id that is too large for 16 bits is, if any. */
static const char *
wider_kind(int64_t id, int64_t most)
{
	return most == UINT16_MAX && id > 0 && id < 1 << 24
		       ? ": --kind rgb has 24"
		       : "";
}

static int
draw_ids(struct mask *mask, struct map_drawing *drawing)
{
	const bool wide = mask->options->kind == MASK_RGB;
	const int64_t most = wide ? (1 << 24) - 1 : UINT16_MAX;
	const struct shapes *shapes = drawing->shapes;
	size_t i;

	for (i = 0; i < shapes->count; i++) {
		const struct shape *shape = &shapes->list[i];

		if (!shape->instance.count)
			continue;
		if (shape->id < 1)
			return fail(mask,
				    "annotation no. %zu has no id above 0, "
				    "which pixels without a label have",
				    i + 1);
		if (shape->id > most)
			return fail(mask,
				    "annotation no. %zu: id %lld does not fit "
				    "into %d bits%s",
				    i + 1, (long long)shape->id, wide ? 24 : 16,
				    wider_kind(shape->id, most));
		add_layer(mask, drawing, &shape->instance, (uint32_t)shape->id);
	}
	if (tell_apart(mask, shapes) < 0)
		return -1;
	return put_map(mask, drawing, wide ? PNG_RGB8 : PNG_GREY16, 0, ".png");
}

static int
draw_hf(struct mask *mask, struct map_drawing *drawing)
{
	const struct shapes *shapes = drawing->shapes;
	uint32_t number = 0;
	size_t i;

	for (i = 0; i < shapes->count; i++) {
		const struct instance *instance = &shapes->list[i].instance;
		const struct mask_class *class =
			instance->count ? class_of(mask, drawing, i) : NULL;

		if (!class)
			continue;
		if (++number > UINT8_MAX)
			return fail(mask,
				    "more than 255 instances, which is all "
				    "that hf-instance can tell apart");
		add_layer(mask, drawing, instance, class->value | number << 8);
	}
	return put_map(mask, drawing, PNG_RGB8, 0, ".png");
}

/* The value of an instance: class x 1000 + its number, or the plain class. */
static int
number_instance(struct mask *mask, const struct shape *shape,
		const struct mask_class *class, uint32_t *value)
{
	uint32_t *next = &mask->numbers[class - mask->classes.list];

	*value = class->value;
	if (shape->crowd || class->stuff)
		return 0;
	if (!class->value)
		return fail(mask,
			    "category %lld is 0, of which instanceIds cannot "
			    "tell instances apart: leave --labels keep out",
			    (long long)class->id);
	*value = class->value * 1000 + (*next)++;
	if (*next <= 1000 && *value <= UINT16_MAX)
		return 0;
	return fail(mask,
		    "instance no. %lu of category %lld is more than "
		    "instanceIds can hold, 65535",
		    (unsigned long)*next, (long long)class->id);
}

static int
draw_cityscapes(struct mask *mask, struct map_drawing *drawing)
{
	const struct shapes *shapes = drawing->shapes;
	uint32_t value;
	size_t i;

	if (mask->classes.count > mask->number_room) {
		mask->number_room = mask->classes.count;
		mask->numbers = xreallocarray(mask->numbers, mask->number_room,
					      sizeof(*mask->numbers));
	}
	if (mask->classes.count)
		memset(mask->numbers, 0,
		       mask->classes.count * sizeof(*mask->numbers));
	for (i = 0; i < shapes->count; i++) {
		const struct shape *shape = &shapes->list[i];
		const struct mask_class *class =
			shape->instance.count ? class_of(mask, drawing, i)
					      : NULL;

		if (!class)
			continue;
		if (number_instance(mask, shape, class, &value) < 0)
			return -1;
		add_layer(mask, drawing, &shape->instance, value);
	}
	if (put_map(mask, drawing, PNG_GREY16, mask->unlabeled,
		    "_gtFine_instanceIds.png") < 0)
		return -1;
	for (i = 0; i < drawing->layers; i++)
		if (mask->layers[i].value >= 1000)
			mask->layers[i].value /= 1000;
	return put_map(mask, drawing, PNG_GREY8, mask->unlabeled,
		       "_gtFine_labelIds.png");
}

static int
draw_binary(struct mask *mask, struct map_drawing *drawing)
{
	const struct shapes *shapes = drawing->shapes;
	char ending[40];
	size_t i;

	if (tell_apart(mask, shapes) < 0)
		return -1;
	for (i = 0; i < shapes->count; i++) {
		const struct shape *shape = &shapes->list[i];

		if (!shape->instance.count)
			continue;
		if (shape->id < 1)
			return fail(mask,
				    "annotation no. %zu has no id to name its "
				    "file by",
				    i + 1);
		snprintf(ending, sizeof(ending), "/%lld.png",
			 (long long)shape->id);
		drawing->layers = 0;
		add_layer(mask, drawing, &shape->instance, UINT8_MAX);
		if (put_map(mask, drawing, PNG_GREY8, 0, ending) < 0)
			return -1;
	}
	return 0;
}

static int
draw_instance_colors(struct mask *mask, struct map_drawing *drawing)
{
	const struct shapes *shapes = drawing->shapes;
	size_t i;

	for (i = 0; i < shapes->count; i++)
		if (shapes->list[i].instance.count)
			add_layer(mask, drawing, &shapes->list[i].instance,
				  color_distinct(i));
	return put_map(mask, drawing, PNG_RGB8, 0, ".png");
}

static int
draw_overlay(struct mask *mask, struct map_drawing *drawing, struct slice image)
{
	const struct shapes *shapes = drawing->shapes;
	struct overlay_label label = {.width = shapes->width,
				      .height = shapes->height};
	struct slice file;
	const char *why;
	size_t i, n = 0;

	if (!mask->overlay)
		mask->overlay = overlay_open(mask->options->max_pixels);
	for (i = 0; i < shapes->count; i++) {
		const struct instance *instance = &shapes->list[i].instance;
		const struct mask_class *class =
			instance->count ? class_of(mask, drawing, i) : NULL;

		if (class)
			mask->colors[n++] =
				(struct overlay_layer){instance, class->color,
						       class->name};
	}
	label.count = n;
	label.layers = mask->colors;
	why = overlay_draw(mask->overlay, image, &label, &file);
	if (why)
		return fail(mask, "image: %s", why);
	buf_reset(&mask->failure);
	return drawing->sink->put(drawing->sink->context, ".png", file);
}

int
mask_draw(struct mask *mask, const struct record *record,
	  const struct shapes *shapes, struct slice image,
	  const struct mask_sink *sink, size_t *left_out)
{
	static int (*const draw[])(struct mask *, struct map_drawing *) = {
		[MASK_SEMANTIC] = draw_semantic,
		[MASK_INSTANCE] = draw_ids,
		[MASK_HF] = draw_hf,
		[MASK_RGB] = draw_ids,
		[MASK_CITYSCAPES] = draw_cityscapes,
		[MASK_BINARY] = draw_binary,
		[MASK_COLOR] = draw_semantic,
		[MASK_INSTANCE_COLOR] = draw_instance_colors,
	};
	struct map_drawing drawing = {.place = &record->place,
				      .shapes = shapes,
				      .sink = sink};
	int result;

	reserve(mask, shapes->count);
	if (mask->options->kind == MASK_OVERLAY)
		result = draw_overlay(mask, &drawing, image);
	else
		result = draw[mask->options->kind](mask, &drawing);
	*left_out = drawing.left_out;
	return result;
}
