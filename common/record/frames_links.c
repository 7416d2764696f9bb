/* Links of a sequence's label, frame by frame. */
#include <stdlib.h>

#include "base/order.h"
#include "record/frames_parts.h"

static void
add_link(struct links *links, struct slice object)
{
	struct slice from, to, frames;
	struct link link = {.object = object};

	if (!json_find(object, "from_id", &from) ||
	    !json_find(object, "to_id", &to) || !json_int(from, &link.from) ||
	    !json_int(to, &link.to))
		return;
	if (json_find(object, "frames", &frames))
		link.frames = json_iterate(frames);
	if (links->count == links->room) {
		links->room = links->room ? 2 * links->room : 16;
		links->list = xreallocarray(links->list, links->room,
					    sizeof(*links->list));
	}
	links->list[links->count++] = link;
}

void
links_begin(struct links *links, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member element;

	links->count = 0;
	while (json_next(&iter, &element) > 0)
		add_link(links, element.value);
}

void
links_step(struct links *links)
{
	struct json_member frame;
	size_t i;

	for (i = 0; i < links->count; i++) {
		struct link *link = &links->list[i];

		link->here = (struct slice){0};
		if (link->frames.p && json_next(&link->frames, &frame) > 0)
			json_find(frame.value, "attributes", &link->here);
	}
}

static void
add_id(struct links *links, struct slice annotation, const char *key)
{
	struct slice value;
	int64_t id;

	if (!json_find(annotation, key, &value) || !json_int(value, &id))
		return;
	if (links->id_count == links->id_room) {
		links->id_room = links->id_room ? 2 * links->id_room : 64;
		links->ids = xreallocarray(links->ids, links->id_room,
					   sizeof(*links->ids));
	}
	links->ids[links->id_count++] = id;
}

/* The ids that a link may speak of: of old `id`, now `track_id`. */
static void
list_ids(struct links *links, struct slice annotations)
{
	struct json_iter iter = json_iterate(annotations);
	struct json_member element;

	links->id_count = 0;
	while (json_next(&iter, &element) > 0) {
		add_id(links, element.value, "id");
		add_id(links, element.value, "track_id");
	}
	if (links->id_count)
		qsort(links->ids, links->id_count, sizeof(*links->ids),
		      order_int64);
}

static bool
has_linked(const struct links *links, int64_t id)
{
	return links->id_count && bsearch(&id, links->ids, links->id_count,
					  sizeof(id), order_int64);
}

static void
put_link(struct buf *to, const struct link *link)
{
	struct members_layer whole = {link->object, "frames"};
	struct members_layer layers[] = {{{0}, NULL}, {link->here, NULL}};
	struct buf attributes = {0};

	if (!link->here.p) {
		layers_put(to, &whole, 1, NULL, link->here);
		return;
	}
	json_find(link->object, "attributes", &layers[0].object);
	layers_put(&attributes, layers, 2, NULL, link->here);
	layers_put(to, &whole, 1, "attributes", buf_view(&attributes));
	buf_release(&attributes);
}

void
links_put(struct links *links, struct slice annotations, struct buf *to)
{
	const char *before = "[";
	size_t i;

	if (links->count)
		list_ids(links, annotations);
	for (i = 0; i < links->count; i++) {
		const struct link *link = &links->list[i];

		if (!has_linked(links, link->from) ||
		    !has_linked(links, link->to))
			continue;
		buf_puts(to, before);
		put_link(to, link);
		before = ",";
	}
	buf_puts(to, *before == '[' ? "[]" : "]");
}

void
links_release(struct links *links)
{
	free(links->list);
	free(links->ids);
}
