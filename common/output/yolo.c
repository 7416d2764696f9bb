#include "output/yolo.h"

#include <stdarg.h>
#include <stdlib.h>

#include "output/yolo_parts.h"
#include "record/edits.h"
#include "json/json.h"

const char *const yolo_part_keys[YOLO_PARTS] = {"train", "val", "test"};
const char *const yolo_task_names[] = {"detect", "segment", "pose", "obb",
				       "semantic"};

enum { SIDE_MIN = 10 };

/* --- From the workers to the writer */

/* The numbers of a parcel, one after the other. */
static uint64_t *
parcel_number(struct yolo_parcel *parcel, size_t i)
{
	uint64_t *const others[] = {&parcel->width, &parcel->height,
				    &parcel->status, &parcel->empty, NULL};

	return i < YOLO_WITHOUTS ? &parcel->without[i]
				 : others[i - YOLO_WITHOUTS];
}

void
yolo_pack(const struct yolo_parcel *parcel, const struct record *record,
	  struct buf *to)
{
	struct yolo_parcel copy = *parcel;
	struct edits edits = {0};
	const uint64_t *number;
	size_t i;

	copy.status = label_status_of(record->label);
	copy.empty = status_tally_is_empty(record);
	buf_putc(to, '\t');
	buf_slice(to, parcel->rows);
	buf_putc(to, '\t');
	for (i = 0; (number = parcel_number(&copy, i)) != NULL; i++) {
		buf_uint(to, *number);
		buf_putc(to, ',');
	}
	buf_putc(to, '\t');
	if (record->label.p)
		edits_replace(&edits, record->label, slice_of("null"));
	edits_apply(&edits, record->line, to);
	buf_putc(to, '\n');
	edits_release(&edits);
}

/* Takes what stands before a tab off a text, with the tab. */
static struct slice
take_field(struct slice *text)
{
	const char *tab = memchr(text->p, '\t', text->n);
	struct slice field = {text->p, tab ? (size_t)(tab - text->p) : text->n};

	text->p += field.n + (tab != NULL);
	text->n -= field.n + (tab != NULL);
	return field;
}

void
yolo_unpack(struct slice *line, struct yolo_parcel *parcel)
{
	struct slice numbers;
	uint64_t *number;
	size_t i, k = 0;

	*parcel = (struct yolo_parcel){0};
	if (!line->n || line->p[0] != '\t')
		return;
	take_field(line);
	parcel->labelled = true;
	parcel->rows = take_field(line);
	numbers = take_field(line);
	for (i = 0; (number = parcel_number(parcel, i)) != NULL; i++)
		for (*number = 0; k < numbers.n && numbers.p[k++] != ',';)
			*number = *number * 10 +
				  (uint64_t)(numbers.p[k - 1] - '0');
}

/*
 * Appends rows with their classes in the data set for those in the release:
 * what a row begins with, but for a bracket.
 */
static void
map_rows(struct yolo *yolo, struct slice rows)
{
	const bool json = !yolo->options.tree;
	const char *p = rows.p, *end = rows.p + rows.n, *next;
	struct buf *to = &yolo->rows;
	size_t place;

	if (yolo->classes.plain) {
		buf_slice(to, rows);
		return;
	}
	for (; p < end; p = next) {
		if (*p == '[')
			buf_putc(to, *p++);
		for (place = 0; p < end && *p >= '0' && *p <= '9'; p++)
			place = place * 10 + (size_t)(*p - '0');
		buf_uint(to, yolo_classes_map(&yolo->classes, place));
		next = memchr(p, json ? ']' : ';', (size_t)(end - p));
		/* Behind a bracket is a comma. */
		next = next ? next + 1 + json : end;
		buf_put(to, p, (size_t)(next - p));
	}
}

