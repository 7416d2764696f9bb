#include "report/stat.h"

#include <stdlib.h>

#include "record/status.h"
#include "report/stat_counts.h"

struct stat *
stat_open(const char *by)
{
	struct stat *stat = xcalloc(1, sizeof(*stat));

	stat->tally = tally_open(stat_tables);
	stat->summary = tally_at(stat->tally, STAT_SUMMARY, NULL);
	if (by && strcmp(by, "status") != 0)
		stat->by = by;
	return stat;
}

void
stat_close(struct stat *stat)
{
	if (!stat)
		return;
	tally_close(stat->tally);
	stat_forget_kinds(stat);
	free(stat->shares);
	buf_release(&stat->release);
	buf_release(&stat->labelset);
	buf_release(&stat->status);
	buf_release(&stat->group);
	buf_release(&stat->text);
	free(stat);
}

struct tally *
stat_tally(struct stat *stat)
{
	return stat->tally;
}

void
stat_add_failed(struct stat *stat, uint64_t count)
{
	tally_add(&stat->summary[SUMMARY_SAMPLES], count);
	tally_add(&stat->summary[SUMMARY_FAILED], count);
}

static int64_t
read_side(struct slice image, const char *key)
{
	struct slice value;
	int64_t side;

	if (!json_find(image, key, &value) || !json_int(value, &side) ||
	    side < 1 || side > UINT32_MAX)
		return 0;
	return side;
}

static void
read_sample(struct stat *stat, const struct record *record)
{
	struct annotations walk = record_annotations(record);
	struct slice found, image;

	stat->sample = (struct sample_facts){0};
	stat->share_count = 0;
	stat->sample.status = label_status_text(record->label, &stat->status);
	if (record_asset(record, ASSET_IMAGE, &image)) {
		stat->sample.width = read_side(image, "width");
		stat->sample.height = read_side(image, "height");
	}
	stat->sample.labelled =
		json_find(record->label, "attributes", &found) &&
		json_count(found) > 0;
	stat->sample.bitmap = record_asset(record, ASSET_LABEL, &found);
	while (annotations_next(&walk, &found))
		stat_count_annotation(stat, found);
}

static void
count_images(struct stat *stat)
{
	const struct sample_facts *sample = &stat->sample;
	uint64_t *values, ratio;
	unsigned bin = 0;

	if (!sample->width || !sample->height)
		return;
	values = tally_at(stat->tally, STAT_IMAGE, NULL);
	values[IMAGE_COUNT]++;
	tally_add(&values[IMAGE_PIXELS],
		  (uint64_t)sample->width * (uint64_t)sample->height);
	if ((uint64_t)sample->width < values[IMAGE_WIDTH_LEAST])
		values[IMAGE_WIDTH_LEAST] = (uint64_t)sample->width;
	if ((uint64_t)sample->width > values[IMAGE_WIDTH_MOST])
		values[IMAGE_WIDTH_MOST] = (uint64_t)sample->width;
	if ((uint64_t)sample->height < values[IMAGE_HEIGHT_LEAST])
		values[IMAGE_HEIGHT_LEAST] = (uint64_t)sample->height;
	if ((uint64_t)sample->height > values[IMAGE_HEIGHT_MOST])
		values[IMAGE_HEIGHT_MOST] = (uint64_t)sample->height;
	values[IMAGE_WIDTH_BINS +
	       stat_log2_bin((uint64_t)sample->width, STAT_SIDE_BINS)]++;
	values[IMAGE_HEIGHT_BINS +
	       stat_log2_bin((uint64_t)sample->height, STAT_SIDE_BINS)]++;
	ratio = 100 * (uint64_t)sample->width;
	while (bin + 1 < STAT_RATIO_BINS &&
	       ratio >= stat_ratio_bin(bin + 1) * (uint64_t)sample->height)
		bin++;
	values[IMAGE_RATIO_BINS + bin]++;
}

