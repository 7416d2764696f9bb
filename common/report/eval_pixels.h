/*
 * How many pixels each true object of an image has in common with each
 * predicted one, from the runs of both: no raster.
 */
#ifndef EVAL_PIXELS_H
#define EVAL_PIXELS_H

#include "base/buf.h"
#include "image/instance.h"

/*
 * An object of one side. Where two overlap, the later one is on top; what shows
 * no pixel is none.
 */
struct eval_segment {
	const struct instance *mask; /* NULL: no pixels */
	uint32_t category;
	bool crowd; /* of a true one */
	int64_t id;
};

/* Pixels that are both in this true and in this predicted object. */
struct eval_common {
	uint32_t truth, prediction; /* index in the list, or EVAL_VOID */
	uint64_t pixels;
};

#define EVAL_VOID UINT32_MAX

/* For image after image; its memory is kept. Each thread has its own. */
struct eval_pixels;

struct eval_pixels *eval_pixels_open(void);
/* Takes NULL. */
void eval_pixels_close(struct eval_pixels *pixels);

/* The segments of an image, and the pairs of them that have pixels. */
struct eval_scene {
	uint32_t width, height; /* pixels; what is outside does not count */
	const struct eval_segment *truths, *predictions;
	size_t truth_count, prediction_count;
	/* By truth and prediction, the void last. */
	const struct eval_common *common;
	size_t common_count;
};

/* Finds the pairs of a scene, which are borrowed until the next call. */
void eval_pixels_count(struct eval_pixels *pixels, struct eval_scene *scene);

#endif
