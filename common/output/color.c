#include "output/color.h"

#include <math.h>

#include "json/json.h"

static uint32_t
color_of(unsigned red, unsigned green, unsigned blue)
{
	return red | green << 8 | blue << 16;
}

/* Colours that people tell apart best come first. */
static const unsigned char best[][3] = {
	{230, 25, 75},  {60, 180, 75},   {0, 130, 200},  {255, 225, 25},
	{245, 130, 48}, {145, 30, 180},  {70, 240, 240}, {240, 50, 230},
	{210, 245, 60}, {250, 190, 212}, {0, 128, 128},  {220, 190, 255},
	{170, 110, 40}, {255, 250, 200}, {128, 0, 0},    {170, 255, 195},
	{128, 128, 0},  {255, 215, 180}, {0, 0, 128},    {128, 128, 128},
};

/* Of a hue from 0 to 1, as much of it and as bright as is said, 0 to 255. */
static uint32_t
hue_color(double hue, double saturation, double value)
{
	unsigned channels[3], k;

	for (k = 0; k < 3; k++) {
		double at = fmod(hue * 6 + 4 - 2 * (double)k + 1, 6);
		double share = fmax(0, fmin(1, fabs(at - 3) - 1));

		channels[k] = (unsigned)lround(
			value * (1 - saturation + saturation * share));
	}
	return color_of(channels[0], channels[1], channels[2]);
}

uint32_t
color_distinct(size_t i)
{
	const size_t n = sizeof(best) / sizeof(*best);

	if (i < n)
		return color_of(best[i][0], best[i][1], best[i][2]);
	i -= n;
	/* Hues a golden section apart never meet; shades take turns. */
	return hue_color(fmod((double)i * .618033988749895, 1),
			 .5 + .5 * (double)(i % 7) / 6,
			 255 - 12 * (double)(i % 11));
}

bool
color_read(struct slice category, uint32_t *color)
{
	struct json_member number;
	struct json_iter iter;
	struct slice list;
	unsigned k;
	double part;

	if (!json_find(category, "color", &list) ||
	    json_type(list) != JSON_ARRAY)
		return false;
	iter = json_iterate(list);
	*color = 0;
	for (k = 0; k < 3; k++) {
		if (json_next(&iter, &number) <= 0 ||
		    !json_double(number.value, &part))
			return false;
		part = fmax(0, fmin(255, part));
		*color |= (uint32_t)lround(part) << 8 * k;
	}
	return true;
}
