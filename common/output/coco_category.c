/* The list of categories, and what is known of them from annotations. */
#include <stdlib.h>

#include "output/coco_parts.h"

bool
coco_used_pair(const struct coco *coco, enum category_use_kind kind,
	       size_t index, size_t other)
{
	return index < coco->side && other < coco->side &&
	       (coco->pairs[index * coco->side + other] & 1U << kind);
}

void
coco_use_category(struct coco *coco, enum category_use_kind kind, size_t index,
		  size_t other)
{
	const struct category *category = &coco->categories.list[index];

	if ((kind == USE_SHAPE && category->shape) ||
	    (kind == USE_POINT && category->keypoint) ||
	    (kind > USE_POINT && coco_used_pair(coco, kind, index, other)))
		return;
	if (coco->use_count == coco->use_room) {
		coco->use_room = 2 * coco->use_room + 16;
		coco->uses = xreallocarray(coco->uses, coco->use_room,
					   sizeof(*coco->uses));
	}
	coco->uses[coco->use_count++] =
		(struct category_use){kind, index, other};
}

static void
widen_pairs(struct coco *coco)
{
	const size_t old = coco->side, side = coco->categories.room;
	unsigned char *pairs = xcalloc(side, side);
	size_t i;

	for (i = 0; i < old; i++)
		memcpy(pairs + i * side, coco->pairs + i * old, old);
	free(coco->pairs);
	coco->pairs = pairs;
	coco->side = side;
}

void
coco_keep_uses(struct coco *coco)
{
	size_t i;

	for (i = 0; i < coco->use_count; i++) {
		const struct category_use *use = &coco->uses[i];
		struct category *category = &coco->categories.list[use->index];

		category->used |= use->kind <= USE_POINT;
		category->shape |= use->kind == USE_SHAPE;
		category->keypoint |= use->kind == USE_POINT;
		category->bears |= use->kind == USE_MEMBER;
		if (use->kind <= USE_POINT)
			continue;
		if (coco->side < coco->categories.count)
			widen_pairs(coco);
		coco->pairs[use->index * coco->side + use->other] |=
			(unsigned char)(1U << use->kind);
	}
	coco->use_count = 0;
}

/* Puts a member of the release's category, unless it is told otherwise. */
static void
put_unless_ours(struct buf *to, const struct category *category, bool panoptic,
		const struct json_member *member)
{
	static const struct {
		struct slice key;
		/* Ours in these cases alone. */
		bool keypoint, renumbered, panoptic;
	} ours[] = {
		{{"id", 2}, false, false, false},
		{{"supercategory", 13}, false, false, false},
		{{"original_id", 11}, false, true, false},
		{{"keypoints", 9}, true, false, false},
		{{"skeleton", 8}, true, false, false},
		{{"isthing", 7}, false, false, true},
		{{"color", 5}, false, false, true},
	};
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (json_spells(member->key, ours[i].key) &&
		    (!ours[i].panoptic || panoptic) &&
		    (!ours[i].keypoint || category->keypoint ||
		     category->bears) &&
		    (!ours[i].renumbered || category->out_id != category->id))
			return;
	json_put_member(to, member->key, member->value);
}

static void
put_category(const struct coco *coco, size_t index, struct buf *to)
{
	const struct category *category = &coco->categories.list[index];
	struct slice text = buf_view(&category->text);
	struct json_iter iter = json_iterate(text);
	struct json_member member;

	buf_puts(to, "\n{\"id\":");
	buf_int(to, category->out_id);
	while (json_next(&iter, &member) > 0)
		put_unless_ours(to, category, coco->options->panoptic, &member);
	json_put_member(to, slice_of("supercategory"),
			coco_find_text(text, "supercategory"));
	if (coco->options->panoptic)
		coco_put_thing(coco, index, to);
	if (category->out_id != category->id) {
		buf_puts(to, ",\"original_id\":");
		buf_int(to, category->id);
	}
	if (category->keypoint || category->bears)
		coco_put_keypoint_names(coco, index, to);
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
		put_category(coco, i, to);
		before = ",";
	}
}
