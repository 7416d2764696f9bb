#include "decode_options.h"

#include <stdlib.h>

#include "lines.h"

enum {
	OFFLINE = 300,
	SEGMENTATION,
	SIMPLIFY,
	REPORT_IOU,
	MIN_AREA,
	UNLISTED,
	CROWD_ATTRIBUTE,
	MAX_PIXELS,
	MAX_RECORD,
};

const struct opt decode_option_rows[] = {
	{'d', "directory", "DIR",
	 "where seg-fetch puts files (default $SEGMENTS_DIR or segments)"},
	{OFFLINE, "offline", NULL, "never ask the network"},
	{'j', "jobs", "N", "decode on N threads (default: the processors)"},
	{SEGMENTATION, "segmentation", "rle|counts|polygon|none",
	 "how pixels are written (default rle)"},
	{SIMPLIFY, "simplify", "PX", "thin polygons, off by PX pixels at most"},
	{REPORT_IOU, "report-iou", NULL,
	 "add the IoU of each polygon with its mask"},
	{MIN_AREA, "min-area", "N",
	 "leave out geometry of fewer than N pixels"},
	{UNLISTED, "unlisted", "warn|fail|ignore",
	 "about pixels that no annotation claims (default warn)"},
	{CROWD_ATTRIBUTE, "crowd-attribute", "NAME",
	 "object attribute that sets iscrowd (default is_crowd)"},
	{MAX_PIXELS, "max-pixels", "N",
	 "refuse bitmaps of more pixels (default 100000000)"},
	{MAX_RECORD, "max-record", "SIZE",
	 "refuse records larger than this (default 256M)"},
	{0},
};

struct decode_options
decode_options_default(void)
{
	const char *directory = getenv("SEGMENTS_DIR");

	return (struct decode_options){
		.label = label_defaults,
		.assets.directory =
			directory && *directory ? directory : "segments",
		.max_record = RECORD_MAX,
	};
}

bool
decode_options_take(struct decode_options *options, const struct opts *o,
		    int key)
{
	static const char *const forms[] = {"rle", "counts", "polygon", "none",
					    NULL};
	static const char *const actions[] = {"warn", "fail", "ignore", NULL};
	struct label_options *label = &options->label;

	options->form_given |= key == SEGMENTATION || key == SIMPLIFY ||
			       key == REPORT_IOU || key == MIN_AREA ||
			       key == CROWD_ATTRIBUTE;
	switch (key) {
	case 'd':
		options->assets.directory = o->arg;
		return true;
	case 'j':
		options->jobs = (unsigned)opts_uint(o, 1, 1024);
		return true;
	case OFFLINE:
		options->assets.offline = true;
		return true;
	case SEGMENTATION:
		label->segmentation = (enum segmentation)opts_choice(o, forms);
		return true;
	case SIMPLIFY:
		label->simplify = opts_double(o, 0, 1e6);
		label->segmentation = SEGMENTATION_POLYGON;
		return true;
	case REPORT_IOU:
		label->report_iou = true;
		return true;
	case MIN_AREA:
		label->min_area = opts_uint(o, 0, UINT64_MAX);
		return true;
	case UNLISTED:
		label->unlisted = (enum unlisted)opts_choice(o, actions);
		return true;
	case CROWD_ATTRIBUTE:
		label->crowd_attribute = o->arg;
		return true;
	case MAX_PIXELS:
		label->max_pixels = opts_uint(o, 1, UINT32_MAX);
		return true;
	case MAX_RECORD:
		options->max_record = opts_bytes(o);
		return true;
	default:
		return false;
	}
}
