/* Records: what is found in a line, and edits of its bytes. */
#include "record/record.h"

#include <stdio.h>

#include "record/edits.h"
#include "tap.h"

static bool
parse(struct record *record, const char *line)
{
	struct json_error error;

	record->place = (struct place){.stream = "f", .line = 3};
	return record_parse(record, slice_of(line), &error) == 0;
}

static void
test_parse(void)
{
	struct record record = {0};

	ok(parse(&record, "{\"index\":7,\"name\":\"a\\u0062\",\"uuid\":\"u\","
			  "\"attributes\":{},\"metadata\":[],\"label\":null,"
			  "\"release\":{\"a\":1},\"frame\":1,\"other\":2}") &&
		   slice_is(record.index, "7") &&
		   slice_is(record.name, "\"a\\u0062\"") &&
		   slice_is(record.uuid, "\"u\"") &&
		   slice_is(record.attributes, "{}") &&
		   slice_is(record.metadata, "[]") &&
		   slice_is(record.label, "null") &&
		   slice_is(record.release, "{\"a\":1}") &&
		   slice_is(record.frame, "1") && !record.error.p,
	   "members are found as they stand");
	ok(slice_is(record.place.sample, "ab") && record.place.line == 3,
	   "the place has the decoded name");
	ok(parse(&record, " { \"error\" : {} } ") &&
		   slice_is(record.error, "{}") && !record.index.p &&
		   !record.place.sample.n,
	   "nothing is left of the record before");
	ok(!parse(&record, "{\"a\":1,\"a\":2}") && !parse(&record, "[]") &&
		   !parse(&record, "{\"a\":1") && !parse(&record, "{}{}"),
	   "what is no record is refused");
	record_release(&record);
}

/* Whether a line is like `first` where its run's records end with `tail`. */
static bool
is_like(const char *first, const char *line, const char *tail)
{
	struct record like = {0}, record = {0};
	struct buf before = {0};
	bool same;

	buf_printf(&before, "{\"index\":0%s", tail);
	same = parse(&like, first) && parse(&record, buf_cstr(&before)) &&
	       record_is_like(&record, slice_of(line), &like);
	record_release(&like);
	record_release(&record);
	buf_release(&before);
	return same;
}

static void
test_like(void)
{
	static const char one[] = "{\"index\":7,\"a\":1,\"release\":{}}";
	static const char v2[] = ",\"release\":{\"name\":\"v2\"}}";

	ok(is_like(one, one, ",\"release\":{}}") &&
		   is_like(one,
			   "{\"index\":12,\"a\":1,\"release\":{\"name\":"
			   "\"v2\"}}",
			   v2),
	   "records are alike but for index and release");
	ok(!is_like(one, "{\"index\":7,\"a\":2,\"release\":{}}",
		    ",\"release\":{}}") &&
		   !is_like(one, "{\"index\":7,\"a\":1,\"b\":1,\"release\":{}}",
			    ",\"release\":{}}") &&
		   !is_like("{\"index\":7,\"a\":1,\"b\":1,\"release\":{}}", one,
			    ",\"release\":{}}"),
	   "not where a member is another");
	ok(!is_like(one, one, v2) &&
		   !is_like(one, "{\"index\":07,\"a\":1,\"release\":{}}",
			    ",\"release\":{}}") &&
		   !is_like(one, "{\"index\":,\"a\":1,\"release\":{}}",
			    ",\"release\":{}}") &&
		   !is_like("{\"a\":1,\"index\":7,\"release\":{}}",
			    "{\"a\":1,\"index\":7,\"release\":{}}",
			    ",\"release\":{}}") &&
		   !is_like("{\"index\":7,\"release\":{},\"a\":1}",
			    "{\"index\":7,\"release\":{},\"a\":1}",
			    ",\"release\":{}}") &&
		   !is_like("{\"index\":7}", "{\"index\":7}", ""),
	   "nor where the line must be looked at to know");
}

/* The annotations of a label, each followed by a bar. */
static bool
lists(const char *label, const char *wanted)
{
	struct record record = {.label = slice_of(label)};
	struct annotations walk = record_annotations(&record);
	struct slice annotation;
	struct buf got = {0};
	bool same;

	while (annotations_next(&walk, &annotation)) {
		buf_slice(&got, annotation);
		buf_putc(&got, '|');
	}
	same = slice_is(buf_view(&got), wanted);
	buf_release(&got);
	return same;
}

