#include "net/api.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/diag.h"
#include "json/json.h"

enum {
	A_WHILE = 1000,            /* milliseconds of a wait for the network */
	ANSWER_LARGEST = 256 << 20 /* bytes */
};

struct api {
	struct fetch *fetch;
	struct buf base;    /* ends in a slash */
	struct buf key;     /* the header that has it */
	const char *secret; /* the key itself, in there */
	struct buf url;     /* of the call under way, or the last one */
	struct buf answer;
	struct buf link; /* a URL, then a path */
	struct buf why;
	long status;
	bool done;
};

/* The host of an http URL is this machine. */
static bool
is_loopback(const char *host)
{
	size_t n = strcspn(host, "/:?#");

	if (strncmp(host, "[::1]", 5) == 0)
		return true;
	if (n == 9 && strncmp(host, "localhost", n) == 0)
		return true;
	return strncmp(host, "127.", 4) == 0 &&
	       strspn(host, "0123456789.") == n;
}

static bool
check_base(const char *base)
{
	if (strncmp(base, "https://", 8) == 0)
		return true;
	if (strncmp(base, "http://", 7) != 0)
		diag_say(NULL, "not the URL of an API, https://...: %s", base);
	else if (is_loopback(base + 7))
		return true;
	else
		diag_say(NULL,
			 "the key would go over the network in the clear; "
			 "use https: %s",
			 base);
	return false;
}

static bool
check_key(const char *key)
{
	const char *c = key;

	while (*c > ' ' && *c < 0x7f)
		c++;
	if (!*c)
		return true;
	diag_say(NULL, "SEGMENTS_API_KEY has a character that is in no key, "
		       "such as a space or newline");
	return false;
}

struct api *
api_open(const char *base, const char *key, struct fetch *fetch)
{
	struct api *api;

	if (!check_base(base) || !check_key(key))
		return NULL;
	api = xcalloc(1, sizeof(*api));
	api->fetch = fetch;
	buf_puts(&api->base, base);
	if (!slice_ends(buf_view(&api->base), "/"))
		buf_putc(&api->base, '/');
	buf_printf(&api->key, "Authorization: APIKey %s", key);
	api->secret = strrchr(buf_cstr(&api->key), ' ') + 1;
	return api;
}

void
api_close(struct api *api)
{
	if (!api)
		return;
	buf_release(&api->base);
	buf_release(&api->key);
	buf_release(&api->url);
	buf_release(&api->answer);
	buf_release(&api->link);
	buf_release(&api->why);
	free(api);
}

void
api_put_part(struct buf *path, struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (isalnum(c) || strchr("-_~", c) || (c == '.' && name.n > 2))
			buf_putc(path, (char)c);
		else
			buf_printf(path, "%%%02X", (unsigned)c);
	}
}

/* Appends what a field of an error says: a text, or a list of them. */
static void
put_text(struct buf *to, struct slice value)
{
	struct json_iter iter = json_iterate(value);
	struct json_member member;
	bool any = false;

	if (json_string(value, to))
		return;
	while (json_next(&iter, &member) > 0) {
		buf_puts(to, any ? " " : "");
		any |= json_string(member.value, to);
	}
}

/*
 * Appends what an answer says is wrong, in the form of Django REST framework:
 * {"detail": "..."} or {"field": ["..."], ...}.
 */
static void
put_detail(struct buf *to, struct slice answer)
{
	struct json_iter iter = json_iterate(answer);
	struct json_member member;
	struct json_error error;
	const char *between = ": ";

	if (json_type(answer) != JSON_OBJECT ||
	    json_validate(answer, &error) < 0)
		return;
	for (; json_next(&iter, &member) > 0; between = "; ") {
		buf_puts(to, between);
		if (!slice_is(member.key, "detail")) {
			buf_slice(to, member.key);
			buf_puts(to, ": ");
		}
		put_text(to, member.value);
	}
}

/* What HTTP's status means here, or NULL. */
static const char *
meaning(long status)
{
	switch (status) {
	case 401:
		return "the key in SEGMENTS_API_KEY is not accepted";
	case 403:
		return "the key in SEGMENTS_API_KEY is wrong, or may not do that";
	case 426:
		return "this version is too old for the platform";
	case 429:
		return "the platform is asked too often; try again later";
	default:
		return NULL;
	}
}

