/*
 * A picture to look at: an image with its annotations in colour over it, an
 * outline around each, and below it what the colours mean.
 */
#ifndef OVERLAY_H
#define OVERLAY_H

#include "base/buf.h"
#include "image/instance.h"

/* An annotation. */
struct overlay_layer {
	const struct instance *instance;
	uint32_t color;
	struct slice name; /* of its category */
};

/* What is drawn: the label of an image of width x height pixels. */
struct overlay_label {
	uint32_t width, height;
	const struct overlay_layer *layers;
	size_t count;
};

struct overlay;

struct overlay *overlay_open(uint64_t max_pixels);
/* Takes NULL. */
void overlay_close(struct overlay *overlay);

/*
 * Draws a label over a JPEG or PNG file of its size: NULL with the PNG in
 * *file (borrowed), or what is wrong.
 */
const char *overlay_draw(struct overlay *overlay, struct slice image,
			 const struct overlay_label *label, struct slice *file);

#endif
