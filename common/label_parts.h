/* What the files of the label module share. */
#ifndef LABEL_PARTS_H
#define LABEL_PARTS_H

#include "bitmap.h"
#include "fill.h"
#include "label.h"
#include "polygon.h"

/* An annotation of the label at hand. */
struct annotation {
	struct slice text; /* the object */
	uint32_t id;       /* for bitmaps: the pixels' value */
};

struct label_decoder {
	const struct label_options *options;
	struct asset_reader *assets;
	struct bitmap *bitmap;
	struct tracer *tracer;
	struct filler *filler;
	struct annotation *annotations;
	size_t count, room;
	struct point *points;
	size_t point_room;
	struct edits edits;
	struct buf file, value, failure;
	struct slice failed_url;
};

/* Sets why the label fails and returns -1. */
int label_fail(struct label_decoder *decoder, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Sets a member of an annotation to what decoder->value holds. */
void label_set(struct label_decoder *decoder, struct slice annotation,
	       const char *key);
/* Makes a member null that was there before. */
void label_clear(struct label_decoder *decoder, struct slice annotation,
		 const char *key);
/* Likewise all that is geometry. */
void
label_clear_geometry(struct label_decoder *decoder, struct slice annotation);
/* Sets an annotation's iscrowd, from the attribute that tells. */
void label_set_crowd(struct label_decoder *decoder, struct slice annotation);
/* Sets an annotation's bbox: [x,y,w,h]. */
void label_set_box(struct label_decoder *decoder, struct slice annotation,
		   const struct box *box);

/* The annotations of a label whose pixels are in a bitmap: 0, or -1. */
int
label_decode_bitmap(struct label_decoder *decoder, const struct record *record,
		    const struct bitmap_view *view);
/* Those that are drawn with points: 0, or -1. */
int
label_decode_vector(struct label_decoder *decoder, const struct record *record);

#endif
