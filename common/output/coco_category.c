/* The list of categories, and what is known of them from annotations. */
#include <stdlib.h>

#include "output/coco_parts.h"

void
coco_use_category(struct coco *coco, const struct category *category,
		  bool keypoint)
{
	if (category->used && (category->keypoint || !keypoint))
		return;
	if (coco->use_count == coco->use_room) {
		coco->use_room = 2 * coco->use_room + 16;
		coco->uses = xreallocarray(coco->uses, coco->use_room,
					   sizeof(*coco->uses));
	}
	coco->uses[coco->use_count++] = (struct category_use){
		(size_t)(category - coco->categories.list), keypoint};
}

void
coco_keep_uses(struct coco *coco)
{
	size_t i;

	for (i = 0; i < coco->use_count; i++) {
		struct category *category =
			&coco->categories.list[coco->uses[i].index];

		category->used = true;
		category->keypoint |= coco->uses[i].keypoint;
	}
	coco->use_count = 0;
}

/* Puts a member of the release's category, unless it is told otherwise. */
static void
put_member(struct buf *to, const struct category *category,
	   const struct json_member *member)
{
	static const struct {
		struct slice key;
		bool keypoint, renumbered; /* ours in these cases alone */
	} ours[] = {
		{{"id", 2}, false, false},
		{{"supercategory", 13}, false, false},
		{{"original_id", 11}, false, true},
		{{"keypoints", 9}, true, false},
		{{"skeleton", 8}, true, false},
	};
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (json_spells(member->key, ours[i].key) &&
		    (!ours[i].keypoint || category->keypoint) &&
		    (!ours[i].renumbered || category->out_id != category->id))
			return;
	json_put_member(to, member->key, member->value);
}

static void
put_category(struct buf *to, const struct category *category)
{
	struct slice text = buf_view(&category->text);
	struct json_iter iter = json_iterate(text);
	struct json_member member;

	buf_puts(to, "\n{\"id\":");
	buf_int(to, category->out_id);
	while (json_next(&iter, &member) > 0)
		put_member(to, category, &member);
	json_put_member(to, slice_of("supercategory"),
			coco_find_text(text, "supercategory"));
	if (category->out_id != category->id) {
		buf_puts(to, ",\"original_id\":");
		buf_int(to, category->id);
	}
	/* Each point is an instance of its own: one keypoint, no limb. */
	if (category->keypoint) {
		buf_puts(to, ",\"keypoints\":[");
		json_put_string(to, buf_view(&category->name));
		buf_puts(to, "],\"skeleton\":[]");
	}
	buf_putc(to, '}');
}

void
coco_put_categories(const struct coco *coco, struct buf *to)
{
	const struct categories *categories = &coco->categories;
	const char *before = "";
	size_t i;

	for (i = 0; i < categories->count; i++) {
		if (coco->options->used_categories && !categories->list[i].used)
			continue;
		buf_puts(to, before);
		put_category(to, &categories->list[i]);
		before = ",";
	}
}
