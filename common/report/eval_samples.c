#include "report/eval_samples.h"

#include <stdlib.h>

#include "record/field.h"

/* The label of one side, of the sample at hand. */
struct seen {
	bool there, labelled;
	struct buf labeller;
	uint32_t width, height;
	struct coco_input *file;
};

/* A line that waits for its sample's end. */
struct kept_line {
	size_t end; /* in the lines */
	bool truth, predicted;
};

struct eval_samples {
	const struct eval_samples_options *options;
	struct seen truth, prediction;
	struct buf key, head, name, group, text, failure;
	struct buf release; /* the last one whose categories were taken */
	bool open;          /* a sample is at hand */
	struct eval_group *groups;
	size_t group_count;
	struct eval_unpaired unpaired;
	struct eval_left_out left_out;
	void (*see)(void *context, struct slice head,
		    const struct eval_image *image);
	void *context;
	void (*pass)(void *context, struct slice line,
		     const struct eval_passed *what);
	void *pass_context;
	struct buf lines; /* of the sample at hand, where they are passed on */
	struct kept_line *kept;
	size_t kept_count;
};

static struct eval_group *
find_group(struct eval_samples *s, struct slice key)
{
	struct eval_group *group;
	size_t i;

	for (i = 1; i < s->group_count; i++)
		if (slice_equal(buf_view(&s->groups[i].key), key))
			return &s->groups[i];
	s->groups = xreallocarray(s->groups, s->group_count + 1,
				  sizeof(*s->groups));
	group = &s->groups[s->group_count++];
	*group = (struct eval_group){0};
	buf_slice(&group->key, key);
	group->totals = eval_totals_make(s->truth.file->category_count,
					 s->options->most);
	return group;
}

struct eval_samples *
eval_samples_open(const struct eval_samples_options *options)
{
	struct eval_samples *s = xcalloc(1, sizeof(*s));

	s->options = options;
	s->truth.file = xcalloc(1, sizeof(*s->truth.file));
	s->prediction.file = xcalloc(1, sizeof(*s->prediction.file));
	s->prediction.file->own_areas = true;
	find_group(s, slice_of(""));
	return s;
}

void
eval_samples_close(struct eval_samples *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->group_count; i++) {
		buf_release(&s->groups[i].key);
		eval_totals_release(&s->groups[i].totals);
	}
	free(s->groups);
	coco_input_close(s->truth.file);
	coco_input_close(s->prediction.file);
	buf_release(&s->truth.labeller);
	buf_release(&s->prediction.labeller);
	buf_release(&s->key);
	buf_release(&s->head);
	buf_release(&s->name);
	buf_release(&s->group);
	buf_release(&s->text);
	buf_release(&s->failure);
	buf_release(&s->release);
	buf_release(&s->lines);
	free(s->kept);
	free(s);
}

void
eval_samples_see(struct eval_samples *s,
		 void (*see)(void *context, struct slice head,
			     const struct eval_image *image),
		 void *context)
{
	s->see = see;
	s->context = context;
}

void
eval_samples_pass(struct eval_samples *s,
		  void (*pass)(void *context, struct slice line,
			       const struct eval_passed *what),
		  void *context)
{
	s->pass = pass;
	s->pass_context = context;
}

size_t
eval_samples_groups(struct eval_samples *s, struct eval_group **groups)
{
	*groups = s->groups;
	return s->group_count;
}

const struct coco_input *
eval_samples_file(const struct eval_samples *s)
{
	return s->truth.file;
}

const struct eval_unpaired *
eval_samples_unpaired(const struct eval_samples *s)
{
	return &s->unpaired;
}

const struct eval_left_out *
eval_samples_left_out(const struct eval_samples *s)
{
	return &s->left_out;
}

/* Takes a category, or sees that it is the one of its id. */
static const char *
keep_category(struct eval_samples *s, struct slice object)
{
	struct coco_input *file = s->truth.file;
	struct slice value = {0};
	int64_t id;

	if (!json_find(object, "id", &value) || !json_int(value, &id))
		return "a category of the release has no integer id";
	json_find(object, "name", &value);
	for (size_t i = 0; i < file->category_count; i++) {
		if (file->categories[i].id != id)
			continue;
		if (json_string_is(value, file->categories[i].name))
			return NULL;
		buf_reset(&s->failure);
		buf_printf(&s->failure,
			   "category %lld has another name than before",
			   (long long)id);
		return buf_cstr(&s->failure);
	}
	coco_input_reset(file);
	coco_input_add_category(file, object);
	if (json_find(object, "has_instances", &value))
		file->categories[file->category_count - 1].stuff =
			slice_is(value, "false");
	return NULL;
}

