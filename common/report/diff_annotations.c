/* Annotations of two labels, matched by their ids. */
#include <stdlib.h>

#include "base/diag.h"
#include "image/rasterize.h"
#include "report/diff_parts.h"
#include "report/fingerprint.h"

static void
add_noted(struct noted_list *noted, size_t frame, struct slice text)
{
	struct noted *annotation;
	struct slice value;

	if (noted->count == noted->room) {
		noted->room = 2 * noted->room + 64;
		noted->list = xreallocarray(noted->list, noted->room,
					    sizeof(*noted->list));
	}
	annotation = &noted->list[noted->count++];
	*annotation = (struct noted){.frame = frame, .text = text};
	if (!((json_find(text, "id", &value) ||
	       json_find(text, "track_id", &value)) &&
	      json_int(value, &annotation->id) && annotation->id >= 0))
		annotation->id = -(int64_t)noted->count;
}

static void
add_list(struct noted_list *noted, size_t frame, struct slice attributes)
{
	struct json_iter iter;
	struct json_member member;
	struct slice list;

	if (!json_find(attributes, "annotations", &list))
		return;
	iter = json_iterate(list);
	while (json_next(&iter, &member) > 0)
		add_noted(noted, frame, member.value);
}

static int
compare_noted(const void *left, const void *right)
{
	const struct noted *a = left, *b = right;

	if (a->frame != b->frame)
		return a->frame < b->frame ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return (a->text.p > b->text.p) - (a->text.p < b->text.p);
}

static void
list_noted(struct noted_list *noted, struct slice label)
{
	struct slice attributes, frames;
	struct json_iter iter;
	struct json_member frame;
	size_t n = 0;

	noted->count = 0;
	if (!json_find(label, "attributes", &attributes))
		return;
	add_list(noted, 0, attributes);
	if (json_find(attributes, "frames", &frames)) {
		iter = json_iterate(frames);
		while (json_next(&iter, &frame) > 0)
			add_list(noted, ++n, frame.value);
	}
	if (noted->count > 1)
		qsort(noted->list, noted->count, sizeof(*noted->list),
		      compare_noted);
}

struct slice
diff_category_name(struct slice release, int64_t id)
{
	struct slice list, value, name;
	struct json_iter iter;
	struct json_member category;
	int64_t its;

	if (!json_find(release, "categories", &list))
		return (struct slice){0};
	iter = json_iterate(list);
	while (json_next(&iter, &category) > 0)
		if (json_find(category.value, "id", &value) &&
		    json_int(value, &its) && its == id &&
		    json_find(category.value, "name", &name) &&
		    json_type(name) == JSON_STRING)
			return name;
	return (struct slice){0};
}

/* The raw name of an annotation's category, or its id where it has none. */
static struct slice
category_of(const struct differ *differ, enum diff_side side,
	    const struct noted *annotation)
{
	struct slice value = {0}, name;
	int64_t id;

	if (!json_find(annotation->text, "category_id", &value) ||
	    !json_int(value, &id))
		return value;
	name = diff_category_name(differ->sides[side]->release, id);
	return name.p ? name : value;
}

static void
note_change(struct differ *differ, unsigned what, struct slice category)
{
	if (differ->object_count == differ->object_room) {
		differ->object_room = 2 * differ->object_room + 64;
		differ->objects =
			xreallocarray(differ->objects, differ->object_room,
				      sizeof(*differ->objects));
	}
	differ->objects[differ->object_count++] =
		(struct object_change){what, category};
}

/* Opens an element of the list of annotations that came, went or changed. */
static struct buf *
open_element(struct differ *differ, unsigned what)
{
	struct buf *to = &differ->lists[what];

	if (to->len)
		buf_putc(to, ',');
	return to;
}

static void
put_id(struct buf *to, const struct noted *annotation)
{
	buf_puts(to, "\"id\":");
	if (annotation->id < 0)
		buf_puts(to, "null");
	else
		buf_int(to, annotation->id);
	if (annotation->frame)
		buf_printf(to, ",\"frame\":%zu", annotation->frame - 1);
}

/* An annotation that only one side has. */
static void
put_alone(struct differ *differ, enum diff_side side,
	  const struct noted *annotation)
{
	const unsigned what = side == AFTER ? 0 : 1;
	struct buf *to = open_element(differ, what);

	if (annotation->frame || annotation->id < 0) {
		buf_putc(to, '{');
		put_id(to, annotation);
		buf_putc(to, '}');
	} else {
		buf_int(to, annotation->id);
	}
	note_change(differ, what, category_of(differ, side, annotation));
}