static void
put_why(struct api *api, const struct fetch_result *result)
{
	const char *what = meaning(result->status);
	struct buf detail = {0};

	if (what)
		buf_printf(&api->why, "%s: ", what);
	buf_puts(&api->why, result->error);
	put_detail(&detail, result->refusal);
	/* A server that tells the key is not to make us tell it. */
	if (detail.len &&
	    !memmem(detail.data, detail.len, api->secret, strlen(api->secret)))
		buf_slice(&api->why, buf_view(&detail));
	buf_release(&detail);
}

/* The target of rel="next" in a header Link (RFC 8288). */
static struct slice
next_link(struct slice header)
{
	const char *end = header.p + header.n, *open, *close, *comma;

	for (; header.n; header.p = comma, header.n = (size_t)(end - comma)) {
		struct slice rest;

		open = memchr(header.p, '<', header.n);
		close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
		if (!close)
			break;
		comma = memchr(close, ',', (size_t)(end - close));
		comma = comma ? comma : end;
		rest = (struct slice){close, (size_t)(comma - close)};
		if (memmem(rest.p, rest.n, "rel=\"next\"", 10) ||
		    memmem(rest.p, rest.n, "rel=next", 8))
			return (struct slice){open + 1,
					      (size_t)(close - open) - 1};
	}
	return (struct slice){0};
}

static void
end_call(struct fetch_job *job, const struct fetch_result *result)
{
	struct api *api = job->context;

	api->done = true;
	api->status = result->status;
	if (result->error)
		put_why(api, result);
	else
		buf_slice(&api->answer, result->body);
	buf_slice(&api->link, next_link(result->link));
}

static int
call(struct api *api, const char *path, struct fetch_job *job,
     struct slice *answer)
{
	struct json_error error;
	struct buf url = {0};

	/* The path may be of api_next. */
	buf_slice(&url, buf_view(&api->base));
	buf_puts(&url, path);
	buf_release(&api->url);
	api->url = url;
	buf_reset(&api->answer);
	buf_reset(&api->link);
	buf_reset(&api->why);
	api->done = false;
	job->url = buf_view(&api->url);
	job->any = true;
	job->max_size = ANSWER_LARGEST;
	job->done = end_call;
	job->context = api;
	fetch_add(api->fetch, job);
	while (!api->done)
		fetch_run(api->fetch, A_WHILE, -1);
	if (api->why.len)
		return -1;
	*answer = buf_view(&api->answer);
	if (json_validate(*answer, &error) == 0)
		return 0;
	buf_printf(&api->why, "the answer is not JSON: byte %zu: %s",
		   error.offset + 1, error.what);
	return -1;
}

int
api_get(struct api *api, const char *path, struct slice *answer)
{
	const char *headers[] = {buf_cstr(&api->key),
				 "Accept: application/json", NULL};
	struct fetch_job job = {.headers = headers};

	return call(api, path, &job, answer);
}

int
api_post(struct api *api, const char *path, struct slice body,
	 struct slice *answer)
{
	const char *headers[] = {buf_cstr(&api->key),
				 "Accept: application/json",
				 "Content-Type: application/json", NULL};
	struct fetch_job job = {.headers = headers, .post = body};

	return call(api, path, &job, answer);
}

int
api_fail(struct api *api, long status, const char *why)
{
	char *copy = xstrdup(why);

	buf_reset(&api->why);
	buf_puts(&api->why, copy);
	free(copy);
	api->status = status;
	return -1;
}

long
api_status(const struct api *api)
{
	return api->status;
}

const char *
api_why(struct api *api)
{
	return buf_cstr(&api->why);
}

const char *
api_path_of(struct api *api, struct slice url)
{
	struct buf whole = {0};
	bool below;

	below = url.n && fetch_join_url(buf_cstr(&api->url), url, &whole) &&
		whole.len > api->base.len &&
		memcmp(whole.data, api->base.data, api->base.len) == 0;
	buf_reset(&api->link);
	if (below)
		buf_puts(&api->link, buf_cstr(&whole) + api->base.len);
	buf_release(&whole);
	return below ? buf_cstr(&api->link) : NULL;
}

const char *
api_next(struct api *api)
{
	struct buf url = api->link;
	const char *path;

	api->link = (struct buf){0};
	path = api_path_of(api, buf_view(&url));
	buf_release(&url);
	return path;
}
