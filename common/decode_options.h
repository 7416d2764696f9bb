/*
 * The options that every program has that may have to decode a label: the rows
 * of its table, and what they set.
 */
#ifndef DECODE_OPTIONS_H
#define DECODE_OPTIONS_H

#include "asset.h"
#include "label.h"
#include "opts.h"

/* Their keys; a program's own letterless options have keys from 400 on. */
enum {
	OPT_OFFLINE = 300,
	OPT_SEGMENTATION,
	OPT_SIMPLIFY,
	OPT_REPORT_IOU,
	OPT_MIN_AREA,
	OPT_UNLISTED,
	OPT_CROWD_ATTRIBUTE,
	OPT_MAX_PIXELS,
	OPT_MAX_RECORD,
};

#define DECODE_OPTION_ROWS                                                  \
	{'d', "directory", "DIR",                                           \
	 "where seg-fetch puts files (default $SEGMENTS_DIR or segments)"}, \
		{OPT_OFFLINE, "offline", NULL, "never ask the network"},    \
		{'j', "jobs", "N",                                          \
		 "decode on N threads (default: the processors)"},          \
		{OPT_SEGMENTATION, "segmentation", "FORM",                  \
		 "rle (default), counts, polygon or none"},                 \
		{OPT_SIMPLIFY, "simplify", "PX",                            \
		 "thin polygons, off by PX pixels at most"},                \
		{OPT_REPORT_IOU, "report-iou", NULL,                        \
		 "add each polygon's IoU with its mask as iou"},            \
		{OPT_MIN_AREA, "min-area", "N",                             \
		 "leave out geometry of fewer than N pixels"},              \
		{OPT_UNLISTED, "unlisted", "ACTION",                        \
		 "pixels that no annotation claims: warn (default), fail "  \
		 "or ignore"},                                              \
		{OPT_CROWD_ATTRIBUTE, "crowd-attribute", "NAME",            \
		 "object attribute that sets iscrowd (default is_crowd)"},  \
		{OPT_MAX_PIXELS, "max-pixels", "N",                         \
		 "refuse bitmaps of more pixels (default 100000000)"},      \
	{                                                                   \
		OPT_MAX_RECORD, "max-record", "SIZE",                       \
			"refuse records larger than this (default 256M)"    \
	}

struct decode_options {
	struct label_options label;
	struct asset_options assets;
	unsigned jobs;
	size_t max_record;
	bool form_given; /* an option that changes what geometry is written */
};

/* The defaults, those from the environment among them. */
struct decode_options decode_options_default(void);
/* Takes an option if it is one of the rows above; wrong use ends the program.
 */
bool decode_options_take(struct decode_options *options, const struct opts *o,
			 int key);

#endif
