/* What frames are called. */
#include <stdlib.h>

#include "codec/digest.h"
#include "record/frames_parts.h"

static uint64_t
digest_of_name(struct frames *frames, struct slice name)
{
	struct buf *text = &frames->text;
	size_t i;

	buf_reset(text);
	json_string(name, text);
	for (i = 0; i < text->len; i++)
		if (text->data[i] >= 'A' && text->data[i] <= 'Z')
			text->data[i] = (char)(text->data[i] + ('a' - 'A'));
	return digest_hash(buf_view(text));
}

static int
compare_digests(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

bool
frames_is_named(struct slice name)
{
	return json_type(name) == JSON_STRING && name.n > 2;
}

/* The name of a frame: its own, or its number. */
void
frames_put_name(struct buf *to, struct slice own, size_t index)
{
	if (frames_is_named(own))
		buf_put(to, own.p + 1, own.n - 2);
	else
		buf_printf(to, "%06zu", index);
}

/*
 * True when two frames of the camera would have one name, be it that of one
 * file where capitals count for nothing.
 */
bool
frames_names_meet(struct frames *frames, struct slice list, size_t count)
{
	struct json_iter iter = json_iterate(list);
	struct json_member frame;
	size_t i, n = 0;

	if (count > frames->digest_room) {
		frames->digest_room = 2 * count;
		frames->digests =
			xreallocarray(frames->digests, frames->digest_room,
				      sizeof(*frames->digests));
	}
	for (; n < count && json_next(&iter, &frame) > 0; n++) {
		struct slice own = {0};

		json_find(frame.value, "name", &own);
		buf_reset(&frames->value);
		buf_putc(&frames->value, '"');
		frames_put_name(&frames->value, own, n);
		buf_putc(&frames->value, '"');
		frames->digests[n] =
			digest_of_name(frames, buf_view(&frames->value));
	}
	buf_reset(&frames->value);
	qsort(frames->digests, n, sizeof(*frames->digests), compare_digests);
	for (i = 1; i < n; i++)
		if (frames->digests[i] == frames->digests[i - 1])
			return true;
	return false;
}
