#include <stdlib.h>

#include "net/url.h"
#include "tap.h"

static void
test_suffix(void)
{
	static const struct {
		const char *name, *suffix;
	} rows[] = {
		{"a.jpg", ".jpg"},     {"a.JPEG", ".jpeg"}, {"a.PnG", ".png"},
		{"a.b.tiff", ".tiff"}, {"a.txt", NULL},     {".jpg", NULL},
		{"jpg", NULL},         {"", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *got = url_image_suffix(slice_of(rows[i].name));

		ok(rows[i].suffix ? got && strcmp(got, rows[i].suffix) == 0
				  : !got,
		   "ending of '%s'", rows[i].name);
	}
}

static void
test_path(void)
{
	static const char *const rows[][2] = {
		{"http://h/a/b.jpg?q=/c#d", "/a/b.jpg"},
		{"http://h", ""},
		{"http://h?x/y.jpg", ""},
		{"./images/8.jpg", "/images/8.jpg"},
		{"s3://bucket/key.png", "/key.png"},
		{"", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		ok(slice_is(url_path(slice_of(rows[i][0])), rows[i][1]),
		   "path of '%s'", rows[i][0]);
}

static void
test_stable(void)
{
	static const char *const rows[][2] = {
		{"http://h/a.jpg", "http://h/a.jpg"},
		{"http://h/a.jpg#x", "http://h/a.jpg"},
		{"http://h/a.jpg?v=1&w", "http://h/a.jpg?v=1&w"},
		{"http://h/a?X-Amz-Date=1&v=2&x-amz-signature=3&w=4",
		 "http://h/a?v=2&w=4"},
		{"http://h/a?AWSAccessKeyId=1&Signature=2&Expires=3",
		 "http://h/a"},
		{"http://h/a?GoogleAccessId=1&Expires=2&Signature=3&g=4",
		 "http://h/a?g=4"},
		{"http://h/a?X-Goog-Algorithm=1&generation=5",
		 "http://h/a?generation=5"},
		{"http://h/a?sv=1&se=2&sr=b&sp=r&sig=3&snapshot=4",
		 "http://h/a?snapshot=4"},
		{"http://h/a?&&v=1&&w&", "http://h/a?v=1&w"},
		{"http://h/a?sr=1&se=2", "http://h/a?sr=1&se=2"},
		{"http://h/a?Policy=1&Signature=2&Key-Pair-Id=3", "http://h/a"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf got = {0};

		url_put_stable(&got, slice_of(rows[i][0]));
		ok(slice_is(buf_view(&got), rows[i][1]), "what stays of %s",
		   rows[i][0]);
		buf_release(&got);
	}
}

/* The times are those of date(1). */
static void
test_expiry(void)
{
	static const struct {
		const char *url;
		int64_t when;
	} rows[] = {
		{"http://h/a", INT64_MAX},
		{"http://h/a?Expires=5", INT64_MAX},
		{"http://h/a?Expires=1600000000&Signature=x", 1600000000},
		{"http://h/a?Signature=x&Expires=abc", INT64_MAX},
		{"http://h/a?X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400",
		 1369440000},
		{"http://h/a?X-Goog-Date=20200229T235959Z&X-Goog-Expires=1",
		 1583020800},
		{"http://h/a?se=2021-03-04T05%3A06%3A07Z&sig=x", 1614834367},
		{"http://h/a?se=2021-03-04&sig=x", 1614816000},
		{"http://h/a?X-Amz-Date=2013&X-Amz-Expires=1", INT64_MAX},
		{"http://h/a?X-Amz-Date=20130524&X-Amz-Expires=1", 1369353601},
		{"http://h/a?X-Amz-Date=2o130524&X-Amz-Expires=1", INT64_MAX},
		{"http://h/a?X-Amz-Date=201305xx&X-Amz-Expires=1", INT64_MAX},
		{"http://h/a?X-Amz-Date=20130524Txx0000Z&X-Amz-Expires=1",
		 INT64_MAX},
		{"http://h/a?X-Amz-Date=20130524T00&X-Amz-Expires=1",
		 INT64_MAX},
		{"http://h/a?X-Amz-Date=20130524T0000xx&X-Amz-Expires=1",
		 INT64_MAX},
		{"http://h/a?X-Amz-Date=20130524T000000Z", INT64_MAX},
		{"http://h/a?X-Amz-Date=20130524T000000Z&X-Amz-Expires=",
		 INT64_MAX},
		{"http://h/a?X-Goog-Date=2020&X-Goog-Expires=1", INT64_MAX},
		{"http://h/a?X-Goog-Date=20200229T235959Z", INT64_MAX},
		{"http://h/a?X-Goog-Date=20200229T235959Z&X-Goog-Expires=x",
		 INT64_MAX},
		{"http://h/a?Expires=9999999999999&Signature=x", INT64_MAX},
		{"http://h/a?Signature=x", INT64_MAX},
		{"http://h/a?sig=x", INT64_MAX},
		{"http://h/a?se=soon&sig=x", INT64_MAX},
		{"http://h/a#?Expires=1&Signature=x", INT64_MAX},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		ok(url_expiry(slice_of(rows[i].url)) == rows[i].when,
		   "end of %s", rows[i].url);
}

int
main(void)
{
	test_suffix();
	test_path();
	test_stable();
	test_expiry();
	return done_testing();
}
