/*
 * Label maps and pictures of a record's label, as PNG files: what each kind
 * of seg-mask is. Where files go and how they are written is not known here.
 */
#ifndef MASK_H
#define MASK_H

#include "label/shapes.h"
#include "output/mask_classes.h"

enum mask_kind {
	MASK_SEMANTIC,   /* the class of each pixel */
	MASK_INSTANCE,   /* its annotation's id, 16 bits */
	MASK_HF,         /* R class, G instance, B 0 */
	MASK_RGB,        /* the id as in label bitmaps, 24 bits */
	MASK_CITYSCAPES, /* labelIds and instanceIds */
	MASK_BINARY,     /* a file for each annotation, 0 and 255 */
	MASK_COLOR,      /* the colour of the class */
	MASK_INSTANCE_COLOR,
	MASK_OVERLAY, /* colours over the image */
};

/* For opts_choice, in that order. */
extern const char *const mask_kinds[];

struct mask_options {
	enum mask_kind kind;
	bool keep;     /* classes are the release's ids */
	bool binary;   /* one class alone is 1, and all other pixels are 0 */
	bool silent;   /* say nothing of the release: another one does */
	uint32_t most; /* value of a class; 0 for the kind's */
	int64_t unlabeled;   /* value of pixels without; -1 for the kind's */
	uint64_t max_pixels; /* of an image */
};

/* Draws record after record. */
struct mask;

struct mask *mask_open(const struct mask_options *options);
/* Takes NULL. */
void mask_close(struct mask *mask);

/* Takes the release of a record: its classes. NULL, or what is wrong. */
const char *mask_take_release(struct mask *mask, struct slice release);
/* Its classes, for comparing and writing. */
const struct mask_classes *mask_classes_of(const struct mask *mask);
/* True where values need 16 bits. */
bool mask_is_wide(const struct mask *mask);

/*
 * Where files go: `ending` is what comes behind the image's name without its
 * extension. 0, or -1 to end it.
 */
struct mask_sink {
	int (*put)(void *context, const char *ending, struct slice file);
	void *context;
};

/*
 * Draws what the options ask for. `image` is the image's file, for an overlay.
 * What has no place in a map is said, with its annotation, and left out:
 * *left_out counts. 0, or -1: mask_failure says why, or the sink ended it and
 * it is empty.
 */
int mask_draw(struct mask *mask, const struct record *record,
	      const struct shapes *shapes, struct slice image,
	      const struct mask_sink *sink, size_t *left_out);
const char *mask_failure(struct mask *mask);

#endif
