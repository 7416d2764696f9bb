#include "report/sample_prints.h"

#include "net/url.h"

/* Text that a sample is known by; false where it has none such. */
static bool
put_key(const struct record *record, enum known_by by, struct buf *key)
{
	struct slice image, url;
	struct buf text = {0};
	bool found;

	buf_reset(key);
	switch (by) {
	case KNOWN_BY_UUID:
		return json_string(record->uuid, key) && key->len;
	case KNOWN_BY_NAME:
		return json_string(record->name, key) && key->len;
	default:
		break;
	}
	found = record_asset(record, ASSET_IMAGE, &image) &&
		json_find(image, "url", &url) && json_string(url, &text) &&
		text.len;
	if (found)
		url_put_stable(key, buf_view(&text));
	buf_release(&text);
	return found;
}

/* Of the records of a sequence each is its frame, and maybe its sensor. */
static void
put_frame(const struct record *record, struct buf *key)
{
	static const char *const keys[] = {"sensor", "index"};
	struct slice value;
	size_t i;

	for (i = 0; i < 2; i++) {
		buf_putc(key, '\xff');
		if (json_find(record->frame, keys[i], &value))
			buf_slice(key, value);
	}
}

struct fingerprint
sample_key(const struct record *record, enum known_by by, struct buf *room)
{
	if (!put_key(record, by, room) &&
	    !put_key(record, KNOWN_BY_NAME, room) &&
	    !put_key(record, KNOWN_BY_UUID, room)) {
		buf_reset(room);
		buf_slice(room, record->index);
	}
	if (record->frame.p)
		put_frame(record, room);
	return fingerprint_text(buf_view(room));
}

/* An object's bytes, but for what is signed in the URL of its file. */
static uint64_t
print_object(const struct record *record, struct slice object,
	     enum asset_kind kind)
{
	struct slice file, url;
	struct buf text = {0}, stable = {0};
	uint64_t sum;

	/* Where no URL has a query, there is no need to look for them. */
	if (!object.n || !memchr(object.p, '?', object.n) ||
	    !record_asset(record, kind, &file) ||
	    !json_find(file, "url", &url) || !memchr(url.p, '?', url.n) ||
	    !json_string(url, &text))
		return fingerprint_bytes(0, object);
	url_put_stable(&stable, buf_view(&text));
	sum = fingerprint_bytes(0, (struct slice){object.p,
						  (size_t)(url.p - object.p)});
	sum = fingerprint_bytes(sum, buf_view(&stable));
	sum = fingerprint_bytes(sum, (struct slice){url.p + url.n,
						    (size_t)(object.p +
							     object.n - url.p) -
							    url.n});
	buf_release(&text);
	buf_release(&stable);
	return sum;
}

/* The bytes of a record besides the values that are looked at apart. */
static uint64_t
print_rest(const struct record *record)
{
	struct slice apart[] = {record->index, record->attributes,
				record->label, record->release};
	struct slice line = record->line, swap;
	const char *from = line.p;
	uint64_t sum = 0;
	size_t i, j, n = sizeof(apart) / sizeof(*apart);

	for (i = 1; i < n; i++)
		for (j = i; j > 0 && apart[j].p < apart[j - 1].p; j--) {
			swap = apart[j];
			apart[j] = apart[j - 1];
			apart[j - 1] = swap;
		}
	for (i = 0; i < n; i++) {
		if (!apart[i].p)
			continue;
		sum = fingerprint_bytes(
			sum, (struct slice){from, (size_t)(apart[i].p - from)});
		from = apart[i].p + apart[i].n;
	}
	return fingerprint_bytes(
		sum, (struct slice){from, (size_t)(line.p + line.n - from)});
}

uint64_t
sample_print(const struct record *record)
{
	const uint64_t prints[] = {
		print_object(record, record->attributes, ASSET_IMAGE),
		print_object(record, record->label, ASSET_LABEL),
		print_rest(record),
	};

	return fingerprint_bytes(0, (struct slice){(const char *)prints,
						   sizeof(prints)});
}
