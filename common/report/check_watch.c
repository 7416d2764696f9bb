/* What only shows among many records. */
#include <math.h>
#include <stdlib.h>

#include "report/check_parts.h"
#include "report/fingerprint.h"
#include "report/tally.h"

/* Sixteenths of a power of two; areas up to 2^32 pixels. */
enum { STEPS = 16, BINS = 32 * STEPS, ENOUGH = 30 };

static const struct tally_column seen_columns[] = {
	{"objects", TALLY_SUM, false, 0, 0},
	{"areas", TALLY_SUM, false, BINS, 0},
	{0},
};

static const struct tally_table tables[] = {
	{"category", {"key", NULL}, seen_columns, -1},
	{0},
};

/* Numbers under numbers, neither of which is 0. */
struct number_map {
	uint64_t (*slots)[2];
	size_t room, count;
};

/* An object of the frame before, or of one some frames ago. */
struct track {
	int64_t id, frame;
	struct buf category;
	double box[4];
};

struct watcher {
	const struct check_options *options;
	struct tally *seen;
	struct number_map stems, urls;
	uint64_t sequence; /* that of the tracks */
	int64_t frame;     /* its last one */
	struct track *tracks;
	size_t track_count, track_room;
	struct buf text;
};

struct watcher *
watcher_open(const struct check_options *options)
{
	struct watcher *watcher = xcalloc(1, sizeof(*watcher));

	watcher->options = options;
	watcher->seen = tally_open(tables);
	return watcher;
}

static void
forget_tracks(struct watcher *watcher)
{
	while (watcher->track_count)
		buf_release(&watcher->tracks[--watcher->track_count].category);
}

void
watcher_close(struct watcher *watcher)
{
	if (!watcher)
		return;
	forget_tracks(watcher);
	free(watcher->tracks);
	tally_close(watcher->seen);
	free(watcher->stems.slots);
	free(watcher->urls.slots);
	buf_release(&watcher->text);
	free(watcher);
}

static uint64_t *
find_slot(const struct number_map *map, uint64_t key)
{
	size_t at = key & (map->room - 1);

	while (map->slots[at][0] && map->slots[at][0] != key)
		at = (at + 1) & (map->room - 1);
	return map->slots[at];
}

/* The number under a key, which is set to `number` where there is none. */
static uint64_t
map_number(struct number_map *map, uint64_t key, uint64_t number)
{
	uint64_t *slot;
	size_t i;

	if (2 * (map->count + 1) > map->room) {
		struct number_map old = *map;

		map->room = old.room ? 2 * old.room : 1024;
		map->slots = xcalloc(map->room, sizeof(*map->slots));
		for (i = 0; i < old.room; i++)
			if (old.slots[i][0])
				memcpy(find_slot(map, old.slots[i][0]),
				       old.slots[i], sizeof(*old.slots));
		free(old.slots);
	}
	slot = find_slot(map, key);
	if (slot[0])
		return slot[1];
	map->count++;
	slot[0] = key;
	slot[1] = number;
	return number;
}

static uint64_t
read_hex(struct slice text)
{
	char digits[20] = {0};

	if (text.n > 2 && text.n < 20)
		memcpy(digits, text.p + 1, text.n - 2);
	return strtoull(digits, NULL, 16);
}

/* Samples that share a name, but for case and ending, or an image. */
static void
watch_keys(struct watcher *watcher, const struct check_subject *subject,
	   struct slice facts, struct buf *to)
{
	static const struct finding name = {.rule = RULE_NAME_COLLIDES,
					    .severity = SEVERITY_ERROR};
	static const struct finding image = {.rule = RULE_DUPLICATE_IMAGE,
					     .severity = SEVERITY_ERROR};
	struct json_iter iter = json_iterate(json_get(facts, "keys"));
	struct json_member key;
	uint64_t keys[3] = {0};
	size_t i;

	for (i = 0; i < 3 && json_next(&iter, &key) > 0; i++)
		keys[i] = read_hex(key.value);
	if (keys[1] && map_number(&watcher->stems, keys[1], keys[0]) != keys[0])
		check_put(watcher->options, subject, to, &name,
			  "another sample is called so, but for case and "
			  "ending");
	if (keys[2] && map_number(&watcher->urls, keys[2], keys[0]) != keys[0])
		check_put(watcher->options, subject, to, &image,
			  "another sample has the same image");
}

/* The row of a category, by its raw name. */
static uint64_t *
seen_of(struct watcher *watcher, struct slice category)
{
	struct slice name;

	buf_reset(&watcher->text);
	if (!json_string(category, &watcher->text))
		return NULL;
	buf_reserve(&watcher->text, 1);
	name = buf_view(&watcher->text);
	return tally_at(watcher->seen, 0, &name);
}

