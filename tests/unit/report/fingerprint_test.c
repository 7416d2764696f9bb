/* Fingerprints: of bytes, and of what JSON means. */
#include "report/fingerprint.h"

#include <stdio.h>

#include "tap.h"

/* Every byte counts, and so does what came before and how many there are. */
static void
test_bytes(void)
{
	char text[200];
	bool each = true, seeded = true, counted = true;
	size_t n, i;

	for (n = 1; n < sizeof(text); n++) {
		const struct slice all = {text, n};
		uint64_t sum;

		memset(text, 'x', sizeof(text));
		sum = fingerprint_bytes(5, all);
		seeded &= sum != fingerprint_bytes(6, all);
		counted &= sum !=
			   fingerprint_bytes(5, (struct slice){text, n - 1});
		for (i = 0; i < n; i++) {
			text[i] = 'y';
			each &= sum != fingerprint_bytes(5, all);
			text[i] = 'x';
		}
	}
	ok(each, "every byte counts");
	ok(seeded, "so does what came before");
	ok(counted, "and their number");
	ok(fingerprint_bytes(1, slice_of("")) !=
		   fingerprint_bytes(2, slice_of("")),
	   "of no bytes, too, what came before");
}

static void
test_values(void)
{
	static const struct {
		const char *a, *b;
		bool same;
	} pairs[] = {
		{"{\"a\":1,\"b\":[1,2]}", "{\"b\":[1,2],\"a\":1}", true},
		{"{\"a\":1,\"b\":2}", "{\"a\":2,\"b\":1}", false},
		{"[1,2]", "[2,1]", false},
		{"[[1],2]", "[1,[2]]", false},
		{"[]", "{}", false},
		{"\"1\"", "1", false},
		{"null", "\"null\"", false},
		{"[null]", "[]", false},
		{"1", "1.0", true},
		{"100", "1e2", true},
		{"0", "-0", true},
		{"0.1", "0.10", true},
		{"0.1", "0.2", false},
		{"9007199254740993", "9007199254740992", false},
		{"\"\\u00e9\"", "\"\xc3\xa9\"", true},
		{"{\"\\u0061\":1}", "{\"a\":1}", true},
		{"\"https://x.example/a?X-Amz-Signature=1&X-Amz-Date=2\"",
		 "\"https://x.example/a?X-Amz-Signature=3\"", true},
		{"\"https://x.example/a?v=1\"", "\"https://x.example/a?v=2\"",
		 false},
		{"\"what?X-Amz-Signature=1\"", "\"what?X-Amz-Signature=2\"",
		 false},
	};
	struct buf scratch = {0};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		ok(fingerprint_same(slice_of(pairs[i].a), slice_of(pairs[i].b),
				    &scratch) == pairs[i].same,
		   "%s is %s %s", pairs[i].a,
		   pairs[i].same ? "the same as" : "not", pairs[i].b);
	buf_release(&scratch);
}

int
main(void)
{
	test_bytes();
	test_values();
	return done_testing();
}
