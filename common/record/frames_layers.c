/* Objects put together from the members of several. */
#include "record/frames_parts.h"

/* True where a later layer has such a member, which is the one that counts. */
static bool
is_covered(const struct members_layer *layers, size_t n, struct slice key)
{
	struct json_member member;
	struct json_iter iter;
	size_t i;

	for (i = 0; i < n; i++) {
		if (json_type(layers[i].object) != JSON_OBJECT)
			continue;
		iter = json_iterate(layers[i].object);
		while (json_next(&iter, &member) > 0)
			if (slice_equal(member.key, key))
				return true;
	}
	return false;
}

static bool
key_is(struct slice key, const char *name)
{
	return name && json_spells(key, slice_of(name));
}

void
layers_put(struct buf *to, const struct members_layer *layers, size_t n,
	   const char *instead, struct slice value)
{
	struct json_member member;
	struct json_iter iter;
	size_t i;

	buf_putc(to, '{');
	for (i = 0; i < n; i++) {
		if (json_type(layers[i].object) != JSON_OBJECT)
			continue;
		iter = json_iterate(layers[i].object);
		while (json_next(&iter, &member) > 0) {
			if (key_is(member.key, layers[i].without) ||
			    key_is(member.key, instead) ||
			    is_covered(layers + i + 1, n - i - 1, member.key))
				continue;
			json_put_member(to, member.key, member.value);
		}
	}
	if (instead)
		json_put_member(to, slice_of(instead), value);
	buf_putc(to, '}');
}