/* Of a bitmap: the pixels that no annotation has. */
static void
count_unlabelled(struct stat *stat)
{
	const struct sample_facts *sample = &stat->sample;
	uint64_t *values, all, rest;

	if (!sample->bitmap || !sample->labelled || !sample->width ||
	    !sample->height)
		return;
	all = (uint64_t)sample->width * (uint64_t)sample->height;
	rest = sample->pixels / 1000 < all ? all - sample->pixels / 1000 : 0;
	values = tally_at(stat->tally, STAT_UNLABELLED, NULL);
	values[UNLABELLED_IMAGES]++;
	tally_add(&values[UNLABELLED_ALL], all);
	tally_add(&values[UNLABELLED_PIXELS], rest);
	values[UNLABELLED_BINS +
	       (rest == all ? STAT_SHARE_BINS - 1
			    : (unsigned)(rest * STAT_SHARE_BINS / all))]++;
}

static void
count_objects(struct stat *stat)
{
	const uint64_t n = stat->sample.objects;
	uint64_t *values;
	unsigned bin = 0;

	if (!stat->sample.labelled)
		return;
	while (bin + 1 < STAT_COUNT_BINS && n >= stat_count_bin(bin + 1))
		bin++;
	values = tally_at(stat->tally, STAT_OBJECTS, NULL);
	values[OBJECTS_BINS + bin]++;
	if (n > values[OBJECTS_MOST])
		values[OBJECTS_MOST] = n;
}

/* Categories that stand in one image, each pair once, the lesser name first. */
static void
count_pairs(struct stat *stat)
{
	size_t i, j;

	for (i = 0; i < stat->share_count; i++)
		for (j = i + 1; j < stat->share_count; j++) {
			struct slice a = stat->shares[i].kind->name;
			struct slice b = stat->shares[j].kind->name;
			size_t n = a.n < b.n ? a.n : b.n;
			int order = memcmp(a.p, b.p, n);
			bool swap = order > 0 || (order == 0 && a.n > b.n);
			struct slice parts[2] = {swap ? b : a, swap ? a : b};

			tally_at(stat->tally, STAT_COOCCURRENCE,
				 parts)[COOCCURRENCE_IMAGES]++;
		}
}

static void
count_person(struct stat *stat, const struct record *record, const char *key,
	     size_t column)
{
	struct slice value, name;
	uint64_t *values;

	if (!json_find(record->label, key, &value))
		return;
	buf_reset(&stat->text);
	if (!json_string(value, &stat->text) || !stat->text.len)
		return;
	name = buf_view(&stat->text);
	values = tally_at(stat->tally, STAT_PERSON, &name);
	values[column]++;
	if (column == PERSON_LABELLED)
		values[PERSON_REJECTED] +=
			slice_is(stat->sample.status, "REJECTED");
}

static void
count_summary(struct stat *stat)
{
	const struct sample_facts *sample = &stat->sample;
	uint64_t *summary = stat->summary;
	size_t i;

	summary[SUMMARY_SAMPLES]++;
	if (sample->objects)
		summary[SUMMARY_POSITIVE]++;
	else if (slice_is(sample->status, "SKIPPED"))
		summary[SUMMARY_SKIPPED]++;
	else if (sample->labelled)
		summary[SUMMARY_NEGATIVE]++;
	else
		summary[SUMMARY_UNLABELLED]++;
	tally_add(&summary[SUMMARY_OBJECTS], sample->objects);
	tally_add(&summary[SUMMARY_CROWDS], sample->crowds);
	tally_add(&summary[SUMMARY_WITHOUT_GEOMETRY], sample->without_geometry);
	tally_add(&summary[SUMMARY_PIXELS], sample->pixels);
	for (i = 0; i < stat->share_count; i++) {
		stat->shares[i].kind->values[CATEGORY_IMAGES]++;
		stat->shares[i].kind->seen = 0;
	}
}

int
stat_add(struct stat *stat, const struct record *record, const char **why)
{
	struct json_error error;

	if ((record->label.p && json_validate(record->label, &error) < 0) ||
	    (stat->by && json_validate(record->line, &error) < 0)) {
		*why = error.what;
		return -1;
	}
	if (stat_take_release(stat, record, why) < 0)
		return -1;
	read_sample(stat, record);
	stat->release_values[RELEASE_SAMPLES]++;
	count_summary(stat);
	count_images(stat);
	count_unlabelled(stat);
	count_objects(stat);
	stat_count_groups(stat, record);
	count_pairs(stat);
	count_person(stat, record, "created_by", PERSON_LABELLED);
	count_person(stat, record, "updated_by", PERSON_UPDATED);
	count_person(stat, record, "reviewed_by", PERSON_REVIEWED);
	return 0;
}
