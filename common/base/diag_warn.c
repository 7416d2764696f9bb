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

/* A program has so many formats, and each is a kind; so is a cause. */
static struct kind {
	struct said_kind said;
	unsigned long long count;
	char *first_hidden; /* without the program's name */
} kinds[KINDS];

static struct kind *
find_kind(struct said_kind said)
{
	size_t i;

	for (i = 0; i < KINDS && kinds[i].said.text; i++)
		if (kinds[i].said.text == said.text)
			return &kinds[i];
	if (i == KINDS)
		return NULL;
	kinds[i].said = said;
	return &kinds[i];
}

void
warn_mark(struct buf *captured, struct said_kind kind)
{
	buf_putc(captured, MARK);
	buf_put(captured, &kind, sizeof(kind));
}

/* How many of a kind are shown. */
static unsigned
shown_of(const struct kind *kind)
{
	return kind->said.cause ? 1 : SHOWN;
}

bool
warn_wanted(struct said_kind said, struct slice line)
{
	struct kind *kind = find_kind(said);
	size_t skip = strlen(diag_program()) + 2;

	if (!kind || ++kind->count <= shown_of(kind))
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
		size_t skip = marked ? 1 + sizeof(struct said_kind) : 0;
		struct slice line = {captured.p + skip, 0};
		const char *lf = memchr(line.p, '\n', captured.n - skip);
		struct said_kind kind;

		line.n = (size_t)(lf - line.p) + 1;
		if (marked)
			memcpy(&kind, captured.p + 1, sizeof(kind));
		if (!marked || warn_wanted(kind, line))
			buf_slice(shown, line);
		captured.p += skip + line.n;
		captured.n -= skip + line.n;
	}
}

void
diag_warn_end(void)
{
	struct kind *kind = kinds;

	for (; kind < kinds + KINDS && kind->said.text; kind++) {
		if (kind->first_hidden && kind->said.cause)
			diag_say(NULL, "%s: %llu more failed for that",
				 kind->said.text, kind->count - 1);
		else if (kind->first_hidden)
			diag_say(NULL, "%llu more warnings of this kind: %s",
				 kind->count - SHOWN, kind->first_hidden);
		free(kind->first_hidden);
		*kind = (struct kind){.said = kind->said};
	}
}
