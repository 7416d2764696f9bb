#include "output/coco_options.h"

/* What makes points one object's; an attribute is named behind a colon. */
static void
take_group(struct coco_options *coco, const struct opts *o)
{
	static const char attribute[] = "attribute";
	const size_t n = sizeof(attribute) - 1;

	coco->group_attribute = NULL;
	if (strcmp(o->arg, "links") == 0) {
		coco->group = COCO_GROUP_LINKS;
	} else if (strcmp(o->arg, "box") == 0) {
		coco->group = COCO_GROUP_BOX;
	} else if (strncmp(o->arg, attribute, n) == 0 && o->arg[n] &&
		   strchr(":= ", o->arg[n]) && o->arg[n + 1]) {
		coco->group = COCO_GROUP_ATTRIBUTE;
		coco->group_attribute = o->arg + n + 1;
	} else {
		opts_fail(o, "--group-by %s: not links, box or attribute:NAME",
			  o->arg);
	}
}

void
coco_check_options(const struct coco_options *coco, const struct opts *o)
{
	if (coco->panoptic && coco->group)
		opts_fail(o, "--panoptic has no keypoints");
	if (coco->stuff && !coco->panoptic)
		opts_fail(o, "--stuff goes with --panoptic");
	if (coco->group)
		return;
	if (coco->keypoints)
		opts_fail(o, "--keypoints goes with --group-by");
	if (coco->object_category)
		opts_fail(o, "--object-category goes with --group-by");
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
	else if (key == COCO_GROUP_BY)
		take_group(coco, o);
	else if (key == COCO_KEYPOINT_NAMES)
		coco->keypoints = o->arg;
	else if (key == COCO_OBJECT_CATEGORY)
		coco->object_category = o->arg;
	else
		return false;
	return true;
}
