#include "output/yolo.h"

#include <stdarg.h>
#include <stdlib.h>

#include "output/yolo_parts.h"
#include "record/edits.h"
#include "json/json.h"

const char *const yolo_part_keys[YOLO_PARTS] = {"train", "val", "test"};
const char *const yolo_task_names[] = {"detect", "segment", "obb"};

enum { SIDE_MIN = 10 };

/* --- From the workers to the writer */

int
yolo_pack(struct yolo_rows *rows, const struct record *record, struct buf *to)
{
	uint64_t without[YOLO_WITHOUTS] = {0};
	struct edits edits = {0};
	struct buf label = {0};
	size_t i;
	int got;

	buf_puts(&label, "{\"rows\":\"");
	got = yolo_rows_put(rows, record, &label, without);
	buf_puts(&label, "\",\"without\":[");
	for (i = 0; i < YOLO_WITHOUTS; i++) {
		buf_puts(&label, i ? "," : "");
		buf_uint(&label, without[i]);
	}
	buf_puts(&label, "]}");
	if (got >= 0) {
		if (record->label.p)
			edits_replace(&edits, record->label,
				      got ? buf_view(&label)
					  : slice_of("null"));
		edits_apply(&edits, record->line, to);
		buf_putc(to, '\n');
	}
	edits_release(&edits);
	buf_release(&label);
	return got;
}

/*
 * Appends rows with their classes in the data set for those in the release:
 * what a row begins with, but for a bracket.
 */
static void
map_rows(struct yolo *yolo, struct slice rows)
{
	const struct yolo_classes *classes = &yolo->classes;
	const char last = yolo->options.tree ? ';' : ',';
	const char *p = rows.p, *end = rows.p + rows.n, *next;
	struct buf *to = &yolo->rows;
	size_t class;

	if (classes->plain) {
		buf_slice(to, rows);
		return;
	}
	for (; p < end; p = next) {
		if (*p == '[')
			buf_putc(to, *p++);
		for (class = 0; p < end && *p >= '0' && *p <= '9'; p++)
			class = class * 10 + (size_t)(*p - '0');
		if (class < classes->release.count)
			buf_uint(to, classes->map[class]);
		next = p;
		while (next < end && *next != ';' && *next != ']')
			next++;
		/* The end, and for a bracket the comma behind it. */
		next += last == ';' ? 1 : 2;
		buf_put(to, p, (size_t)(next - p));
	}
}

/* Takes what the worker made out of the record: 1, or 0 where unlabelled. */
static int
unpack(struct yolo *yolo)
{
	struct slice rows, list;
	struct json_iter iter;
	struct json_member count;
	int64_t number;
	size_t i;

	buf_reset(&yolo->rows);
	if (!json_find(yolo->record->label, "rows", &rows) ||
	    !json_find(yolo->record->label, "without", &list))
		return 0;
	rows = (struct slice){rows.p + 1, rows.n - 2};
	map_rows(yolo, rows);
	iter = json_iterate(list);
	for (i = 0; i < YOLO_WITHOUTS && json_next(&iter, &count) > 0; i++)
		if (json_int(count.value, &number))
			yolo->counts.without[i] += (uint64_t)number;
	return 1;
}

/* --- Parts */

enum yolo_part
yolo_part_named(const char *name)
{
	static const struct {
		const char *name;
		enum yolo_part part;
	} names[] = {
		{"train", YOLO_TRAIN},
		{"val", YOLO_VAL},
		{"valid", YOLO_VAL},
		{"test", YOLO_TEST},
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].part;
	return YOLO_PARTS;
}

const char *
yolo_folder(const struct yolo *yolo, enum yolo_part part)
{
	const struct split *split = yolo->options.split;
	const char *name;
	size_t i;

	for (i = 0; split && (name = split_name(split, i)) != NULL; i++)
		if (yolo_part_named(name) == part)
			return name;
	return yolo_part_keys[part];
}

static enum yolo_part
find_part(struct yolo *yolo)
{
	const struct yolo_options *options = &yolo->options;
	double place;

	if (!options->split)
		return YOLO_TRAIN;
	yolo->counts.without_key +=
		options->by && !split_has_key(yolo->record, options->by);
	place = split_place(yolo->record, options->by, "split");
	return yolo_part_named(
		split_name(options->split, split_part(options->split, place)));
}

/* --- Records */

struct yolo *
yolo_open(const struct yolo_options *options)
{
	struct yolo *yolo = xcalloc(1, sizeof(*yolo));

	yolo->options = *options;
	if (options->tree)
		return yolo;
	yolo->spool = spool_open();
	if (yolo->spool)
		return yolo;
	free(yolo);
	return NULL;
}

