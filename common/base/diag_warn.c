/* Warnings: the first of a kind are shown, the others counted. */
#include <stdlib.h>

#include "base/diag.h"
#include "base/diag_parts.h"

enum {
	SHOWN = 10, /* of each kind */
	KINDS = 64, /* more are all shown */
};

/* Begins a marked line; no message has it, since controls are escaped. */
enum { MARK = 1 };

/* A program has so many formats, and each is a kind. */
static struct kind {
	const char *format;
	unsigned long long count;
	char *first_hidden; /* without the program's name */
} kinds[KINDS];

static struct kind *
find_kind(const char *format)
{
	size_t i;

	for (i = 0; i < KINDS && kinds[i].format; i++)
		if (kinds[i].format == format)
			return &kinds[i];
	if (i == KINDS)
		return NULL;
	kinds[i].format = format;
	return &kinds[i];
}

void
warn_mark(struct buf *captured, const char *kind)
{
	buf_putc(captured, MARK);
	buf_put(captured, &kind, sizeof(kind));
}

bool
warn_wanted(const char *format, struct slice line)
{
	struct kind *kind = find_kind(format);
	size_t skip = strlen(diag_program()) + 2;

	if (!kind || ++kind->count <= SHOWN)
		return true;
	if (!kind->first_hidden)
		kind->first_hidden = slice_dup(
			(struct slice){line.p + skip, line.n - skip - 1});
	return false;
}

void
warn_sift(struct slice captured, struct buf *shown)
{
	while (captured.n) {
		bool marked = *captured.p == MARK;
		size_t skip = marked ? 1 + sizeof(const char *) : 0;
		struct slice line = {captured.p + skip, 0};
		const char *lf = memchr(line.p, '\n', captured.n - skip);
		const char *format;

		line.n = (size_t)(lf - line.p) + 1;
		if (marked)
			memcpy(&format, captured.p + 1, sizeof(format));
		if (!marked || warn_wanted(format, line))
			buf_slice(shown, line);
		captured.p += skip + line.n;
		captured.n -= skip + line.n;
	}
}

void
diag_warn_end(void)
{
	struct kind *kind = kinds;

	for (; kind < kinds + KINDS && kind->format; kind++) {
		if (kind->first_hidden)
			diag_say(NULL, "%llu more warnings of this kind: %s",
				 kind->count - SHOWN, kind->first_hidden);
		free(kind->first_hidden);
		*kind = (struct kind){.format = kind->format};
	}
}
