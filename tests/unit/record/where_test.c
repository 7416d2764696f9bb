/* Expressions of --where: what is true of a record, and what is none. */
#include "record/where.h"

#include <stdlib.h>

#include "base/diag.h"
#include "record/where_parts.h"
#include "tap.h"

static const char line[] =
	"{\"index\":7,\"name\":\"a/b.jpg\",\"uuid\":\"u-1\","
	"\"attributes\":{\"image\":{\"width\":640,\"url\":\"http://h/b\"}},"
	"\"metadata\":{\"iso\":400,\"big\":18446744073709551617,\"text\":\"12\","
	"\"yes\":true,\"none\":null,\"at\":\"2024-06-07T10:30:00+02:00\","
	"\"list\":[1,\"two\",[3],null,{\"k\":4}],\"a key\":\"v\",\"deep\":"
	"{\"er\":{\"x\":-1.5e1}},\"quote\":\"say \\\"hi\\\"\"},"
	"\"label\":{\"label_status\":\"REVIEWED\",\"reviewed_by\":\"ann\","
	"\"attributes\":{\"annotations\":["
	"{\"id\":1,\"category_id\":1,\"area\":10.5,\"attributes\":{\"o\":\"no\"}},"
	"{\"id\":2,\"category_id\":2,\"area\":99},"
	"{\"id\":3,\"category_id\":2,\"attributes\":{}}]}},"
	"\"release\":{\"name\":\"v1\",\"labelset\":\"gt\",\"categories\":["
	"{\"id\":1,\"name\":\"cat\"},{\"id\":2,\"name\":\"2\"},"
	"{\"id\":3,\"name\":\"dog\"}]},"
	"\"frame\":{\"index\":3,\"sensor\":\"left\"},\"other\":\"x\"}";

static struct record record;

/* 1, 0 or -1 of the record; -2 where the text is no expression. */
static int
ask(const char *text)
{
	struct buf why = {0};
	struct where *where = where_parse(text, &why);
	const char *what;
	int got = where ? where_match(where, &record, &what) : -2;

	if (!where)
		printf("# %s: %s\n", text, buf_cstr(&why));
	where_close(where);
	buf_release(&why);
	return got;
}

static void
test_true(void)
{
	static const char *const rows[] = {
		/* Paths. */
		"index = 7",
		"index == 7",
		"name = \"a/b.jpg\"",
		"image.width = 640",
		"attributes.image.width = 640",
		"label.reviewed_by = ann",
		"release.name = v1",
		"frame.sensor = left",
		"other = x",
		"metadata.\"a key\" = v",
		"metadata.deep.er.x = -15",
		"metadata.quote = \"say \\\"hi\\\"\"",
		/* The status is one word in any case. */
		"status = reviewed",
		"status = REVIEWED",
		"status in (labeled, Reviewed)",
		"status != labeled",
		/* Numbers are compared exactly. */
		"metadata.iso = 400",
		"metadata.iso = 4e2",
		"metadata.iso = 400.0",
		"metadata.iso > 399.9999999999999999",
		"metadata.iso >= 400 and metadata.iso <= 400",
		"metadata.big = 18446744073709551617",
		"metadata.big > 18446744073709551616",
		"metadata.big != 18446744073709551616",
		"metadata.text = 12",
		"metadata.text < 12.5",
		/* Other scalars. */
		"metadata.yes = true",
		"metadata.yes != false",
		"metadata.none = null",
		"metadata.nothing = null",
		"metadata.none exists",
		"not metadata.nothing exists",
		/* Texts, bytewise; times, by when they are. */
		"name < b",
		"name > \"a/b\"",
		"metadata.at = 2024-06-07T08:30:00Z",
		"metadata.at < 2024-06-07T08:30:00.1Z",
		"metadata.at > 2024-06-07",
		"metadata.at < 2024-06-08",
		/* Lists: any element. */
		"metadata.list = 1",
		"metadata.list = two",
		"metadata.list = null",
		"metadata.list != 5",
		"metadata.list =~ \"^tw\"",
		/* Expressions of the C library. */
		"name =~ \"[.]jpg$\"",
		"name !~ png",
		"metadata.iso =~ \"^4\"",
		/* Annotations. */
		"any(annotation.area > 50)",
		"any(annotation.category = cat)",
		"any(annotation.category = id:1)",
		"any(annotation.attributes.o = no)",
		"all(annotation.id >= 1)",
		"not all(annotation.area exists)",
		"count(annotation.category = 2) = 2",
		"count(annotation.id > 0) >= 3",
		"count(annotation.id > 5) = 0",
		"any(annotation.area < 11 and annotation.category = cat)",
		/* Not before and before or. */
		"not index = 8 and index = 7",
		"index = 8 and index = 8 or index = 7",
		"index = 7 or index = 8 and index = 8",
		"not (index = 7 and index = 8)",
		"not not index = 7",
		"((index = 7))",
		"index in (1, 7, 9)",
		"not index in (1, 9)",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf negated = {0};

		ok(ask(rows[i]) == 1, "true: %s", rows[i]);
		buf_printf(&negated, "not (%s)", rows[i]);
		ok(ask(buf_cstr(&negated)) == 0, "and false: %s",
		   buf_cstr(&negated));
		buf_release(&negated);
	}
}

