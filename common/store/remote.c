#include "store/remote.h"

#include "net/fetch.h"

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

/* Without the spaces around it, as browsers take a URL. */
static struct slice
trim(struct slice url)
{
	while (url.n && (unsigned char)url.p[url.n - 1] <= ' ')
		url.n--;
	while (url.n && (unsigned char)*url.p <= ' ') {
		url.p++;
		url.n--;
	}
	return url;
}

bool
remote_read(const struct record *record, enum asset_kind kind,
	    struct remote *remote, struct buf *text)
{
	struct text_span name, uuid, labelset, url, source, path;
	struct slice asset;

	buf_reset(text);
	if (!record_asset(record, kind, &asset))
		return false;
	url = decode_member(asset, "url", text);
	source = decode_member(asset, "signed_url", text);
	path = decode_member(asset, "path", text);
	if (!url.n && !source.n && !path.n)
		return false;
	name = decode(record->name, text);
	uuid = decode(record->uuid, text);
	labelset = decode_member(record->release, "labelset", text);
	if (!name.n)
		name = uuid;
	*remote = (struct remote){
		.kind = kind,
		.name = name.n ? span_slice(text, name) : record->index,
		.uuid = span_slice(text, uuid),
		.labelset = span_slice(text, labelset),
		.frame = record->frame,
		.url = trim(span_slice(text, url.n ? url : source)),
		.signed_url = trim(span_slice(text, source)),
		.path = span_slice(text, path),
		.asset = asset,
	};
	remote->sample = uuid.n ? remote->uuid : remote->name;
	if (kind == ASSET_IMAGE || slice_is(remote->labelset, "ground-truth"))
		remote->labelset = (struct slice){0};
	return true;
}

struct slice
remote_source(const struct remote *remote, int n, const char **member)
{
	const bool two = remote->signed_url.n &&
			 !slice_equal(remote->signed_url, remote->url);

	*member = two && n == 0 ? "signed_url" : "url";
	if (n == 0)
		return two ? remote->signed_url : remote->url;
	if (n == 1 && two && remote_absolute(remote->url))
		return remote->url;
	return (struct slice){0};
}

bool
remote_absolute(struct slice url)
{
	return url.n && memmem(url.p, url.n, "://", 3) != NULL;
}

/* A path below a directory, none of whose parts leads up. */
static bool
leads_down(struct slice path)
{
	size_t i, from = 0;

	if (!path.n || *path.p == '/' || memchr(path.p, '\0', path.n))
		return false;
	for (i = 0; i <= path.n; i++) {
		if (i < path.n && path.p[i] != '/')
			continue;
		if (i - from == 2 && memcmp(path.p + from, "..", 2) == 0)
			return false;
		from = i + 1;
	}
	return true;
}

const char *
remote_rebase(struct remote *remote, const char *base, struct buf *joined)
{
	struct slice url = remote->url;

	if (!base || !url.n || remote_absolute(url))
		return NULL;
	buf_reset(joined);
	remote->signed_url = (struct slice){0};
	if (remote_absolute(slice_of(base))) {
		if (!fetch_join_url(base, url, joined))
			return "cannot be joined to --base";
		remote->url = buf_view(joined);
		return NULL;
	}
	if (!leads_down(url))
		return "leads out of --base";
	buf_puts(joined, base);
	if (!slice_ends(buf_view(joined), "/"))
		buf_putc(joined, '/');
	buf_slice(joined, url);
	remote->path = buf_view(joined);
	remote->url = (struct slice){0};
	return NULL;
}
