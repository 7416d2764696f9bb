#include "record/frames.h"

#include <stdlib.h>

#include "record/frames_parts.h"
#include "record/task_type.h"

struct frames *
frames_open(const struct frames_options *options)
{
	struct frames *frames = xcalloc(1, sizeof(*frames));

	frames->options = options;
	return frames;
}

void
frames_close(struct frames *frames)
{
	if (!frames)
		return;
	links_release(&frames->links);
	buf_release(&frames->release);
	buf_release(&frames->framed[0]);
	buf_release(&frames->framed[1]);
	buf_release(&frames->shared);
	buf_release(&frames->shared_label);
	edits_release(&frames->edits);
	buf_release(&frames->value);
	buf_release(&frames->text);
	buf_release(&frames->failure);
	free(frames->digests);
	free(frames);
}

const struct frames_counts *
frames_counted(const struct frames *frames)
{
	return &frames->counts;
}

const char *
frames_failure(struct frames *frames)
{
	return buf_cstr(&frames->failure);
}

static enum frames_found
fail(struct frames *frames, const char *what, const char *why)
{
	buf_reset(&frames->failure);
	buf_puts(&frames->failure, what);
	buf_puts(&frames->failure, why);
	return FRAMES_BROKEN;
}

/* Makes the release that frames get, once for all records of a run. */
static void
take_release(struct frames *frames)
{
	struct slice release = frames->record->release, type;
	size_t i;

	if (slice_equal(buf_view(&frames->release), release))
		return;
	buf_reset(&frames->release);
	buf_slice(&frames->release, release);
	frames->release_kind =
		task_kind_of(frames_text_of(frames, release, "task_type"));
	for (i = 0; i < 2; i++) {
		buf_reset(&frames->framed[i]);
		if (json_find(release, "task_type", &type))
			edits_replace(&frames->edits, type,
				      slice_of(task_type_of_frame(i)));
		edits_apply(&frames->edits, release, &frames->framed[i]);
	}
}

/* Finds the label and whether there is something in it. */
static void
take_label(struct frames *frames)
{
	struct slice attributes = {0};

	frames->label = (struct slice){0};
	frames->skipped = false;
	if (json_type(frames->record->label) != JSON_OBJECT)
		return;
	json_find(frames->record->label, "attributes", &attributes);
	if (json_type(attributes) == JSON_OBJECT && json_count(attributes))
		frames->label = attributes;
	else
		frames->skipped = true;
}

/* Of a sequence or a sample with sensors. */
static enum frames_found
begin_sequence(struct frames *frames)
{
	const struct record *record = frames->record;
	const char *why = record_misshapen(record);
	struct json_error error = {0};
	struct slice list;

	if (why)
		return fail(frames, why, "");
	if (json_validate(record->attributes, &error) < 0 ||
	    (record->label.n && json_validate(record->label, &error) < 0))
		return fail(frames, "not JSON inside: ", error.what);
	take_label(frames);
	frames->sensors = (struct json_iter){0};
	frames->camera = (struct camera){
		.attributes = record->attributes,
		.label = frames->label,
		.bitmaps = frames->kind == TASK_BITMAP_FRAMES,
	};
	if (frames->kind != TASK_SENSORS)
		return frames_begin_camera(frames)
			       ? FRAMES_SEQUENCE
			       : fail(frames, "sequence has no list of frames",
				      "");
	if (!json_find(record->attributes, "sensors", &list) ||
	    json_type(list) != JSON_ARRAY)
		return fail(frames, "sample has no list of sensors", "");
	frames_compare_sensors(frames, list);
	frames->sensors = json_iterate(list);
	frames->camera = (struct camera){0};
	return FRAMES_SEQUENCE;
}

enum frames_found
frames_begin(struct frames *frames, const struct record *record)
{
	frames->record = record;
	if (record->frame.p)
		return FRAMES_SINGLE;
	take_release(frames);
	frames->kind = frames->release_kind;
	frames->typed = frames->kind != TASK_UNKNOWN;
	if (frames->kind == TASK_UNKNOWN)
		frames->kind = task_kind_of_sample(record);
	if (frames->kind == TASK_IMAGE)
		return FRAMES_SINGLE;
	if (frames->kind == TASK_NO_IMAGE)
		return FRAMES_NO_IMAGE;
	return begin_sequence(frames);
}

static bool
has_keyframe(struct slice label)
{
	struct slice list, flag;
	struct json_iter iter;
	struct json_member annotation;

	if (!json_find(label, "annotations", &list))
		return false;
	iter = json_iterate(list);
	while (json_next(&iter, &annotation) > 0)
		if (json_find(annotation.value, "is_keyframe", &flag) &&
		    slice_is(flag, "true"))
			return true;
	return false;
}

bool
frames_next(struct frames *frames, struct buf *to)
{
	for (;;) {
		while (!frames_next_frame(frames))
			if (!frames_next_camera(frames))
				return false;
		if (!frames->options->keyframes ||
		    has_keyframe(frames->frame.label))
			break;
	}
	frames_put(frames, to);
	frames->counts.frames++;
	return true;
}
