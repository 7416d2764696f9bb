#include "output/coco_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct coco *
coco_open(const struct coco_options *options, struct image_names *names)
{
	struct coco *coco = xcalloc(1, sizeof(*coco));

	coco->options = options;
	coco->names = names;
	coco->groups.options = &options->points;
	coco->categories.ids = options->category_ids;
	coco->samples = sample_set_open();
	coco->image_names = image_set_open();
	coco->deferred = options->points.by ||
			 (options->used_categories &&
			  options->category_ids != CATEGORY_IDS_KEEP);
	return coco;
}

void
coco_close(struct coco *coco)
{
	size_t i;

	if (!coco)
		return;
	sample_set_close(coco->samples);
	hash_set_release(&coco->image_ids);
	image_set_close(coco->image_names);
	for (i = 0; i < coco->video_count; i++) {
		buf_release(&coco->videos[i].name);
		buf_release(&coco->videos[i].sensor);
	}
	free(coco->videos);
	free(coco->uses);
	free(coco->pairs);
	point_groups_release(&coco->groups);
	free(coco->found);
	for (i = 0; coco->keypoints && i < coco->categories.count; i++)
		free(coco->keypoints[i].of);
	free(coco->keypoints);
	categories_release(&coco->categories);
	buf_release(&coco->release);
	buf_release(&coco->name);
	buf_release(&coco->list);
	buf_release(&coco->text);
	buf_release(&coco->failure);
	free(coco);
}

static void
free_file(struct coco_file *file)
{
	spool_close(file->images);
	spool_close(file->annotations);
	free(file);
}

struct coco_file *
coco_file_open(struct coco *coco, struct out *out)
{
	struct coco_file *file = xcalloc(1, sizeof(*file));

	file->coco = coco;
	file->out = out;
	file->images = spool_open();
	if (file->images && coco->deferred)
		file->annotations = spool_open();
	if (file->images && (file->annotations || !coco->deferred))
		return file;
	free_file(file);
	return NULL;
}

void
coco_file_place(struct coco_file *file,
		int (*place)(void *context, const struct record *record,
			     struct slice name, struct buf *why),
		void *context)
{
	file->place = place;
	file->place_context = context;
}

int
coco_fail(struct coco *coco, const char *format, ...)
{
	va_list args;

	buf_reset(&coco->failure);
	va_start(args, format);
	buf_vprintf(&coco->failure, format, args);
	va_end(args);
	return -1;
}

const char *
coco_failure(struct coco *coco)
{
	return buf_cstr(&coco->failure);
}

const struct coco_counts *
coco_count(const struct coco *coco)
{
	return &coco->counts;
}

void
coco_say_statuses(const struct coco *coco)
{
	status_tally_say(&coco->statuses);
}

bool
coco_given(struct slice value)
{
	return json_type(value) > JSON_NULL;
}

void
coco_copy_member(struct buf *to, const char *key, struct slice object,
		 const char *from)
{
	struct slice value;

	if (json_find(object, from, &value) && coco_given(value))
		json_put_member(to, slice_of(key), value);
}

struct slice
coco_find_text(struct slice object, const char *key)
{
	struct slice value;

	if (json_find(object, key, &value) && json_type(value) == JSON_STRING)
		return value;
	return slice_of("\"\"");
}

const char *
coco_take_release(struct coco *coco, struct slice release)
{
	buf_reset(&coco->release);
	buf_slice(&coco->release, release);
	return categories_take(&coco->categories, release);
}

static void
begin(struct coco_file *file, struct slice release)
{
	struct buf *to = &file->coco->text;

	buf_reset(to);
	buf_puts(to, "{\"info\":{\"description\":");
	buf_slice(to, coco_find_text(release, "dataset"));
	json_put_member(to, slice_of("version"),
			coco_find_text(release, "name"));
	coco_copy_member(to, "date_created", release, "created_at");
	buf_puts(to, "},\n\"licenses\":[],\n\"annotations\":[");
	out_put(file->out, buf_view(to));
	file->begun = true;
}

/* The id of a record's image: 0, or -1. */
static int
choose_image_id(struct coco *coco, const struct record *record, uint64_t *id)
{
	int64_t index;

	*id = coco->counts.images + 1;
	if (!coco->options->index_ids)
		return 0;
	if (!json_int(record->index, &index) || index < 0)
		return coco_fail(coco, "the record has no index");
	*id = (uint64_t)index;
	if (hash_set_has(&coco->image_ids, *id + 1))
		return coco_fail(coco,
				 "index %llu is that of another image already; "
				 "without --image-ids index it has an id of "
				 "its own",
				 (unsigned long long)*id);
	return 0;
}

