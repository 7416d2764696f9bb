/* Strict scanning of whole values. */
#include "json_parts.h"

void
json_scan_begin(struct json_scan *scan)
{
	*scan = (struct json_scan){0};
}

int
json_scan(struct json_scan *scan, const char *text, size_t n, bool last)
{
	return json_scan_plain(scan, text, n, last);
}

int
json_validate(struct slice text, struct json_error *error)
{
	struct json_scan scan;
	size_t at = 0;

	while (at < text.n && json_is_space(text.p[at]))
		at++;
	json_scan_begin(&scan);
	if (json_scan(&scan, text.p + at, text.n - at, true) < 0) {
		*error = scan.error;
		error->offset += at;
		return -1;
	}
	at += scan.size;
	while (at < text.n && json_is_space(text.p[at]))
		at++;
	if (at == text.n)
		return 0;
	*error = (struct json_error){at, "text behind the value"};
	return -1;
}
