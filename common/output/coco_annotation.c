/*
 * Annotations. What depends on records to come, such as ids of categories that
 * are numbered only where they are used, is written when all have come: until
 * then it stands as a mark, a control character that JSON text cannot have,
 * with the category's place in the list.
 */
#include <math.h>
#include <stdlib.h>

#include "output/coco_parts.h"
#include "output/uncategorized.h"
#include "record/shape_type.h"

size_t
coco_find_category(struct coco *coco, struct coco_record *at,
		   const struct slice *found)
{
	const struct category *category = NULL;
	int64_t id;

	at->number++;
	if (json_id(found[CATEGORY_ID], &id))
		category = categories_find(&coco->categories, id);
	if (category)
		return (size_t)(category - coco->categories.list);
	at->uncategorized++;
	uncategorized_say(&at->record->place, at->number,
			  found[coco_given(found[ID]) ? ID : TRACK_ID],
			  found[CATEGORY_ID]);
	return SIZE_MAX;
}

bool
coco_has_geometry(const struct slice *found)
{
	return json_type(found[BBOX]) == JSON_ARRAY &&
	       json_type(found[AREA]) == JSON_NUMBER &&
	       json_type(found[ISCROWD]) == JSON_NUMBER;
}

void
coco_put_category_id(struct coco *coco, size_t category)
{
	struct buf *to = &coco->list;

	if (!coco->deferred) {
		buf_int(to, coco->categories.list[category].out_id);
		return;
	}
	buf_putc(to, MARK);
	buf_putc(to, MARK_CATEGORY);
	buf_uint(to, category);
	buf_putc(to, MARK_END);
}

void
coco_begin_annotation(struct coco *coco, size_t category,
		      const struct coco_record *at, bool first)
{
	struct buf *to = &coco->list;

	buf_puts(to,
		 first && at->annotations == 0 ? "\n{\"id\":" : ",\n{\"id\":");
	buf_uint(to, coco->counts.annotations + at->annotations + 1);
	buf_puts(to, ",\"image_id\":");
	buf_uint(to, at->image_id);
	buf_puts(to, ",\"category_id\":");
	coco_put_category_id(coco, category);
}

/*
 * The track of a frame's annotation; its id is the older name of the same.
 * Trackers take instance_id for none where it is 0.
 */
static void
put_track(struct buf *to, const struct slice *found, struct coco_record *at)
{
	struct slice track = found[TRACK_ID];
	int64_t number;

	if (!coco_given(track) && at->video != SIZE_MAX)
		track = found[ID];
	if (!coco_given(track))
		return;
	json_put_member(to, annotation_keys[TRACK_ID], track);
	if (at->video == SIZE_MAX)
		return;
	if (json_int(track, &number) && number > 0)
		json_put_member(to, slice_of("instance_id"), track);
	else
		at->untracked++;
}

/* Puts a box's corners; a millionth of a pixel is what is left of rounding. */
static void
put_corners(struct buf *to, struct slice bbox)
{
	struct json_iter iter = json_iterate(bbox);
	struct json_member element;
	double box[4] = {0}, corners[8];
	size_t i;

	for (i = 0; i < 4 && json_next(&iter, &element) > 0; i++)
		json_double(element.value, &box[i]);
	for (i = 0; i < 8; i += 2) {
		corners[i] = box[0] + (i == 2 || i == 4 ? box[2] : 0);
		corners[i + 1] = box[1] + (i >= 4 ? box[3] : 0);
	}
	buf_puts(to, ",\"segmentation\":[[");
	for (i = 0; i < 8; i++) {
		buf_puts(to, i ? "," : "");
		json_put_double(to, round(corners[i] * 1e6) / 1e6);
	}
	buf_puts(to, "]]");
}

