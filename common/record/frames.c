#include "record/frames.h"

#include <stdlib.h>

#include "codec/digest.h"
#include "record/frames_parts.h"
#include "record/task_type.h"

/* One camera's frames: a sequence, or a sensor of one. */
struct camera {
	struct slice name;       /* of a sensor, raw; empty for a sequence */
	struct slice attributes; /* of the sample */
	struct slice label;      /* likewise of the label, or empty */
	struct json_iter frames, labels;
	bool linked;   /* its label has links */
	bool bitmaps;  /* its labels' pixels are in bitmaps */
	bool numbered; /* its frames have no names of their own to go by */
};

/* A frame of it. */
struct frame {
	size_t index;
	struct slice attributes; /* of the sample's */
	struct slice label;      /* of the label's, or empty */
	struct slice name, timestamp;
};

struct frames {
	const struct frames_options *options;
	struct frames_counts counts;
	const struct record *record;
	struct slice label; /* the label's attributes, empty without */
	bool skipped;       /* there is a label with nothing in it */
	enum task_kind kind;
	struct json_iter sensors;
	struct camera camera;
	struct frame frame;
	struct links links;
	/* The release of the last record, its kind, and what frames get. */
	struct buf release, framed[2];
	enum task_kind release_kind;
	bool typed;
	/* What all frames of the camera have of sample and label. */
	struct buf shared, shared_label;
	/* Room for what is being put together. */
	struct edits edits;
	struct buf value, text, failure;
	uint64_t *digests;
	size_t digest_room;
};

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

/* --- What a record is */

/* Reads the text of a string, or nothing. */
static struct slice
text_of(struct frames *frames, struct slice object, const char *key)
{
	struct slice value;

	buf_reset(&frames->text);
	if (json_find(object, key, &value))
		json_string(value, &frames->text);
	return buf_view(&frames->text);
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
		task_kind_of(text_of(frames, release, "task_type"));
	for (i = 0; i < 2; i++) {
		buf_reset(&frames->framed[i]);
		if (json_find(release, "task_type", &type))
			edits_replace(&frames->edits, type,
				      slice_of(task_type_of_frame(i)));
		edits_apply(&frames->edits, release, &frames->framed[i]);
	}
}

/* --- Cameras */

static uint64_t
digest_of_name(struct frames *frames, struct slice name)
{
	struct buf *text = &frames->text;
	size_t i;

	buf_reset(text);
	json_string(name, text);
	for (i = 0; i < text->len; i++)
		if (text->data[i] >= 'A' && text->data[i] <= 'Z')
			text->data[i] = (char)(text->data[i] + ('a' - 'A'));
	return digest_hash(buf_view(text));
}

static bool
is_named(struct slice name)
{
	return json_type(name) == JSON_STRING && name.n > 2;
}

/* The name of a frame: its own, or its number. */
static void
put_frame_name(struct buf *to, struct slice own, size_t index)
{
	if (is_named(own))
		buf_put(to, own.p + 1, own.n - 2);
	else
		buf_printf(to, "%06zu", index);
}

