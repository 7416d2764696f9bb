/* The options of a command line that tell how points are grouped. */
#ifndef POINT_OPTIONS_H
#define POINT_OPTIONS_H

#include "base/opts.h"
#include "output/point_groups.h"

/* Their keys. */
enum {
	POINT_GROUP_BY = 380,
	POINT_KEYPOINTS,
	POINT_OBJECT_CATEGORY,
};

/* Rows of a program's table. */
/* clang-format off */
#define POINT_OPTION_ROWS \
	{POINT_GROUP_BY, "group-by", "links|box|attribute:NAME", \
	 "gather points into keypoints of their objects"}, \
	{POINT_KEYPOINTS, "keypoints", "NAME,...", \
	 "categories that are keypoints, in this order"}, \
	{POINT_OBJECT_CATEGORY, "object-category", "NAME", \
	 "of points of one object that is not drawn itself"}
/* clang-format on */

/* Takes an option that is one of these; false for others. */
bool point_options_take(struct point_options *options, const struct opts *o,
			int key);
/* In the end: they must go together. Wrong use ends the program. */
void
point_options_check(const struct point_options *options, const struct opts *o);

#endif
