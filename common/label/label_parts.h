/* What the files of the label module share. */
#ifndef LABEL_PARTS_H
#define LABEL_PARTS_H

#include "image/bitmap.h"
#include "image/clip.h"
#include "image/even_odd.h"
#include "image/polygon.h"
#include "image/rasterize.h"
#include "image/trace.h"
#include "label/label.h"
#include "record/edits.h"
#include "record/left_out.h"

/* The members of an annotation that are looked at, or set. */
enum annotation_member {
	TYPE,
	POINTS,
	ATTRIBUTES,
	BBOX,
	AREA,
	IOU,
	SEGMENTATION,
	KEYPOINTS,
	NUM_KEYPOINTS,
	ISCROWD,
	MEMBERS
};

/* One of the annotations of the label at hand. */
struct annotation {
	struct slice text; /* the object */
	size_t number;     /* its place in the list, from 1 */
	uint32_t id;       /* for bitmaps: the pixels' value */
};

struct label_decoder {
	const struct label_options *options;
	struct asset_reader *assets;
	struct label_each *each; /* takes annotations, or NULL for a text */
	struct bitmap *bitmap;
	struct tracer *tracer;
	struct rasterizer *rasterizer;
	struct even_odd *even_odd;
	struct clip clip;
	struct annotation *annotations;
	size_t count, room;
	struct point *points;
	size_t point_room;
	/* Of the label at hand. */
	const struct record *record;
	struct point size;        /* the image's: width and height */
	struct left_out left_out; /* annotations dropped before */
	/* Of the annotation at hand, since label_begin. */
	struct slice text;
	size_t number;
	struct slice members[MEMBERS]; /* empty where absent */
	struct buf added;              /* members it is to get */
	struct edits edits;            /* of the record */
	struct buf value;              /* what label_set will set */
	struct buf file, failure;
	struct slice failed_url;
};

/* Sets why the label fails and returns -1. */
int label_fail(struct label_decoder *decoder, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Counts a label, or an annotation, that is odd. */
void
label_count_oddity(struct label_decoder *decoder, enum label_oddity oddity);
/* Bytes of a value that a message shows: the precision of its %.*s. */
int label_shown(struct slice value);
/* Takes an annotation in hand: finds its members. */
void
label_begin(struct label_decoder *decoder, const struct annotation *annotation);
/* Sets a member of the annotation at hand to what decoder->value holds. */
void label_set(struct label_decoder *decoder, enum annotation_member member);
/* Sets bbox: [x,y,w,h]. */
void label_set_box(struct label_decoder *decoder, const struct box *box);
/* Makes a member null that was there before. */
void label_clear(struct label_decoder *decoder, enum annotation_member member);
/* Likewise all that is geometry. */
void label_clear_geometry(struct label_decoder *decoder);
/*
 * Leaves the annotation at hand without geometry. The message names it and
 * says what is wrong, such as "a polygon of 2 points, which covers nothing".
 */
void label_leave_out(struct label_decoder *decoder, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Whether an annotation's attributes say that it is a crowd. */
bool
label_is_crowd(const struct label_decoder *decoder, struct slice attributes);
/*
 * Sets iscrowd, from the attribute that tells, and ends the annotation: 0, or
 * -1 where the record grows beyond what is allowed.
 */
int label_end(struct label_decoder *decoder);

/* The annotations of a label whose pixels are in a bitmap: 0, or -1. */
int label_decode_bitmap(struct label_decoder *decoder,
			const struct bitmap_view *view);
/* Those that are drawn with points: 0, or -1. */
int label_decode_vector(struct label_decoder *decoder);

#endif
