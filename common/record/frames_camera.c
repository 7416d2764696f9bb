/* Cameras, and the frames of each in order. */
#include "record/frames_parts.h"
#include "record/task_type.h"

/* Reads the text of a string, or nothing. */
struct slice
frames_text_of(struct frames *frames, struct slice object, const char *key)
{
	struct slice value;

	buf_reset(&frames->text);
	if (json_find(object, key, &value))
		json_string(value, &frames->text);
	return buf_view(&frames->text);
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
	const struct members_layer layers[] = {
		{whole, sensors ? "sensors" : "frames"},
		{sensors ? own : (struct slice){0}, "frames"},
	};

	buf_reset(to);
	layers_put(to, layers, 2, NULL, (struct slice){0});
}

/* Sets out on a camera whose attributes are known. */
bool
frames_begin_camera(struct frames *frames)
{
	struct camera *camera = &frames->camera;
	struct slice list, labels = {0}, links;
	size_t count;

	if (!json_find(camera->attributes, "frames", &list) ||
	    json_type(list) != JSON_ARRAY)
		return false;
	count = json_count(list);
	json_find(camera->label, "frames", &labels);
	if (!count)
		diag_warn(&frames->record->place,
			  "has no frames: nothing is made of it");
	compare_counts(frames, count, labels);
	camera->frames = json_iterate(list);
	camera->labels = json_iterate(labels);
	camera->numbered = count > 1 && frames_names_meet(frames, list, count);
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

/* True where the sample has a sensor of this name, a string. */
static bool
has_sensor(struct frames *frames, struct slice list, struct slice name)
{
	struct json_member sensor;
	struct json_iter iter = json_iterate(list);
	struct slice own;

	buf_reset(&frames->text);
	json_string(name, &frames->text);
	while (json_next(&iter, &sensor) > 0)
		if (json_find(sensor.value, "name", &own) &&
		    json_string_is(own, buf_view(&frames->text)))
			return true;
	return false;
}

void
frames_compare_sensors(struct frames *frames, struct slice list)
{
	struct slice labels, name;
	struct json_member sensor;
	struct json_iter iter;

	if (!json_count(list))
		diag_warn(&frames->record->place,
			  "has no sensors: nothing is made of it");
	if (!json_find(frames->label, "sensors", &labels))
		return;
	iter = json_iterate(labels);
	while (json_next(&iter, &sensor) > 0)
		if (json_find(sensor.value, "name", &name) &&
		    json_type(name) == JSON_STRING &&
		    !has_sensor(frames, list, name))
			diag_warn(&frames->record->place,
				  "label has a sensor %.*s, the sample none: "
				  "it is left out",
				  (int)name.n, name.p);
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
	if (!frames_is_named(camera->name))
		camera->name = (struct slice){0};
	if (!sensor_wanted(frames, camera->name))
		return false;
	type = frames_text_of(frames, sensor, "task_type");
	if (!task_is_camera(type)) {
		frames->counts.no_cameras++;
		return false;
	}
	camera->bitmaps = task_kind_of(type) == TASK_BITMAP_FRAMES;
	json_find(sensor, "attributes", &camera->attributes);
	if (camera->name.p)
		camera->label = find_sensor_label(frames, camera->name);
	if (frames_begin_camera(frames))
		return true;
	diag_warn(&frames->record->place, "sensor %.*s has no frames",
		  (int)camera->name.n, camera->name.p ? camera->name.p : "");
	return false;
}

bool
frames_next_camera(struct frames *frames)
{
	struct json_member sensor;

	while (frames->sensors.p && json_next(&frames->sensors, &sensor) > 0)
		if (take_sensor(frames, sensor.value))
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
bool
frames_next_frame(struct frames *frames)
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
	if (!frames_is_named(frame->name))
		frame->name = (struct slice){0};
	frame->timestamp = find_set(frame->attributes, "timestamp");
	if (!frame->timestamp.p)
		frame->timestamp = find_set(frame->label, "timestamp");
	links_step(&frames->links);
	return true;
}
