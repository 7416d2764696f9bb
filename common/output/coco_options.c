#include "output/coco_options.h"

void
coco_check_options(const struct coco_options *coco, const struct opts *o)
{
	if (coco->panoptic && coco->points.by)
		opts_fail(o, "--panoptic has no keypoints");
	if (coco->stuff && !coco->panoptic)
		opts_fail(o, "--stuff goes with --panoptic");
	point_options_check(&coco->points, o);
}

bool
coco_take_option(struct coco_options *coco, const struct opts *o, int key)
{
	static const char *const ids[] = {"keep", "contiguous", "zero",
					  "by-name", NULL};
	static const char *const again[] = {"fail", "keep", NULL};
	static const char *const order[] = {"sequence", "index", NULL};
	static const char *const boxes[] = {"plain", "polygon", NULL};
	static const char *const names[] = {"name", "path", "uuid", NULL};
	static const enum image_naming namings[] = {IMAGE_BY_NAME,
						    IMAGE_BY_PATH,
						    IMAGE_BY_UUID};

	if (key == COCO_CATEGORY_IDS)
		coco->category_ids = (enum category_ids)opts_choice(o, ids);
	else if (key == COCO_USED_CATEGORIES)
		coco->used_categories = true;
	else if (key == COCO_DUPLICATES)
		coco->keep_duplicates = opts_choice(o, again);
	else if (key == COCO_IMAGE_IDS)
		coco->index_ids = opts_choice(o, order);
	else if (key == COCO_IMAGE_EXTRA)
		coco->image_extra = true;
	else if (key == COCO_BOXES)
		coco->box_polygons = opts_choice(o, boxes);
	else if (key == COCO_FILE_NAME)
		coco->file_name = namings[opts_choice(o, names)];
	else if (key == COCO_PANOPTIC)
		coco->panoptic = true;
	else if (key == COCO_STUFF)
		coco->stuff = o->arg;
	else
		return point_options_take(&coco->points, o, key);
	return true;
}
