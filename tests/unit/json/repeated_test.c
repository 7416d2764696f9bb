/* Keys that stand twice, found as a naive comparison of all finds them. */
#include <stdio.h>

#include "tap.h"
#include "json/json_parts.h"

static bool
finds(const char *text, const char *wanted)
{
	struct slice key;

	if (!json_find_repeated(slice_of(text), &key))
		return !wanted;
	return wanted && slice_is(key, wanted);
}

/* An object of n keys; that at `same` is spelt as the first one, or not. */
static void
put_object(struct buf *to, unsigned n, unsigned same, const char *spelt)
{
	unsigned i;

	buf_putc(to, '{');
	for (i = 0; i < n; i++) {
		buf_puts(to, i ? ",\n\"" : "\"");
		if (i == same)
			buf_puts(to, spelt);
		else
			buf_printf(to, "k%u", i);
		buf_puts(to, "\":[1,{\"k0\":\"k0\"}]");
	}
	buf_putc(to, '}');
}

static void
test_many(const char *spelt, bool same)
{
	static const unsigned counts[] = {2, 31, 32, 33, 34, 300, 5000};
	struct buf text = {0};
	bool good = true;
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		unsigned at[] = {1, counts[i] / 2, counts[i] - 1};

		for (size_t k = at[1] ? 0 : 2; k < 3; k++) {
			buf_reset(&text);
			put_object(&text, counts[i], at[k], spelt);
			good &= finds(buf_cstr(&text), same ? spelt : NULL);
		}
	}
	ok(good, "%s among up to 5000 keys", spelt);
	buf_release(&text);
}

int
main(void)
{
	ok(finds("{\"a\":1,\"b\":2}", NULL) && finds("[]", NULL) &&
		   finds("1", NULL) && finds(" \"a\" ", NULL) &&
		   finds("{}", NULL),
	   "none twice");
	ok(finds(" {\"a\":1 , \"a\" : 2} ", "a"), "side by side");
	ok(finds("{\"a\":1,\"b\":{\"a\":1},\"a\":2}", "a"),
	   "with an object between");
	ok(finds("{\"a\":{\"b\":[{\"c\":\"d\",\"e\":1,\"c\":{}}]}}", "c"),
	   "inside");
	ok(finds("[{\"a\":1},{\"a\":1},[{\"a\":2}]]", NULL),
	   "not in objects side by side");
	ok(finds("{\"a\":[\"a\",\"a\"],\"b\":\"a\"}", NULL),
	   "values are no keys");
	ok(finds("{\"a\":1,\"\\u0061\":2}", "\\u0061") &&
		   finds("{\"\\u0061\":1,\"a\":2}", "a") &&
		   finds("{\"\\u0061\":1,\"b\":1,\"\\u0062\":2}", "\\u0062"),
	   "spelt with escapes");
	ok(finds("{\"a\\\"\":1,\"a\\\\\":2,\"a\\\\\":\"}\"}", "a\\\\"),
	   "quotes and backslashes in keys");
	ok(finds("{\"\":1,\"b\":2,\"\":3}", ""), "empty ones");
	test_many("k0", true);
	test_many("\\u006b0", true);
	test_many("other", false);
	return done_testing();
}
