/* What a thread does with some samples. */
#include <stdlib.h>

#include "base/diag.h"
#include "record/field.h"
#include "report/eval_print.h"
#include "report/eval_samples_parts.h"

/* The label of one side, of a sample. */
struct seen {
	struct coco_input *file;
	size_t from; /* its annotations in the file */
	bool there, labelled;
	struct buf labeller;
	uint32_t width, height;
};

/* A sample that is compared: an image of both files. */
struct sample_image {
	size_t sample;                   /* in the piece */
	size_t head, head_n, key, key_n; /* in the worker's texts */
	struct eval_label truths, predictions;
};

struct sample_worker {
	const struct eval_setting *setting;
	struct seen truth, prediction;
	struct record record;
	struct eval_pass *pass;
	struct buf heads, keys, name;
	struct sample_image *images;
	size_t image_room;
	struct sample_piece *piece;
	size_t passed; /* samples of it that were passed on */
};

void *
sample_worker_open(const struct eval_setting *setting)
{
	struct sample_worker *worker = xcalloc(1, sizeof(*worker));

	worker->setting = setting;
	worker->truth.file = xcalloc(1, sizeof(*worker->truth.file));
	worker->prediction.file = xcalloc(1, sizeof(*worker->prediction.file));
	worker->prediction.file->own_areas = true;
	worker->pass = eval_pass_open();
	return worker;
}

void
sample_worker_close(void *context, void *argument)
{
	struct sample_worker *worker = argument;

	(void)context;
	coco_input_close(worker->truth.file);
	coco_input_close(worker->prediction.file);
	buf_release(&worker->truth.labeller);
	buf_release(&worker->prediction.labeller);
	record_release(&worker->record);
	eval_pass_close(worker->pass);
	buf_release(&worker->heads);
	buf_release(&worker->keys);
	buf_release(&worker->name);
	free(worker->images);
	free(worker);
}

/*
 * Those that are objects on the image, which all have a box; those without a
 * score have the label's.
 */
static void
take_annotations(struct coco_input *file, const struct record *record,
		 int64_t image)
{
	struct annotations walk = record_annotations(record);
	const struct slice score = json_get(record->label, "score");
	struct slice object, box;
	struct coco_annotation *a;

	while (annotations_next(&walk, &object)) {
		if (!json_find(object, "bbox", &box) ||
		    json_type(box) != JSON_ARRAY)
			continue;
		coco_input_add_annotation(file, object, &image);
		a = coco_input_annotation(file, file->annotation_count - 1);
		if (!a->has_score)
			a->has_score = json_double(score, &a->score);
	}
}

static uint32_t
image_side_of(const struct record *record, const char *key)
{
	struct slice value;
	int64_t side;

	return json_find_path(record->attributes, &value, "image", key, NULL) &&
			       json_int(value, &side) && side > 0 &&
			       side <= UINT32_MAX
		       ? (uint32_t)side
		       : 0;
}

static void
take_label(struct sample_worker *worker, struct seen *seen)
{
	const struct record *record = &worker->record;
	struct slice value = {0};

	if (seen->there) {
		worker->piece->unpaired.twice++;
		return;
	}
	seen->there = true;
	seen->width = image_side_of(record, "width");
	seen->height = image_side_of(record, "height");
	seen->labelled = json_type(record->label) == JSON_OBJECT &&
			 seen->width > 0 && seen->height > 0;
	buf_reset(&seen->labeller);
	if (!json_find(record->label, "updated_by", &value))
		json_find(record->label, "created_by", &value);
	if (!json_string(value, &seen->labeller))
		buf_puts(&seen->labeller, "unknown");
	if (seen->labelled)
		take_annotations(seen->file, record,
				 (int64_t)worker->truth.file->image_count);
}

static void
put_head(const struct record *record, struct buf *to)
{
	buf_puts(to, "{\"eval\":\"image\",\"name\":");
	buf_slice(to, record->name.n ? record->name : slice_of("null"));
	if (record->uuid.n) {
		buf_puts(to, ",\"uuid\":");
		buf_slice(to, record->uuid);
	}
	if (record->index.n) {
		buf_puts(to, ",\"index\":");
		buf_slice(to, record->index);
	}
}

