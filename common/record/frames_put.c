/* A frame written, as changes to its sequence's record. */
#include "record/frames_parts.h"

/* True when a label's frame says what there is, and, by a bitmap, where. */
static bool
frame_labelled(const struct frames *frames)
{
	struct slice list, url, label = frames->frame.label;

	if (!json_find(label, "annotations", &list) ||
	    json_type(list) != JSON_ARRAY)
		return false;
	if (!frames->camera.bitmaps)
		return true;
	if (json_find_path(label, &url, "segmentation_bitmap", "url", NULL) &&
	    frames_is_named(url))
		return true;
	if (json_count(list))
		diag_warn(&frames->record->place,
			  "frame %zu has annotations and no bitmap: it is "
			  "unlabelled",
			  frames->frame.index);
	return false;
}

static void
put_sequence_name(const struct frames *frames, struct buf *to)
{
	const struct record *record = frames->record;

	if (frames_is_named(record->name))
		buf_put(to, record->name.p + 1, record->name.n - 2);
	else
		buf_slice(to, record->index);
}

/* Sets a member of the record that is not there, before its end. */
static void
insert_member(struct frames *frames, const char *at, const char *key)
{
	const char *end = frames->record->line.p + frames->record->line.n - 1;

	buf_reset(&frames->text);
	if (at == end)
		buf_putc(&frames->text, ',');
	buf_printf(&frames->text, "\"%s\":", key);
	buf_slice(&frames->text, buf_view(&frames->value));
	if (at != end)
		buf_putc(&frames->text, ',');
	edits_replace(&frames->edits, (struct slice){at, 0},
		      buf_view(&frames->text));
	buf_reset(&frames->value);
}

/* Sets name: SEQUENCE/FRAME, or SEQUENCE/SENSOR/FRAME. */
static void
set_name(struct frames *frames)
{
	const struct camera *camera = &frames->camera;
	const struct record *record = frames->record;
	struct buf *value = &frames->value;

	buf_putc(value, '"');
	put_sequence_name(frames, value);
	buf_putc(value, '/');
	if (camera->name.p) {
		buf_put(value, camera->name.p + 1, camera->name.n - 2);
		buf_putc(value, '/');
	}
	frames_put_name(value,
			camera->numbered ? (struct slice){0}
					 : frames->frame.name,
			frames->frame.index);
	buf_putc(value, '"');
	if (record->name.p) {
		edits_replace(&frames->edits, record->name, buf_view(value));
		buf_reset(value);
	} else {
		insert_member(frames, record->line.p + record->line.n - 1,
			      "name");
	}
}

/* Sets attributes: the frame's, and what the sequence has for all. */
static void
set_attributes(struct frames *frames)
{
	const struct members_layer layers[] = {
		{buf_view(&frames->shared), NULL},
		{frames->frame.attributes, NULL},
	};

	layers_put(&frames->value, layers, 2, NULL, (struct slice){0});
	edits_replace(&frames->edits, frames->record->attributes,
		      buf_view(&frames->value));
	buf_reset(&frames->value);
}

/* Sets the label, or null where the frame has none. */
static void
set_label(struct frames *frames)
{
	const struct slice label = frames->frame.label;
	const struct members_layer layers[] = {
		{buf_view(&frames->shared_label), NULL},
		{label, NULL},
	};
	struct slice links = {0}, list = {0};

	if (frames->skipped || !frames->label.p)
		return;
	if (!frame_labelled(frames)) {
		frames->counts.unlabelled++;
		edits_replace(&frames->edits, frames->record->label,
			      slice_of("null"));
		return;
	}
	buf_reset(&frames->text);
	if (frames->camera.linked && !json_find(label, "links", &links)) {
		json_find(label, "annotations", &list);
		links_put(&frames->links, list, &frames->text);
	}
	layers_put(&frames->value, layers, 2, frames->text.len ? "links" : NULL,
		   buf_view(&frames->text));
	edits_replace(&frames->edits, frames->label, buf_view(&frames->value));
	buf_reset(&frames->value);
}

/* Writes {"sequence","index","name"?,"timestamp"?,"sensor"?}. */
static void
put_frame_member(struct frames *frames)
{
	const struct frame *frame = &frames->frame;
	struct buf *value = &frames->value;

	buf_puts(value, "{\"sequence\":\"");
	put_sequence_name(frames, value);
	buf_printf(value, "\",\"index\":%zu", frame->index);
	if (frame->name.p)
		json_put_member(value, slice_of("name"), frame->name);
	if (frame->timestamp.p)
		json_put_member(value, slice_of("timestamp"), frame->timestamp);
	if (frames->camera.name.p)
		json_put_member(value, slice_of("sensor"), frames->camera.name);
	buf_putc(value, '}');
}

/*
 * Sets frame, and the release. Records that end with their release are read
 * quicker (see record.c): then frame stands before it.
 */
static void
set_frame(struct frames *frames)
{
	static const char key[] = "\"release\":";
	const struct record *record = frames->record;
	const char *at = record->line.p + record->line.n - 1;
	struct slice release = record->release;

	if (release.p && release.p + release.n == at &&
	    memcmp(release.p - strlen(key), key, strlen(key)) == 0)
		at = release.p - strlen(key);
	put_frame_member(frames);
	insert_member(frames, at, "frame");
	if (release.p && frames->typed)
		edits_replace(&frames->edits, release,
			      buf_view(
				      &frames->framed[frames->camera.bitmaps]));
}

void
frames_put(struct frames *frames, struct buf *to)
{
	set_name(frames);
	set_attributes(frames);
	set_label(frames);
	set_frame(frames);
	edits_apply(&frames->edits, frames->record->line, to);
	buf_putc(to, '\n');
}
