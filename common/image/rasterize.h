/*
 * From a polygon to pixels, as COCO's own library does it, so that what is
 * computed here (area, IoU) is what the readers of a data set will see.
 *
 * That library moves the points to a grid five times as fine, rounds, and
 * draws the edges there as lines of points, one for each step along an edge's
 * longer side. A pixel column begins to be inside, or ends, where a line steps
 * over the column's centre (from grid column 5 x + 2 to 5 x + 3 or back), at
 * the upper point of the step. A pixel is inside from the row whose centre is
 * not above that point.
 */
#ifndef RASTERIZE_H
#define RASTERIZE_H

#include "image/instance.h"
#include "image/polygon.h"

/* Fills polygon after polygon; its memory is kept for the next one. */
struct rasterizer;

struct rasterizer *rasterizer_open(void);
/* Takes NULL. */
void rasterizer_close(struct rasterizer *rasterizer);

/*
 * The pixels of a polygon in an image of width x height pixels, as the runs of
 * an instance with this id: each part filled even-odd, then united. Returns
 * false where there are none (*instance then has count 0 and area 0). The runs
 * are borrowed until the next call.
 */
bool rasterizer_draw(struct rasterizer *rasterizer,
		     const struct polygon *polygon, uint32_t width,
		     uint32_t height, uint32_t id, struct instance *instance);

/*
 * The pixels in both by the pixels in either, 0 to 1. One of them may be
 * empty; 0 when both are.
 */
double instance_iou(const struct instance *a, const struct instance *b);

#endif