/* Makes the texts of a record's image and annotations: 0, or -1. */
static int
prepare(struct coco_file *file, struct slice list, struct coco_record *at)
{
	struct coco *coco = file->coco;
	const char *why =
		categories_take(&coco->categories, at->record->release);

	if (why)
		return coco_fail(coco, "%s", why);
	if (choose_image_id(coco, at->record, &at->image_id) < 0)
		return -1;
	at->video = coco_find_video(coco, at->record);
	if (coco_put_image(coco, at, !file->image_count) < 0)
		return -1;
	if (!coco->options->panoptic)
		coco_put_annotations(coco, list, at, !file->annotation_count);
	else if (coco_put_segments(coco, at, !file->image_count) < 0)
		return -1;
	buf_reset(&coco->failure);
	return file->place ? file->place(file->place_context, at->record,
					 buf_view(&coco->name), &coco->failure)
			   : 0;
}

static void
count(struct coco_file *file, const struct coco_record *at)
{
	struct coco *coco = file->coco;

	coco->counts.images++;
	coco->counts.annotations += at->annotations;
	coco->counts.without_geometry += at->without_geometry;
	coco->counts.uncategorized += at->uncategorized;
	coco->counts.untracked += at->untracked;
	coco->counts.points_again += at->points_again;
	coco->counts.single_points += at->single_points;
	file->image_count++;
	file->annotation_count += at->annotations;
	if (at->video != SIZE_MAX)
		coco->videos[at->video].images++;
	status_tally_image(&coco->statuses, label_status_of(at->record->label),
			   at->annotations == 0);
}

/* Writes what has been prepared of a record. */
static enum coco_result
write_record(struct coco_file *file, const struct coco_record *at)
{
	struct coco *coco = file->coco;

	spool_put(file->images, buf_view(&coco->text));
	if (!file->begun)
		begin(file, at->record->release);
	if (coco->deferred)
		spool_put(file->annotations, buf_view(&coco->list));
	else
		out_put(file->out, buf_view(&coco->list));
	sample_set_add(coco->samples);
	image_set_add(coco->image_names, buf_view(&coco->name),
		      buf_view(&at->record->name_text));
	if (coco->options->index_ids)
		hash_set_add(&coco->image_ids, at->image_id + 1);
	coco_keep_uses(coco);
	count(file, at);
	return out_failed(file->out) || spool_failed(file->images) ||
			       image_set_failed(coco->image_names)
		       ? COCO_FATAL
		       : COCO_WRITTEN;
}

enum coco_result
coco_add_segments(struct coco_file *file, const struct record *record,
		  struct slice facts)
{
	struct coco_record at = {.record = record, .facts = facts};
	struct coco *coco = file->coco;
	struct slice list;

	if (!json_find_path(record->label, &list, "attributes", "annotations",
			    NULL)) {
		status_tally_left_out(&coco->statuses,
				      label_status_of(record->label));
		return COCO_UNLABELLED;
	}
	at.again = sample_set_has(coco->samples, record);
	coco->counts.duplicates += at.again;
	if (at.again && !coco->options->keep_duplicates)
		coco_fail(coco, "the sample is written already; --duplicates "
				"keep writes it again");
	if ((at.again && !coco->options->keep_duplicates) ||
	    prepare(file, list, &at) < 0)
		return COCO_FAILED;
	return write_record(file, &at);
}

enum coco_result
coco_add(struct coco_file *file, const struct record *record)
{
	return coco_add_segments(file, record, (struct slice){0});
}

static int
finish_file(struct coco_file *file)
{
	struct coco *coco = file->coco;
	struct buf *to = &coco->text;

	if (!file->begun)
		begin(file, buf_view(&coco->release));
	if (coco->options->used_categories)
		categories_number_used(&coco->categories);
	coco_settle_keypoints(coco);
	if (coco->deferred && coco_write_deferred(file) < 0)
		return -1;
	out_put(file->out, slice_of("\n],\n\"images\":["));
	if (spool_copy(file->images, file->out) < 0)
		return -1;
	buf_reset(to);
	buf_puts(to, "\n]");
	coco_put_videos(coco, to);
	buf_puts(to, ",\n\"categories\":[");
	coco_put_categories(coco, to);
	buf_puts(to, "\n]}\n");
	out_put(file->out, buf_view(to));
	return out_flush(file->out);
}

int
coco_file_close(struct coco_file *file)
{
	int result;

	if (!file)
		return 0;
	result = finish_file(file);
	free_file(file);
	return result;
}
