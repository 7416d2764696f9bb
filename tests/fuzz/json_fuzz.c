/*
 * Any bytes as JSON: every kernel agrees with the scanner that goes byte by
 * byte, and what they take json-c takes, too, with as many members.
 */
#include <string.h>

#include "fuzz.h"
#include "json/json_parts.h"

/* Of json-c, whose header has names that are json.h's, too. */
struct json_tokener;
struct json_object;
struct json_tokener *json_tokener_new_ex(int depth);
void json_tokener_free(struct json_tokener *tokener);
void json_tokener_set_flags(struct json_tokener *tokener, int flags);
struct json_object *
json_tokener_parse_ex(struct json_tokener *tokener, const char *text, int n);
int json_tokener_get_error(struct json_tokener *tokener);
int json_object_get_type(const struct json_object *object);
size_t json_object_array_length(const struct json_object *object);
int json_object_put(struct json_object *object);
enum { STRICT_UTF8 = 0x11, SUCCESS = 0, GOES_ON = 1, TYPE_ARRAY = 5 };

static int
verdict_plain(struct slice text)
{
	struct json_scan scan;

	json_scan_begin(&scan);
	return json_scan_plain(&scan, text.p, text.n, true) == 1 &&
	       scan.size == text.n;
}

static int
verdict(struct slice text)
{
	struct json_scan scan;

	json_scan_begin(&scan);
	return json_scan(&scan, text.p, text.n, true) == 1 &&
	       scan.size == text.n;
}

/* In two halves, as a window gives them. */
static int
verdict_cut(struct slice text, size_t at)
{
	struct json_scan scan;
	int got;

	json_scan_begin(&scan);
	got = json_scan(&scan, text.p, at, false);
	if (got == 0)
		got = json_scan(&scan, text.p, text.n, true);
	return got == 1 && scan.size == text.n;
}

/* An integer beyond 64 bits is clamped by json-c; numbers are not compared. */
static void
compare_json_c(struct slice text)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH + 1);
	struct json_object *object;

	json_tokener_set_flags(tokener, STRICT_UTF8);
	object = json_tokener_parse_ex(tokener, text.p, (int)text.n);
	PROMISE(json_tokener_get_error(tokener) == SUCCESS ||
			json_tokener_get_error(tokener) == GOES_ON,
		"what is taken here, json-c takes");
	if (object && json_object_get_type(object) == TYPE_ARRAY)
		PROMISE(json_object_array_length(object) == json_count(text),
			"as many elements");
	json_object_put(object);
	json_tokener_free(tokener);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	const struct json_kernel *const *kernel;
	struct json_error error;
	struct slice key;
	int right, valid;

	if (size == 0 || strchr(" \t\r\n", data[0]) ||
	    strchr(" \t\r\n", data[size - 1]))
		return 0;
	right = verdict_plain(text);
	for (kernel = json_kernels(); *kernel; kernel++) {
		json_use_kernel(*kernel);
		PROMISE(verdict(text) == right, "the plain scanner's verdict");
		PROMISE(verdict_cut(text, size / 2) == right,
			"the same in two pieces");
	}
	json_use_kernel(NULL);
	valid = json_validate(text, &error) == 0;
	PROMISE(valid == right ||
			(right && json_find_repeated(text, &key) &&
			 strncmp(error.what, "duplicate key", 13) == 0),
		"json_validate agrees, and refuses keys that stand twice");
	if (right)
		compare_json_c(text);
	return 0;
}
