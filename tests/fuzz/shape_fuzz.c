/*
 * Any pixels: as RLE, and as outlines, they come back as they were, and with a
 * tolerance as some. Any ring: thinned, it keeps three points, its side and
 * its distance.
 */
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "image/rasterize.h"
#include "image/rle.h"
#include "image/rle_read.h"
#include "image/simplify.h"
#include "image/trace.h"
#include "mask.h"

enum { SIDE = 40, RING = 400 };

static struct tracer *tracer;
static struct rasterizer *rasterizer;

static void
check_rle(const struct mask *mask)
{
	static struct buf rle;
	static struct run_list runs;
	const struct instance *instance = &mask->instance;

	for (int form = 0; form < 2; form++) {
		buf_reset(&rle);
		runs.count = 0;
		(form ? rle_put_counts : rle_put_compressed)(&rle, instance,
							     mask->w, mask->h);
		PROMISE(!rle_read(buf_view(&rle), mask->w, mask->h, 1, &runs) &&
				runs.count == instance->count &&
				memcmp(runs.list, instance->runs,
				       runs.count * sizeof(*runs.list)) == 0,
			"the runs come back from RLE");
	}
}

static void
check_outline(const struct mask *mask, double tolerance)
{
	struct polygon polygon =
		tracer_trace(tracer, &mask->instance, tolerance);
	struct instance again;
	size_t from = 0;

	PROMISE(polygon.parts > 0, "an outline");
	for (size_t i = 0; i < polygon.parts; i++) {
		PROMISE(polygon.ends[i] >= from + 3, "three points or more");
		from = polygon.ends[i];
	}
	PROMISE(polygon_area(&polygon) > 0, "around an area");
	if (tolerance > 0) {
		(void)rasterizer_draw(rasterizer, &polygon, mask->w, mask->h, 1,
				      &again);
		return;
	}
	PROMISE(polygon_area(&polygon) == (double)mask->instance.area,
		"which is the pixels'");
	PROMISE(rasterizer_draw(rasterizer, &polygon, mask->w, mask->h, 1,
				&again) &&
			again.count == mask->instance.count &&
			memcmp(again.runs, mask->instance.runs,
			       again.count * sizeof(*again.runs)) == 0,
		"the runs come back from outlines");
}

/* Bits of the input, row by row. */
static void
check_mask(const uint8_t *data, size_t size, uint32_t w, uint32_t h,
	   double tolerance)
{
	struct mask mask = mask_make(w, h);

	for (size_t i = 0; i < (size_t)w * h && i / 8 < size; i++)
		mask.set[i] = data[i / 8] >> i % 8 & 1;
	if (mask_update(&mask)) {
		check_rle(&mask);
		check_outline(&mask, 0);
		check_outline(&mask, tolerance);
	}
	mask_free(&mask);
}

static double
distance(struct point p, struct point a, struct point b)
{
	const double x = b.x - a.x, y = b.y - a.y, square = x * x + y * y;
	double t = 0;

	if (square > 0)
		t = ((p.x - a.x) * x + (p.y - a.y) * y) / square;
	t = fmax(0, fmin(1, t));
	return hypot(p.x - a.x - t * x, p.y - a.y - t * y);
}

static void
check_ring(const uint8_t *data, size_t size, double tolerance)
{
	static struct point ring[RING];
	static bool keep[RING];
	const size_t n = size / 2 < RING ? size / 2 : RING;
	double before = 0, after = 0;
	size_t kept = 0, last = 0, next;

	if (n < 3)
		return;
	for (size_t i = 0; i < n; i++) {
		ring[i] = (struct point){data[2 * i], data[2 * i + 1]};
		keep[i] = false;
	}
	simplify_ring(ring, keep, n, tolerance);
	PROMISE(keep[0], "the first point stays");
	for (size_t i = 0; i < n; i++) {
		const struct point p = ring[i], q = ring[(i + 1) % n];

		before += p.x * q.y - q.x * p.y;
		for (next = i + 1; next < n && !keep[next]; next++)
			;
		next %= n;
		if (keep[i]) {
			kept++;
			last = i;
			after += p.x * ring[next].y - ring[next].x * p.y;
		} else {
			PROMISE(distance(p, ring[last], ring[next]) <=
					tolerance * (1 + 1e-9) + 1e-9,
				"none is farther than the tolerance");
		}
	}
	PROMISE(kept >= 3, "three points stay");
	PROMISE(before * after >= 0, "on the same side");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	double tolerance;

	if (!tracer) {
		tracer = tracer_open();
		rasterizer = rasterizer_open();
	}
	if (size < 4)
		return 0;
	tolerance = data[2] / 16.0;
	if (data[3] & 1)
		check_ring(data + 4, size - 4, tolerance);
	else
		check_mask(data + 4, size - 4, 1 + data[0] % SIDE,
			   1 + data[1] % SIDE, tolerance);
	return 0;
}
