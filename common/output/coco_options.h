/* The options of a command line that tell how COCO files are written. */
#ifndef COCO_OPTIONS_H
#define COCO_OPTIONS_H

#include "base/opts.h"
#include "output/coco.h"
#include "output/point_options.h"

/* Their keys; the others of the program begin at the last one. */
enum {
	COCO_CATEGORY_IDS = 400,
	COCO_USED_CATEGORIES,
	COCO_DUPLICATES,
	COCO_IMAGE_IDS,
	COCO_IMAGE_EXTRA,
	COCO_BOXES,
	COCO_FILE_NAME,
	COCO_PANOPTIC,
	COCO_STUFF,
	COCO_OPTIONS_END
};

/* Rows of a program's table. */
/* clang-format off */
#define COCO_OPTION_ROWS \
	{COCO_CATEGORY_IDS, "category-ids", "keep|contiguous|zero|by-name", \
	 "as in the release (default), or from 1, from 0, joined by name"}, \
	{COCO_USED_CATEGORIES, "used-categories", NULL, \
	 "list only categories that have annotations"}, \
	{COCO_DUPLICATES, "duplicates", "fail|keep", \
	 "about a sample that comes again (default fail)"}, \
	{COCO_IMAGE_IDS, "image-ids", "sequence|index", \
	 "images are 1, 2, ... (default), or by the index of their record"}, \
	{COCO_IMAGE_EXTRA, "image-extra", NULL, \
	 "add metadata and image_attributes to images"}, \
	{COCO_BOXES, "boxes", "plain|polygon", \
	 "polygon: boxes have their corners as segmentation"}, \
	POINT_OPTION_ROWS, \
	{COCO_FILE_NAME, "file-name", "name|path|uuid", \
	 "images are called as seg-fetch does (default), as they lie, by uuid"}, \
	{COCO_PANOPTIC, "panoptic", NULL, \
	 "write panoptic segments and PNGs into a tree"}, \
	{COCO_STUFF, "stuff", "NAME,...", \
	 "categories that are stuff, besides those without instances"}
/* clang-format on */

/* Takes an option that is one of these; false for others. */
bool coco_take_option(struct coco_options *coco, const struct opts *o, int key);
/* In the end: they must go together. Wrong use ends the program. */
void coco_check_options(const struct coco_options *coco, const struct opts *o);

#endif
