#include "record/prune.h"

#include <stdlib.h>

#include "record/category_set.h"
#include "record/edits.h"
#include "record/left_out.h"

struct prune {
	struct category_set *keep, *drop;
	struct edits edits;
	struct buf list;
	struct left_out left_out;
	bool dropped; /* an annotation, of some record */
};

struct prune *
prune_open(void)
{
	struct prune *prune = xcalloc(1, sizeof(*prune));

	prune->keep = category_set_open();
	prune->drop = category_set_open();
	return prune;
}

void
prune_close(struct prune *prune)
{
	if (!prune)
		return;
	category_set_close(prune->keep);
	category_set_close(prune->drop);
	edits_release(&prune->edits);
	buf_release(&prune->list);
	left_out_release(&prune->left_out);
	free(prune);
}

void
prune_keep(struct prune *prune, const char *name_or_id)
{
	category_set_add(prune->keep, slice_of(name_or_id));
}

void
prune_drop(struct prune *prune, const char *name_or_id)
{
	category_set_add(prune->drop, slice_of(name_or_id));
}

bool
prune_empty(const struct prune *prune)
{
	return category_set_empty(prune->keep) &&
	       category_set_empty(prune->drop);
}

const char *
prune_use(struct prune *prune, const struct record *record)
{
	const char *kept = category_set_use(prune->keep, record);
	const char *dropped = category_set_use(prune->drop, record);

	return kept ? kept : dropped;
}

bool
prune_keeps(const struct prune *prune, struct slice annotation)
{
	/* Both look, so that both know what there is. */
	bool kept = category_set_has(prune->keep, annotation);
	bool dropped = category_set_has(prune->drop, annotation);

	return !dropped && (kept || category_set_empty(prune->keep));
}

/* Edits the `annotations` of attributes, or of a frame, down to what stays. */
static void
prune_list(struct prune *prune, struct slice of)
{
	struct slice list;
	struct json_iter iter;
	struct json_member annotation;
	bool dropped = false;

	if (!json_find(of, "annotations", &list) ||
	    json_type(list) != JSON_ARRAY)
		return;
	iter = json_iterate(list);
	buf_reset(&prune->list);
	buf_putc(&prune->list, '[');
	while (json_next(&iter, &annotation) > 0) {
		if (!prune_keeps(prune, annotation.value)) {
			left_out_add(&prune->left_out, annotation.value);
			dropped = true;
			continue;
		}
		if (prune->list.len > 1)
			buf_putc(&prune->list, ',');
		buf_slice(&prune->list, annotation.value);
	}
	buf_putc(&prune->list, ']');
	if (dropped)
		edits_replace(&prune->edits, list, buf_view(&prune->list));
}

int
prune_record(struct prune *prune, const struct record *record, struct buf *to,
	     const char **why)
{
	struct json_error error;
	struct slice attributes, frames;
	struct json_iter iter;
	struct json_member frame;

	if (json_type(record->label) != JSON_OBJECT)
		return 0;
	if (json_validate(record->label, &error) < 0) {
		*why = error.what;
		return -1;
	}
	if (!json_find(record->label, "attributes", &attributes))
		return 0;
	*why = prune_use(prune, record);
	if (*why)
		return -1;
	left_out_read(&prune->left_out, record);
	prune_list(prune, attributes);
	if (json_find(attributes, "frames", &frames)) {
		iter = json_iterate(frames);
		while (json_next(&iter, &frame) > 0)
			prune_list(prune, frame.value);
	}
	if (!prune->edits.count)
		return 0;
	prune->dropped = true;
	buf_reset(&prune->list);
	left_out_sort(&prune->left_out);
	left_out_put(&prune->left_out, &prune->list);
	record_set(&prune->edits, record, "left_out", record->left_out,
		   buf_view(&prune->list));
	edits_apply(&prune->edits, record->line, to);
	buf_putc(to, '\n');
	return 1;
}

bool
prune_say_unmet(const struct prune *prune)
{
	bool none = category_set_say_unmet(prune->keep);

	category_set_say_unmet(prune->drop);
	return none && prune->dropped;
}
