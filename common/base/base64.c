#include "base/base64.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* Puts three bytes as four letters. */
static char *
put_three(char *to, const unsigned char *at)
{
	const uint32_t three =
		(uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];

	*to++ = letters[three >> 18];
	*to++ = letters[three >> 12 & 63];
	*to++ = letters[three >> 6 & 63];
	*to++ = letters[three & 63];
	return to;
}

void
base64_put(struct buf *to, struct slice bytes)
{
	const size_t whole = bytes.n / 3, rest = bytes.n % 3;
	unsigned char three[3] = {0};
	char *out = buf_reserve(to, 4 * (whole + 1)), *begin = out;
	size_t i;

	for (i = 0; i < whole; i++)
		out = put_three(out, (const unsigned char *)bytes.p + 3 * i);
	if (rest) {
		memcpy(three, bytes.p + 3 * whole, rest);
		out = put_three(out, three);
		memset(out - (3 - rest), '=', 3 - rest);
	}
	to->len += (size_t)(out - begin);
}
