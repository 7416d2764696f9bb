/*
 * Any names and URL in a record: the path of its file is below DIR, whatever
 * else is in the record and however the URL is signed. And what the text of a
 * URL tells is told again of what it tells.
 */
#include <string.h>

#include "fuzz.h"
#include "net/url.h"
#include "store/file_name.h"

enum { NAME, UUID, LABELSET, SENSOR, URL, PARTS };

/* The input's lines. */
static void
cut(const uint8_t *data, size_t size, struct slice *parts)
{
	struct slice rest = {(const char *)data, size};

	for (int i = 0; i < PARTS; i++) {
		const char *lf = memchr(rest.p, '\n', rest.n);
		size_t n = lf && i + 1 < PARTS ? (size_t)(lf - rest.p) : rest.n;

		parts[i] = (struct slice){rest.p, n};
		n += n < rest.n;
		rest.p += n;
		rest.n -= n;
	}
}

static void
put(struct buf *to, const char *before, struct slice text)
{
	buf_puts(to, before);
	json_put_string(to, text);
}

/* A record of an image and a bitmap; with more in it if `other`. */
static void
put_record(struct buf *to, const struct slice *parts, bool other)
{
	const unsigned number = (unsigned)parts[SENSOR].n * 37;

	buf_printf(to, "{\"index\":%u", number);
	put(to, ",\"name\":", parts[NAME]);
	if (parts[UUID].n)
		put(to, ",\"uuid\":", parts[UUID]);
	put(to, ",\"attributes\":{\"image\":{\"url\":", parts[URL]);
	put(to,
	    "}},\"label\":{\"attributes\":{\"segmentation_bitmap\":{\"url\":",
	    parts[URL]);
	buf_puts(to,
		 other ? ",\"x\":[]}}},\"metadata\":{\"name\":\"..\"}" : "}}}");
	put(to, ",\"release\":{\"labelset\":", parts[LABELSET]);
	if (parts[SENSOR].n) {
		put(to, "},\"frame\":{\"sequence\":\"s\",\"sensor\":",
		    parts[SENSOR]);
		buf_printf(to, ",\"index\":%u", number);
	}
	buf_puts(to, "}}");
}

static void
check_path(struct slice path, enum asset_kind kind)
{
	const char *folder = kind == ASSET_IMAGE ? "images/" : "labels";
	size_t from = 0;

	PROMISE(path.n > 7 && memcmp(path.p, folder, strlen(folder)) == 0 &&
			memchr(path.p, '/', path.n),
		"in its folder");
	PROMISE(path.n < 1400 && !memchr(path.p, 0, path.n), "a path");
	for (size_t i = 0; i <= path.n; i++) {
		const size_t length = i - from;

		if (i < path.n && path.p[i] != '/')
			continue;
		PROMISE(length > 0 && length <= 255, "parts of some length");
		PROMISE(path.p[from] != '.' ||
				(length > 1 &&
				 (path.p[from + 1] != '.' || length > 2)),
			"no way up");
		from = i + 1;
	}
}

static void
check_record(const struct slice *parts)
{
	struct buf lines[2] = {{0}}, text = {0}, paths[2] = {{0}};
	struct record records[2] = {{0}};
	struct json_error error;

	for (int i = 0; i < 2; i++) {
		put_record(&lines[i], parts, i);
		PROMISE(record_parse(&records[i], buf_view(&lines[i]),
				     &error) == 0,
			"it is a record");
	}
	for (int way = 0; way < 4; way++) {
		const enum asset_kind kind =
			way & 1 ? ASSET_LABEL : ASSET_IMAGE;
		struct remote remote;
		bool named = false;

		for (int i = 0; i < 2; i++) {
			buf_reset(&paths[i]);
			named = remote_read(&records[i], kind, &remote,
					    &text) &&
				file_name_put(&remote,
					      way & 2 ? FILE_BY_UUID
						      : FILE_BY_NAME,
					      &paths[i]);
		}
		if (named)
			check_path(buf_view(&paths[0]), kind);
		PROMISE(slice_equal(buf_view(&paths[0]), buf_view(&paths[1])),
			"the path follows from the record");
	}
	for (int i = 0; i < 2; i++) {
		record_release(&records[i]);
		buf_release(&lines[i]);
		buf_release(&paths[i]);
	}
	buf_release(&text);
}

static void
check_url(struct slice url)
{
	struct buf stable = {0}, again = {0};
	struct slice path = url_path(url);

	PROMISE(!path.n ||
			(path.p >= url.p && path.p + path.n <= url.p + url.n),
		"a part of it");
	url_put_stable(&stable, url);
	url_put_stable(&again, buf_view(&stable));
	PROMISE(slice_equal(buf_view(&stable), buf_view(&again)),
		"what has no signature loses nothing");
	(void)url_expiry(url);
	(void)url_image_suffix(url);
	(void)remote_absolute(url);
	buf_release(&stable);
	buf_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice parts[PARTS];

	if (size == 0 || size > 4000)
		return 0;
	cut(data, size, parts);
	check_record(parts);
	check_url(parts[URL]);
	return 0;
}
