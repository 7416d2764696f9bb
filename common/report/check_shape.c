#include "report/check_shape.h"

#include <math.h>
#include <stdlib.h>

#include "image/rle_read.h"
#include "report/eval_masks.h"
#include "json/json.h"

struct shape_judge {
	struct file_judge *judge;
	struct coco_annotation one; /* the annotation at hand */
	struct arena text;          /* of it */
	struct eval_masks *masks;
};

/* What the numbers of a polygon tell by themselves. */
struct polygon_sums {
	double x0, y0, x1, y1; /* of its points */
	double area;           /* of its parts */
	double twice;          /* the area of the part at hand */
	size_t parts;
};

struct shape_judge *
shape_judge_open(struct file_judge *judge)
{
	struct shape_judge *shapes = xcalloc(1, sizeof(*shapes));

	shapes->judge = judge;
	shapes->masks = eval_masks_open();
	return shapes;
}

void
shape_judge_close(struct shape_judge *shapes)
{
	if (!shapes)
		return;
	eval_masks_close(shapes->masks);
	arena_release(&shapes->text);
	free(shapes);
}

const struct coco_annotation *
shape_judge_read(struct shape_judge *shapes, struct slice object)
{
	const int64_t image = 0;

	arena_reset(&shapes->text);
	eval_masks_reset(shapes->masks);
	return coco_annotation_read(&shapes->one, object, &image, &shapes->text)
		       ? NULL
		       : &shapes->one;
}

void
judge_box_differs(struct file_judge *judge, const double *box,
		  const double (*right)[4], size_t n)
{
	double least = INFINITY;
	size_t i, nearest = 0;

	for (i = 0; i < n; i++) {
		const double *other = right[i];
		const double left = fabs(box[0] - other[0]);
		const double top = fabs(box[1] - other[1]);
		const double far_x =
			fabs(box[0] + box[2] - other[0] - other[2]);
		const double far_y =
			fabs(box[1] + box[3] - other[1] - other[3]);
		const double most = fmax(fmax(left, top), fmax(far_x, far_y));

		if (most < least) {
			least = most;
			nearest = i;
		}
	}
	if (!n || least < file_judge_limit(judge, RULE_BOX_DIFFERS))
		return;
	judge->mild = least < 2;
	file_judge_put_value(judge, RULE_BOX_DIFFERS, least,
			     "its mask has [%.6g,%.6g,%.6g,%.6g]",
			     right[nearest][0], right[nearest][1],
			     right[nearest][2], right[nearest][3]);
}

void
judge_area_differs(struct file_judge *judge, double area, double one,
		   double other)
{
	const double least = fmin(one, other), most = fmax(one, other);
	const double apart = fmax(fmax(least - area, area - most), 0);
	const double share = apart / fmax(most, 1);

	if (!(share > file_judge_limit(judge, RULE_AREA_DIFFERS)))
		return;
	judge->mild = share < 0.2;
	file_judge_put_value(judge, RULE_AREA_DIFFERS, share,
			     "area %.6g, its mask has %.6g", area,
			     area < least ? least : most);
}

static bool
is_finite_box(const double *box)
{
	return isfinite(box[0]) && isfinite(box[1]) && isfinite(box[2]) &&
	       isfinite(box[3]);
}

/* How far something reaches beyond the image; below 0 where it does not. */
static double
beyond(const struct coco_image *image, const double *box)
{
	return fmax(fmax(-box[0], -box[1]),
		    fmax(box[0] + box[2] - image->width,
			 box[1] + box[3] - image->height));
}

static void
judge_beyond(struct shape_judge *shapes, const struct coco_image *image,
	     const double *box, const char *what)
{
	const double by = beyond(image, box);

	if (image->width && image->height &&
	    by > file_judge_limit(shapes->judge, RULE_OUTSIDE))
		file_judge_put_value(shapes->judge, RULE_OUTSIDE, by,
				     "%s %.6g px beyond the image", what, by);
}

void
shape_judge_box(struct shape_judge *shapes, const struct coco_image *image)
{
	const struct coco_annotation *annotation = &shapes->one;
	const double *box = annotation->box;

	if (!annotation->has_box || !is_finite_box(box))
		return;
	if (!(box[2] > 0) || !(box[3] > 0))
		file_judge_put(shapes->judge, RULE_DEGENERATE,
			       "its bbox is %.6g by %.6g", box[2], box[3]);
	else
		judge_beyond(shapes, image, box, "its bbox is");
}

