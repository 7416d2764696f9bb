#include "report/eval_samples.h"

#include <stdlib.h>

#include "base/crew.h"
#include "base/diag.h"
#include "report/eval_samples_parts.h"

/*
 * A piece is cut behind the sample that makes it so long: where does not depend
 * on the number of threads, nor do sums of fractions then.
 */
enum { PIECE_SAMPLES = 64, PIECE_BYTES = 1 << 17 };

/* Of the labelsets that are listed for a message. */
enum { LABELSETS_BYTES = 200 };

struct eval_samples {
	const struct eval_samples_options *options;
	struct eval_setting setting;
	struct crew *crew;
	struct sample_piece *piece; /* being filled, or NULL */
	struct buf key, text, failure;
	/* The last ones: of a sample's first record, and of another. */
	struct buf releases[2];
	struct buf list;      /* the categories that were taken last */
	struct buf labelsets; /* that came, as a list */
	bool open;            /* a sample is at hand */
	struct eval_groups groups;
	struct eval_unpaired unpaired;
	struct eval_left_out left_out;
};

struct eval_group *
eval_groups_find(struct eval_groups *groups, struct slice key,
		 size_t categories, const unsigned *most)
{
	struct eval_group *group;
	size_t i;

	for (i = key.n ? 1 : 0; i < groups->count; i++)
		if (slice_equal(buf_view(&groups->list[i].key), key))
			return &groups->list[i];
	groups->list = xreallocarray(groups->list, groups->count + 1,
				     sizeof(*groups->list));
	group = &groups->list[groups->count++];
	*group = (struct eval_group){0};
	buf_slice(&group->key, key);
	group->totals = eval_totals_make(categories, most);
	return group;
}

void
eval_groups_release(struct eval_groups *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		buf_release(&groups->list[i].key);
		eval_totals_release(&groups->list[i].totals);
	}
	free(groups->list);
	*groups = (struct eval_groups){0};
}

static struct eval_group *
find_group(struct eval_samples *s, struct slice key)
{
	return eval_groups_find(&s->groups, key,
				s->setting.categories->category_count,
				s->options->most);
}

static void
release_piece(void *context)
{
	struct sample_piece *piece = context;

	buf_release(&piece->text);
	free(piece->lines);
	free(piece->samples);
	eval_groups_release(&piece->groups);
	buf_release(&piece->out);
	buf_release(&piece->messages);
}

/* Gives back the memory of a piece of large records. */
static void
empty(struct buf *buf)
{
	if (buf->cap > 4 * PIECE_BYTES)
		buf_release(buf);
	else
		buf_reset(buf);
}

/* Takes in what came of a piece, and empties it. */
static void
take_piece(void *context, void *argument)
{
	struct eval_samples *s = context;
	struct sample_piece *piece = argument;

	diag_show(buf_view(&piece->messages));
	if (piece->out.len)
		s->options->put(s->options->context, buf_view(&piece->out));
	for (size_t i = 0; i < piece->groups.count; i++) {
		struct eval_group *group = &piece->groups.list[i];

		eval_totals_merge(&find_group(s, buf_view(&group->key))->totals,
				  &group->totals);
	}
	s->unpaired.without_truth += piece->unpaired.without_truth;
	s->unpaired.without_prediction += piece->unpaired.without_prediction;
	s->unpaired.twice += piece->unpaired.twice;
	s->unpaired.other_size += piece->unpaired.other_size;
	eval_left_out_add(&s->left_out, &piece->left_out);
	eval_groups_release(&piece->groups);
	piece->unpaired = (struct eval_unpaired){0};
	piece->left_out = (struct eval_left_out){0};
	piece->line_count = piece->sample_count = 0;
	empty(&piece->text);
	empty(&piece->out);
	empty(&piece->messages);
}

static void *
open_worker(void *context)
{
	return sample_worker_open(&((struct eval_samples *)context)->setting);
}

struct eval_samples *
eval_samples_open(const struct eval_samples_options *options)
{
	struct eval_samples *s = xcalloc(1, sizeof(*s));
	const struct crew_rules rules = {
		.jobs = options->jobs,
		.piece_size = sizeof(struct sample_piece),
		.worker_open = open_worker,
		.worker_close = sample_worker_close,
		.release = release_piece,
		.work = sample_worker_run,
		.take = take_piece,
		.context = s,
	};

	s->options = options;
	s->setting.options = options;
	s->setting.categories = xcalloc(1, sizeof(*s->setting.categories));
	s->crew = crew_open(&rules);
	find_group(s, slice_of(""));
	return s;
}

void
eval_samples_close(struct eval_samples *s)
{
	if (!s)
		return;
	crew_close(s->crew);
	eval_groups_release(&s->groups);
	coco_input_close(s->setting.categories);
	buf_release(&s->key);
	buf_release(&s->text);
	buf_release(&s->failure);
	buf_release(&s->labelsets);
	buf_release(&s->releases[0]);
	buf_release(&s->releases[1]);
	buf_release(&s->list);
	free(s);
}

size_t
eval_samples_groups(struct eval_samples *s, struct eval_group **groups)
{
	*groups = s->groups.list;
	return s->groups.count;
}

