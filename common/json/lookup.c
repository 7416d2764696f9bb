#include "json/lookup.h"

/* The place of a raw key among the keys, or n. */
static size_t
find_key(struct slice raw, const struct slice *keys, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (json_spells(raw, keys[i]))
			break;
	return i;
}

void
members_find(struct slice object, const struct slice *keys, size_t n,
	     struct slice *values)
{
	struct json_iter iter = json_iterate(object);
	struct json_member member;
	size_t i;

	for (i = 0; i < n; i++)
		values[i] = (struct slice){0};
	if (json_type(object) != JSON_OBJECT)
		return;
	while (json_next(&iter, &member) > 0) {
		i = find_key(member.key, keys, n);
		if (i < n && !values[i].p)
			values[i] = member.value;
	}
}
