/*
 * outline < MASKS: a line of JSON for each mask, with its polygon (as
 * `segmentation`), the polygon's `area` and the `iou` of both. A mask is
 * WIDTH HEIGHT TOLERANCE and, row by row, a 0 or 1 for each pixel.
 */
#include "image/rasterize.h"
#include "image/trace.h"
#include "mask.h"
#include "tool.h"

static void
read_pixels(struct mask *mask)
{
	size_t i;
	char digit;

	for (i = 0; i < (size_t)mask->w * mask->h; i++) {
		if (scanf(" %c", &digit) != 1)
			tool_fail("a mask lacks pixels");
		mask->set[i] = digit == '1';
	}
	if (!mask_update(mask))
		tool_fail("a mask is empty");
}

int
main(void)
{
	struct tracer *tracer = tracer_open();
	struct rasterizer *rasterizer = rasterizer_open();
	struct buf text = {0};
	unsigned width, height;
	double tolerance;

	while (scanf("%u %u %lf", &width, &height, &tolerance) == 3) {
		struct mask mask = mask_make(width, height);
		struct instance filled;
		struct polygon polygon;

		read_pixels(&mask);
		polygon = tracer_trace(tracer, &mask.instance, tolerance);
		rasterizer_draw(rasterizer, &polygon, width, height, 1,
				&filled);
		buf_reset(&text);
		polygon_put(&text, &polygon);
		printf("{\"segmentation\":%s,\"area\":%llu,\"iou\":%.17g}\n",
		       buf_cstr(&text), (unsigned long long)filled.area,
		       instance_iou(&filled, &mask.instance));
		mask_free(&mask);
	}
	buf_release(&text);
	rasterizer_close(rasterizer);
	tracer_close(tracer);
	return 0;
}
