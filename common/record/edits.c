#include "record/edits.h"

#include <stdlib.h>

#include "json/json.h"

/* Bytes [from, from + skip) of the line give way to text[at, at + n). */
struct edit {
	const char *from;
	size_t skip;
	size_t at;
	size_t n;
	size_t order; /* edits of one place stay in the order they came in */
};

static void
add_edit(struct edits *edits, struct slice old, size_t at)
{
	if (edits->count == edits->room) {
		edits->room = edits->room ? 2 * edits->room : 16;
		edits->list = xreallocarray(edits->list, edits->room,
					    sizeof(*edits->list));
	}
	edits->list[edits->count] = (struct edit){
		old.p, old.n, at, edits->text.len - at, edits->count,
	};
	edits->count++;
}

void
edits_replace(struct edits *edits, struct slice old, struct slice text)
{
	size_t at = edits->text.len;

	buf_slice(&edits->text, text);
	add_edit(edits, old, at);
}

/* True when no member stands in the object, nor was one put there before. */
static bool
is_empty(const struct edits *edits, struct slice object)
{
	const char *foot = object.p + object.n - 1, *p = object.p + 1;
	size_t i;

	while (p < foot && strchr(" \t\r\n", *p))
		p++;
	if (p < foot)
		return false;
	for (i = 0; i < edits->count; i++)
		if (edits->list[i].from == foot)
			return false;
	return true;
}

void
edits_set(struct edits *edits, struct slice object, const char *key,
	  struct slice value)
{
	struct slice old, foot = {object.p + object.n - 1, 0};
	size_t at = edits->text.len;

	if (json_find(object, key, &old)) {
		edits_replace(edits, old, value);
		return;
	}
	if (!is_empty(edits, object))
		buf_putc(&edits->text, ',');
	json_put_string(&edits->text, slice_of(key));
	buf_putc(&edits->text, ':');
	buf_slice(&edits->text, value);
	add_edit(edits, foot, at);
}

static int
compare_edits(const void *left, const void *right)
{
	const struct edit *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

void
edits_apply(struct edits *edits, struct slice line, struct buf *to)
{
	const char *at = line.p, *end = line.p + line.n;
	size_t i;

	if (edits->count > 1)
		qsort(edits->list, edits->count, sizeof(*edits->list),
		      compare_edits);
	for (i = 0; i < edits->count; i++) {
		const struct edit *edit = &edits->list[i];

		buf_put(to, at, (size_t)(edit->from - at));
		buf_put(to, edits->text.data + edit->at, edit->n);
		at = edit->from + edit->skip;
	}
	buf_put(to, at, (size_t)(end - at));
	edits_reset(edits);
}

void
edits_reset(struct edits *edits)
{
	edits->count = 0;
	buf_reset(&edits->text);
}

void
edits_release(struct edits *edits)
{
	if (!edits)
		return;
	free(edits->list);
	buf_release(&edits->text);
	*edits = (struct edits){0};
}