/* The value that a sample's group has, as text, which is never empty. */
static void
put_group(const char *by, const struct record *record, struct buf *to)
{
	const size_t before = to->len;
	struct slice value = {0};

	if (strcmp(by, "status") == 0)
		json_find(record->label, "label_status", &value);
	else
		field_find(record->line, by, &value);
	if (!value.n)
		value = slice_of("null");
	if (!json_string(value, to))
		buf_slice(to, value);
	if (to->len == before)
		buf_puts(to, "\"\"");
}

/* What is known of a sample by the record that is right. */
static void
note_sample(struct sample_worker *worker)
{
	const struct eval_samples_options *options = worker->setting->options;
	const struct record *record = &worker->record;

	if (worker->truth.there)
		return;
	buf_reset(&worker->name);
	json_string(record->name, &worker->name);
	if (options->per_image)
		put_head(record, &worker->heads);
	if (options->by)
		put_group(options->by, record, &worker->keys);
}

/* The line i of a piece. */
static struct slice
line_of(const struct sample_piece *piece, size_t i)
{
	const size_t from = i ? piece->lines[i - 1].end : 0;

	return (struct slice){piece->text.data + from,
			      piece->lines[i].end - from};
}

static size_t
first_line(const struct sample_piece *piece, size_t sample)
{
	return sample ? piece->samples[sample - 1].end : 0;
}

static void
begin_side(struct seen *seen)
{
	seen->there = seen->labelled = false;
	seen->from = seen->file->annotation_count;
}

static struct eval_label
label_of(const struct seen *seen)
{
	return (struct eval_label){seen->file, seen->from,
				   seen->file->annotation_count - seen->from};
}

/* Makes an image of a sample whose both labels are there. */
static void
add_image(struct sample_worker *worker, struct sample_image image)
{
	struct coco_input *file = worker->truth.file;
	const struct coco_image size = {
		(int64_t)file->image_count,
		worker->truth.width,
		worker->truth.height,
		arena_keep(&file->text, buf_view(&worker->name)),
	};

	if (worker->setting->options->labellers) {
		buf_slice(&worker->keys, buf_view(&worker->truth.labeller));
		buf_puts(&worker->keys, " / ");
		buf_slice(&worker->keys,
			  buf_view(&worker->prediction.labeller));
	}
	image.head_n = worker->heads.len - image.head;
	image.key_n = worker->keys.len - image.key;
	image.truths = label_of(&worker->truth);
	image.predictions = label_of(&worker->prediction);
	if (file->image_count == worker->image_room) {
		worker->image_room = 2 * worker->image_room + 16;
		worker->images =
			xreallocarray(worker->images, worker->image_room,
				      sizeof(*worker->images));
	}
	worker->images[file->image_count] = image;
	coco_input_put_image(file, &size);
}

/* Whether a sample can be compared; else it is counted. */
static bool
is_pair(struct sample_worker *worker)
{
	const struct seen *t = &worker->truth, *p = &worker->prediction;
	struct eval_unpaired *unpaired = &worker->piece->unpaired;

	if (!t->labelled)
		unpaired->without_truth++;
	else if (!p->labelled)
		unpaired->without_prediction++;
	else if (t->width != p->width || t->height != p->height)
		unpaired->other_size++;
	else
		return true;
	return false;
}

/* Reads the labels of a sample into both files. */
static void
read_sample(struct sample_worker *worker, size_t sample)
{
	const struct sample_piece *piece = worker->piece;
	struct sample_image image = {
		.sample = sample,
		.head = worker->heads.len,
		.key = worker->keys.len,
	};
	struct json_error error = {0};
	size_t i;

	begin_side(&worker->truth);
	begin_side(&worker->prediction);
	for (i = first_line(piece, sample); i < piece->samples[sample].end;
	     i++) {
		const struct sample_line *line = &piece->lines[i];

		if ((!line->truth && !line->predicted) ||
		    record_parse(&worker->record, line_of(piece, i), &error) <
			    0)
			continue;
		if (line->truth) {
			note_sample(worker);
			take_label(worker, &worker->truth);
		}
		if (line->predicted)
			take_label(worker, &worker->prediction);
	}
	if (is_pair(worker)) {
		add_image(worker, image);
		return;
	}
	worker->truth.file->annotation_count = worker->truth.from;
	worker->prediction.file->annotation_count = worker->prediction.from;
	worker->heads.len = image.head;
	worker->keys.len = image.key;
}