const struct coco_input *
eval_samples_file(const struct eval_samples *s)
{
	return s->setting.categories;
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

static void
send_piece(struct eval_samples *s)
{
	if (s->piece)
		crew_send(s->crew);
	s->piece = NULL;
}

/* The sample at hand has no more records. */
static void
end_sample(struct eval_samples *s)
{
	if (!s->open)
		return;
	s->open = false;
	if (s->piece->sample_count == PIECE_SAMPLES ||
	    s->piece->text.len >= PIECE_BYTES)
		send_piece(s);
}

void
eval_samples_end(struct eval_samples *s)
{
	end_sample(s);
	send_piece(s);
	crew_wait(s->crew);
}

/* Takes a category, or sees that it is the one of its id. */
static const char *
keep_category(struct eval_samples *s, struct slice object)
{
	struct coco_input *file = s->setting.categories;
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
	coco_input_add_category(file, object);
	if (json_find(object, "has_instances", &value))
		file->categories[file->category_count - 1].stuff =
			slice_is(value, "false");
	return NULL;
}

static const char *
keep_categories(struct eval_samples *s, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member category;
	const char *why = NULL;

	if (slice_equal(buf_view(&s->list), list))
		return NULL;
	if (!s->open)
		send_piece(s);
	/* Until they are done, other threads look at the categories. */
	crew_wait(s->crew);
	while (!why && json_next(&iter, &category) > 0)
		why = keep_category(s, category.value);
	for (size_t i = 0; i < s->groups.count; i++)
		eval_totals_grow(&s->groups.list[i].totals,
				 s->setting.categories->category_count);
	buf_reset(&s->list);
	buf_slice(&s->list, list);
	return why;
}

/* Takes the categories of a release that is not the last one. */
static const char *
take_categories(struct eval_samples *s, const struct record *record, bool first)
{
	struct buf *last = &s->releases[!first];
	struct json_error error = {0};
	struct slice list = {0};

	if (slice_equal(buf_view(last), record->release))
		return NULL;
	if (json_validate(record->release, &error) < 0) {
		buf_reset(&s->failure);
		buf_printf(&s->failure, "the release is not JSON: %s",
			   error.what);
		return buf_cstr(&s->failure);
	}
	json_find(record->release, "categories", &list);
	buf_reset(last);
	buf_slice(last, record->release);
	return keep_categories(s, list);
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
begin_sample(struct eval_samples *s, bool failed)
{
	struct sample_piece *piece;

	if (!s->piece)
		s->piece = crew_piece(s->crew);
	piece = s->piece;
	if (piece->sample_count == piece->sample_room) {
		piece->sample_room = piece->sample_count
					     ? 2 * piece->sample_count
					     : PIECE_SAMPLES;
		piece->samples =
			xreallocarray(piece->samples, piece->sample_room,
				      sizeof(*piece->samples));
	}
	piece->samples[piece->sample_count++] =
		(struct sample_lines){piece->line_count, failed};
	s->open = true;
}

/* A record of the sample at hand. */
static void
keep_line(struct eval_samples *s, struct slice line, bool truth, bool predicted)
{
	struct sample_piece *piece = s->piece;

	if (!truth && !predicted && !s->options->pass)
		return;
	if (piece->line_count == piece->line_room) {
		piece->line_room = piece->line_count ? 2 * piece->line_count
						     : 2 * PIECE_SAMPLES;
		piece->lines = xreallocarray(piece->lines, piece->line_room,
					     sizeof(*piece->lines));
	}
	buf_slice(&piece->text, line);
	piece->lines[piece->line_count++] =
		(struct sample_line){piece->text.len, truth, predicted};
	piece->samples[piece->sample_count - 1].end = piece->line_count;
}

/* A record that failed before is passed on in its place, and no more. */
static void
add_failed(struct eval_samples *s, const struct record *record, bool same)
{
	if (same) {
		keep_line(s, record->line, false, false);
		return;
	}
	end_sample(s);
	if (!s->options->pass)
		return;
	begin_sample(s, true);
	keep_line(s, record->line, false, false);
	end_sample(s);
}

static void
list_labelset(struct eval_samples *s, struct slice labelset)
{
	struct buf *list = &s->labelsets;

	if (json_type(labelset) != JSON_STRING ||
	    list->len + labelset.n > LABELSETS_BYTES ||
	    (list->len &&
	     memmem(list->data, list->len, labelset.p, labelset.n)))
		return;
	buf_puts(list, list->len ? ", " : "");
	buf_slice(list, labelset);
}

const char *
eval_samples_add(struct eval_samples *s, const struct record *record)
{
	struct slice labelset = {0};
	const char *why;
	bool same;

	buf_reset(&s->text);
	put_sample_key(record, &s->text);
	same = s->open && slice_equal(buf_view(&s->key), buf_view(&s->text));
	if (record->error.p) {
		add_failed(s, record, same);
		return NULL;
	}
	if (!same) {
		end_sample(s);
		buf_reset(&s->key);
		buf_slice(&s->key, buf_view(&s->text));
	}
	why = take_categories(s, record, !same);
	if (why)
		return why;
	if (!same)
		begin_sample(s, false);
	json_find(record->release, "labelset", &labelset);
	list_labelset(s, labelset);
	keep_line(s, record->line,
		  json_string_is(labelset, slice_of(s->options->truth)),
		  json_string_is(labelset, slice_of(s->options->predicted)));
	return NULL;
}

struct slice
eval_samples_labelsets(const struct eval_samples *s)
{
	return buf_view(&s->labelsets);
}