static void
test_false(void)
{
	static const char *const rows[] = {
		"index = \"seven\"",
		"index != 7",
		"metadata.iso = true",
		"metadata.yes = 1",
		"metadata.yes > 0",
		"metadata.none < 1",
		"metadata.nothing > 0",
		"metadata.deep = 1",
		"metadata.deep.er =~ x",
		"metadata.list = 3",
		"metadata.list = 4",
		"metadata.iso > 400.0000000000000001",
		"metadata.big = 18446744073709551616",
		"name = \"A/B.JPG\"",
		"name.x exists",
		"metadata.none =~ x",
		"any(annotation.area > 99)",
		"any(annotation.category = dog)",
		"any(annotation.area > 50 and annotation.category = cat)",
		"count(annotation.category = 2) > 2",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		ok(ask(rows[i]) == 0, "false: %s", rows[i]);
}

static void
test_refused(void)
{
	static const struct {
		const char *text;
		unsigned column;
	} rows[] = {
		{"", 1},
		{"index", 6},
		{"index =", 8},
		{"index = ", 9},
		{"index = 7 8", 11},
		{"name = a/b.jpg", 9},
		{"= 7", 1},
		{"(index = 7", 11},
		{"index = 7)", 10},
		{"index in 7", 10},
		{"index in (", 11},
		{"index in (7", 12},
		{"index in (7,", 13},
		{"not", 4},
		{"index = 7 and", 14},
		{"annotation.id = 1", 1},
		{"any(index = 7", 14},
		{"count(annotation.id = 1)", 25},
		{"name =~ \"[\"", 9},
		{"name = \"a", 8},
		{"metadata..x = 1", 10},
		{"status = revieved", 10},
		{"metadata.iso > null", 0},
		{"metadata.iso < true", 0},
		{"name =~", 8},
		{"index not = 7", 0},
		{"index not", 0},
		{"any(index = 7", 14},
		{"any()", 5},
		{"count(annotation.id = 1) >", 0},
		{"count(annotation.id = 1) > many", 0},
		{"count(", 7},
		{"exists", 0},
		{"(name exists", 13},
		{"name = and", 8},
		{"name = in", 8},
		{"name = or 3", 8},
		{"name = not", 8},
		{"any(annotation exists)", 0},
		{"index = 7 or", 13},
		{"status < reviewed", 8},
		{"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s = 1", 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf why = {0};
		struct where *where = where_parse(rows[i].text, &why);
		unsigned column = 0;

		ok(!where && why.len > 0, "no expression: %s (%s)",
		   rows[i].text, buf_cstr(&why));
		if (!where && rows[i].column)
			ok(sscanf(why.data, "column %u:", &column) == 1 &&
				   column == rows[i].column,
			   "at column %u, told %u", rows[i].column, column);
		where_close(where);
		buf_release(&why);
	}
}

/* Brackets and "not" as deep as someone may like. */
static void
test_depth(void)
{
	struct buf text = {0}, why = {0};
	struct where *where;

	for (int i = 0; i < 100000; i++)
		buf_puts(&text, i % 2 ? "not " : "(");
	where = where_parse(buf_cstr(&text), &why);
	ok(!where && why.len, "100,000 brackets are refused: %s",
	   buf_cstr(&why));
	where_close(where);
	buf_release(&text);
	buf_release(&why);
}

static void
test_instants(void)
{
	static const struct {
		const char *text;
		bool good;
		int64_t seconds;
		uint32_t nanoseconds;
	} rows[] = {
		{"1970-01-01", true, 0, 0},
		{"2000-02-29", true, 951782400, 0},
		{"2024-06-07T08:30:00Z", true, 1717749000, 0},
		{"2024-06-07 08:30", true, 1717749000, 0},
		{"2024-06-07t08:30:00z", true, 1717749000, 0},
		{"2024-06-07T10:30:00+02:00", true, 1717749000, 0},
		{"2024-06-07T10:30:00+0200", true, 1717749000, 0},
		{"2024-06-07T10:30:00+02", true, 1717749000, 0},
		{"2024-06-07T03:00:00-05:30", true, 1717749000, 0},
		{"2024-06-07T08:30:00.25Z", true, 1717749000, 250000000},
		{"2024-06-07T08:30:00,123456789987Z", true, 1717749000,
		 123456789},
		{"1969-12-31T23:59:59Z", true, -1, 0},
		{"0001-01-01", true, -62135596800, 0},
		{"2024-06-07T24:00", true, 1717804800, 0},
		{"2016-12-31T23:59:60Z", true, 1483228800, 0},
		{"2024-13-01", false, 0, 0},
		{"2024-00-01", false, 0, 0},
		{"2024-01-32", false, 0, 0},
		{"2024-01-01T", false, 0, 0},
		{"2024-01-01T08", false, 0, 0},
		{"2024-01-01T25:00", false, 0, 0},
		{"2024-01-01T08:60", false, 0, 0},
		{"2024-01-01T08:00+24:00", false, 0, 0},
		{"2024-01-01T08:00+2", false, 0, 0},
		{"2024-01-01T08:00Zx", false, 0, 0},
		{"2024-01-01x", false, 0, 0},
		{"24-01-01", false, 0, 0},
		{"20240101", false, 0, 0},
		{"", false, 0, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct instant got;
		const bool good =
			where_read_instant(slice_of(rows[i].text), &got);

		ok(good == rows[i].good &&
			   (!good || (got.seconds == rows[i].seconds &&
				      got.nanoseconds == rows[i].nanoseconds)),
		   "%s time: %s", rows[i].good ? "a" : "no", rows[i].text);
	}
}

static void
test_broken(void)
{
	struct record broken = {0};
	struct json_error error;
	struct buf why = {0};
	struct where *where = where_parse("metadata.x = 1", &why);
	const char *what = NULL;

	ok(record_parse(&broken,
			slice_of("{\"index\":1,\"metadata\":{\"x\":tru},"
				 "\"release\":{}}"),
			&error) < 0 ||
		   (where_match(where, &broken, &what) < 0 && what),
	   "what is looked into has to be JSON");
	where_close(where);
	record_release(&broken);
	buf_release(&why);
}

/* What is said of paths that no record had. */
static void
test_unmet(void)
{
	struct buf why = {0}, said = {0};
	struct where *where =
		where_parse("metadata.iso = 1 and metadata.isso = 1", &why);
	const char *what;

	ok(where_has_unmet(where), "before, no path was met");
	where_match(where, &record, &what);
	ok(where_has_unmet(where), "one is not there");
	diag_capture(&said);
	ok(where_say_unmet(where), "which is said");
	diag_capture(NULL);
	ok(strstr(buf_cstr(&said), "metadata.isso") &&
		   !strstr(buf_cstr(&said), "metadata.iso "),
	   "by its name, and of the other nothing");
	where_close(where);
	buf_release(&why);
	buf_release(&said);
}

int
main(void)
{
	struct json_error error;

	diag_init("where_test");
	if (record_parse(&record, slice_of(line), &error) < 0)
		printf("Bail out! %s\n", error.what);
	test_true();
	test_false();
	test_refused();
	test_depth();
	test_instants();
	test_broken();
	test_unmet();
	record_release(&record);
	return done_testing();
}
