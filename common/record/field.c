#include "record/field.h"

#include <stdlib.h>

#include "json/json.h"

bool
field_find(struct slice object, const char *path, struct slice *value)
{
	const char *dot;
	struct slice inner;
	char *head;
	bool found;

	if (json_find(object, path, value))
		return true;
	for (dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.')) {
		head = slice_dup((struct slice){path, (size_t)(dot - path)});
		found = json_find(object, head, &inner) &&
			field_find(inner, dot + 1, value);
		free(head);
		if (found)
			return true;
	}
	return false;
}
