/* The rules of seg-check: what they are called, how bad it is, how much. */
#ifndef CHECK_RULES_H
#define CHECK_RULES_H

#include "base/buf.h"

enum check_rule {
	/* Of records. */
	RULE_FAILED,
	RULE_URL_MISSING,
	RULE_UNREADABLE,
	RULE_SIZE_DIFFERS,
	RULE_CATEGORY_UNKNOWN,
	RULE_CATEGORY_UNUSED,
	RULE_ATTRIBUTE_UNKNOWN,
	RULE_ATTRIBUTE_MISSING,
	RULE_ATTRIBUTE_VALUE,
	RULE_STATUS_EMPTY,
	RULE_STALE_PRELABEL,
	RULE_ID_DUPLICATE,
	RULE_ID_GAP,
	RULE_NAME_COLLIDES,
	RULE_DUPLICATE_IMAGE,
	/* Of bitmaps. */
	RULE_ID_UNLISTED,
	RULE_ID_WITHOUT_PIXELS,
	RULE_SPECK,
	RULE_HOLE,
	RULE_SLIVER,
	RULE_FRAGMENTS,
	RULE_FRINGE,
	RULE_UNLABELLED,
	RULE_TOUCHES_BORDER,
	RULE_ALPHA,
	RULE_OUTLIER_AREA,
	/* Of what is drawn with points. */
	RULE_OUTSIDE,
	RULE_DEGENERATE,
	RULE_SELF_CROSSING,
	RULE_DUPLICATE_POINT,
	RULE_DUPLICATE_OBJECT,
	RULE_OVERLAP,
	RULE_COVERED,
	RULE_TINY,
	/* Of sequences. */
	RULE_FRAME_MISSING,
	RULE_TRACK_GAP,
	RULE_TRACK_JUMP,
	RULE_TRACK_CATEGORY,
	/* Of finished files. */
	RULE_FILE_MISSING,
	RULE_FILE_BROKEN,
	RULE_PATH_UNSAFE,
	RULE_IMAGE_SMALL,
	RULE_NAME_DUPLICATE,
	RULE_MEMBER_MISSING,
	RULE_SIZE_MISSING,
	RULE_BOX_MISSING,
	RULE_AREA_MISSING,
	RULE_CROWD_MISSING,
	RULE_SCORE_MISSING,
	RULE_SUPERCATEGORY_MISSING,
	RULE_INFO_MISSING,
	RULE_IMAGE_UNKNOWN,
	RULE_ID_ZERO,
	RULE_CATEGORY_ZERO,
	RULE_CATEGORY_DROPPED,
	RULE_SEGMENTATION_EMPTY,
	RULE_SEGMENTATION_BROKEN,
	RULE_RLE_COMPRESSED,
	RULE_AREA_DIFFERS,
	RULE_BOX_DIFFERS,
	RULE_ALL_CROWD,
	RULE_IGNORE_SET,
	RULE_KEYPOINTS_BROKEN,
	RULE_SKELETON_RANGE,
	RULE_SEGMENT_ID,
	RULE_SEGMENT_WITHOUT_PIXELS,
	RULE_PNG_FORMAT,
	RULE_STEM_DIFFERS,
	RULE_ORDER_DIFFERS,
	RULE_ANNOTATION_COUNT,
	RULE_ISTHING_MISSING,
	RULE_STUFF_SPLIT,
	RULE_NAMES_BROKEN,
	RULE_NAME_UNQUOTED,
	RULE_PATH_RELATIVE,
	RULE_PART_EMPTY,
	RULE_KEYPOINT_SHAPE,
	RULE_ROW_BROKEN,
	RULE_ROWS_MIXED,
	RULE_MASK_COLOURS,
	RULE_COORDINATE_RANGE,
	RULE_LABEL_MISSING,
	RULE_LABEL_ORPHAN,
	RULE_SPLIT_LEAK,
	RULE_COUNT
};

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

extern const char *const severity_names[]; /* ends with NULL */

/* Readers of data sets that may break; a set of them has bit 1 << reader. */
enum check_reader {
	READER_COCO, /* pycocotools, and what builds on it */
	READER_ULTRALYTICS,
	READER_RFDETR,
	READER_DETECTRON2,
	READER_MMDET,
	READER_HF, /* Hugging Face's data sets and trainers */
	READERS
};

extern const char *const check_reader_names[READERS + 1]; /* ends with NULL */

struct check_rule_facts {
	const char *name;
	enum severity severity;
	double limit;     /* below 0: it has none */
	const char *unit; /* of the limit */
	unsigned breaks;  /* readers */
	const char *what; /* one line */
	const char *why;  /* what comes of it, and what to do */
};

extern const struct check_rule_facts check_rules[RULE_COUNT];

/* RULE_COUNT where no rule is called so. */
enum check_rule check_rule_find(struct slice name);

#endif