/* Takes over what the worker made of the record at hand. */
static void
take_parcel(struct yolo *yolo, const struct yolo_parcel *parcel)
{
	size_t i;

	yolo->parcel = parcel;
	buf_reset(&yolo->rows);
	map_rows(yolo, parcel->rows);
	for (i = 0; i < YOLO_WITHOUTS; i++)
		yolo->counts.without[i] += parcel->without[i];
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
yolo_folder(const struct yolo_options *options, enum yolo_part part)
{
	const char *name;
	size_t i;

	for (i = 0;
	     options->split && (name = split_name(options->split, i)) != NULL;
	     i++)
		if (yolo_part_named(name) == part)
			return name;
	return yolo_part_keys[part];
}

enum yolo_part
yolo_find_part(const struct yolo_options *options, const struct record *record)
{
	if (!options->split)
		return YOLO_TRAIN;
	return yolo_part_named(
		split_name(options->split,
			   split_part_of(options->split, record, options->by)));
}

/* --- Records */

struct yolo *
yolo_open(const struct yolo_options *options)
{
	struct yolo *yolo = xcalloc(1, sizeof(*yolo));

	yolo->options = *options;
	if (!options->tree) {
		yolo->spool = spool_open();
		if (!yolo->spool) {
			free(yolo);
			return NULL;
		}
	}
	yolo->names = yolo_names_open(options->naming);
	yolo->classes.points = &yolo->options.points;
	return yolo;
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

void
yolo_say_statuses(const struct yolo *yolo)
{
	status_tally_say(&yolo->statuses);
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

	if (yolo->image_count)
		return;
	take_text(&yolo->dataset, release, "dataset");
	take_text(&yolo->release, release, "name");
	take_text(&yolo->description, release, "description");
	take_text(&yolo->created_at, release, "created_at");
}

/* A side of the image, or 0. */
static int64_t
find_side(const struct yolo *yolo, const char *key)
{
	struct slice image, value;
	int64_t side = 0;

	if (record_asset(yolo->record, ASSET_IMAGE, &image) &&
	    json_find(image, key, &value))
		json_int(value, &side);
	return side;
}

/* 0, or -1 for an image that would be refused. */
static int
check_size(struct yolo *yolo)
{
	const int64_t width = (int64_t)yolo->parcel->width;
	const int64_t height = (int64_t)yolo->parcel->height;
	int64_t sides[] = {find_side(yolo, "width"), find_side(yolo, "height")};

	if (width && !sides[0]) {
		sides[0] = width;
		sides[1] = height;
	}
	if (width && (width != sides[0] || height != sides[1]))
		return yolo_fail(yolo,
				 "the mask is %lld x %lld pixels and the image "
				 "%lld x %lld, which ultralytics refuses",
				 (long long)width, (long long)height,
				 (long long)sides[0], (long long)sides[1]);
	if (sides[0] >= SIDE_MIN && sides[1] >= SIDE_MIN)
		return 0;
	return yolo_fail(
		yolo,
		"the image is %lld x %lld pixels, and ultralytics refuses "
		"sides of less than %d",
		(long long)sides[0], (long long)sides[1], SIDE_MIN);
}

/* A mask's values are the classes: 0, or -1 where they are not. */
static int
check_classes(struct yolo *yolo)
{
	const struct yolo_classes *classes = &yolo->classes;
	const bool first = !yolo->image_count;

	if (yolo->options.task != YOLO_SEMANTIC || !yolo->options.tree)
		return 0;
	if (first)
		yolo->binary = classes->count == 1;
	if (classes->plain && yolo->binary == (classes->count == 1))
		return 0;
	return yolo_fail(
		yolo,
		first ? "two categories of its release have one name, and "
			"would be one class"
		      : "its release has other categories than the first "
			"record's: masks of a tree have those of one");
}

/* Puts the record at hand: 0, or -1 with the failure set. */
static int
write_record(struct yolo *yolo)
{
	const struct yolo_options *options = &yolo->options;

	if (check_classes(yolo) < 0 || check_size(yolo) < 0)
		return -1;
	yolo->part = yolo_find_part(options, yolo->record);
	take_texts(yolo);
	if ((options->tree ? yolo_put_files(yolo) : yolo_put_line(yolo)) < 0)
		return -1;
	yolo->counts.key.by = options->by;
	split_key_count(&yolo->counts.key, yolo->record);
	yolo->counts.images[yolo->part]++;
	yolo->image_count++;
	status_tally_image(&yolo->statuses,
			   (enum label_status)yolo->parcel->status,
			   yolo->parcel->empty);
	return 0;
}

enum yolo_result
yolo_add(struct yolo *yolo, const struct record *record,
	 const struct yolo_parcel *parcel)
{
	struct tree *tree = yolo->options.tree;
	const char *why;

	yolo->record = record;
	if (!parcel->labelled) {
		status_tally_left_out(&yolo->statuses,
				      label_status_of(record->label));
		return YOLO_UNLABELLED;
	}
	why = yolo_classes_take(&yolo->classes, record->release);
	if (why)
		yolo_fail(yolo, "%s", why);
	else
		take_parcel(yolo, parcel);
	if (why || write_record(yolo) < 0) {
		if (tree)
			tree_forget(tree, record->place.number);
		return YOLO_FAILED;
	}
	return yolo->spool && spool_failed(yolo->spool) ? YOLO_FATAL
							: YOLO_WRITTEN;
}

/* What would surprise someone who trains with it. */
static void
warn(const struct yolo *yolo)
{
	const uint64_t *images = yolo->counts.images;
	struct slice first = {0};

	if (yolo->classes.count)
		first = yolo_class_name(&yolo->classes, 0);
	categories_say_missing(&yolo->classes.all, "--keypoints",
			       yolo->options.points.keypoints);
	if (yolo->options.task == YOLO_POSE)
		yolo_keypoints_say(&yolo->options.keypoints);
	if (first.n >= 2 && memcmp(first.p, "n0", 2) == 0)
		diag_say(NULL,
			 "the first class is called %.*s: ultralytics "
			 "takes names that begin with n0 for ImageNet's",
			 (int)first.n, first.p);
	if (!yolo->options.tree)
		return;
	if (images[YOLO_VAL] && !images[YOLO_TRAIN])
		diag_say(NULL, "no images are for training: data.yaml names "
			       "those for validation");
	if (images[YOLO_TRAIN] && !images[YOLO_VAL])
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
	yolo_names_close(yolo->names);
	spool_close(yolo->spool);
	buf_release(&yolo->dataset);
	buf_release(&yolo->release);
	buf_release(&yolo->description);
	buf_release(&yolo->created_at);
	buf_release(&yolo->rows);
	buf_release(&yolo->path);
	buf_release(&yolo->text);
	buf_release(&yolo->failure);
	free(yolo);
	return result;
}
