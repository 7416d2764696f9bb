/* The facts of a record that a page shows beside it. */
#include "report/view_parts.h"
#include "json/json.h"

/* The most that is listed of a record. */
enum { MEMBERS = 40, FINDINGS = 40 };

/* A row of facts: its value follows, then the end. */
static void
begin_fact(struct buf *to, struct slice name)
{
	buf_puts(to, "<dt>");
	view_put_text(to, name, 80);
	buf_puts(to, "</dt><dd>");
}

static void
put_fact(struct buf *to, const char *name, struct slice object, const char *key)
{
	struct slice value;

	if (!json_find(object, key, &value) || json_type(value) <= JSON_NULL ||
	    (json_type(value) == JSON_STRING && value.n == 2))
		return;
	begin_fact(to, slice_of(name));
	view_put_value(to, value, 240);
	buf_puts(to, "</dd>");
}

static void
put_size(struct buf *to, const struct view_seen *seen)
{
	const struct view_image *image = &seen->image;
	const struct shapes *shapes = &seen->shapes;

	if (!image->width)
		return;
	begin_fact(to, slice_of("image"));
	buf_printf(to, "%lu \u00d7 %lu", (unsigned long)image->width,
		   (unsigned long)image->height);
	if (image->width != shapes->width || image->height != shapes->height)
		buf_printf(to, ", <em>the label has %lu \u00d7 %lu</em>",
			   (unsigned long)shapes->width,
			   (unsigned long)shapes->height);
	buf_puts(to, "</dd>");
}

static void
put_object_count(struct buf *to, const struct view_seen *seen)
{
	const struct shapes *shapes = &seen->shapes;

	begin_fact(to, slice_of("objects"));
	buf_printf(to, "%zu", shapes->count);
	if (seen->undrawn)
		buf_printf(to, ", <em>the largest %d are drawn</em>",
			   VIEW_OBJECTS);
	if (seen->area)
		buf_printf(to, ", %.1f %% of the image",
			   100 * (double)seen->area /
				   ((double)shapes->width * shapes->height));
	buf_puts(to, "</dd>");
}

static void
put_record_facts(struct buf *to, const struct view_seen *seen)
{
	const struct record *record = seen->record;

	buf_puts(to, "<dl>");
	put_fact(to, "status", record->label, "label_status");
	put_object_count(to, seen);
	put_size(to, seen);
	if (json_type(seen->quality) == JSON_NUMBER) {
		begin_fact(to, slice_of("quality"));
		view_put_value(to, seen->quality, 24);
		buf_puts(to, "</dd>");
	}
	put_fact(to, "labelset", record->release, "labelset");
	put_fact(to, "release", record->release, "name");
	put_fact(to, "frame", record->frame, "index");
	put_fact(to, "sensor", record->frame, "sensor");
	put_fact(to, "labelled by", record->label, "created_by");
	put_fact(to, "updated by", record->label, "updated_by");
	put_fact(to, "reviewed by", record->label, "reviewed_by");
	put_fact(to, "score", record->label, "score");
	if (record->uuid.n) {
		begin_fact(to, slice_of("uuid"));
		view_put_value(to, record->uuid, 80);
		buf_puts(to, "</dd>");
	}
	buf_puts(to, "</dl>");
}

static void
put_metadata(struct buf *to, struct slice metadata)
{
	struct buf text = {0};
	struct json_iter iter = json_iterate(metadata);
	struct json_member member;
	size_t n;

	if (json_type(metadata) != JSON_OBJECT || !json_count(metadata))
		return;
	buf_puts(to, "<details><summary>metadata</summary><dl>");
	for (n = 0; n < MEMBERS && json_next(&iter, &member) > 0; n++) {
		buf_reset(&text);
		/* The quotes stand around a key. */
		json_string((struct slice){member.key.p - 1, member.key.n + 2},
			    &text);
		begin_fact(to, buf_view(&text));
		view_put_value(to, member.value, 240);
		buf_puts(to, "</dd>");
	}
	buf_puts(to, "</dl></details>");
	buf_release(&text);
}

static void
put_findings(struct buf *to, const struct view_seen *seen)
{
	const uint64_t all = seen->errors + seen->warnings + seen->infos;
	struct json_iter iter = json_iterate(seen->findings);
	struct json_member finding;
	size_t n;

	if (!all)
		return;
	buf_printf(to, "<details><summary>findings (%llu)</summary><ul>",
		   (unsigned long long)all);
	for (n = 0; n < FINDINGS && json_next(&iter, &finding) > 0; n++) {
		buf_printf(to, "<li class=\"%s\">",
			   view_severity(finding.value));
		view_put_finding(to, finding.value);
		buf_puts(to, "</li>");
	}
	if (all > FINDINGS)
		buf_printf(to, "<li>and %llu more</li>",
			   (unsigned long long)all - FINDINGS);
	buf_puts(to, "</ul></details>");
}

void
view_put_info(struct buf *to, const struct view_seen *seen)
{
	put_record_facts(to, seen);
	put_findings(to, seen);
	put_metadata(to, seen->record->metadata);
}