/* A point, joined to the one before. */
static void
take_point(struct polygon_sums *outline, const double *before,
	   const double *point)
{
	outline->twice += before[0] * point[1] - point[0] * before[1];
	outline->x0 = fmin(outline->x0, point[0]);
	outline->y0 = fmin(outline->y0, point[1]);
	outline->x1 = fmax(outline->x1, point[0]);
	outline->y1 = fmax(outline->y1, point[1]);
}

static const char *
judge_count(const struct polygon_sums *outline, size_t n)
{
	if (n % 2)
		return "a polygon has an odd count of numbers";
	if (n == 4 && outline->parts == 0)
		return "a polygon of 4 numbers is taken for a box";
	return n < 6 ? "a polygon has fewer than 3 points" : NULL;
}

/* Takes a part: NULL, or what is wrong with it. */
static const char *
scan_part(struct slice part, struct polygon_sums *outline)
{
	struct json_iter iter = json_iterate(part);
	struct json_member element;
	double first[2] = {0}, before[2], point[2];
	const char *why;
	size_t n = 0;

	if (json_type(part) != JSON_ARRAY)
		return "it is no list of lists of numbers";
	for (; json_next(&iter, &element) > 0; n++) {
		if (!json_double(element.value, &point[n % 2]))
			return "a coordinate is no number";
		if (n % 2 == 0)
			continue;
		if (n == 1)
			memcpy(first, point, sizeof(first));
		take_point(outline, n == 1 ? point : before, point);
		memcpy(before, point, sizeof(before));
	}
	why = judge_count(outline, n);
	if (why)
		return why;
	take_point(outline, before, first);
	outline->area += fabs(outline->twice) / 2;
	outline->twice = 0;
	outline->parts++;
	return NULL;
}

/*
 * The mask, where the image's size is known and not beyond all measure; NULL:
 * it has no pixels.
 */
static bool
draw_mask(struct shape_judge *shapes, const struct coco_image *image,
	  const struct instance **mask)
{
	*mask = NULL;
	return image->width && image->height &&
	       (uint64_t)image->width * image->height <=
		       shapes->judge->options.max_pixels &&
	       !eval_masks_read(shapes->masks, &shapes->one, image, mask);
}

/* Holds box and area against a polygon's. */
static void
compare_polygon(struct shape_judge *shapes, const struct coco_image *image,
		const struct polygon_sums *outline)
{
	const struct coco_annotation *annotation = &shapes->one;
	double boxes[2][4] = {{outline->x0, outline->y0,
			       outline->x1 - outline->x0,
			       outline->y1 - outline->y0}};
	double drawn = outline->area;
	const struct instance *mask;
	size_t n = 1;

	if (!(outline->area > 0)) {
		file_judge_put(shapes->judge, RULE_DEGENERATE,
			       "its segmentation covers nothing");
		return;
	}
	judge_beyond(shapes, image, boxes[0], "its segmentation is");
	if (draw_mask(shapes, image, &mask) && mask) {
		drawn = (double)mask->area;
		eval_masks_box(mask, boxes[n++]);
	}
	if (annotation->has_box)
		judge_box_differs(shapes->judge, annotation->box,
				  (const double(*)[4])boxes, n);
	if (annotation->has_area)
		judge_area_differs(shapes->judge, annotation->area,
				   outline->area, drawn);
}

static void
judge_polygon(struct shape_judge *shapes, const struct coco_image *image,
	      struct slice value)
{
	struct polygon_sums outline = {.x0 = INFINITY,
				       .y0 = INFINITY,
				       .x1 = -INFINITY,
				       .y1 = -INFINITY};
	struct json_iter iter = json_iterate(value);
	struct json_member part;
	const char *why = NULL;

	while (!why && json_next(&iter, &part) > 0)
		why = scan_part(part.value, &outline);
	if (why)
		file_judge_put(shapes->judge, RULE_SEGMENTATION_BROKEN, "%s",
			       why);
	else if (!outline.parts)
		file_judge_put(shapes->judge, RULE_SEGMENTATION_EMPTY,
			       "its segmentation is an empty list");
	else
		compare_polygon(shapes, image, &outline);
}

