/* Panoptic files: the segments of an image are its one annotation. */

#include "output/coco_parts.h"
#include "output/color.h"
#include "output/panoptic.h"

void
coco_put_png_name(struct buf *to, struct slice image)
{
	size_t n = image.n;

	while (n && image.p[n - 1] != '.' && image.p[n - 1] != '/')
		n--;
	/* A dot in front is no extension. */
	if (n > 1 && image.p[n - 1] == '.' && image.p[n - 2] != '/')
		image.n = n - 1;
	buf_slice(to, image);
	buf_puts(to, ".png");
}

/* Puts a segment as it came, but for its category: 0, or -1. */
static int
put_segment(struct coco *coco, struct slice segment, const char *before)
{
	struct json_iter iter = json_iterate(segment);
	struct json_member member;
	const struct category *category;
	struct buf *to = &coco->list;
	int64_t id;

	buf_puts(to, before);
	while (json_next(&iter, &member) > 0) {
		if (!slice_is(member.key, "category_id")) {
			json_put_member(to, member.key, member.value);
			continue;
		}
		category = json_int(member.value, &id)
				   ? categories_find(&coco->categories, id)
				   : NULL;
		if (!category)
			return coco_fail(coco, "a segment has no category");
		buf_puts(to, ",\"category_id\":");
		coco_use_category(coco, USE_SHAPE,
				  (size_t)(category - coco->categories.list),
				  0);
		coco_put_category_id(coco, (size_t)(category -
						    coco->categories.list));
	}
	buf_putc(to, '}');
	return 0;
}

/* A count among the facts of a label. */
static uint64_t
find_count(struct slice facts, const char *key)
{
	struct slice value;
	int64_t number;

	if (!json_find(facts, key, &value) || !json_int(value, &number))
		return 0;
	return (uint64_t)number;
}

int
coco_put_segments(struct coco *coco, struct coco_record *at, bool first)
{
	struct buf *to = &coco->list;
	struct slice list;
	struct json_iter iter;
	struct json_member segment;
	struct buf name = {0};

	if (!json_find(at->facts, "segments", &list))
		return coco_fail(coco, "the label was not drawn");
	at->without_geometry = find_count(at->facts, "left_out");
	at->uncategorized = find_count(at->facts, "uncategorized");
	buf_reset(to);
	coco->use_count = 0;
	buf_puts(to, first ? "\n{\"image_id\":" : ",\n{\"image_id\":");
	buf_uint(to, at->image_id);
	buf_puts(to, ",\"file_name\":");
	coco_put_png_name(&name, buf_view(&coco->name));
	json_put_string(to, buf_view(&name));
	buf_release(&name);
	buf_puts(to, ",\"segments_info\":[");
	iter = json_iterate(list);
	while (json_next(&iter, &segment) > 0) {
		if (put_segment(coco, segment.value,
				at->annotations ? ",{" : "{") < 0)
			return -1;
		at->annotations++;
	}
	buf_puts(to, "]}");
	return 0;
}

void
coco_put_thing(const struct coco *coco, size_t category, struct buf *to)
{
	struct slice text = buf_view(&coco->categories.list[category].text);
	uint32_t color;

	if (!color_read(text, &color))
		color = color_distinct(category);
	buf_printf(to, ",\"isthing\":%d,\"color\":[%u,%u,%u]",
		   !panoptic_is_stuff(coco->options->stuff, text), color & 255,
		   color >> 8 & 255, color >> 16 & 255);
}
