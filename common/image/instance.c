#include "image/instance.h"

struct instance
instance_of(uint32_t id, const struct run *runs, size_t count)
{
	struct instance instance = {.id = id, .runs = runs, .count = count};
	uint32_t y0 = UINT32_MAX, y1 = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		instance.area += runs[i].y1 - runs[i].y0;
		y0 = runs[i].y0 < y0 ? runs[i].y0 : y0;
		y1 = runs[i].y1 > y1 ? runs[i].y1 : y1;
	}
	if (count)
		instance.box =
			(struct pixel_box){runs[0].x, y0,
					   runs[count - 1].x - runs[0].x + 1,
					   y1 - y0};
	return instance;
}