static void
compare_rle(struct shape_judge *shapes, const struct coco_image *size)
{
	const struct coco_annotation *annotation = &shapes->one;
	const struct instance *mask = NULL;
	double box[1][4];
	const char *why =
		eval_masks_read(shapes->masks, annotation, size, &mask);

	if (why) {
		file_judge_put(shapes->judge, RULE_SEGMENTATION_BROKEN, "%s",
			       why);
		return;
	}
	if (!mask) {
		file_judge_put(shapes->judge, RULE_DEGENERATE,
			       "its segmentation has no pixels");
		return;
	}
	eval_masks_box(mask, box[0]);
	if (annotation->has_box)
		judge_box_differs(shapes->judge, annotation->box,
				  (const double(*)[4])box, 1);
	if (annotation->has_area)
		judge_area_differs(shapes->judge, annotation->area,
				   (double)mask->area, (double)mask->area);
}

static void
judge_rle(struct shape_judge *shapes, const struct coco_image *image,
	  struct slice value)
{
	struct coco_image size = {0};

	if (!rle_read_size(value, &size.width, &size.height)) {
		file_judge_put(shapes->judge, RULE_SEGMENTATION_BROKEN,
			       "an RLE without its size");
		return;
	}
	if (image->width && image->height &&
	    (size.width != image->width || size.height != image->height))
		file_judge_put(shapes->judge, RULE_SIZE_DIFFERS,
			       "an RLE of %ux%u in an image of %ux%u",
			       size.width, size.height, image->width,
			       image->height);
	compare_rle(shapes, &size);
}

bool
shape_judge_segmentation(struct shape_judge *shapes,
			 const struct coco_image *image, struct slice value)
{
	struct slice counts;

	switch (json_type(value)) {
	case JSON_NONE:
		return false;
	case JSON_ARRAY:
		judge_polygon(shapes, image, value);
		return false;
	case JSON_OBJECT:
		judge_rle(shapes, image, value);
		return json_find(value, "counts", &counts) &&
		       json_type(counts) == JSON_STRING;
	default:
		file_judge_put(shapes->judge, RULE_SEGMENTATION_BROKEN,
			       "its segmentation is neither a list nor an RLE");
		return false;
	}
}

/* Counts the points that are there: false with the finding put. */
static bool
count_points(struct shape_judge *shapes, const struct coco_image *image,
	     struct slice value, int64_t *count)
{
	struct json_iter iter = json_iterate(value);
	struct json_member element;
	double box[4] = {0}, seen = 0;
	size_t n;

	*count = 0;
	for (n = 0; json_next(&iter, &element) > 0; n++) {
		double *to = n % 3 == 2 ? &seen : &box[n % 3];

		if (!json_double(element.value, to)) {
			file_judge_put(shapes->judge, RULE_KEYPOINTS_BROKEN,
				       "a keypoint is no number");
			return false;
		}
		if (n % 3 < 2)
			continue;
		if (seen != 0 && seen != 1 && seen != 2) {
			file_judge_put(shapes->judge, RULE_KEYPOINTS_BROKEN,
				       "a keypoint's third number is %.6g",
				       seen);
			return false;
		}
		*count += seen > 0;
		if (seen > 0)
			judge_beyond(shapes, image, box, "a keypoint is");
	}
	return true;
}

void
shape_judge_keypoints(struct shape_judge *shapes,
		      const struct coco_image *image,
		      const struct known_category *category, struct slice value,
		      struct slice number)
{
	const size_t n = json_count(value);
	int64_t count, told;

	if (!value.n)
		return;
	if (category && !category->keypoints)
		file_judge_put(shapes->judge, RULE_KEYPOINTS_BROKEN,
			       "its category names no keypoints");
	else if (json_type(value) != JSON_ARRAY || n % 3 ||
		 (category && n != 3 * category->keypoints))
		file_judge_put(shapes->judge, RULE_KEYPOINTS_BROKEN,
			       "%zu numbers, not three for each keypoint", n);
	else if (count_points(shapes, image, value, &count) && category &&
		 (!json_int(number, &told) || told != count))
		file_judge_put(shapes->judge, RULE_KEYPOINTS_BROKEN,
			       "num_keypoints is not %lld, of those that are "
			       "there",
			       (long long)count);
}
