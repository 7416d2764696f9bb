#include "output/point_options.h"

/* What makes points one object's; an attribute is named behind a colon. */
static void
take_grouping(struct point_options *options, const struct opts *o)
{
	static const char attribute[] = "attribute";
	const size_t n = sizeof(attribute) - 1;

	options->attribute = NULL;
	if (strcmp(o->arg, "links") == 0) {
		options->by = POINTS_BY_LINKS;
	} else if (strcmp(o->arg, "box") == 0) {
		options->by = POINTS_BY_BOX;
	} else if (strncmp(o->arg, attribute, n) == 0 && o->arg[n] &&
		   strchr(":= ", o->arg[n]) && o->arg[n + 1]) {
		options->by = POINTS_BY_ATTRIBUTE;
		options->attribute = o->arg + n + 1;
	} else {
		opts_fail(o, "--group-by %s: not links, box or attribute:NAME",
			  o->arg);
	}
}

bool
point_options_take(struct point_options *options, const struct opts *o, int key)
{
	if (key == POINT_GROUP_BY)
		take_grouping(options, o);
	else if (key == POINT_KEYPOINTS)
		options->keypoints = o->arg;
	else if (key == POINT_OBJECT_CATEGORY)
		options->object_category = o->arg;
	else
		return false;
	return true;
}

void
point_options_check(const struct point_options *options, const struct opts *o)
{
	if (options->by)
		return;
	if (options->keypoints)
		opts_fail(o, "--keypoints goes with --group-by");
	if (options->object_category)
		opts_fail(o, "--object-category goes with --group-by");
}
