#include "net/url.h"

#include <strings.h>
#include <time.h>

#include "image/image_kind.h"

const char *
url_image_suffix(struct slice name)
{
	return image_kind_suffix(name);
}

/* The bytes before the first of `stops`, or all. */
static struct slice
before(struct slice text, const char *stops)
{
	const char *stop;
	size_t n;

	for (n = 0; n < text.n; n++)
		for (stop = stops; *stop; stop++)
			if (text.p[n] == *stop)
				return (struct slice){text.p, n};
	return text;
}

static struct slice
behind(struct slice text, size_t n)
{
	n = n < text.n ? n : text.n;
	if (n == 0)
		return text;
	return (struct slice){text.p + n, text.n - n};
}

struct slice
url_path(struct slice url)
{
	struct slice rest = before(url, "?#"), scheme = before(rest, ":/");

	if (scheme.n + 2 < rest.n && memcmp(rest.p + scheme.n, "://", 3) == 0)
		rest = behind(rest, scheme.n + 3);
	return behind(rest, before(rest, "/").n);
}

/* The query's text, without '?' and fragment. */
static struct slice
query_of(struct slice url)
{
	url = before(url, "#");
	return behind(url, before(url, "?").n + 1);
}

/* Takes the next NAME=VALUE off a query; false at its end. */
static bool
next_field(struct slice *query, struct slice *field)
{
	if (!query->n)
		return false;
	*field = before(*query, "&");
	*query = behind(*query, field->n + 1);
	return true;
}

static bool
find_field(struct slice query, const char *name, struct slice *value)
{
	struct slice field;

	while (next_field(&query, &field)) {
		struct slice key = before(field, "=");

		if (key.n != strlen(name) ||
		    strncasecmp(key.p, name, key.n) != 0)
			continue;
		*value = behind(field, key.n + 1);
		return value->n > 0;
	}
	return false;
}

/*
 * Fields of signatures: AWS's query authentication (versions 4 and 2),
 * Google's V4 and V2, CloudFront's and Azure's shared access signatures.
 */
static bool
is_signature(struct slice field, bool azure)
{
	static const char *const fields[] = {
		"AWSAccessKeyId", "GoogleAccessId", "Signature",
		"Expires",        "Key-Pair-Id",    "Policy",
	};
	static const char *const sas[] = {
		"sv",  "st",  "se",    "sr",    "sp",  "sig", "spr", "sip",
		"skt", "ske", "skoid", "sktid", "sks", "skv", "ss",  "srt",
	};
	struct slice key = before(field, "=");
	size_t i;

	if (key.n > 6 && strncasecmp(key.p, "X-Amz-", 6) == 0)
		return true;
	if (key.n > 7 && strncasecmp(key.p, "X-Goog-", 7) == 0)
		return true;
	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (slice_is(key, fields[i]))
			return true;
	for (i = 0; azure && i < sizeof(sas) / sizeof(*sas); i++)
		if (slice_is(key, sas[i]))
			return true;
	return false;
}

void
url_put_stable(struct buf *to, struct slice url)
{
	struct slice query = query_of(url), field, value;
	bool azure = find_field(query, "sig", &value);
	char joint = '?';

	buf_slice(to, before(url, "?#"));
	while (next_field(&query, &field)) {
		/* An empty one says nothing. */
		if (field.n == 0 || is_signature(field, azure))
			continue;
		buf_putc(to, joint);
		buf_slice(to, field);
		joint = '&';
	}
}

/* Digits p[0, n) as a number; false where there are others. */
static bool
take_digits(struct slice *text, size_t n, int *number)
{
	size_t i;

	*number = 0;
	if (text->n < n)
		return false;
	for (i = 0; i < n; i++) {
		if (text->p[i] < '0' || text->p[i] > '9')
			return false;
		*number = *number * 10 + (text->p[i] - '0');
	}
	*text = behind(*text, n);
	return true;
}

static void
skip(struct slice *text, const char *mark)
{
	size_t n = strlen(mark);

	if (text->n >= n && strncasecmp(text->p, mark, n) == 0)
		*text = behind(*text, n);
}

/* 20130524T000000Z and 2013-05-24T00:00:00Z, colons perhaps as %3A. */
static bool
parse_time(struct slice text, int64_t *when)
{
	struct tm tm = {0};
	bool good = take_digits(&text, 4, &tm.tm_year);

	skip(&text, "-");
	good = good && take_digits(&text, 2, &tm.tm_mon);
	skip(&text, "-");
	good = good && take_digits(&text, 2, &tm.tm_mday);
	skip(&text, "T");
	if (text.n) {
		good = good && take_digits(&text, 2, &tm.tm_hour);
		skip(&text, ":");
		skip(&text, "%3A");
		good = good && take_digits(&text, 2, &tm.tm_min);
		skip(&text, ":");
		skip(&text, "%3A");
		good = good && take_digits(&text, 2, &tm.tm_sec);
	}
	if (!good)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*when = (int64_t)timegm(&tm);
	return true;
}

static bool
parse_seconds(struct slice text, int64_t *seconds)
{
	int digit;

	*seconds = 0;
	if (!text.n || text.n > 12)
		return false;
	while (text.n) {
		if (!take_digits(&text, 1, &digit))
			return false;
		*seconds = *seconds * 10 + digit;
	}
	return true;
}

int64_t
url_expiry(struct slice url)
{
	struct slice query = query_of(url), value;
	int64_t from, seconds;

	if (find_field(query, "X-Amz-Date", &value) &&
	    parse_time(value, &from) &&
	    find_field(query, "X-Amz-Expires", &value) &&
	    parse_seconds(value, &seconds))
		return from + seconds;
	if (find_field(query, "X-Goog-Date", &value) &&
	    parse_time(value, &from) &&
	    find_field(query, "X-Goog-Expires", &value) &&
	    parse_seconds(value, &seconds))
		return from + seconds;
	if (find_field(query, "Signature", &value) &&
	    find_field(query, "Expires", &value) &&
	    parse_seconds(value, &seconds))
		return seconds;
	if (find_field(query, "sig", &value) &&
	    find_field(query, "se", &value) && parse_time(value, &from))
		return from;
	return INT64_MAX;
}