/* Takes the categories of a release that is not the last one. */
static const char *
take_categories(struct eval_samples *s, const struct record *record)
{
	struct json_error error = {0};
	struct json_iter iter;
	struct json_member category;
	struct slice list = {0};
	const char *why = NULL;

	if (slice_equal(buf_view(&s->release), record->release))
		return NULL;
	if (json_validate(record->release, &error) < 0) {
		buf_reset(&s->failure);
		buf_printf(&s->failure, "the release is not JSON: %s",
			   error.what);
		return buf_cstr(&s->failure);
	}
	json_find(record->release, "categories", &list);
	iter = json_iterate(list);
	while (!why && json_next(&iter, &category) > 0)
		why = keep_category(s, category.value);
	for (size_t i = 0; i < s->group_count; i++)
		eval_totals_grow(&s->groups[i].totals,
				 s->truth.file->category_count);
	buf_reset(&s->release);
	if (!why)
		buf_slice(&s->release, record->release);
	return why;
}

/* What tells samples apart: uuid, or else index and name; frames, too. */
static void
put_sample_key(const struct record *record, struct buf *to)
{
	buf_slice(to, record->uuid.n ? record->uuid : record->index);
	buf_slice(to, record->name);
	buf_slice(to, record->frame);
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

/* The value that a sample's group has, as text. */
static void
put_group(struct eval_samples *s, const struct record *record)
{
	struct slice value = {0};

	buf_reset(&s->group);
	if (!s->options->by)
		return;
	if (strcmp(s->options->by, "status") == 0)
		json_find(record->label, "label_status", &value);
	else
		field_find(record->line, s->options->by, &value);
	if (!value.n)
		value = slice_of("null");
	if (!json_string(value, &s->group))
		buf_slice(&s->group, value);
}

static void
begin_sample(struct eval_samples *s, const struct record *record)
{
	s->open = true;
	buf_reset(&s->head);
	put_head(record, &s->head);
	buf_reset(&s->name);
	json_string(record->name, &s->name);
	put_group(s, record);
	s->truth.there = s->truth.labelled = false;
	s->prediction.there = s->prediction.labelled = false;
	coco_input_reset(s->truth.file);
	coco_input_reset(s->prediction.file);
}

static void
add_to_group(struct eval_samples *s, struct slice key,
	     const struct eval_totals *totals)
{
	eval_totals_merge(&find_group(s, key)->totals, totals);
}

static void
keep_line(struct eval_samples *s, struct slice line, bool truth, bool predicted)
{
	if (!s->pass)
		return;
	buf_slice(&s->lines, line);
	if ((s->kept_count & (s->kept_count - 1)) == 0)
		s->kept = xreallocarray(s->kept,
					s->kept_count ? 2 * s->kept_count : 1,
					sizeof(*s->kept));
	s->kept[s->kept_count++] =
		(struct kept_line){s->lines.len, truth, predicted};
}

/* Hands on the lines of the sample; `image` is NULL where none was compared. */
static void
pass_lines(struct eval_samples *s, const struct eval_image *image)
{
	struct eval_passed what = {.image = image,
				   .truths = s->truth.file,
				   .predictions = s->prediction.file};
	size_t i, begin = 0;

	for (i = 0; i < s->kept_count; i++) {
		const struct kept_line *kept = &s->kept[i];

		what.truth = kept->truth;
		what.predicted = kept->predicted;
		s->pass(s->pass_context,
			(struct slice){s->lines.data + begin,
				       kept->end - begin},
			&what);
		begin = kept->end;
	}
	s->kept_count = 0;
	buf_reset(&s->lines);
}

static void
see_image(void *context, size_t image, const struct eval_image *what)
{
	struct eval_samples *s = context;

	(void)image;
	if (s->see)
		s->see(s->context, buf_view(&s->head), what);
	pass_lines(s, what);
}

static void
compare_labels(struct eval_samples *s)
{
	struct eval_coco *eval =
		eval_coco_open(s->truth.file, s->prediction.file,
			       &s->options->rules);
	struct eval_totals one = eval_totals_like(&s->groups[0].totals);
	const struct eval_watch watch = {see_image, s};

	if (eval) {
		eval_coco_run(eval, 0, 1, &one, &s->left_out,
			      s->see || s->pass ? &watch : NULL);
		eval_totals_merge(&s->groups[0].totals, &one);
		if (s->options->by || s->options->labellers)
			add_to_group(s, buf_view(&s->group), &one);
	}
	eval_totals_release(&one);
	eval_coco_close(eval);
}

static void
compare_sample(struct eval_samples *s)
{
	const struct seen *t = &s->truth, *p = &s->prediction;

	if (!t->labelled) {
		s->unpaired.without_truth++;
	} else if (!p->labelled) {
		s->unpaired.without_prediction++;
	} else if (t->width != p->width || t->height != p->height) {
		s->unpaired.other_size++;
	} else {
		struct coco_input *file = s->truth.file;
		const struct coco_image image = {0, t->width, t->height,
						 buf_view(&s->name)};

		if (!file->images)
			file->images = xcalloc(1, sizeof(image));
		file->images[0] = image;
		file->image_count = 1;
		if (s->options->labellers) {
			buf_reset(&s->group);
			buf_slice(&s->group, buf_view(&t->labeller));
			buf_puts(&s->group, " / ");
			buf_slice(&s->group, buf_view(&p->labeller));
		}
		compare_labels(s);
	}
}

void
eval_samples_end(struct eval_samples *s)
{
	if (!s->open)
		return;
	s->open = false;
	compare_sample(s);
	/* Those of a sample that was not compared. */
	pass_lines(s, NULL);
}

/*
 * The score of an annotation without one of its own: an attribute, or the
 * label's, whose `all` is empty where it has none.
 */
static void
find_score(struct slice all, struct slice object, struct coco_annotation *a)
{
	struct slice value;

	if (a->has_score)
		return;
	if (!json_find_path(object, &value, "attributes", "score", NULL))
		value = all;
	if (value.n)
		a->has_score = json_double(value, &a->score);
}

static const char *
take_annotations(struct seen *seen, const struct record *record)
{
	struct annotations walk = record_annotations(record);
	const struct slice score = json_get(record->label, "score");
	struct slice object, box;
	const int64_t image = 0;

	while (annotations_next(&walk, &object)) {
		const char *why;

		if (!json_find(object, "bbox", &box) ||
		    json_type(box) != JSON_ARRAY)
			continue;
		why = coco_input_add_annotation(seen->file, object, &image);
		if (why)
			return why;
		find_score(score, object,
			   coco_input_annotation(seen->file,
						 seen->file->annotation_count -
							 1));
	}
	return NULL;
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

static const char *
take_label(struct eval_samples *s, struct seen *seen,
	   const struct record *record)
{
	struct slice value = {0};

	if (seen->there) {
		s->unpaired.twice++;
		return NULL;
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
	return seen->labelled ? take_annotations(seen, record) : NULL;
}

/* A record that failed before is passed on in its place, and no more. */
static const char *
add_failed(struct eval_samples *s, const struct record *record, bool same)
{
	if (!same)
		eval_samples_end(s);
	keep_line(s, record->line, false, false);
	if (!s->open)
		pass_lines(s, NULL);
	return NULL;
}

const char *
eval_samples_add(struct eval_samples *s, const struct record *record)
{
	struct slice labelset = {0};
	const char *why = NULL;
	bool same, truth, predicted;

	buf_reset(&s->text);
	put_sample_key(record, &s->text);
	same = s->open && slice_equal(buf_view(&s->key), buf_view(&s->text));
	if (record->error.p)
		return add_failed(s, record, same);
	if (!same) {
		eval_samples_end(s);
		buf_reset(&s->key);
		buf_slice(&s->key, buf_view(&s->text));
		why = take_categories(s, record);
		if (why)
			return why;
		begin_sample(s, record);
	}
	json_find(record->release, "labelset", &labelset);
	truth = json_string_is(labelset, slice_of(s->options->truth));
	predicted = json_string_is(labelset, slice_of(s->options->predicted));
	if (truth)
		why = take_label(s, &s->truth, record);
	if (!why && predicted)
		why = take_label(s, &s->prediction, record);
	keep_line(s, record->line, truth, predicted);
	return why;
}
