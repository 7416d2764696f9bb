/*
 * Draws things on a table, seen from above, for the demo: donuts, plates, mugs
 * and a heap of donut holes. Only + - * / and sqrt are used, which IEEE 754
 * rounds the same everywhere, so a picture is the same on every machine.
 */
#ifndef TABLE_H
#define TABLE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct rgb {
	double r, g, b;
};

enum thing_kind { NO_THING, DONUT, PLATE, MUG, HEAP };

static const char *const thing_names[] = {"-",   "donut", "plate",
					  "mug", "heap",  NULL};

/* What may be particular about a donut. */
enum { PLAIN = 1, BITTEN = 2, BROKEN = 4, SMILING = 8 };

/* A thing on the table. Of two in one place, the later one is on top. */
struct thing {
	enum thing_kind kind;
	double x, y, r; /* centre and outer radius, pixels */
	unsigned glaze; /* index of its colour */
	unsigned how;   /* PLAIN and so on */
};

/* Parts of a donut's radius. */
static const double hole = 0.34, broken_gap = 0.1;

static inline double
clamp(double v, double low, double high)
{
	return v < low ? low : v > high ? high : v;
}

/* 0 below `from`, 1 above `to`, smooth between. */
static inline double
ramp(double v, double from, double to)
{
	double t = clamp((v - from) / (to - from), 0, 1);

	return t * t * (3 - 2 * t);
}

static inline double
length(double x, double y)
{
	return sqrt(x * x + y * y);
}

static inline struct rgb
mix(struct rgb a, struct rgb b, double t)
{
	return (struct rgb){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t,
			    a.b + (b.b - a.b) * t};
}

static inline struct rgb
light(struct rgb c, double by)
{
	return (struct rgb){c.r * by, c.g * by, c.b * by};
}

/* How bright a surface is whose normal is (x, y, up). */
static inline double
lambert(double x, double y)
{
	double up = sqrt(clamp(1 - x * x - y * y, 0, 1));

	return 0.62 + 0.42 * clamp(-0.5 * x - 0.6 * y + 0.62 * up, 0, 1);
}

/* The glint of the lamp on the same surface, 0 to 1. */
static inline double
glint(double x, double y)
{
	double d = length(x + 0.36, y + 0.42);

	return 1 - ramp(d, 0.05, 0.34);
}

/* A number from 0 to 1 that depends on n and seed alone. */
static inline double
noise(unsigned n, unsigned seed)
{
	uint32_t h = n * 2654435761u ^ seed * 2246822519u;

	h = (h ^ h >> 15) * 2246822519u;
	h = (h ^ h >> 13) * 3266489917u;
	return (double)((h ^ h >> 16) >> 8) / 16777216;
}

static const struct rgb glazes[] = {
	{0.98, 0.60, 0.74}, /* strawberry */
	{0.38, 0.22, 0.15}, /* chocolate */
	{0.97, 0.93, 0.84}, /* sugar */
	{0.62, 0.80, 0.92}, /* blueberry */
	{0.72, 0.87, 0.58}, /* pistachio */
	{0.98, 0.81, 0.42}, /* lemon */
};

static const char *const glaze_names[] = {"strawberry", "chocolate", "sugar",
					  "blueberry",  "pistachio", "lemon",
					  NULL};

static const struct rgb cloths[] = {
	{0.86, 0.30, 0.32}, {0.42, 0.62, 0.86}, {0.52, 0.74, 0.52},
	{0.96, 0.80, 0.44}, {0.72, 0.60, 0.84},
};

static const char *const cloth_names[] = {"red",    "blue",  "green",
					  "yellow", "lilac", NULL};

/* Distance of (x, y) from the segment from (-h, 0) to (h, 0) along (ux, uy). */
static inline double
from_stick(double x, double y, double ux, double uy, double h)
{
	double t = clamp(x * ux + y * uy, -h, h);

	return length(x - t * ux, y - t * uy);
}

