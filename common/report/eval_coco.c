#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "report/eval_coco_parts.h"
#include "report/eval_masks.h"
#include "json/json.h"

/* What a thread needs for one image after the other. */
struct bench {
	const struct eval_coco *eval;
	struct eval_matcher *matcher;
	struct eval_masks *masks;
	struct eval_pixels *pixels;
	struct eval_quality_work work;
	struct eval_segment *segments;
	size_t segment_room;
	struct eval_object *truths, *results;
	size_t truth_room, result_room;
	double *points;
	size_t point_room;
	struct eval_left_out *left_out;
};

size_t
eval_coco_images(const struct eval_coco *eval)
{
	return eval->image_count;
}

const struct coco_image *
eval_coco_image(const struct eval_coco *eval, size_t i)
{
	return &eval->truth.file->images[eval->images[i]];
}

struct slice
eval_coco_name(const struct eval_coco *eval, size_t i)
{
	return eval_coco_image(eval, i)->name;
}

void
eval_left_out_add(struct eval_left_out *sum, const struct eval_left_out *more)
{
	if (!sum->unknown_image)
		sum->image = more->image;
	if (!sum->names_category)
		sum->category = more->category;
	sum->names_category |= more->names_category;
	sum->unknown_image += more->unknown_image;
	sum->unknown_category += more->unknown_category;
	sum->bad_mask += more->bad_mask;
	sum->no_geometry += more->no_geometry;
	sum->without_score += more->without_score;
}

const struct eval_left_out *
eval_coco_left_out(const struct eval_coco *eval)
{
	return &eval->left_out;
}

/* Reads keypoints behind those that are there: false where they do not fit. */
static bool
read_points(struct bench *bench, struct slice list, size_t *at)
{
	const size_t n = 3 * bench->eval->rules->keypoints;
	struct json_iter iter = json_iterate(list);
	struct json_member element;
	size_t i = 0;

	while (json_next(&iter, &element) > 0) {
		if (i == n ||
		    !json_double(element.value, &bench->points[*at + i]))
			return false;
		i++;
	}
	*at += n;
	return i == n;
}

/* The box around a result's keypoints, as the reference takes it. */
static void
box_points(const double *points, size_t n, double box[4])
{
	double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;

	for (size_t i = 0; i < n; i++) {
		x0 = fmin(x0, points[3 * i]);
		x1 = fmax(x1, points[3 * i]);
		y0 = fmin(y0, points[3 * i + 1]);
		y1 = fmax(y1, points[3 * i + 1]);
	}
	box[0] = x0;
	box[1] = y0;
	box[2] = x1 - x0;
	box[3] = y1 - y0;
}

/* What COCO's rules take of an annotation, but for its mask and keypoints. */
static struct eval_object
plain_object(const struct eval_side *side, size_t i, bool is_result)
{
	const struct coco_annotation *a = coco_input_annotation(side->file, i);
	struct eval_object object = {
		.category = side->category[i],
		.crowd = !is_result && a->crowd,
		.ignored = !is_result && a->crowd,
		.area = a->area,
		.score = a->has_score ? a->score : 1,
		.id = a->has_id ? a->id : (int64_t)i + 1,
	};

	memcpy(object.box, a->box, sizeof(object.box));
	if (is_result && side->boxes)
		object.area = a->box[2] * a->box[3];
	return object;
}

/* Many can be wrong in the same way. */
static void
say_bad_mask(const struct coco_image *image, const char *side, int64_t id,
	     const char *why)
{
	const struct place place = {.sample = image->name};

	if (place.sample.n)
		diag_warn(&place, "%s %" PRId64 ": %s", side, id, why);
	else
		diag_warn(NULL, "%s %" PRId64 " of image %" PRId64 ": %s", side,
			  id, image->id, why);
}

/* Gives an object its mask, and what follows from it: false where broken. */
static bool
take_mask(struct bench *bench, const struct eval_side *side,
	  const struct coco_annotation *a, const struct coco_image *image,
	  struct eval_object *object)
{
	const bool is_result = side == &bench->eval->results;
	const char *why =
		eval_masks_read(bench->masks, a, image, &object->mask);

	if (why) {
		bench->left_out->bad_mask++;
		say_bad_mask(image, is_result ? "result" : "truth", object->id,
			     why);
		return false;
	}
	if (is_result && !side->boxes)
		object->area = object->mask ? (double)object->mask->area : 0;
	if (!a->has_box)
		eval_masks_box(object->mask, object->box);
	return true;
}

static bool
take_keypoints(struct bench *bench, const struct eval_side *side,
	       const struct coco_annotation *a, struct eval_object *object,
	       size_t *points)
{
	const bool is_result = side == &bench->eval->results;

	object->keypoints = bench->points + *points;
	if (!read_points(bench, a->keypoints, points)) {
		bench->left_out->no_geometry++;
		return false;
	}
	object->ignored |= !is_result && a->num_keypoints == 0;
	if (is_result && !side->boxes) {
		box_points(object->keypoints, bench->eval->rules->keypoints,
			   object->box);
		object->area = object->box[2] * object->box[3];
	}
	return true;
}

