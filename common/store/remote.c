/* What a record asks to have fetched. */
#include "codec/digest.h"
#include "net/url.h"
#include "store/file_names.h"

/* A string decoded into the buffer: where it begins and its bytes. */
struct text_span {
	size_t at, n;
};

static struct text_span
decode(struct slice value, struct buf *text)
{
	struct text_span span = {text->len, 0};

	if (json_type(value) == JSON_STRING &&
	    json_validate(value, &(struct json_error){0}) == 0)
		json_string(value, text);
	span.n = text->len - span.at;
	return span;
}

static struct text_span
decode_member(struct slice object, const char *key, struct buf *text)
{
	struct slice value = {0};

	json_find(object, key, &value);
	return decode(value, text);
}

static struct slice
span_slice(const struct buf *text, struct text_span span)
{
	return (struct slice){text->data + span.at, span.n};
}

bool
remote_read(const struct record *record, enum asset_kind kind,
	    struct remote *remote, struct buf *text)
{
	struct text_span name, uuid, labelset, url, source;
	struct slice asset;

	buf_reset(text);
	if (!record_asset(record, kind, &asset))
		return false;
	url = decode_member(asset, "url", text);
	source = decode_member(asset, "signed_url", text);
	if (!url.n)
		url = source;
	if (!source.n)
		source = url;
	if (!url.n)
		return false;
	name = decode(record->name, text);
	uuid = decode(record->uuid, text);
	labelset = decode_member(record->release, "labelset", text);
	if (!name.n)
		name = uuid;
	*remote = (struct remote){
		.kind = kind,
		.name = name.n ? span_slice(text, name) : record->index,
		.labelset = span_slice(text, labelset),
		.frame = record->frame,
		.url = span_slice(text, url),
		.source = span_slice(text, source),
		.asset = asset,
	};
	remote->sample = uuid.n ? span_slice(text, uuid) : remote->name;
	if (kind == ASSET_IMAGE || slice_is(remote->labelset, "ground-truth"))
		remote->labelset = (struct slice){0};
	return true;
}

struct claim
remote_claim(const struct remote *remote)
{
	struct buf text = {0};
	struct claim claim;

	buf_slice(&text, remote->sample);
	buf_putc(&text, '\0');
	buf_slice(&text, remote->labelset);
	buf_putc(&text, '\0');
	buf_slice(&text, remote->frame);
	claim.owner = digest_hash(buf_view(&text));
	buf_reset(&text);
	url_put_stable(&text, remote->url);
	claim.url = digest_hash(buf_view(&text));
	buf_release(&text);
	return claim;
}