/* All categories of a release, so that those without an object are known. */
static void
watch_categories(struct watcher *watcher, struct slice facts)
{
	struct json_iter iter = json_iterate(json_get(facts, "categories"));
	struct json_member category;

	while (json_next(&iter, &category) > 0)
		seen_of(watcher, json_get(category.value, "name"));
}

static unsigned
bin_of(double area)
{
	double bin = log2(area < 1 ? 1 : area) * STEPS;

	return bin < BINS ? (unsigned)bin : BINS - 1;
}

/* The bin in which the nth number, from 0, of a histogram is. */
static unsigned
nth_bin(const uint64_t *bins, uint64_t n)
{
	unsigned i;

	for (i = 0; i + 1 < BINS && bins[i] <= n; i++)
		n -= bins[i];
	return i;
}

/* The median distance from a bin. */
static unsigned
median_distance(const uint64_t *bins, unsigned from, uint64_t count)
{
	uint64_t below = bins[from];
	unsigned distance = 0;

	while (2 * below < count && distance < BINS) {
		distance++;
		if (from >= distance)
			below += bins[from - distance];
		if (from + distance < BINS)
			below += bins[from + distance];
	}
	return distance;
}

/* An object as the facts have it. */
struct object {
	struct slice category, id; /* raw */
	double area, box[4];
};

static void
watch_area(struct watcher *watcher, const struct check_subject *subject,
	   const struct object *object, uint64_t *seen, struct buf *to)
{
	uint64_t *bins = seen + 1;
	const double limit = watcher->options->limits[RULE_OUTLIER_AREA];
	struct finding finding = {.rule = RULE_OUTLIER_AREA,
				  .severity = SEVERITY_ERROR,
				  .annotation = object->id,
				  .category = object->category,
				  .valued = true,
				  .box = object->box};
	uint64_t count = 0;
	unsigned bin, middle, distance, i;

	if (!(object->area > 0))
		return;
	for (i = 0; i < BINS; i++)
		count += bins[i];
	bin = bin_of(object->area);
	if (count >= ENOUGH) {
		middle = nth_bin(bins, count / 2);
		distance = median_distance(bins, middle, count);
		/* Objects that are all alike differ by a bin at least. */
		finding.value = fabs((double)bin - (double)middle) /
				(distance ? distance : 1);
		if (finding.value > limit && distance)
			check_put(watcher->options, subject, to, &finding,
				  "%.6g px, where half of its kind have less "
				  "than %.4g",
				  object->area, exp2((middle + 1.0) / STEPS));
	}
	bins[bin]++;
}

static bool
read_object(struct slice text, struct object *object)
{
	struct json_iter iter = json_iterate(text);
	struct json_member value;
	size_t i;

	if (json_next(&iter, &value) <= 0)
		return false;
	object->category = value.value;
	if (json_next(&iter, &value) <= 0)
		return false;
	object->id = value.value;
	if (json_next(&iter, &value) <= 0 ||
	    !json_double(value.value, &object->area))
		return false;
	for (i = 0; i < 4; i++)
		if (json_next(&iter, &value) <= 0 ||
		    !json_double(value.value, &object->box[i]))
			return false;
	return true;
}

static struct track *
find_track(struct watcher *watcher, int64_t id)
{
	size_t i;

	for (i = 0; i < watcher->track_count; i++)
		if (watcher->tracks[i].id == id)
			return &watcher->tracks[i];
	return NULL;
}

static struct track *
add_track(struct watcher *watcher, int64_t id)
{
	struct track *track;

	if (watcher->track_count == watcher->track_room) {
		watcher->track_room = 2 * watcher->track_count + 16;
		watcher->tracks =
			xreallocarray(watcher->tracks, watcher->track_room,
				      sizeof(*watcher->tracks));
	}
	track = &watcher->tracks[watcher->track_count++];
	*track = (struct track){.id = id};
	return track;
}

/* How far two boxes' centres are apart, in diagonals of the larger; 0 where
 * they touch. */
static double
jump_of(const double *a, const double *b)
{
	const double dx = a[0] + a[2] / 2 - b[0] - b[2] / 2;
	const double dy = a[1] + a[3] / 2 - b[1] - b[3] / 2;
	const double larger = fmax(hypot(a[2], a[3]), hypot(b[2], b[3]));

	if ((a[0] <= b[0] + b[2] && b[0] <= a[0] + a[2] &&
	     a[1] <= b[1] + b[3] && b[1] <= a[1] + a[3]) ||
	    !(larger > 0))
		return 0;
	return hypot(dx, dy) / larger;
}

static void
judge_track(struct watcher *watcher, const struct check_subject *subject,
	    const struct object *object, const struct track *track,
	    struct buf *to)
{
	const double *limits = watcher->options->limits;
	const double gap = (double)(watcher->frame - track->frame - 1);
	const double jump = jump_of(object->box, track->box);
	struct finding finding = {.severity = SEVERITY_ERROR,
				  .annotation = object->id,
				  .category = object->category,
				  .box = object->area >= 0 ? object->box
							   : NULL};

