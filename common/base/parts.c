#include "base/parts.h"

#include <string.h>

#include "base/io.h"

enum { WINDOW = 1 << 16 };

struct slice
parts_rest(const struct parts *parts)
{
	return (struct slice){parts->text.data + parts->taken,
			      parts->text.len - parts->taken};
}

/* Reads on: bytes read, 0 at the end, -1 with errno. */
static ptrdiff_t
read_on(struct parts *parts)
{
	struct buf *text = &parts->text;
	const size_t rest = text->len - parts->taken;
	ptrdiff_t n;

	if (parts->taken)
		memmove(text->data, text->data + parts->taken, rest);
	text->len = rest;
	parts->taken = 0;
	buf_reserve(text, WINDOW);
	n = io_pread(parts->fd, text->data + rest, WINDOW, parts->at);
	if (n > 0) {
		text->len += (size_t)n;
		parts->at += (uint64_t)n;
	}
	return n;
}

int
parts_next(struct parts *parts, struct slice *part)
{
	size_t searched = 0;

	for (;;) {
		const struct slice rest = parts_rest(parts);
		const char *end = NULL;
		ptrdiff_t n;

		if (rest.n > searched)
			end = memchr(rest.p + searched, parts->end,
				     rest.n - searched);
		if (end) {
			*part = (struct slice){rest.p, (size_t)(end - rest.p)};
			parts->taken += part->n + 1;
			return 1;
		}
		searched = rest.n;
		n = read_on(parts);
		if (n <= 0)
			return (int)n;
	}
}

void
parts_release(struct parts *parts)
{
	buf_release(&parts->text);
}
