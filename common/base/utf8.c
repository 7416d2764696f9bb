#include "base/utf8.h"

size_t
utf8_decode(const char *text, size_t n, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)text;
	size_t size, i;

	if (p[0] < 0x80)
		size = 1;
	else if (p[0] >= 0xc2 && p[0] < 0xe0)
		size = 2;
	else if (p[0] >= 0xe0 && p[0] < 0xf0)
		size = 3;
	else if (p[0] >= 0xf0 && p[0] < 0xf5)
		size = 4;
	else
		return 0;
	if (size > n)
		return 0;
	*code = size == 1 ? p[0] : p[0] & (0x7fU >> size);
	for (i = 1; i < size; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3fU);
	}
	if (*code < least[size] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return size;
}

void
utf8_put(struct buf *to, uint32_t code)
{
	static const unsigned leads[] = {0, 0xc0, 0xe0, 0xf0};
	int more = (code >= 0x80) + (code >= 0x800) + (code >= 0x10000);

	buf_putc(to, (char)(leads[more] | code >> 6 * more));
	while (more-- > 0)
		buf_putc(to, (char)(0x80 | (code >> 6 * more & 0x3f)));
}

bool
utf8_valid(struct slice text)
{
	uint32_t code;
	size_t size;

	for (; text.n; text.p += size, text.n -= size) {
		size = utf8_decode(text.p, text.n, &code);
		if (!size)
			return false;
	}
	return true;
}

struct slice
utf8_skip_mark(struct slice text)
{
	static const char mark[] = "\xef\xbb\xbf";
	const size_t n = sizeof(mark) - 1;

	if (text.n < n || memcmp(text.p, mark, n) != 0)
		return text;
	return (struct slice){text.p + n, text.n - n};
}
