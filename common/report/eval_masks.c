#include "report/eval_masks.h"

#include <stdlib.h>

#include "image/polygon.h"
#include "image/rasterize.h"
#include "image/rle_read.h"
#include "json/json.h"

/*
 * Masks have a list of runs each, which serves an annotation of every image
 * after the other: they stay where they are while others are read.
 */
struct kept {
	struct run_list runs;
	struct instance instance;
};

struct eval_masks {
	struct kept **list;
	size_t count, room;
	struct rasterizer *rasterizer;
	struct point *points;
	size_t point_room;
	size_t *ends;
	size_t end_room;
};

struct eval_masks *
eval_masks_open(void)
{
	struct eval_masks *masks = xcalloc(1, sizeof(*masks));

	masks->rasterizer = rasterizer_open();
	return masks;
}

void
eval_masks_close(struct eval_masks *masks)
{
	if (!masks)
		return;
	for (size_t i = 0; i < masks->room; i++) {
		run_list_release(&masks->list[i]->runs);
		free(masks->list[i]);
	}
	free(masks->list);
	rasterizer_close(masks->rasterizer);
	free(masks->points);
	free(masks->ends);
	free(masks);
}

void
eval_masks_reset(struct eval_masks *masks)
{
	masks->count = 0;
}

static struct kept *
next_kept(struct eval_masks *masks)
{
	struct kept *kept;

	if (masks->count == masks->room) {
		masks->list = xreallocarray(masks->list, masks->room + 1,
					    sizeof(*masks->list));
		masks->list[masks->room++] = xcalloc(1, sizeof(**masks->list));
	}
	kept = masks->list[masks->count++];
	kept->runs.count = 0;
	return kept;
}

/* The coordinates of a ring, behind those that are there; false if broken. */
static bool
read_ring(struct eval_masks *masks, struct slice list, size_t *count)
{
	struct json_iter iter = json_iterate(list);
	struct json_member element;
	double number;
	size_t i = 0;

	if (json_type(list) != JSON_ARRAY)
		return false;
	while (json_next(&iter, &element) > 0) {
		if (!json_double(element.value, &number))
			return false;
		if (*count + i / 2 == masks->point_room) {
			masks->point_room =
				masks->point_room ? 2 * masks->point_room : 256;
			masks->points =
				xreallocarray(masks->points, masks->point_room,
					      sizeof(*masks->points));
		}
		if (i % 2)
			masks->points[*count + i / 2].y = number;
		else
			masks->points[*count + i / 2].x = number;
		i++;
	}
	*count += i / 2;
	return true;
}

static bool
read_polygon(struct eval_masks *masks, struct slice list,
	     struct polygon *polygon)
{
	struct json_iter iter = json_iterate(list);
	struct json_member ring;
	size_t count = 0, parts = 0;

	while (json_next(&iter, &ring) > 0) {
		if (!read_ring(masks, ring.value, &count))
			return false;
		if (parts == masks->end_room) {
			masks->end_room = parts ? 2 * parts : 16;
			masks->ends =
				xreallocarray(masks->ends, masks->end_room,
					      sizeof(*masks->ends));
		}
		masks->ends[parts++] = count;
	}
	*polygon = (struct polygon){masks->points, masks->ends, parts};
	return true;
}

/* Keeps a copy of runs that the rasteriser will need for the next one. */
static void
keep_runs(struct kept *kept, const struct instance *drawn)
{
	if (kept->runs.room < drawn->count) {
		kept->runs.room = 2 * drawn->count;
		kept->runs.list =
			xreallocarray(kept->runs.list, kept->runs.room,
				      sizeof(*kept->runs.list));
	}
	if (drawn->count)
		memcpy(kept->runs.list, drawn->runs,
		       drawn->count * sizeof(*drawn->runs));
	kept->runs.count = drawn->count;
}

static const char *
draw(struct eval_masks *masks, const struct polygon *polygon,
     const struct coco_image *image, struct kept *kept)
{
	struct instance drawn;

	if (!image->width || !image->height)
		return "a polygon in an image without width and height";
	rasterizer_draw(masks->rasterizer, polygon, image->width, image->height,
			1, &drawn);
	keep_runs(kept, &drawn);
	return NULL;
}

static const char *
draw_box(struct eval_masks *masks, const double box[4],
	 const struct coco_image *image, struct kept *kept)
{
	const double x0 = box[0], y0 = box[1];
	const double x1 = box[0] + box[2], y1 = box[1] + box[3];
	const struct point corners[] = {{x0, y0}, {x0, y1}, {x1, y1}, {x1, y0}};
	const size_t end = 4;
	const struct polygon polygon = {corners, &end, 1};

	return draw(masks, &polygon, image, kept);
}

/* An RLE tells its size; the image, where it does, must agree. */
static const char *
read_rle(struct slice rle, const struct coco_image *image, struct kept *kept)
{
	uint32_t width = image->width, height = image->height;

	if ((!width || !height) && !rle_read_size(rle, &width, &height))
		return "an RLE without its size";
	return rle_read(rle, width, height, 1, &kept->runs);
}

const char *
eval_masks_read(struct eval_masks *masks,
		const struct coco_annotation *annotation,
		const struct coco_image *image, const struct instance **mask)
{
	const struct slice text = annotation->segmentation;
	struct kept *kept = next_kept(masks);
	struct polygon polygon;
	const char *why;

	if (json_type(text) == JSON_OBJECT)
		why = read_rle(text, image, kept);
	else if (json_type(text) == JSON_ARRAY && json_count(text) > 0)
		why = read_polygon(masks, text, &polygon)
			      ? draw(masks, &polygon, image, kept)
			      : "a segmentation that is no list of polygons";
	else if (annotation->has_box)
		why = draw_box(masks, annotation->box, image, kept);
	else
		why = "no segmentation";
	if (why)
		return why;
	kept->instance = instance_of(1, kept->runs.list, kept->runs.count);
	*mask = kept->instance.count ? &kept->instance : NULL;
	return NULL;
}

void
eval_masks_box(const struct instance *mask, double box[4])
{
	box[0] = mask ? mask->box.x : 0;
	box[1] = mask ? mask->box.y : 0;
	box[2] = mask ? mask->box.w : 0;
	box[3] = mask ? mask->box.h : 0;
}
