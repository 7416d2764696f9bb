#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include <json-c/json_object.h>
#include <json-c/json_tokener.h>

#include "json/json_c.h"

/* NULL where json-c refuses it. json-c counts in int. */
static json_object *
decode(const char *p, size_t n)
{
	struct json_tokener *tokener;
	json_object *object;

	if (n > INT_MAX)
		return NULL;
	tokener = json_tokener_new_ex(1);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	object = json_tokener_parse_ex(tokener, p, (int)n);
	json_tokener_free(tokener);
	return object;
}

bool
json_decode_string(struct slice raw, struct buf *text)
{
	json_object *object = decode(raw.p, raw.n);
	bool good = json_object_is_type(object, json_type_string);

	if (good)
		buf_put(text, json_object_get_string(object),
			(size_t)json_object_get_string_len(object));
	json_object_put(object);
	return good;
}

/*
 * json-c clamps an integer that has no exponent, and reads a number at the top
 * only when a byte follows: hence "e0" and the NUL.
 */
bool
json_decode_number(struct slice raw, double *number)
{
	struct buf text = {0};
	json_object *object;
	double size;
	bool good;

	buf_slice(&text, raw);
	if (!memchr(raw.p, 'e', raw.n) && !memchr(raw.p, 'E', raw.n))
		buf_puts(&text, "e0");
	buf_putc(&text, '\0');
	object = decode(text.data, text.len);
	size = json_object_get_double(object);
	good = json_object_is_type(object, json_type_double) && isfinite(size);
	if (good)
		*number = size;
	json_object_put(object);
	buf_release(&text);
	return good;
}