/* Colours a glaze with sprinkles at (x, y), the donut's radius being 1. */
static inline struct rgb
sprinkle(struct rgb c, double x, double y, unsigned seed)
{
	static const struct rgb colours[] = {
		{0.96, 0.30, 0.35}, {0.99, 0.85, 0.25}, {0.30, 0.62, 0.95},
		{0.35, 0.78, 0.42}, {1.00, 1.00, 1.00},
	};

	for (unsigned i = 0; i < 64; i++) {
		double sx = 2 * noise(i, seed) - 1;
		double sy = 2 * noise(i + 100, seed) - 1;
		double ux = noise(i + 200, seed) - 0.5;
		double uy = noise(i + 300, seed) - 0.5;
		double d = length(sx, sy), u = length(ux, uy) + 1e-9;

		if (d < hole + 0.16 || d > 0.84)
			continue;
		d = from_stick(x - sx, y - sy, ux / u, uy / u, 0.055);
		if (d < 0.034)
			return light(colours[i % 5], 1.06 - 5 * d);
	}
	return c;
}

/* Eyes, cheeks and a smile on the lower part of the ring. */
static inline struct rgb
face(struct rgb c, double x, double y)
{
	static const struct rgb ink = {0.16, 0.10, 0.12};
	static const struct rgb cheek = {1.0, 0.45, 0.45};
	double side = fabs(x);
	double smile = fabs(length(x, y - 0.60) - 0.15);

	if (length(side - 0.31, y - 0.62) < 0.028)
		return (struct rgb){1, 1, 1};
	if (length(side - 0.33, y - 0.64) < 0.085)
		return ink;
	if (y > 0.65 && smile < 0.03)
		return ink;
	return mix(c, cheek,
		   0.75 * (1 -
			   ramp(length(side - 0.50, y - 0.74), 0.04, 0.12)));
}

/* Where a broken donut's parts have moved apart, back to where they were. */
static inline bool
mend(double *x, double *y)
{
	double across = 0.8 * *x - 0.6 * *y;
	double by = across > 0 ? broken_gap : -broken_gap;

	if (fabs(across) <= broken_gap)
		return false;
	*x -= 0.8 * by;
	*y += 0.6 * by;
	return true;
}

static inline bool
bitten_away(double x, double y)
{
	return length(x - 0.86, y + 0.42) < 0.24 ||
	       length(x - 0.70, y + 0.76) < 0.25 ||
	       length(x - 1.04, y + 0.08) < 0.22;
}

static inline bool
donut_covers(const struct thing *t, double x, double y)
{
	double d;

	if (t->how & BROKEN && !mend(&x, &y))
		return false;
	if (t->how & BITTEN && bitten_away(x, y))
		return false;
	d = length(x, y);
	return d > hole && d < 1;
}

static inline struct rgb
donut_shade(const struct thing *t, double x, double y)
{
	static const struct rgb dough = {0.87, 0.66, 0.40};
	double d, ring, ux, uy, wave, top, edge;
	struct rgb c = glazes[t->glaze];

	if (t->how & BROKEN)
		mend(&x, &y);
	d = length(x, y);
	ux = x / d;
	uy = y / d;
	ring = (d - (1 + hole) / 2) / ((1 - hole) / 2); /* -1 in, 1 out */
	wave = ux * ux * ux * 4 - 3 * ux + uy * (5 - 20 * uy * uy * ux * ux);
	top = 0.76 + 0.035 * wave;
	edge = ramp(fabs(ring), top - 0.04, top + 0.04);
	if (!(t->how & PLAIN) && !(t->how & SMILING && y > 0.45))
		c = sprinkle(c, x, y, (unsigned)(t->x * 7 + t->y * 13));
	if (t->how & SMILING)
		c = face(c, x, y);
	c = mix(c, dough, edge);
	c = light(c, lambert(ring * ux, ring * uy) - 0.1 * edge);
	return mix(c, (struct rgb){1, 1, 1},
		   0.55 * (1 - edge) * glint(ring * ux, ring * uy));
}

static inline struct rgb
plate_shade(double x, double y)
{
	static const struct rgb china = {0.95, 0.96, 0.98};
	static const struct rgb stripe = {0.36, 0.55, 0.80};
	double d = length(x, y);
	double slope = (ramp(d, 0.6, 0.7) - ramp(d, 0.7, 0.8)) * 0.35;
	struct rgb c =
		mix(china, stripe, ramp(d, 0.86, 0.87) - ramp(d, 0.92, 0.93));

	d += 1e-9;
	return light(c, lambert(-slope * x / d, -slope * y / d) + 0.03 -
				0.1 * ramp(d, 0.96, 1));
}