static void
test_annotations(void)
{
	ok(lists("{\"attributes\":{\"annotations\":[{\"id\":1},{\"id\":2}]}}",
		 "{\"id\":1}|{\"id\":2}|"),
	   "annotations of a label");
	ok(lists("{\"attributes\":{\"frames\":[{\"annotations\":[1]},{},null,"
		 "{\"annotations\":[]},{\"annotations\":[2,3]}]}}",
		 "1|2|3|"),
	   "annotations of its frames");
	ok(lists("null", "") && lists("{\"attributes\":null}", "") &&
		   lists("{\"attributes\":{\"annotations\":null}}", ""),
	   "a label without any");
}

static bool
edited(struct edits *edits, const char *line, const char *wanted)
{
	struct buf got = {0};
	bool same;

	edits_apply(edits, slice_of(line), &got);
	same = slice_is(buf_view(&got), wanted);
	if (!same)
		printf("# %s\n", buf_cstr(&got));
	buf_release(&got);
	return same && edits->count == 0;
}

static void
test_edits(void)
{
	static const char line[] = "{\"a\":{},\"b\":{ \"c\":1},\"d\":[2]}";
	struct slice whole = slice_of(line), a, b, d;
	struct edits edits = {0};

	if (!json_find(whole, "a", &a) || !json_find(whole, "b", &b) ||
	    !json_find(whole, "d", &d))
		return;
	ok(edited(&edits, line, line), "no edit changes nothing");
	edits_set(&edits, b, "c", slice_of("3"));
	ok(edited(&edits, line, "{\"a\":{},\"b\":{ \"c\":3},\"d\":[2]}"),
	   "a member gets another value");
	edits_replace(&edits, d, slice_of("[]"));
	edits_set(&edits, whole, "e", slice_of("0"));
	edits_set(&edits, a, "x", slice_of("1"));
	edits_set(&edits, a, "y", slice_of("2"));
	edits_set(&edits, b, "z", slice_of("4"));
	ok(edited(&edits, line,
		  "{\"a\":{\"x\":1,\"y\":2},\"b\":{ \"c\":1,\"z\":4},"
		  "\"d\":[],\"e\":0}"),
	   "new members come behind the others, in the order given");
	edits_set(&edits, a, "x", slice_of("1"));
	edits_reset(&edits);
	ok(edited(&edits, line, line), "edits can be forgotten");
	edits_release(&edits);
}

static bool
gives_error(const char *line, const char *url, const char *wanted)
{
	struct buf got = {0};
	bool same;

	record_put_error(&got, slice_of(line), "a \"b\"\n", slice_of(url));
	same = slice_is(buf_view(&got), wanted);
	if (!same)
		printf("# %s", buf_cstr(&got));
	buf_release(&got);
	return same;
}

static bool
retries(const char *line, const char *wanted)
{
	struct record record = {0};
	struct buf got = {0};
	bool same;

	parse(&record, line);
	record_put_retry(&got, &record);
	same = slice_is(buf_view(&got), wanted);
	if (!same)
		printf("# %s", buf_cstr(&got));
	buf_release(&got);
	record_release(&record);
	return same;
}

static void
test_errors(void)
{
	ok(gives_error("{\"a\":1}", "http://u",
		       "{\"a\":1,\"error\":{\"program\":\"test\",\"message\":"
		       "\"a \\\"b\\\"\\\\x0a\",\"url\":\"http://u\"}}\n"),
	   "a record gets an error");
	ok(gives_error("", "",
		       "{\"error\":{\"program\":\"test\",\"message\":"
		       "\"a \\\"b\\\"\\\\x0a\"}}\n"),
	   "a line that is none becomes one with nothing else");
	ok(gives_error("{\"error\":1,\"a\":2}", "",
		       "{\"error\":{\"program\":\"test\",\"message\":"
		       "\"a \\\"b\\\"\\\\x0a\"},\"a\":2}\n"),
	   "an error takes the place of another");
	ok(retries("{\"a\":1,\"error\":{\"x\":[\",\"]}}", "{\"a\":1}\n") &&
		   retries("{\"error\":{},\"a\":1}", "{\"a\":1}\n") &&
		   retries("{\"a\":1,\"error\":{},\"b\":2}",
			   "{\"a\":1,\"b\":2}\n") &&
		   retries("{\"error\":{}}", "{}\n") &&
		   retries("{\"a\":1}", "{\"a\":1}\n"),
	   "an error can be taken off, wherever it stands");
	ok(retries("{ \"a\" : 1 , \"error\" : 0 , \"b\" : 2 }",
		   "{ \"a\" : 1  , \"b\" : 2 }\n"),
	   "and with white space around it");
}

int
main(void)
{
	diag_init("test");
	test_parse();
	test_like();
	test_annotations();
	test_edits();
	test_errors();
	return done_testing();
}