/* Members that seg-decode writes, and those by which annotations are known. */
static bool
is_geometry(struct slice key)
{
	static const char *const keys[] = {
		"bbox",          "area",    "segmentation", "keypoints",
		"num_keypoints", "iscrowd", "iou",
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (slice_is(key, keys[i]))
			return true;
	return false;
}

/* Drops geometry that the other side may lack, and the category. */
static bool
is_compared(struct slice key, struct slice other)
{
	return !slice_is(key, "category_id") && (other.p || !is_geometry(key));
}

/* Members of one annotation against those of the other. */
static void
diff_members(struct differ *differ, const struct noted *a,
	     const struct noted *b, bool only_new)
{
	const struct noted *from = only_new ? b : a;
	struct slice other = only_new ? a->text : b->text;
	struct json_iter iter = json_iterate(from->text), inner;
	struct json_member member, twin;

	while (json_next(&iter, &member) > 0) {
		struct slice found = {0};

		inner = json_iterate(other);
		while (json_next(&inner, &twin) > 0)
			if (slice_equal(twin.key, member.key))
				found = twin.value;
		if (!is_compared(member.key, found) || (only_new && found.p))
			continue;
		buf_reset(&differ->path);
		buf_slice(&differ->path, member.key);
		diff_values(differ, only_new ? found : member.value,
			    only_new ? member.value : found,
			    slice_is(member.key, "attributes"), &differ->inner);
	}
	buf_reset(&differ->path);
}

/* Whether pixels of both sides are known and not the same; *iou is set. */
static bool
pixels_differ(const struct noted *a, const struct noted *b, double *iou)
{
	const struct instance *left, *right;

	if (!a->shape || !b->shape)
		return false;
	left = &a->shape->instance;
	right = &b->shape->instance;
	if (!left->area && !right->area)
		return false;
	*iou = left->area && right->area ? instance_iou(left, right) : 0;
	return left->area != right->area || *iou < 1;
}

/*
 * Whether an annotation went to another category, by name: ids may have been
 * given anew. That the category of an id got another name is told elsewhere.
 */
static bool
category_differs(struct differ *differ, const struct noted *a,
		 const struct noted *b, struct slice names[2])
{
	struct slice left = {0}, right = {0};

	json_find(a->text, "category_id", &left);
	json_find(b->text, "category_id", &right);
	if (slice_equal(left, right))
		return false;
	names[0] = category_of(differ, BEFORE, a);
	names[1] = category_of(differ, AFTER, b);
	return !fingerprint_same(names[0], names[1], &differ->scratch);
}

static void
put_categories(struct buf *to, const struct slice names[2])
{
	buf_puts(to, ",\"category\":[");
	buf_slice(to, names[0].p ? names[0] : slice_of("null"));
	buf_putc(to, ',');
	buf_slice(to, names[1].p ? names[1] : slice_of("null"));
	buf_putc(to, ']');
}

/* An annotation that both sides have; appends what is different. */
static void
diff_pair(struct differ *differ, const struct noted *a, const struct noted *b)
{
	struct slice names[2];
	bool moved, other_pixels;
	double iou = 1;
	struct buf *to;

	buf_reset(&differ->inner);
	other_pixels = pixels_differ(a, b, &iou);
	if (slice_equal(a->text, b->text) && !other_pixels)
		return;
	moved = category_differs(differ, a, b, names);
	diff_members(differ, a, b, false);
	diff_members(differ, a, b, true);
	if (!moved && !other_pixels && !differ->inner.len)
		return;
	to = open_element(differ, 2);
	buf_putc(to, '{');
	put_id(to, b);
	if (moved)
		put_categories(to, names);
	if (differ->inner.len) {
		buf_puts(to, ",\"fields\":[");
		buf_slice(to, buf_view(&differ->inner));
		buf_putc(to, ']');
	}
	if (other_pixels) {
		buf_printf(to, ",\"iou\":%.4g,\"area\":[%llu,%llu]", iou,
			   (unsigned long long)a->shape->instance.area,
			   (unsigned long long)b->shape->instance.area);
	}
	buf_putc(to, '}');
	note_change(differ, 2, category_of(differ, AFTER, b));
}

/* The annotation of an id, outside of frames, or NULL. */
static struct noted *
find_noted(const struct noted_list *noted, int64_t id)
{
	size_t low = 0, high = noted->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (noted->list[middle].frame == 0 &&
		    noted->list[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < noted->count && noted->list[low].frame == 0 &&
			       noted->list[low].id == id
		       ? &noted->list[low]
		       : NULL;
}

/* Gives each annotation its pixels; false, with the message, where it fails. */
static bool
read_pixels(struct differ *differ, enum diff_side side)
{
	struct noted *annotation;
	struct shapes shapes;
	struct slice url;
	int got = shapes_read(differ->readers[side], differ->sides[side],
			      &shapes);
	size_t i;

	if (got < 0) {
		diag_say(&differ->sides[side]->place, "%s",
			 shape_failure(differ->readers[side], &url));
		return false;
	}
	for (i = 0; got > 0 && i < shapes.count; i++) {
		annotation =
			find_noted(&differ->noted[side], shapes.list[i].id);
		if (annotation && shapes.list[i].id > 0)
			annotation->shape = &shapes.list[i];
	}
	return true;
}

/* Which of two lists' next annotations comes first: as compare_noted. */
static int
order_of(const struct noted_list *left, size_t i,
	 const struct noted_list *right, size_t j)
{
	const struct noted *a = &left->list[i], *b = &right->list[j];

	if (i == left->count)
		return 1;
	if (j == right->count)
		return -1;
	if (a->frame != b->frame)
		return a->frame < b->frame ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

bool
diff_annotations(struct differ *differ, bool pixels)
{
	struct noted_list *left = &differ->noted[BEFORE];
	struct noted_list *right = &differ->noted[AFTER];
	size_t i = 0, j = 0;

	list_noted(left, differ->sides[BEFORE]->label);
	list_noted(right, differ->sides[AFTER]->label);
	if (pixels)
		differ->unseen = !read_pixels(differ, BEFORE) ||
				 !read_pixels(differ, AFTER);
	while (i < left->count || j < right->count) {
		int order = order_of(left, i, right, j);

		if (order < 0)
			put_alone(differ, BEFORE, &left->list[i++]);
		else if (order > 0)
			put_alone(differ, AFTER, &right->list[j++]);
		else
			diff_pair(differ, &left->list[i++], &right->list[j++]);
	}
	return differ->object_count > 0;
}
