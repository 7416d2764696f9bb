/* Writing JSON: strings, and values without their white space. */
#include "base/utf8.h"
#include "json/json_parts.h"

void
json_compact(struct buf *to, struct slice value)
{
	char *out = buf_reserve(to, value.n + JSON_BLOCK);

	out = json_kernel()->compact(out, value.p, value.p + value.n);
	to->len = (size_t)(out - to->data);
}

static void
put_control(struct buf *to, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[] = "btn\0fr"; /* from \b on */
	char letter = c >= '\b' && c <= '\r' ? letters[c - '\b'] : '\0';

	if (letter) {
		buf_putc(to, '\\');
		buf_putc(to, letter);
		return;
	}
	buf_puts(to, "\\u00");
	buf_putc(to, hex[c >> 4]);
	buf_putc(to, hex[c & 15]);
}

/* Appends what stands at p and returns its size. */
static size_t
put_special(struct buf *to, const char *p, const char *end)
{
	uint32_t code;
	size_t size;

	if (*p == '"' || *p == '\\') {
		buf_putc(to, '\\');
		buf_putc(to, *p);
		return 1;
	}
	if ((unsigned char)*p < 0x20) {
		put_control(to, (unsigned char)*p);
		return 1;
	}
	size = utf8_decode(p, (size_t)(end - p), &code);
	if (!size) {
		buf_puts(to, "\xef\xbf\xbd");
		return 1;
	}
	buf_put(to, p, size);
	return size;
}

static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 &&
	       c != '"' && c != '\\';
}

void
json_put_string(struct buf *to, struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;

	buf_putc(to, '"');
	while (p != end) {
		const char *run = p;

		while (p != end && is_plain(*p))
			p++;
		buf_put(to, run, (size_t)(p - run));
		if (p != end)
			p += put_special(to, p, end);
	}
	buf_putc(to, '"');
}

void
json_put_member(struct buf *to, struct slice key, struct slice value)
{
	if (to->len && to->data[to->len - 1] != '{')
		buf_putc(to, ',');
	buf_putc(to, '"');
	buf_slice(to, key);
	buf_puts(to, "\":");
	buf_slice(to, value);
}
