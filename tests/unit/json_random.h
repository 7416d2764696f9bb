/* Random JSON for the tests of the json module. */
#ifndef JSON_RANDOM_H
#define JSON_RANDOM_H

#include "base/buf.h"
#include "random.h"

static inline void
put_random_space(struct buf *to, bool spaced)
{
	uint32_t n = spaced && !random_below(3) ? random_below(4) : 0;

	if (spaced && !random_below(40))
		n = random_below(200);
	while (n--)
		buf_putc(to, " \n\r\t"[random_below(4)]);
}

/* What may stand between quotes. */
static inline void
put_random_text(struct buf *to)
{
	static const char pieces[][28] = {
		"a", "bc", "0", ",", ":", "[", "}", " ", "true", "\\\\", "\\\"",
		/* Seldom: */
		"\\n", "\\/", "\\u00e9", "\\uD83D\\uDE00", "\\t", "\\b\\f",
		"\\r", "\\u0000", "\xc3\xa9", "\x7f", "\xc2\x80",
		"\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
		"\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xe2\x82\xac",
		"-1.5e3", "https://example.com/a.png"};
	const uint32_t all = sizeof(pieces) / sizeof(*pieces);
	uint32_t n = random_below(random_below(30) ? 6 : 100);
	uint32_t kinds = random_below(3) ? 11 : all;

	while (n--)
		buf_puts(to, pieces[random_below(kinds)]);
}

static inline void
put_random_string(struct buf *to)
{
	buf_putc(to, '"');
	put_random_text(to);
	buf_putc(to, '"');
}

static inline void
put_random_digits(struct buf *to)
{
	uint32_t n = 1 + random_below(random_below(20) ? 4 : 90);

	while (n--)
		buf_putc(to, (char)('0' + random_below(10)));
}

static inline void
put_random_number(struct buf *to)
{
	if (!random_below(4))
		buf_putc(to, '-');
	if (!random_below(4)) {
		buf_putc(to, '0');
	} else {
		buf_putc(to, (char)('1' + random_below(9)));
		if (random_below(2))
			put_random_digits(to);
	}
	if (random_below(2)) {
		buf_putc(to, '.');
		put_random_digits(to);
	}
	if (!random_below(6)) {
		buf_putc(to, "eE"[random_below(2)]);
		if (random_below(2))
			buf_putc(to, "+-"[random_below(2)]);
		put_random_digits(to);
	}
}

static inline void
put_random_scalar(struct buf *to)
{
	static const char *const literals[] = {"true", "false", "null"};
	uint32_t kind = random_below(8);

	if (kind < 2)
		buf_puts(to, literals[random_below(3)]);
	else if (kind < 4)
		put_random_string(to);
	else
		put_random_number(to);
}

/* An array or object of no more than `depth` levels. */
static inline void
put_random_container(struct buf *to, unsigned depth, bool spaced)
{
	bool object = random_below(2);
	uint32_t n = random_below(5);

	buf_putc(to, object ? '{' : '[');
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			buf_putc(to, ',');
		put_random_space(to, spaced);
		if (object) {
			put_random_string(to);
			put_random_space(to, spaced);
			buf_putc(to, ':');
			put_random_space(to, spaced);
		}
		if (depth > 1 && random_below(3))
			put_random_container(to, depth - 1, spaced);
		else
			put_random_scalar(to);
		put_random_space(to, spaced);
	}
	put_random_space(to, spaced);
	buf_putc(to, object ? '}' : ']');
}

/* Puts other bytes in a few places, mostly such as mean something. */
static inline void
spoil(struct buf *text)
{
	static const char telling[] =
		"\"\\{}[]:,.-+eE01 9ut\n\t\x80\xc3\xe0\xed"
		"\xf0\xf4\xff\x1f/x";
	uint32_t n = 1 + random_below(2);

	while (n-- && text->len) {
		size_t at = random_below((uint32_t)text->len);

		if (random_below(6))
			text->data[at] = telling[random_below(sizeof(telling))];
		else
			text->data[at] = (char)random_below(256);
	}
}

/* How often a comparison fails on documents that were spoilt, each anew. */
static int
count_spoilt(void (*make)(struct buf *), int (*differences)(struct slice),
	     int documents, int times)
{
	struct buf text = {0}, bad = {0};
	int wrong = 0;

	for (int i = 0; i < documents; i++) {
		make(&text);
		for (int j = 0; j < times; j++) {
			buf_reset(&bad);
			buf_slice(&bad, buf_view(&text));
			spoil(&bad);
			wrong += differences(buf_view(&bad));
		}
	}
	buf_release(&text);
	buf_release(&bad);
	return wrong;
}

/* The same on all that documents begin with, up to so many bytes. */
static int
count_truncated(void (*make)(struct buf *), int (*differences)(struct slice),
		int documents, size_t most)
{
	struct buf text = {0};
	int wrong = 0;

	for (int i = 0; i < documents; i++) {
		make(&text);
		for (size_t n = 0; n < text.len && n < most; n++)
			wrong += differences((struct slice){text.data, n});
	}
	buf_release(&text);
	return wrong;
}

#endif