	if (!slice_equal(object->category, buf_view(&track->category))) {
		finding.rule = RULE_TRACK_CATEGORY;
		check_put(watcher->options, subject, to, &finding,
			  "its category was another one in frame %lld",
			  (long long)track->frame);
	}
	finding.valued = true;
	finding.value = gap;
	finding.rule = RULE_TRACK_GAP;
	if (gap > limits[RULE_TRACK_GAP])
		check_put(watcher->options, subject, to, &finding,
			  "away for %.0f frames", gap);
	finding.value = jump;
	finding.rule = RULE_TRACK_JUMP;
	if (gap == 0 && object->area >= 0 && jump > limits[RULE_TRACK_JUMP])
		check_put(watcher->options, subject, to, &finding,
			  "%.1f times its size from where it was", jump);
}

static void
watch_track(struct watcher *watcher, const struct check_subject *subject,
	    const struct object *object, struct buf *to)
{
	struct track *track;
	int64_t id;

	if (!json_int(object->id, &id))
		return;
	track = find_track(watcher, id);
	if (track && track->frame == watcher->frame)
		return;
	if (track)
		judge_track(watcher, subject, object, track, to);
	else
		track = add_track(watcher, id);
	track->frame = watcher->frame;
	memcpy(track->box, object->box, sizeof(track->box));
	buf_reset(&track->category);
	buf_slice(&track->category, object->category);
}

/* Finds which frame of which sequence it is; false where it is none. */
static bool
watch_frame(struct watcher *watcher, const struct check_subject *subject,
	    struct slice facts, struct buf *to)
{
	static const struct finding missing = {.rule = RULE_FRAME_MISSING,
					       .severity = SEVERITY_ERROR};
	struct json_iter iter = json_iterate(json_get(facts, "keys"));
	struct json_member key;
	struct slice sensor = json_get(subject->frame, "sensor");
	uint64_t sequence;
	int64_t frame;

	if (!json_int(json_get(subject->frame, "index"), &frame) ||
	    json_next(&iter, &key) <= 0)
		return false;
	sequence = fingerprint_bytes(read_hex(key.value), sensor);
	sequence = fingerprint_bytes(sequence, subject->labelset);
	if (sequence != watcher->sequence) {
		forget_tracks(watcher);
		watcher->sequence = sequence;
	} else if (frame > watcher->frame + 1) {
		check_put(watcher->options, subject, to, &missing,
			  "frame %lld follows %lld", (long long)frame,
			  (long long)watcher->frame);
	}
	watcher->frame = frame;
	return true;
}

static void
watch_objects(struct watcher *watcher, const struct check_subject *subject,
	      struct slice facts, struct buf *to)
{
	const bool in_sequence = watch_frame(watcher, subject, facts, to);
	struct json_iter iter = json_iterate(json_get(facts, "objects"));
	struct json_member element;
	struct object object;
	uint64_t *seen;

	while (json_next(&iter, &element) > 0) {
		if (!read_object(element.value, &object))
			continue;
		seen = seen_of(watcher, object.category);
		if (seen) {
			seen[0]++;
			watch_area(watcher, subject, &object, seen, to);
		}
		if (in_sequence)
			watch_track(watcher, subject, &object, to);
	}
}

void
watcher_take(struct watcher *watcher, struct slice facts, struct buf *to,
	     uint64_t *findings)
{
	const struct check_subject subject = {.name = json_get(facts, "name"),
					      .uuid = json_get(facts, "uuid"),
					      .index = json_get(facts, "index"),
					      .labelset = json_get(facts,
								   "labelset"),
					      .frame =
						      json_get(facts, "frame")};
	int64_t count = 0;

	json_int(json_get(facts, "findings"), &count);
	*findings = (uint64_t)count;
	watch_keys(watcher, &subject, facts, to);
	watch_categories(watcher, facts);
	watch_objects(watcher, &subject, facts, to);
}

void
watcher_end(struct watcher *watcher, struct buf *to)
{
	static const struct check_subject nobody;
	size_t i, n;
	const struct tally_row **rows = tally_rows(watcher->seen, 0, &n);

	for (i = 0; i < n; i++) {
		struct finding finding = {.rule = RULE_CATEGORY_UNUSED,
					  .severity = SEVERITY_ERROR};

		if (rows[i]->values[0])
			continue;
		buf_reset(&watcher->text);
		json_put_string(&watcher->text, rows[i]->parts[0]);
		finding.category = buf_view(&watcher->text);
		check_put(watcher->options, &nobody, to, &finding,
			  "no annotation has this category");
	}
	free(rows);
}
