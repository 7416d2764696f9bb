#include <ctype.h>
#include <stdlib.h>
#include <time.h>

#include "net/fetch_parts.h"
#include "net/url.h"

/* Longer ones are refused: no server takes them. */
enum { URL_LONGEST = 32768 };

void
request_release(struct request *request)
{
	buf_release(&request->url);
	buf_release(&request->host);
	buf_release(&request->how);
	buf_release(&request->region);
	curl_slist_free_all(request->headers);
	*request = (struct request){0};
}

static bool
refuse(struct buf *error, const char *why, const char *detail)
{
	buf_puts(error, why);
	buf_puts(error, detail);
	return false;
}

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

/* Appends a key of S3 or GCS, which is no URL: all but letters is encoded. */
static void
put_key(struct buf *to, struct slice key)
{
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];

		if (is_plain(c) || c == '/')
			buf_putc(to, c);
		else
			buf_printf(to, "%%%02X", (unsigned)(unsigned char)c);
	}
}

/* Appends a URL; spaces and letters beyond ASCII in its path are encoded. */
static void
put_url(struct buf *to, struct slice url)
{
	const char *path = url_path(url).p;

	for (size_t i = 0; i < url.n; i++) {
		unsigned char c = (unsigned char)url.p[i];

		if (url.p + i >= path && (c == ' ' || c >= 0x80))
			buf_printf(to, "%%%02X", (unsigned)c);
		else
			buf_putc(to, (char)c);
	}
}

static bool
get_part(CURLU *parsed, CURLUPart part, unsigned flags, struct buf *to)
{
	char *text;

	if (curl_url_get(parsed, part, &text, flags) != CURLUE_OK)
		return false;
	buf_puts(to, text);
	curl_free(text);
	return true;
}

/* The rules that hold for every URL, also for one a server sends us to. */
static bool
check_parts(CURLU *parsed, const struct request *from, struct request *request,
	    struct buf *error)
{
	struct buf scheme = {0}, user = {0};
	bool http, https, good = false;

	get_part(parsed, CURLUPART_SCHEME, 0, &scheme);
	http = slice_is(buf_view(&scheme), "http");
	https = slice_is(buf_view(&scheme), "https");
	if (!http && !https)
		refuse(error, "scheme not allowed: ", buf_cstr(&scheme));
	else if (get_part(parsed, CURLUPART_USER, 0, &user) ||
		 get_part(parsed, CURLUPART_PASSWORD, 0, &user))
		refuse(error, "user name in a URL", "");
	else if (http && from && strncmp(from->host.data, "https:", 6) == 0)
		refuse(error, "redirected from https to http", "");
	else
		good = true;
	buf_slice(&request->host, buf_view(&scheme));
	buf_puts(&request->host, "://");
	get_part(parsed, CURLUPART_HOST, 0, &request->host);
	buf_putc(&request->host, ':');
	get_part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT, &request->host);
	for (size_t i = 0; i < request->host.len; i++)
		request->host.data[i] =
			(char)tolower((unsigned char)request->host.data[i]);
	buf_release(&scheme);
	buf_release(&user);
	return good;
}

static bool
check_url(const struct request *from, struct request *request,
	  struct buf *error)
{
	CURLU *parsed = curl_url();
	CURLUcode code =
		curl_url_set(parsed, CURLUPART_URL, buf_cstr(&request->url),
			     CURLU_NON_SUPPORT_SCHEME);
	bool good = false;

	if (code == CURLUE_OK)
		good = check_parts(parsed, from, request, error);
	else
		refuse(error, "not a URL: ", curl_url_strerror(code));
	curl_url_cleanup(parsed);
	return good;
}

/* A variable of the environment; NULL where it is empty, too. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static const char *
region(void)
{
	const char *name = variable("AWS_REGION");

	if (!name)
		name = variable("AWS_DEFAULT_REGION");
	return name ? name : "us-east-1";
}

static void
add_request_header(struct request *request, const char *name, const char *value)
{
	struct buf line = {0};

	buf_printf(&line, "%s: %s", name, value);
	request->headers = curl_slist_append(request->headers, buf_cstr(&line));
	buf_release(&line);
}

/* Parts bucket and key; a bucket's name must not change the host. */
static bool
split_bucket(struct slice rest, struct slice *bucket, struct slice *key,
	     struct buf *error)
{
	const char *slash = memchr(rest.p, '/', rest.n);
	size_t i, n = slash ? (size_t)(slash - rest.p) : 0;

	*bucket = (struct slice){rest.p, n};
	for (i = 0; i < n; i++)
		if (!is_plain(rest.p[i]) || rest.p[i] == '~')
			return refuse(error, "not a bucket's name", "");
	if (n < 3 || n > 222 || n + 1 >= rest.n)
		return refuse(error, "neither bucket nor key", "");
	*key = (struct slice){slash + 1, rest.n - n - 1};
	return true;
}

/* The base is a URL that the user gave; with one slash behind it. */
static void
put_base(struct buf *to, const char *base)
{
	buf_puts(to, base);
	if (!slice_ends(buf_view(to), "/"))
		buf_putc(to, '/');
}