/* The handle is a ring of its own, beside and under the mug. */
static inline bool
mug_covers(double x, double y)
{
	double handle = length(x - 0.78, y - 0.42);

	return length(x, y) < 0.8 || (handle > 0.17 && handle < 0.34);
}

static inline struct rgb
mug_shade(const struct thing *t, double x, double y)
{
	static const struct rgb coffee = {0.30, 0.17, 0.09};
	static const struct rgb milk = {0.93, 0.82, 0.66};
	double d = length(x, y) / 0.8;
	double hx = x / 0.36, hy = -(y - 0.05) / 0.36, q;
	struct rgb c = glazes[t->glaze];

	if (d > 0.8)
		return light(c, lambert(0.5 * x, 0.5 * y));
	q = hx * hx + hy * hy - 1;
	c = mix(coffee, milk, 0.5 * ramp(d, 0.66, 0.8));
	if (q * q * q - hx * hx * hy * hy * hy < 0)
		c = milk;
	return light(c, 1 - 0.35 * ramp(0.3 * x + 0.6 * y, 0.5, -0.5) *
					ramp(d, 0.4, 0.8));
}

/* The ball of a heap that is uppermost at (x, y), or NULL. */
static inline const double *
heap_ball(double x, double y)
{
	static const double balls[][2] = {
		{-0.50, -0.35}, {0.02, -0.55}, {0.48, -0.30}, {-0.62, 0.22},
		{0.62, 0.25},   {-0.25, 0.55}, {0.28, 0.58},  {-0.22, -0.05},
		{0.26, 0.02},   {0.0, 0.30},
	};
	size_t i = sizeof(balls) / sizeof(*balls);

	while (i-- > 0)
		if (length(x - balls[i][0], y - balls[i][1]) < 0.31)
			return balls[i];
	return NULL;
}

static inline struct rgb
heap_shade(double x, double y)
{
	static const struct rgb dough = {0.90, 0.68, 0.42};
	const double *ball = heap_ball(x, y);
	double u = (x - ball[0]) / 0.31, v = (y - ball[1]) / 0.31;
	struct rgb c =
		light(dough, lambert(u, v) - 0.15 * ramp(length(u, v), 0.7, 1));

	return mix(c, (struct rgb){1, 1, 1}, 0.4 * glint(u, v));
}

/* True where a thing covers the point (x, y) of the picture. */
static inline bool
thing_covers(const struct thing *t, double x, double y)
{
	x = (x - t->x) / t->r;
	y = (y - t->y) / t->r;
	if (fabs(x) > 1.3 || fabs(y) > 1.3)
		return false;
	switch (t->kind) {
	case DONUT:
		return donut_covers(t, x, y);
	case PLATE:
		return length(x, y) < 1;
	case MUG:
		return mug_covers(x, y);
	case HEAP:
		return heap_ball(x, y) != NULL;
	case NO_THING:
		break;
	}
	return false;
}

/* Its colour there. */
static inline struct rgb
thing_shade(const struct thing *t, double x, double y)
{
	x = (x - t->x) / t->r;
	y = (y - t->y) / t->r;
	switch (t->kind) {
	case DONUT:
		return donut_shade(t, x, y);
	case PLATE:
		return plate_shade(x, y);
	case MUG:
		return mug_shade(t, x, y);
	case HEAP:
		return heap_shade(x, y);
	case NO_THING:
		break;
	}
	return (struct rgb){0, 0, 0};
}

/* How much light it takes from what lies under it there, 0 to 1. */
static inline double
thing_shadow(const struct thing *t, double x, double y)
{
	double soft = t->kind == PLATE ? 0.12 : 0.22, d;

	x = (x - t->x) / t->r - 0.1;
	y = (y - t->y) / t->r - 0.13;
	d = length(x, y);
	if (t->kind == DONUT)
		d = fmax(d, hole + 1 - d - 0.1);
	return 0.42 * (1 - ramp(d, 1 - soft, 1 + soft));
}

/* The table's colour there: a gingham cloth of the given colour. */
static inline struct rgb
cloth_shade(struct rgb colour, double x, double y)
{
	static const struct rgb white = {0.98, 0.97, 0.95};
	int stripes = (int)(x / 12) % 2 + (int)(y / 12) % 2;

	return mix(white, colour, 0.1 + 0.31 * stripes);
}

#endif