/* Passes on the records of the samples up to this one. */
static void
pass_up_to(struct sample_worker *worker, size_t end,
	   const struct eval_passed *what)
{
	struct sample_piece *piece = worker->piece;
	size_t i;

	for (; worker->passed < end; worker->passed++) {
		for (i = first_line(piece, worker->passed);
		     i < piece->samples[worker->passed].end; i++) {
			struct eval_passed one = *what;

			one.truth = piece->lines[i].truth;
			one.predicted = piece->lines[i].predicted;
			eval_pass_put(worker->pass, line_of(piece, i), &one,
				      &piece->out);
		}
	}
}

static void
see_image(void *context, size_t number, const struct eval_image *what)
{
	struct sample_worker *worker = context;
	const struct eval_setting *setting = worker->setting;
	const struct sample_image *image = &worker->images[number];
	const struct eval_passed none = {0},
				 passed = {
					 .image = what,
					 .truths = image->truths,
					 .predictions = image->predictions,
					 .categories = setting->categories
							       ->categories,
				 };

	if (setting->options->per_image)
		eval_print_image(what,
				 (struct slice){worker->heads.data +
							image->head,
						image->head_n},
				 &worker->piece->out);
	if (!setting->options->pass)
		return;
	pass_up_to(worker, image->sample, &none);
	pass_up_to(worker, image->sample + 1, &passed);
}

/* Image after image, each into the sums of all and of its group. */
static void
run_groups(struct sample_worker *worker, const struct eval_coco *eval,
	   const struct eval_watch *watch)
{
	const struct eval_setting *setting = worker->setting;
	struct sample_piece *piece = worker->piece;
	size_t i;

	for (i = 0; i < worker->truth.file->image_count; i++) {
		const struct slice key = {worker->keys.data +
						  worker->images[i].key,
					  worker->images[i].key_n};
		struct eval_totals one =
			eval_totals_like(&piece->groups.list[0].totals);

		eval_coco_run(eval, i, i + 1, &one, &piece->left_out, watch);
		eval_totals_merge(&piece->groups.list[0].totals, &one);
		eval_totals_merge(
			&eval_groups_find(&piece->groups, key,
					  setting->categories->category_count,
					  setting->options->most)
				 ->totals,
			&one);
		eval_totals_release(&one);
	}
}

/* Compares both files. */
static void
compare(struct sample_worker *worker)
{
	const struct eval_setting *setting = worker->setting;
	const struct eval_samples_options *options = setting->options;
	struct sample_piece *piece = worker->piece;
	struct coco_input *truths = worker->truth.file;
	const struct eval_watch see = {see_image, worker};
	const struct eval_watch *watch =
		options->per_image || options->pass ? &see : NULL;
	struct eval_coco *eval;

	/* Lent for the time being. */
	truths->categories = setting->categories->categories;
	truths->category_count = setting->categories->category_count;
	eval = eval_coco_open(truths, worker->prediction.file, &options->rules,
			      1);
	if (eval) {
		eval_left_out_add(&piece->left_out, eval_coco_left_out(eval));
		eval_groups_find(&piece->groups, slice_of(""),
				 truths->category_count, options->most);
		if (options->by || options->labellers)
			run_groups(worker, eval, watch);
		else
			eval_coco_run(eval, 0, truths->image_count,
				      &piece->groups.list[0].totals,
				      &piece->left_out, watch);
	}
	eval_coco_close(eval);
	truths->categories = NULL;
	truths->category_count = 0;
}

void
sample_worker_run(void *argument, void *context)
{
	struct sample_worker *worker = argument;
	struct sample_piece *piece = context;
	const struct eval_passed none = {0};
	struct buf *said_in;

	worker->piece = piece;
	worker->passed = 0;
	buf_reset(&worker->heads);
	buf_reset(&worker->keys);
	coco_input_reset(worker->truth.file);
	coco_input_reset(worker->prediction.file);
	said_in = diag_capture(&piece->messages);
	for (size_t i = 0; i < piece->sample_count; i++)
		if (!piece->samples[i].failed)
			read_sample(worker, i);
	if (worker->truth.file->image_count)
		compare(worker);
	if (worker->setting->options->pass)
		pass_up_to(worker, piece->sample_count, &none);
	diag_capture(said_in);
}