int
yolo_fail(struct yolo *yolo, const char *format, ...)
{
	va_list args;

	buf_reset(&yolo->failure);
	va_start(args, format);
	buf_vprintf(&yolo->failure, format, args);
	va_end(args);
	return -1;
}

const char *
yolo_failure(struct yolo *yolo)
{
	return buf_cstr(&yolo->failure);
}

const struct yolo_counts *
yolo_counted(const struct yolo *yolo)
{
	return &yolo->counts;
}

static void
take_text(struct buf *to, struct slice release, const char *key)
{
	struct slice value;

	if (!to->len && json_find(release, key, &value) &&
	    json_type(value) == JSON_STRING && value.n > 2)
		buf_slice(to, value);
}

/* What the data set is called: by the first release that says so. */
static void
take_texts(struct yolo *yolo)
{
	struct slice release = yolo->record->release;

	if (yolo->counts.images[YOLO_TRAIN] + yolo->counts.images[YOLO_VAL] +
	    yolo->counts.images[YOLO_TEST])
		return;
	take_text(&yolo->dataset, release, "dataset");
	take_text(&yolo->release, release, "name");
	take_text(&yolo->description, release, "description");
	take_text(&yolo->created_at, release, "created_at");
}

/* False, with the failure set, for an image that would be refused. */
static bool
is_large_enough(struct yolo *yolo)
{
	static const char *const keys[] = {"width", "height"};
	int64_t sides[2] = {0};
	struct slice image, value;
	size_t i;

	for (i = 0; i < 2; i++)
		if (record_asset(yolo->record, ASSET_IMAGE, &image) &&
		    json_find(image, keys[i], &value))
			json_int(value, &sides[i]);
	if (sides[0] >= SIDE_MIN && sides[1] >= SIDE_MIN)
		return true;
	yolo_fail(yolo,
		  "the image is %lld x %lld pixels, and ultralytics refuses "
		  "sides of less than %d",
		  (long long)sides[0], (long long)sides[1], SIDE_MIN);
	return false;
}

enum yolo_result
yolo_add(struct yolo *yolo, const struct record *record)
{
	const char *why;

	yolo->record = record;
	if (json_type(record->label) != JSON_OBJECT)
		return YOLO_UNLABELLED;
	why = yolo_classes_take(&yolo->classes, record->release);
	if (why) {
		yolo_fail(yolo, "%s", why);
		return YOLO_FAILED;
	}
	if (!unpack(yolo))
		return YOLO_UNLABELLED;
	if (!is_large_enough(yolo))
		return YOLO_FAILED;
	yolo->part = find_part(yolo);
	take_texts(yolo);
	buf_reset(&yolo->name);
	if (!image_names_put(yolo->options.names, record, &yolo->name)) {
		yolo_fail(yolo, "the sample lacks what its image is called by");
		return YOLO_FAILED;
	}
	if ((yolo->options.tree ? yolo_put_files(yolo) : yolo_put_line(yolo)) <
	    0)
		return YOLO_FAILED;
	yolo->counts.images[yolo->part]++;
	return yolo->spool && spool_failed(yolo->spool) ? YOLO_FATAL
							: YOLO_WRITTEN;
}

/* What would surprise someone who trains with it. */
static void
warn(const struct yolo *yolo)
{
	const struct yolo_class *first = yolo->classes.list;
	const uint64_t *images = yolo->counts.images;

	if (yolo->classes.count && first->name.len >= 2 &&
	    memcmp(first->name.data, "n0", 2) == 0)
		diag_say(NULL,
			 "the first class is called %s: ultralytics "
			 "takes names that begin with n0 for ImageNet's",
			 buf_cstr(&yolo->classes.list[0].name));
	if (images[YOLO_VAL] || !yolo->options.tree)
		return;
	if (images[YOLO_TRAIN])
		diag_say(NULL,
			 "no images are for validation: data.yaml names those "
			 "for training (--split train:0.8,val:0.2 would choose "
			 "some)");
}

int
yolo_close(struct yolo *yolo)
{
	int result = 0;

	if (!yolo)
		return 0;
	warn(yolo);
	if (yolo->options.tree)
		yolo_put_yaml(yolo);
	else
		result = yolo_put_stream(yolo);
	yolo_classes_end(&yolo->classes);
	spool_close(yolo->spool);
	buf_release(&yolo->dataset);
	buf_release(&yolo->release);
	buf_release(&yolo->description);
	buf_release(&yolo->created_at);
	buf_release(&yolo->rows);
	buf_release(&yolo->name);
	buf_release(&yolo->path);
	buf_release(&yolo->text);
	buf_release(&yolo->failure);
	free(yolo);
	return result;
}
