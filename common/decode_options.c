#include "decode_options.h"

#include <stdlib.h>

#include "lines.h"

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

	options->form_given |= key == OPT_SEGMENTATION || key == OPT_SIMPLIFY ||
			       key == OPT_REPORT_IOU || key == OPT_MIN_AREA ||
			       key == OPT_CROWD_ATTRIBUTE;
	switch (key) {
	case 'd':
		options->assets.directory = o->arg;
		return true;
	case 'j':
		options->jobs = (unsigned)opts_uint(o, 1, 1024);
		return true;
	case OPT_OFFLINE:
		options->assets.offline = true;
		return true;
	case OPT_SEGMENTATION:
		label->segmentation = (enum segmentation)opts_choice(o, forms);
		return true;
	case OPT_SIMPLIFY:
		label->simplify = opts_double(o, 0, 1e6);
		label->segmentation = SEGMENTATION_POLYGON;
		return true;
	case OPT_REPORT_IOU:
		label->report_iou = true;
		return true;
	case OPT_MIN_AREA:
		label->min_area = opts_uint(o, 0, UINT64_MAX);
		return true;
	case OPT_UNLISTED:
		label->unlisted = (enum unlisted)opts_choice(o, actions);
		return true;
	case OPT_CROWD_ATTRIBUTE:
		label->crowd_attribute = o->arg;
		return true;
	case OPT_MAX_PIXELS:
		label->max_pixels = opts_uint(o, 1, UINT32_MAX);
		return true;
	case OPT_MAX_RECORD:
		options->max_record = opts_bytes(o);
		return true;
	default:
		return false;
	}
}
