/*
 * The geometry of a record's label, in COCO's terms: bbox, area, segmentation
 * and iscrowd of every annotation, and the image's width and height.
 */
#ifndef LABEL_H
#define LABEL_H

#include <stdatomic.h>

#include "base/buf.h"
#include "image/image_size.h"
#include "image/instance.h"
#include "record/asked.h"
#include "record/record.h"
#include "store/asset.h"

/* How an annotation's pixels are written. */
enum segmentation {
	SEGMENTATION_RLE,     /* COCO's compressed RLE */
	SEGMENTATION_COUNTS,  /* COCO's plain RLE */
	SEGMENTATION_POLYGON, /* the outline along pixel edges */
	SEGMENTATION_NONE,
};

/* What to do about pixels whose id no annotation has. */
enum unlisted { UNLISTED_WARN, UNLISTED_FAIL, UNLISTED_IGNORE };

/*
 * What is odd about labels that are decoded for all that, and worth a line a
 * run and no more. Counted by all decoders together; a zeroed one is empty.
 */
enum label_oddity {
	LABEL_PALETTE,
	LABEL_GREY,
	LABEL_LEVELS,
	LABEL_ANIMATED,
	LABEL_TRAILING,
	LABEL_CLIPPED, /* by more than a pixel */
	LABEL_ODDITIES
};

struct label_oddities {
	atomic_ullong counts[LABEL_ODDITIES];
};

/* Says what has been counted, a line each. */
void label_report_oddities(struct label_oddities *oddities);

struct label_options {
	enum segmentation segmentation;
	double simplify;   /* tolerance in pixels; 0 keeps outlines exact */
	bool report_iou;   /* add `iou` of a polygon with its mask */
	uint64_t min_area; /* pixels; smaller annotations get no geometry */
	enum unlisted unlisted;
	const char *crowd_attribute; /* an object attribute: "1", 1 or true */
	struct asked *crowd_asked;   /* meets it; borrowed, or NULL */
	uint64_t max_pixels;         /* of a bitmap */
	uint64_t max_label;  /* bytes of memory for a label's geometry */
	uint64_t max_record; /* bytes of a decoded record; 0 for any number */
	struct label_oddities *oddities; /* counted there, or NULL */
};

extern const struct label_options label_defaults;

/* Decodes label after label; each worker has its own. */
struct label_decoder;

/* The options are borrowed; the reader becomes the decoder's. */
struct label_decoder *label_decoder_open(const struct label_options *options,
					 struct asset_reader *reader);
void label_decoder_close(struct label_decoder *decoder);

/* The size of the image as the record tells it; false where it does not. */
bool label_known_size(const struct record *record, struct image_size *size);

/*
 * True when the record is decoded: its image has a size, and its annotations
 * have the iscrowd that label_decode gives to each one, with geometry or
 * without. Then its label and attributes are whole JSON.
 */
bool label_decoded(const struct record *record);

/*
 * Appends the record with geometry, without LF. What it has already gives way
 * to what the options ask for, or is null where that is nothing. 1; 0 where
 * there is nothing to add (unlabelled); -1 when it cannot be done:
 * label_failure says why. Warnings are said for the record's place.
 */
int label_decode(struct label_decoder *decoder, const struct record *record,
		 struct buf *to);

/*
 * Likewise for a label whose pixels are in a bitmap, without a text: `each` is
 * called for every annotation, in the order of their ids, with the instance of
 * its pixels (borrowed), or NULL where there are none or fewer than wanted.
 * 1, 0 and -1 as above; 0, too, where the label has no bitmap.
 */
struct label_each {
	void (*each)(void *context, struct slice annotation, uint32_t id,
		     bool crowd, const struct instance *instance);
	void *context;
	uint32_t width, height; /* of the bitmap, afterwards */
};

int label_decode_each(struct label_decoder *decoder,
		      const struct record *record, struct label_each *each);
/* Borrowed until the next label_decode; url is empty for a local cause. */
const char *label_failure(struct label_decoder *decoder, struct slice *url);

#endif