static int
compare_digests(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/*
 * True when two frames of the camera would have one name, be it that of one
 * file where capitals count for nothing.
 */
static bool
names_meet(struct frames *frames, struct slice list, size_t count)
{
	struct json_iter iter = json_iterate(list);
	struct json_member frame;
	size_t i, n = 0;

	if (count > frames->digest_room) {
		frames->digest_room = 2 * count;
		frames->digests =
			xreallocarray(frames->digests, frames->digest_room,
				      sizeof(*frames->digests));
	}
	for (; n < count && json_next(&iter, &frame) > 0; n++) {
		struct slice own = {0};

		json_find(frame.value, "name", &own);
		buf_reset(&frames->value);
		buf_putc(&frames->value, '"');
		put_frame_name(&frames->value, own, n);
		buf_putc(&frames->value, '"');
		frames->digests[n] =
			digest_of_name(frames, buf_view(&frames->value));
	}
	buf_reset(&frames->value);
	qsort(frames->digests, n, sizeof(*frames->digests), compare_digests);
	for (i = 1; i < n; i++)
		if (frames->digests[i] == frames->digests[i - 1])
			return true;
	return false;
}

/* Says where a label has not as many frames as its sample. */
static void
compare_counts(const struct frames *frames, size_t frame_count,
	       struct slice labels)
{
	size_t n = json_count(labels);

	if (!frames->camera.label.p || n == frame_count)
		return;
	diag_warn(&frames->record->place,
		  "label has %zu frame%s, the sample %zu: %s", n,
		  n == 1 ? "" : "s", frame_count,
		  n < frame_count ? "the others are unlabelled"
				  : "what is beyond is left out");
}

static struct slice
find_links(const struct frames *frames)
{
	struct slice list = {0};

	if (!json_find(frames->camera.label, "links", &list))
		json_find(frames->label, "links", &list);
	return list;
}

/*
 * Puts together what an object of the sequence and, of a sample with sensors,
 * one of the camera have for all frames.
 */
static void
put_shared(const struct frames *frames, struct slice whole, struct slice own,
	   struct buf *to)
{
	const bool sensors = frames->kind == TASK_SENSORS;
	const struct layer layers[] = {
		{whole, sensors ? "sensors" : "frames"},
		{sensors ? own : (struct slice){0}, "frames"},
	};

	buf_reset(to);
	layers_put(to, layers, 2, NULL, (struct slice){0});
}

/* Sets out on a camera whose attributes are known. */
static bool
begin_camera(struct frames *frames)
{
	struct camera *camera = &frames->camera;
	struct slice list, labels = {0}, links;
	size_t count;

	if (!json_find(camera->attributes, "frames", &list) ||
	    json_type(list) != JSON_ARRAY)
		return false;
	count = json_count(list);
	json_find(camera->label, "frames", &labels);
	compare_counts(frames, count, labels);
	camera->frames = json_iterate(list);
	camera->labels = json_iterate(labels);
	camera->numbered = count > 1 && names_meet(frames, list, count);
	if (camera->numbered)
		diag_warn(&frames->record->place,
			  "frames share a name: they go by their numbers");
	links = find_links(frames);
	camera->linked = links.p != NULL;
	links_begin(&frames->links, links);
	put_shared(frames, frames->record->attributes, camera->attributes,
		   &frames->shared);
	put_shared(frames, frames->label, camera->label, &frames->shared_label);
	frames->frame.index = SIZE_MAX;
	frames->counts.sequences++;
	return true;
}

/* The label of the sensor called `name`, or nothing. */
static struct slice
find_sensor_label(struct frames *frames, struct slice name)
{
	struct slice list, own, attributes;
	struct json_member sensor;
	struct json_iter iter;

	buf_reset(&frames->text);
	json_string(name, &frames->text);
	if (!json_find(frames->label, "sensors", &list))
		return (struct slice){0};
	iter = json_iterate(list);
	while (json_next(&iter, &sensor) > 0)
		if (json_find(sensor.value, "name", &own) &&
		    json_string_is(own, buf_view(&frames->text)) &&
		    json_find(sensor.value, "attributes", &attributes) &&
		    json_type(attributes) == JSON_OBJECT)
			return attributes;
	return (struct slice){0};
}

static bool
sensor_wanted(struct frames *frames, struct slice name)
{
	const struct frames_options *options = frames->options;
	bool wanted = !options->sensor_count;
	size_t i;

	for (i = 0; i < options->sensor_count; i++)
		if (json_string_is(name, slice_of(options->sensors[i])))
			options->sensor_met[i] = wanted = true;
	return wanted;
}

/* Takes a sensor in hand: true when it is a camera that is wanted. */
static bool
take_sensor(struct frames *frames, struct slice sensor)
{
	struct camera *camera = &frames->camera;
	struct slice type;

	*camera = (struct camera){0};
	json_find(sensor, "name", &camera->name);
	if (!is_named(camera->name))
		camera->name = (struct slice){0};
	if (!sensor_wanted(frames, camera->name))
		return false;
	type = text_of(frames, sensor, "task_type");
	if (!task_is_camera(type)) {
		frames->counts.no_cameras++;
		return false;
	}
	camera->bitmaps = task_kind_of(type) == TASK_BITMAP_FRAMES;
	json_find(sensor, "attributes", &camera->attributes);
	if (camera->name.p)
		camera->label = find_sensor_label(frames, camera->name);
	if (begin_camera(frames))
		return true;
	diag_warn(&frames->record->place, "sensor %.*s has no frames",
		  (int)camera->name.n, camera->name.p ? camera->name.p : "");
	return false;
}

static bool
next_camera(struct frames *frames)
{
	struct json_member sensor;

	while (frames->sensors.p && json_next(&frames->sensors, &sensor) > 0)
		if (take_sensor(frames, sensor.value))
			return true;
	return false;
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
	struct json_error error = {0};
	struct slice list;

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
		return begin_camera(frames)
			       ? FRAMES_SEQUENCE
			       : fail(frames, "sequence has no list of frames",
				      "");
	if (!json_find(record->attributes, "sensors", &list) ||
	    json_type(list) != JSON_ARRAY)
		return fail(frames, "sample has no list of sensors", "");
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

/* --- Frames */

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
	    is_named(url))
		return true;
	if (json_count(list))
		diag_warn(&frames->record->place,
			  "frame %zu has annotations and no bitmap: it is "
			  "unlabelled",
			  frames->frame.index);
	return false;
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

/* A member that is neither absent nor null; otherwise nothing. */
static struct slice
find_set(struct slice object, const char *key)
{
	struct slice value = {0};

	if (json_find(object, key, &value) && json_type(value) == JSON_NULL)
		value = (struct slice){0};
	return value;
}

/* Goes on to the camera's next frame. */
static bool
next_frame(struct frames *frames)
{
	struct camera *camera = &frames->camera;
	struct frame *frame = &frames->frame;
	struct json_member member;

	if (!camera->frames.p || json_next(&camera->frames, &member) <= 0)
		return false;
	frame->index++;
	frame->attributes = member.value;
	frame->label = (struct slice){0};
	if (camera->labels.p && json_next(&camera->labels, &member) > 0)
		frame->label = member.value;
	frame->name = find_set(frame->attributes, "name");
	if (!is_named(frame->name))
		frame->name = (struct slice){0};
	frame->timestamp = find_set(frame->attributes, "timestamp");
	if (!frame->timestamp.p)
		frame->timestamp = find_set(frame->label, "timestamp");
	links_step(&frames->links);
	return true;
}

static void
put_sequence_name(const struct frames *frames, struct buf *to)
{
	const struct record *record = frames->record;

	if (is_named(record->name))
		buf_put(to, record->name.p + 1, record->name.n - 2);
	else
		buf_slice(to, record->index);
}

/* Sets a member of the record that is not there, before its end. */
static void
add_member(struct frames *frames, const char *at, const char *key)
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
	put_frame_name(value,
		       camera->numbered ? (struct slice){0}
					: frames->frame.name,
		       frames->frame.index);
	buf_putc(value, '"');
	if (record->name.p) {
		edits_replace(&frames->edits, record->name, buf_view(value));
		buf_reset(value);
	} else {
		add_member(frames, record->line.p + record->line.n - 1, "name");
	}
}

/* Sets attributes: the frame's, and what the sequence has for all. */
static void
set_attributes(struct frames *frames)
{
	const struct layer layers[] = {
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
	const struct layer layers[] = {
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
	add_member(frames, at, "frame");
	if (release.p && frames->typed)
		edits_replace(&frames->edits, release,
			      buf_view(
				      &frames->framed[frames->camera.bitmaps]));
}

bool
frames_next(struct frames *frames, struct buf *to)
{
	for (;;) {
		while (!next_frame(frames))
			if (!next_camera(frames))
				return false;
		if (!frames->options->keyframes ||
		    has_keyframe(frames->frame.label))
			break;
	}
	set_name(frames);
	set_attributes(frames);
	set_label(frames);
	set_frame(frames);
	edits_apply(&frames->edits, frames->record->line, to);
	buf_putc(to, '\n');
	frames->counts.frames++;
	return true;
}