static void
put_s3_base(const struct fetch *fetch, struct slice bucket, const char *where,
	    struct buf *to)
{
	const char *base = fetch->options.s3_endpoint;

	if (!base)
		base = variable("AWS_ENDPOINT_URL_S3");
	if (!base)
		base = variable("AWS_ENDPOINT_URL");
	if (base) {
		put_base(to, base);
	} else if (memchr(bucket.p, '.', bucket.n)) {
		/* Amazon's certificates are for one more label only. */
		buf_printf(to, "https://s3.%s.amazonaws.com/", where);
	} else {
		buf_puts(to, "https://");
		buf_slice(to, bucket);
		buf_printf(to, ".s3.%s.amazonaws.com/", where);
		return;
	}
	buf_slice(to, bucket);
	buf_putc(to, '/');
}

/* Signed with version 4 where the variables have a key, else public. */
static bool
make_s3(const struct fetch *fetch, struct slice rest, struct request *request,
	struct buf *error)
{
	const char *token = variable("AWS_SESSION_TOKEN");
	struct slice bucket, key;

	if (!split_bucket(rest, &bucket, &key, error))
		return false;
	request->s3 = true;
	if (!request->region.len)
		buf_puts(&request->region, region());
	put_s3_base(fetch, bucket, buf_cstr(&request->region), &request->url);
	put_key(&request->url, key);
	if (!variable("AWS_ACCESS_KEY_ID") ||
	    !variable("AWS_SECRET_ACCESS_KEY"))
		return true;
	request->signs = true;
	buf_printf(&request->how, "aws:amz:%s:s3", request->region.data);
	add_request_header(request, "x-amz-content-sha256", "UNSIGNED-PAYLOAD");
	if (token)
		add_request_header(request, "x-amz-security-token", token);
	return true;
}

static bool
make_gs(struct slice rest, struct request *request, struct buf *error)
{
	const char *base = variable("STORAGE_EMULATOR_HOST");
	const char *token = variable("GOOGLE_OAUTH_ACCESS_TOKEN");
	struct slice bucket, key;
	struct buf value = {0};

	if (!split_bucket(rest, &bucket, &key, error))
		return false;
	put_base(&request->url, base ? base : "https://storage.googleapis.com");
	buf_slice(&request->url, bucket);
	buf_putc(&request->url, '/');
	put_key(&request->url, key);
	if (token) {
		buf_printf(&value, "Bearer %s", token);
		add_request_header(request, "Authorization", buf_cstr(&value));
	}
	buf_release(&value);
	return true;
}

static bool
make_plain(struct slice url, struct request *request, struct buf *error)
{
	int64_t expiry = url_expiry(url);
	time_t when = (time_t)expiry;
	char text[64];
	struct tm tm;

	put_url(&request->url, url);
	if (expiry == INT64_MAX || expiry >= (int64_t)time(NULL))
		return true;
	if (!gmtime_r(&when, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm))
		text[0] = '\0';
	return refuse(error, "signed URL expired at ", text);
}

static bool
has_control(struct slice url)
{
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] < ' ' || url.p[i] == 0x7f)
			return true;
	return false;
}

static bool
starts(struct slice text, const char *with, struct slice *rest)
{
	size_t n = strlen(with);

	if (text.n < n || memcmp(text.p, with, n) != 0)
		return false;
	*rest = (struct slice){text.p + n, text.n - n};
	return true;
}

bool
fetch_join_url(const char *base, struct slice url, struct buf *to)
{
	CURLU *parsed = curl_url();
	char *text = slice_dup(url), *joined = NULL;
	bool good;

	good = curl_url_set(parsed, CURLUPART_URL, base,
			    CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	       curl_url_set(parsed, CURLUPART_URL, text,
			    CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) ==
		       CURLUE_OK &&
	       curl_url_get(parsed, CURLUPART_URL, &joined, 0) == CURLUE_OK;
	if (good)
		buf_puts(to, joined);
	curl_free(joined);
	curl_url_cleanup(parsed);
	free(text);
	return good;
}

/* What both ways to a request have in common. */
static bool
make(const struct fetch *fetch, struct slice url, const struct request *from,
     struct request *request, struct buf *error)
{
	struct slice rest;
	bool good;

	if (url.n > URL_LONGEST)
		return refuse(error, "URL is too long", "");
	if (has_control(url))
		return refuse(error, "control character in a URL", "");
	if (!from && starts(url, "s3://", &rest))
		good = make_s3(fetch, rest, request, error);
	else if (!from && starts(url, "gs://", &rest))
		good = make_gs(rest, request, error);
	else
		good = make_plain(url, request, error);
	good = good && check_url(from, request, error);
	if (good && fetch->headers)
		request->headers = header_file_add(fetch->headers,
						   buf_view(&request->host),
						   request->headers);
	return good;
}

bool
request_make(const struct fetch *fetch, struct slice url,
	     const struct request *from, struct request *request,
	     struct buf *error)
{
	*request = (struct request){0};
	return make(fetch, url, from, request, error);
}

bool
request_make_in(const struct fetch *fetch, struct slice url, struct slice where,
		struct request *request, struct buf *error)
{
	*request = (struct request){0};
	buf_slice(&request->region, where);
	return make(fetch, url, NULL, request, error);
}