/* Makes an object whole: false where it cannot count. */
static bool
complete(struct bench *bench, const struct eval_side *side,
	 const struct coco_annotation *a, const struct coco_image *image,
	 struct eval_object *object, size_t *points)
{
	const enum eval_iou iou = bench->eval->rules->iou;

	if (iou == EVAL_KEYPOINTS)
		return take_keypoints(bench, side, a, object, points);
	if (iou == EVAL_BBOX && a->has_box)
		return true;
	if (a->segmentation.n || a->has_box)
		return take_mask(bench, side, a, image, object);
	bench->left_out->no_geometry++;
	return false;
}

/* The annotations of an image on one side: their number. */
static size_t
take_side(struct bench *bench, const struct eval_side *side, size_t image,
	  struct eval_object **list, size_t *room, size_t *points)
{
	const size_t from = image ? side->ends[image - 1] : 0;
	const size_t n = side->ends[image] - from;
	const bool is_result = side == &bench->eval->results;
	size_t i, count = 0;

	if (n > *room) {
		*room = 2 * n;
		*list = xreallocarray(*list, *room, sizeof(**list));
	}
	for (i = 0; i < n; i++) {
		const size_t at = side->order[from + i];
		struct eval_object *object = &(*list)[count];
		const struct coco_annotation *a =
			coco_input_annotation(side->file, at);

		*object = plain_object(side, at, is_result);
		if (!complete(bench, side, a,
			      eval_coco_image(bench->eval, image), object,
			      points))
			continue;
		count++;
		bench->left_out->without_score += is_result && !a->has_score;
	}
	return count;
}

/* The objects of both sides as segments, the truths first. */
static void
list_segments(struct bench *bench, size_t truths, size_t results)
{
	const size_t n = truths + results;

	if (n > bench->segment_room) {
		bench->segment_room = 2 * n;
		bench->segments =
			xreallocarray(bench->segments, bench->segment_room,
				      sizeof(*bench->segments));
	}
	for (size_t i = 0; i < n; i++) {
		const struct eval_object *object =
			i < truths ? &bench->truths[i]
				   : &bench->results[i - truths];

		bench->segments[i] = (struct eval_segment){
			.mask = object->mask,
			.category = object->category,
			.crowd = object->crowd,
			.id = object->id,
		};
	}
}

/* Compares the pixels of an image; its pairs go into `result`. */
static void
compare_pixels(struct bench *bench, size_t truths, size_t results,
	       const struct coco_image *image, struct eval_totals *totals,
	       struct eval_image *result)
{
	struct eval_scene scene;

	list_segments(bench, truths, results);
	scene = (struct eval_scene){
		.width = image->width,
		.height = image->height,
		.truths = bench->segments,
		.truth_count = truths,
		.predictions = bench->segments + truths,
		.prediction_count = results,
	};
	eval_pixels_count(bench->pixels, &scene);
	eval_totals_add_pixels(totals, &scene);
	eval_quality_add(&bench->work, &scene, bench->eval->rules->void_counts,
			 totals->quality);
	eval_quality_list(&bench->work, &scene, result);
}

static void
reserve_points(struct bench *bench, size_t image)
{
	const struct eval_coco *eval = bench->eval;
	const struct eval_side *sides[] = {&eval->truth, &eval->results};
	size_t need = 0, i;

	for (i = 0; i < 2; i++)
		need += sides[i]->ends[image] -
			(image ? sides[i]->ends[image - 1] : 0);
	need *= 3 * eval->rules->keypoints;
	if (need <= bench->point_room)
		return;
	bench->point_room = need;
	bench->points =
		xreallocarray(bench->points, need, sizeof(*bench->points));
}

static void
compare_image(struct bench *bench, size_t image, struct eval_totals *totals,
	      struct eval_image *result)
{
	const struct eval_coco *eval = bench->eval;
	size_t points = 0, truths, results;

	reserve_points(bench, image);
	eval_masks_reset(bench->masks);
	truths = take_side(bench, &eval->truth, image, &bench->truths,
			   &bench->truth_room, &points);
	results = take_side(bench, &eval->results, image, &bench->results,
			    &bench->result_room, &points);
	totals->images++;
	if (eval->rules->iou >= EVAL_PANOPTIC) {
		compare_pixels(bench, truths, results,
			       eval_coco_image(eval, image), totals, result);
		return;
	}
	eval_match(bench->matcher, bench->truths, truths, bench->results,
		   results, result);
	eval_score_add(totals->score, result);
}

void
eval_coco_run(const struct eval_coco *eval, size_t from, size_t end,
	      struct eval_totals *totals, struct eval_left_out *left_out,
	      const struct eval_watch *watch)
{
	struct bench bench = {
		.eval = eval,
		.matcher = eval_matcher_open(eval->rules),
		.masks = eval_masks_open(),
		.pixels = eval_pixels_open(),
		.left_out = left_out,
	};
	struct eval_image result = {0};
	size_t image;

	for (image = from; image < end; image++) {
		compare_image(&bench, image, totals, &result);
		if (watch)
			watch->see(watch->context, image, &result);
	}
	eval_image_release(&result);
	eval_matcher_close(bench.matcher);
	eval_masks_close(bench.masks);
	eval_pixels_close(bench.pixels);
	eval_quality_work_release(&bench.work);
	free(bench.segments);
	free(bench.truths);
	free(bench.results);
	free(bench.points);
}
