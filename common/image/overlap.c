#include "image/overlap.h"

#include <stdbool.h>

static bool
boxes_meet(const struct pixel_box *a, const struct pixel_box *b)
{
	return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h &&
	       b->y < a->y + a->h;
}

uint64_t
overlap_pixels(const struct instance *a, const struct instance *b)
{
	const struct run *r = a->runs, *r_end = r + a->count;
	const struct run *s = b->runs, *s_end = s + b->count;
	uint64_t common = 0;

	if (!boxes_meet(&a->box, &b->box))
		return 0;
	while (r < r_end && s < s_end) {
		const uint32_t y0 = r->y0 > s->y0 ? r->y0 : s->y0;
		const uint32_t y1 = r->y1 < s->y1 ? r->y1 : s->y1;

		if (r->x == s->x && y0 < y1)
			common += y1 - y0;
		if (r->x < s->x || (r->x == s->x && r->y1 <= s->y1))
			r++;
		else
			s++;
	}
	return common;
}