void
coco_put_geometry(struct coco *coco, const struct slice *found)
{
	struct buf *to = &coco->list;
	size_t i;

	for (i = BBOX; i <= ISCROWD; i++) {
		if (coco_given(found[i]))
			json_put_member(to, annotation_keys[i], found[i]);
		else if (i == SEGMENTATION && coco->options->box_polygons &&
			 shape_type_find(found[TYPE]) == SHAPE_BOX)
			put_corners(to, found[BBOX]);
	}
}

void
coco_put_facts(struct coco *coco, const struct slice *found,
	       struct coco_record *at)
{
	struct buf *to = &coco->list;

	if (coco_given(found[IOU]))
		json_put_member(to, annotation_keys[IOU], found[IOU]);
	if (coco_given(found[SCORE]))
		json_put_member(to, annotation_keys[SCORE], found[SCORE]);
	put_track(to, found, at);
	if (coco_given(found[ATTRIBUTES]))
		json_put_member(to, annotation_keys[ATTRIBUTES],
				found[ATTRIBUTES]);
	if (coco_given(found[ID]))
		json_put_member(to, slice_of("segments_id"), found[ID]);
}

/* Adds an annotation to coco->list, or counts it as left out. */
static void
put_annotation(struct coco *coco, struct slice annotation,
	       struct coco_record *at, bool first)
{
	struct slice found[MEMBERS];
	size_t category;
	bool point;

	annotation_find(annotation, found);
	category = coco_find_category(coco, at, found);
	if (category == SIZE_MAX)
		return;
	if (!coco_has_geometry(found)) {
		at->without_geometry++;
		return;
	}
	coco_begin_annotation(coco, category, at, first);
	coco_put_geometry(coco, found);
	/* Keypoints that are not ours would not be the category's. */
	point = coco_given(found[KEYPOINTS]) &&
		coco_given(found[NUM_KEYPOINTS]);
	if (point) {
		json_put_member(&coco->list, annotation_keys[KEYPOINTS],
				found[KEYPOINTS]);
		json_put_member(&coco->list, annotation_keys[NUM_KEYPOINTS],
				found[NUM_KEYPOINTS]);
	}
	coco_put_facts(coco, found, at);
	buf_putc(&coco->list, '}');
	coco_use_category(coco, point ? USE_POINT : USE_SHAPE, category, 0);
	at->annotations++;
}

void
coco_put_annotations(struct coco *coco, struct slice list,
		     struct coco_record *at, bool first)
{
	struct json_iter iter = json_iterate(list);
	struct json_member annotation;

	buf_reset(&coco->list);
	coco->use_count = 0;
	if (coco->options->points.by) {
		coco_put_groups(coco, list, at, first);
		return;
	}
	while (json_next(&iter, &annotation) > 0)
		put_annotation(coco, annotation.value, at, first);
}

/* Puts what a mark stands for; returns what is behind it. */
static const char *
put_meant(struct coco *coco, const char *mark, const char *end)
{
	struct buf *to = &coco->list;
	char *rest;
	size_t category = strtoul(mark + 2, &rest, 10);

	if (mark[1] == MARK_CATEGORY)
		buf_int(to, coco->categories.list[category].out_id);
	else
		coco_put_keypoints(coco, category, rest, to);
	rest = memchr(rest, MARK_END, (size_t)(end - rest));
	return rest ? rest + 1 : end;
}

/* Writes lines with what their marks stand for. */
static void
write_lines(void *context, struct slice piece)
{
	struct coco_file *file = context;
	struct coco *coco = file->coco;
	const char *p = piece.p, *end = piece.p + piece.n, *mark;

	buf_reset(&coco->list);
	while ((mark = memchr(p, MARK, (size_t)(end - p)))) {
		buf_put(&coco->list, p, (size_t)(mark - p));
		p = put_meant(coco, mark, end);
	}
	buf_put(&coco->list, p, (size_t)(end - p));
	out_put(file->out, buf_view(&coco->list));
}

int
coco_write_deferred(struct coco_file *file)
{
	return spool_read(file->annotations, true, write_lines, file);
}
