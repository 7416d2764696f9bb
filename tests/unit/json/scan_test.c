/*
 * The fast scanners against the plain one: same verdict, size and offset on
 * valid, spoilt and truncated text, whatever comes behind it and however it is
 * cut.
 */
#include <stdlib.h>

#include "json_random.h"
#include "tap.h"
#include "json/json_parts.h"

enum { SEED = 3, DOCUMENTS = 2000, SPOILT = 8 };

/* What a scan found. */
struct verdict {
	int got;
	bool plain; /* by the plain scanner in the end */
	size_t size;
	bool spaced;
	struct json_error error;
};

static struct verdict
verdict_of(const struct json_scan *scan, int got)
{
	struct verdict v = {.got = got, .plain = scan->plain};

	if (got > 0) {
		v.size = scan->size;
		v.spaced = scan->spaced;
	} else {
		v.error = scan->error;
	}
	return v;
}

static bool
same(struct verdict a, struct verdict b)
{
	return a.got == b.got && a.size == b.size && a.spaced == b.spaced &&
	       a.error.offset == b.error.offset && a.error.what == b.error.what;
}

static struct verdict
plainly(struct slice text)
{
	struct json_scan scan;

	json_scan_begin(&scan);
	return verdict_of(&scan, json_scan_plain(&scan, text.p, text.n, true));
}

/*
 * In steps of random sizes below `step` (0: at once), each in memory without a
 * byte to spare, so that the sanitizer sees an overrun.
 */
static struct verdict
in_steps(struct slice text, uint32_t step)
{
	struct json_scan scan;
	size_t n = 0;
	int got;

	json_scan_begin(&scan);
	do {
		char *part;

		n += step ? random_below(step) : text.n;
		n = n < text.n ? n : text.n;
		part = xmalloc(n);
		memcpy(part, text.p, n);
		got = json_scan(&scan, part, n, n == text.n);
		free(part);
	} while (!got);
	return verdict_of(&scan, got);
}

/* The number of ways to cut the text in which the scanners differ. */
static int
differences(struct slice text)
{
	static const uint32_t steps[] = {0, 40, 400};
	struct verdict right = plainly(text);
	int count = 0;

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		count += !same(right, in_steps(text, steps[i]));
	if (count)
		printf("# %.*s\n", (int)text.n, text.p);
	return count;
}

static void
make(struct buf *text)
{
	buf_reset(text);
	put_random_container(text, 1 + random_below(9), random_below(2));
}

static void
test_valid(const struct json_kernel *kernel)
{
	struct buf text = {0};
	int wrong = 0, plain = 0, sizes = 0;

	for (int i = 0; i < DOCUMENTS; i++) {
		struct verdict v;
		size_t size;

		make(&text);
		size = text.len;
		if (random_below(2))
			put_random_container(&text, 2, true);
		if (random_below(2))
			put_random_string(&text);
		wrong += differences(buf_view(&text));
		v = in_steps(buf_view(&text), 0);
		sizes += v.size != size;
		plain += v.plain;
	}
	ok(!wrong, "%s: valid documents", kernel->name);
	ok(!sizes, "%s: their size, whatever stands behind", kernel->name);
	ok(!plain, "%s: none is left to the plain scanner", kernel->name);
	buf_release(&text);
}

static void
test_spoilt(const struct json_kernel *kernel)
{
	int wrong = count_spoilt(make, differences, DOCUMENTS, SPOILT);

	ok(!wrong, "%s: spoilt documents", kernel->name);
}

static void
test_truncated(const struct json_kernel *kernel)
{
	int wrong = count_truncated(make, differences, DOCUMENTS / 20, 2000);

	ok(!wrong, "%s: truncated documents", kernel->name);
}

/* Every two bytes that mean something, at every place of a block. */
static void
test_pairs(const struct json_kernel *kernel)
{
	static const char telling[] =
		"\"\\{}[]:,.-+eE019 tfnula/\n\x01\x80\x90\xa0\xc3\xe0\xed\xf0"
		"\xf4\xff";
	char text[200];
	int wrong = 0;

	for (size_t i = 0; i < sizeof(telling) * sizeof(telling); i++) {
		size_t at = 1 + i % 67;
		int n = snprintf(text, sizeof(text), "[%*s\"\xc3\xa9\",12.5,\"",
				 (int)at, "");

		text[n++] = telling[i / sizeof(telling)];
		text[n++] = telling[i % sizeof(telling)];
		n += snprintf(text + n, sizeof(text) - (size_t)n, "\",1");
		text[n++] = telling[i / sizeof(telling)];
		text[n++] = telling[i % sizeof(telling)];
		n += snprintf(text + n, sizeof(text) - (size_t)n, "1,{}]");
		wrong += differences((struct slice){text, (size_t)n});
	}
	ok(!wrong, "%s: pairs of bytes", kernel->name);
}

/* Every lead byte with what is and is not a sequence, across a block's end. */
static void
test_utf8(const struct json_kernel *kernel)
{
	static const char seconds[] = "\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0";
	char text[200];
	int wrong = 0;

	for (int i = 0; i < 128 * 8 * 4; i++) {
		int n = snprintf(text, sizeof(text), "[\"%*s", 56 + i % 9, "");

		text[n++] = (char)(128 + i / 32);
		text[n++] = seconds[i % 8];
		for (int j = 0; j < i / 8 % 4; j++)
			text[n++] = (char)(j % 2 ? 0xbf : 0x80);
		n += snprintf(text + n, sizeof(text) - (size_t)n, "\"]");
		wrong += differences((struct slice){text, (size_t)n});
	}
	ok(!wrong, "%s: sequences of UTF-8", kernel->name);
}

static void
test_depth(const struct json_kernel *kernel)
{
	struct buf text = {0};
	int wrong = 0;

	for (size_t depth = 60; depth < 70; depth++) {
		struct verdict v;

		buf_reset(&text);
		for (size_t i = 0; i < depth; i++)
			buf_putc(&text, '[');
		for (size_t i = 0; i < depth; i++)
			buf_putc(&text, ']');
		wrong += differences(buf_view(&text));
		v = in_steps(buf_view(&text), 0);
		wrong += (v.got == 1) != (depth <= JSON_DEPTH);
	}
	ok(!wrong, "%s: 64 levels and not one more", kernel->name);
	buf_release(&text);
}

int
main(void)
{
	for (const struct json_kernel *const *k = json_kernels(); *k; k++) {
		json_use_kernel(*k);
		random_seed(SEED);
		test_valid(*k);
		test_spoilt(*k);
		test_truncated(*k);
		test_pairs(*k);
		test_utf8(*k);
		test_depth(*k);
	}
	return done_testing();
}
