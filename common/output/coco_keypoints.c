/*
 * What keypoints an object has, known when all records have come: the
 * categories that --keypoints names; or else those that are nothing but
 * points, in the list's order, without those that only objects of other
 * categories have.
 */
#include <stdlib.h>

#include "base/diag.h"
#include "base/list.h"
#include "output/coco_parts.h"

/* True where objects of other categories have such a point, but not these. */
static bool
is_of_others(const struct coco *coco, size_t object, size_t point)
{
	size_t i;

	if (coco_used_pair(coco, USE_MEMBER, object, point))
		return false;
	for (i = 0; i < coco->side; i++)
		if (coco_used_pair(coco, USE_MEMBER, i, point))
			return true;
	return false;
}

static void
add_keypoint(struct keypoint_list *list, struct keypoint keypoint)
{
	list->of = xreallocarray(list->of, list->count + 1, sizeof(*list->of));
	list->of[list->count++] = keypoint;
}

/* Lists the categories that a text names. */
static void
list_named(const struct coco *coco, const char *names,
	   struct keypoint_list *list)
{
	const struct category *category;
	struct keypoint keypoint;

	while (list_next(&names, &keypoint.name)) {
		category = categories_named(&coco->categories, keypoint.name);
		keypoint.index =
			category ? (size_t)(category - coco->categories.list)
				 : SIZE_MAX;
		add_keypoint(list, keypoint);
	}
}

/* Lists the points that objects of a category may have. */
static void
list_points(const struct coco *coco, size_t object, struct keypoint_list *list)
{
	size_t i;

	for (i = 0; i < coco->categories.count; i++) {
		const struct category *category = &coco->categories.list[i];

		if (category->shape || category->bears ||
		    is_of_others(coco, object, i))
			continue;
		add_keypoint(list,
			     (struct keypoint){i, buf_view(&category->name)});
	}
}

void
coco_settle_keypoints(struct coco *coco)
{
	const struct categories *categories = &coco->categories;
	const char *names = coco->options->points.keypoints;
	size_t i;

	if (coco->keypoints)
		return;
	coco->keypoints =
		xcalloc(categories->count + 1, sizeof(*coco->keypoints));
	for (i = 0; i < categories->count; i++) {
		if (!categories->list[i].bears)
			continue;
		if (names)
			list_named(coco, names, &coco->keypoints[i]);
		else
			list_points(coco, i, &coco->keypoints[i]);
	}
}

/* True where no annotation is a point of that category. */
static bool
is_unseen(const struct coco *coco, size_t point)
{
	size_t i;

	if (coco->categories.list[point].keypoint)
		return false;
	for (i = 0; i < coco->side; i++)
		if (coco_used_pair(coco, USE_MEMBER, i, point))
			return false;
	return true;
}

static void
list_keypoint(struct buf *to, const struct keypoint *keypoint)
{
	buf_puts(to, to->len ? ", " : "");
	buf_slice(to, keypoint->name);
}

/* Says of which keypoints of a category there is no point at all. */
static void
say_unseen(const struct coco *coco, size_t object)
{
	const struct keypoint_list *list = &coco->keypoints[object];
	struct buf *name = &coco->categories.list[object].name;
	struct buf all = {0}, unseen = {0};
	size_t i;

	for (i = 0; i < list->count; i++) {
		list_keypoint(&all, &list->of[i]);
		if (is_unseen(coco, list->of[i].index))
			list_keypoint(&unseen, &list->of[i]);
	}
	if (unseen.len)
		diag_say(NULL,
			 "keypoints of \"%s\": %s; nothing is of %s: "
			 "--keypoints would choose",
			 buf_cstr(name), buf_cstr(&all), buf_cstr(&unseen));
	buf_release(&all);
	buf_release(&unseen);
}

void
coco_say_keypoints(struct coco *coco)
{
	const char *named = coco->options->points.keypoints;
	size_t i;

	categories_say_missing(&coco->categories, "--stuff",
			       coco->options->stuff);
	coco_settle_keypoints(coco);
	categories_say_missing(&coco->categories, "--keypoints", named);
	if (named)
		return;
	for (i = 0; i < coco->categories.count; i++)
		say_unseen(coco, i);
}

/* The x, y and v of a point among those of an object, or "0,0,0". */
static struct slice
find_place(const char *points, size_t index)
{
	char *rest;

	while (*points != MARK_END) {
		size_t here = strtoul(points, &rest, 10), n;

		rest++;
		n = strcspn(rest, ";");
		if (here == index)
			return (struct slice){rest, n};
		points = rest + n + 1;
	}
	return slice_of("0,0,0");
}

void
coco_put_keypoints(const struct coco *coco, size_t category, const char *points,
		   struct buf *to)
{
	const struct keypoint_list *list = &coco->keypoints[category];
	struct slice place;
	uint64_t visible = 0;
	size_t i;

	if (!list->count)
		return;
	points++; /* ';' */
	buf_puts(to, ",\"keypoints\":[");
	for (i = 0; i < list->count; i++) {
		place = find_place(points, list->of[i].index);
		buf_puts(to, i ? "," : "");
		buf_slice(to, place);
		visible += place.p[place.n - 1] != '0';
	}
	buf_puts(to, "],\"num_keypoints\":");
	buf_uint(to, visible);
}

/* Puts the limbs between keypoints, which count from 1. */
static void
put_skeleton(const struct coco *coco, const struct keypoint_list *list,
	     struct buf *to)
{
	const char *before = "";
	size_t i, k;

	buf_puts(to, ",\"skeleton\":[");
	for (i = 0; i < list->count; i++)
		for (k = i + 1; k < list->count; k++) {
			if (!coco_used_pair(coco, USE_LINK, list->of[i].index,
					    list->of[k].index))
				continue;
			buf_printf(to, "%s[%zu,%zu]", before, i + 1, k + 1);
			before = ",";
		}
	buf_putc(to, ']');
}

void
coco_put_keypoint_names(const struct coco *coco, size_t category,
			struct buf *to)
{
	/* A point by itself is an instance: one keypoint, no limb. */
	struct keypoint self = {category,
				buf_view(
					&coco->categories.list[category].name)};
	struct keypoint_list list = coco->keypoints[category];
	size_t i;

	if (!list.count)
		list = (struct keypoint_list){&self, 1};
	buf_puts(to, ",\"keypoints\":[");
	for (i = 0; i < list.count; i++) {
		buf_puts(to, i ? "," : "");
		json_put_string(to, list.of[i].name);
	}
	buf_putc(to, ']');
	put_skeleton(coco, &list, to);
}
