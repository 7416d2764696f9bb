/* What messages look like, whatever comes from input. */
#include "base/diag.h"

#include "tap.h"

static bool
shows(const char *text, size_t n, const char *wanted)
{
	struct buf shown = {0};
	bool same;

	diag_escape(&shown, (struct slice){text, n});
	same = slice_is(buf_view(&shown), wanted);
	if (!same)
		printf("# %s\n", buf_cstr(&shown));
	buf_release(&shown);
	return same;
}

#define SHOWS(text, wanted) shows(text, sizeof(text) - 1, wanted)

static void
test_escapes(void)
{
	ok(SHOWS("donuts (13).png", "donuts (13).png"), "plain text stays");
	ok(SHOWS("caf\xc3\xa9 \xe2\x82\xac", "caf\xc3\xa9 \xe2\x82\xac"),
	   "letters of other scripts stay");
	ok(SHOWS("\x1b[31mred", "\\x1b[31mred"), "an escape is shown as one");
	ok(SHOWS("a\0b\n\x7f", "a\\x00b\\x0a\\x7f"), "controls are shown");
	ok(SHOWS("\xc2\x9b", "\\u{009b}"), "C1 controls are shown");
	ok(SHOWS("a\xe2\x80\xae"
		 "b",
		 "a\\u{202e}b"),
	   "bidi controls are shown");
	ok(SHOWS("\xff\xc0\x80\xed\xa0\x80", "\\xff\\xc0\\x80\\xed\\xa0\\x80"),
	   "bytes that are no UTF-8 are shown one by one");
	ok(SHOWS("\xe2\x82", "\\xe2\\x82"), "so are those of a cut letter");
}

static void
test_signatures(void)
{
	ok(SHOWS("https://h/a.png?X-Amz-Signature=abc&x=1 failed",
		 "https://h/a.png?... failed"),
	   "a signed query is cut away");
	ok(SHOWS("https://h/a?sv=1&sig=abc", "https://h/a?..."),
	   "Azure's, too");
	ok(SHOWS("https://h/a?size=small", "https://h/a?size=small"),
	   "another query stays");
	ok(SHOWS("why? sig=abc", "why? sig=abc"), "a question is no query");
}

static void
test_place(void)
{
	struct buf said = {0};
	struct place place = {"<stdin>", 17, slice_of("a\nb.jpg"), 0};

	diag_init("/usr/bin/seg-test");
	diag_capture(&said);
	diag_say(&place, "bitmap is %d-bit", 16);
	place.line = 0;
	place.sample = (struct slice){0};
	diag_say(&place, "ended");
	diag_say(NULL, "done");
	diag_capture(NULL);
	ok(slice_is(buf_view(&said),
		    "seg-test: <stdin>:17: a\\x0ab.jpg: bitmap is 16-bit\n"
		    "seg-test: <stdin>: ended\n"
		    "seg-test: done\n"),
	   "program, stream:line, sample, fact, each if known");
	buf_release(&said);
}

/* A capture within one: its messages are shown where those around it go. */
static void
test_nested(void)
{
	struct buf outer = {0}, inner = {0};
	struct buf *before;

	diag_capture(&outer);
	diag_say(NULL, "one");
	before = diag_capture(&inner);
	diag_say(NULL, "two");
	diag_capture(before);
	diag_say(NULL, "three");
	diag_show(buf_view(&inner));
	ok(diag_capture(NULL) == &outer &&
		   slice_is(buf_view(&outer), "seg-test: one\nseg-test: three\n"
					      "seg-test: two\n"),
	   "a capture may be in another one");
	buf_release(&outer);
	buf_release(&inner);
}

int
main(void)
{
	test_escapes();
	test_signatures();
	test_place();
	test_nested();
	return done_testing();
}
