#include "record/left_out.h"

#include <stdlib.h>

#include "base/order.h"

static void
add_id(struct left_out *left_out, struct slice value)
{
	int64_t id;

	if (!json_int(value, &id))
		return;
	if (left_out->count == left_out->room) {
		left_out->room = left_out->room ? 2 * left_out->room : 32;
		left_out->ids = xreallocarray(left_out->ids, left_out->room,
					      sizeof(*left_out->ids));
	}
	left_out->ids[left_out->count++] = id;
}

void
left_out_read(struct left_out *left_out, const struct record *record)
{
	struct json_error error;
	struct json_member id;
	struct json_iter iter;
	struct slice value;
	int64_t number;

	left_out->annotations = 0;
	left_out->count = 0;
	if (json_type(record->left_out) != JSON_OBJECT ||
	    json_validate(record->left_out, &error) < 0)
		return;
	if (json_find(record->left_out, "annotations", &value) &&
	    json_int(value, &number) && number > 0)
		left_out->annotations = (uint64_t)number;
	if (!json_find(record->left_out, "ids", &value) ||
	    json_type(value) != JSON_ARRAY)
		return;
	iter = json_iterate(value);
	while (json_next(&iter, &id) > 0)
		add_id(left_out, id.value);
}

void
left_out_add(struct left_out *left_out, struct slice annotation)
{
	struct slice id;

	left_out->annotations++;
	if (json_find(annotation, "id", &id))
		add_id(left_out, id);
}

void
left_out_sort(struct left_out *left_out)
{
	size_t i, n = 0;

	if (left_out->count > 1)
		qsort(left_out->ids, left_out->count, sizeof(*left_out->ids),
		      order_int64);
	for (i = 0; i < left_out->count; i++)
		if (!n || left_out->ids[n - 1] != left_out->ids[i])
			left_out->ids[n++] = left_out->ids[i];
	left_out->count = n;
}

bool
left_out_has(const struct left_out *left_out, int64_t id)
{
	return left_out->count && bsearch(&id, left_out->ids, left_out->count,
					  sizeof(*left_out->ids), order_int64);
}

void
left_out_put(const struct left_out *left_out, struct buf *to)
{
	size_t i;

	buf_puts(to, "{\"annotations\":");
	buf_uint(to, left_out->annotations);
	buf_puts(to, ",\"ids\":[");
	for (i = 0; i < left_out->count; i++) {
		buf_puts(to, i ? "," : "");
		buf_int(to, left_out->ids[i]);
	}
	buf_puts(to, "]}");
}

void
left_out_release(struct left_out *left_out)
{
	free(left_out->ids);
	*left_out = (struct left_out){0};
}
