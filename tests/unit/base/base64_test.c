/* Base64 against the examples of RFC 4648, section 10. */
#include "base/base64.h"

#include "tap.h"

int
main(void)
{
	static const char *const pairs[][2] = {
		{"", ""},
		{"f", "Zg=="},
		{"fo", "Zm8="},
		{"foo", "Zm9v"},
		{"foob", "Zm9vYg=="},
		{"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
		{"\xff\xfb\xbf", "//u/"},
		{"\x03\xef", "A+8="},
	};
	struct buf text = {0};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		buf_reset(&text);
		base64_put(&text, slice_of(pairs[i][0]));
		ok(slice_is(buf_view(&text), pairs[i][1]), "%s",
		   buf_cstr(&text));
	}
	buf_release(&text);
	return done_testing();
}
