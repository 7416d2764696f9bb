#include "report/stat.h"

#include <math.h>
#include <stdlib.h>

#include "record/field.h"
#include "json/lookup.h"

/* A category of the release at hand. */
struct kind {
	int64_t id;
	struct slice name;
	char *name_text;
	uint64_t *values;
	uint64_t *heatmap; /* NULL until an object is placed */
	size_t seen;       /* of the record: 1 + its place in the list */
};

/* What a record has of one category. */
struct share {
	struct kind *kind;
	uint64_t objects, pixels;
};

/* The record at hand. */
struct sample_facts {
	struct slice status;
	int64_t width, height; /* 0: unknown */
	uint64_t objects, pixels, crowds, without_geometry;
	bool labelled, bitmap;
};

struct stat {
	struct tally *tally;
	const char *by;
	struct buf release;  /* that of the last record */
	struct kind **kinds; /* its categories, by id, and those met besides */
	size_t kind_count;
	struct buf labelset;
	uint64_t *release_values, *summary;
	struct share *shares;
	size_t share_count, share_room;
	struct sample_facts sample;
	struct buf status, group, text;
};

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

static void
forget_kinds(struct stat *stat)
{
	size_t i;

	for (i = 0; i < stat->kind_count; i++) {
		free(stat->kinds[i]->name_text);
		free(stat->kinds[i]);
	}
	free(stat->kinds);
	stat->kinds = NULL;
	stat->kind_count = 0;
}

void
stat_close(struct stat *stat)
{
	if (!stat)
		return;
	tally_close(stat->tally);
	forget_kinds(stat);
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

/* How many of the release's categories have a smaller id. */
static size_t
rank_kind(const struct stat *stat, int64_t id)
{
	size_t low = 0, high = stat->kind_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (stat->kinds[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Takes the text, which is UTF-8, for the name. */
static struct kind *
add_kind(struct stat *stat, int64_t id, struct slice name)
{
	size_t at = rank_kind(stat, id);
	struct kind *kind;

	if (at < stat->kind_count && stat->kinds[at]->id == id)
		return stat->kinds[at];
	kind = xcalloc(1, sizeof(*kind));
	kind->id = id;
	kind->name_text = slice_dup(name);
	kind->name = (struct slice){kind->name_text, name.n};
	kind->values = tally_at(stat->tally, STAT_CATEGORY, &kind->name);
	stat->kinds = xreallocarray(stat->kinds, stat->kind_count + 1,
				    sizeof(struct kind *));
	memmove(stat->kinds + at + 1, stat->kinds + at,
		(stat->kind_count - at) * sizeof(struct kind *));
	stat->kinds[at] = kind;
	stat->kind_count++;
	return kind;
}

/* That of an id, which no category of the release may have: then it is #ID. */
static struct kind *
find_kind(struct stat *stat, int64_t id)
{
	size_t at = rank_kind(stat, id);

	if (at < stat->kind_count && stat->kinds[at]->id == id)
		return stat->kinds[at];
	buf_reset(&stat->text);
	buf_putc(&stat->text, '#');
	buf_int(&stat->text, id);
	return add_kind(stat, id, buf_view(&stat->text));
}

static void
take_categories(struct stat *stat, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member category;
	struct slice value;
	int64_t id;

	while (json_next(&iter, &category) > 0) {
		buf_reset(&stat->text);
		if (json_find(category.value, "id", &value) &&
		    json_int(value, &id) &&
		    json_find(category.value, "name", &value) &&
		    json_string(value, &stat->text))
			add_kind(stat, id, buf_view(&stat->text));
	}
}

/* Decodes the release's facts one behind the other, and finds their row. */
static void
take_facts(struct stat *stat, struct slice release)
{
	const char *const *names = stat_tables[STAT_RELEASE].parts;
	struct slice parts[TALLY_PARTS] = {{0}}, value;
	size_t starts[TALLY_PARTS] = {0};
	struct buf *text = &stat->text;
	size_t i;

	buf_reset(text);
	buf_reserve(text, 1);
	for (i = 0; names[i]; i++) {
		starts[i] = text->len;
		if (json_find(release, names[i], &value) &&
		    json_string(value, text))
			parts[i].n = text->len - starts[i] + 1;
	}
	for (i = 0; names[i]; i++)
		if (parts[i].n)
			parts[i] = (struct slice){text->data + starts[i],
						  parts[i].n - 1};
	stat->release_values = tally_at(stat->tally, STAT_RELEASE, parts);
	buf_reset(&stat->labelset);
	buf_slice(&stat->labelset, parts[5]);
}

/* Looks into the record's release, unless it is that of the last one. */
static int
take_release(struct stat *stat, const struct record *record, const char **why)
{
	struct json_error error;
	struct slice list = {0};

	if (stat->release_values &&
	    slice_equal(buf_view(&stat->release), record->release))
		return 0;
	if (record->release.p && json_validate(record->release, &error) < 0) {
		*why = error.what;
		return -1;
	}
	buf_reset(&stat->release);
	buf_slice(&stat->release, record->release);
	forget_kinds(stat);
	take_facts(stat, record->release);
	json_find(record->release, "categories", &list);
	take_categories(stat, list);
	if (stat->kind_count > stat->release_values[RELEASE_CATEGORIES])
		stat->release_values[RELEASE_CATEGORIES] = stat->kind_count;
	return 0;
}

/* What the record has of a category so far. */
static struct share *
find_share(struct stat *stat, struct kind *kind)
{
	if (!kind->seen) {
		if (stat->share_count == stat->share_room) {
			stat->share_room = 2 * stat->share_room + 16;
			stat->shares =
				xreallocarray(stat->shares, stat->share_room,
					      sizeof(*stat->shares));
		}
		stat->shares[stat->share_count++] = (struct share){kind, 0, 0};
		kind->seen = stat->share_count;
	}
	return &stat->shares[kind->seen - 1];
}

/* The last bin whose lower bound, in powers of two, is not above a number. */
static unsigned
log2_bin(uint64_t number, unsigned bins)
{
	unsigned bin = number ? 63 - (unsigned)__builtin_clzll(number) : 0;

	return bin < bins ? bin : bins - 1;
}

static void
count_area(uint64_t *values, uint64_t area)
{
	const uint64_t pixels = area / 1000;

	tally_add(&values[CATEGORY_PIXELS], area);
	values[pixels < 32 * 32   ? CATEGORY_SMALL
	       : pixels < 96 * 96 ? CATEGORY_MEDIUM
				  : CATEGORY_LARGE]++;
	if (area < values[CATEGORY_LEAST])
		values[CATEGORY_LEAST] = area;
	if (area > values[CATEGORY_MOST])
		values[CATEGORY_MOST] = area;
	values[CATEGORY_BINS + log2_bin(pixels, STAT_AREA_BINS)]++;
}

/* The cell of a coordinate; what lies outside counts for the edge. */
static unsigned
cell(double at, int64_t side)
{
	double number = at * STAT_GRID / (double)side;

	if (!(number > 0))
		return 0;
	return number < STAT_GRID ? (unsigned)number : STAT_GRID - 1;
}

static void
count_place(struct stat *stat, struct kind *kind, struct slice bbox)
{
	const struct sample_facts *sample = &stat->sample;
	struct json_iter iter = json_iterate(bbox);
	struct json_member number;
	double box[4];
	size_t n = 0;

	while (n < 4 && json_next(&iter, &number) > 0 &&
	       json_double(number.value, &box[n]))
		n++;
	if (n < 4 || !sample->width || !sample->height)
		return;
	if (!kind->heatmap)
		kind->heatmap =
			tally_at(stat->tally, STAT_HEATMAP, &kind->name);
	kind->heatmap[cell(box[1] + box[3] / 2, sample->height) * STAT_GRID +
		      cell(box[0] + box[2] / 2, sample->width)]++;
}

enum { CATEGORY_ID, AREA, BBOX, ISCROWD, MEMBERS };

static void
count_annotation(struct stat *stat, struct slice annotation)
{
	static const struct slice keys[MEMBERS] = {{"category_id", 11},
						   {"area", 4},
						   {"bbox", 4},
						   {"iscrowd", 7}};
	struct slice found[MEMBERS];
	struct share *share;
	double number;
	uint64_t area, *values;
	int64_t id = 0;

	members_find(annotation, keys, MEMBERS, found);
	/* What has no category counts for that of id 0: "#0" in most. */
	json_id(found[CATEGORY_ID], &id);
	share = find_share(stat, find_kind(stat, id));
	values = share->kind->values;
	share->objects++;
	stat->sample.objects++;
	values[CATEGORY_OBJECTS]++;
	if (slice_is(found[ISCROWD], "1")) {
		values[CATEGORY_CROWDS]++;
		stat->sample.crowds++;
	}
	if (!json_double(found[AREA], &number) || !(number >= 0) ||
	    number > 1e15) {
		values[CATEGORY_WITHOUT_GEOMETRY]++;
		stat->sample.without_geometry++;
		return;
	}
	area = (uint64_t)llround(number * 1000);
	count_area(values, area);
	tally_add(&share->pixels, area);
	tally_add(&stat->sample.pixels, area);
	count_place(stat, share->kind, found[BBOX]);
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

/* The label's status in capitals; UNLABELED where there is no label. */
static void
read_status(struct stat *stat, const struct record *record)
{
	struct slice value;
	size_t i;

	buf_reset(&stat->status);
	if (json_type(record->label) != JSON_OBJECT) {
		buf_puts(&stat->status, "UNLABELED");
	} else if (json_find(record->label, "label_status", &value)) {
		json_string(value, &stat->status);
	}
	for (i = 0; i < stat->status.len; i++)
		if (stat->status.data[i] >= 'a' && stat->status.data[i] <= 'z')
			stat->status.data[i] -= 'a' - 'A';
	buf_reserve(&stat->status, 1);
	stat->sample.status = buf_view(&stat->status);
}

static void
read_sample(struct stat *stat, const struct record *record)
{
	struct annotations walk = record_annotations(record);
	struct slice found, image;

	stat->sample = (struct sample_facts){0};
	stat->share_count = 0;
	read_status(stat, record);
	if (record_asset(record, ASSET_IMAGE, &image)) {
		stat->sample.width = read_side(image, "width");
		stat->sample.height = read_side(image, "height");
	}
	stat->sample.labelled =
		json_find(record->label, "attributes", &found) &&
		json_count(found) > 0;
	stat->sample.bitmap = record_asset(record, ASSET_LABEL, &found);
	while (annotations_next(&walk, &found))
		count_annotation(stat, found);
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
	       log2_bin((uint64_t)sample->width, STAT_SIDE_BINS)]++;
	values[IMAGE_HEIGHT_BINS +
	       log2_bin((uint64_t)sample->height, STAT_SIDE_BINS)]++;
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

static void
count_group(struct stat *stat, uint64_t *values)
{
	values[GROUP_SAMPLES]++;
	values[GROUP_POSITIVE] += stat->sample.objects > 0;
	tally_add(&values[GROUP_OBJECTS], stat->sample.objects);
	tally_add(&values[GROUP_PIXELS], stat->sample.pixels);
}

/* The categories of a group; the last part of its key is theirs. */
static void
count_cross(struct stat *stat, enum stat_table table, struct slice *parts,
	    size_t last)
{
	size_t i;

	for (i = 0; i < stat->share_count; i++) {
		const struct share *share = &stat->shares[i];
		uint64_t *values;

		parts[last] = share->kind->name;
		values = tally_at(stat->tally, (unsigned)table, parts);
		values[CROSS_IMAGES]++;
		tally_add(&values[CROSS_OBJECTS], share->objects);
		tally_add(&values[CROSS_PIXELS], share->pixels);
	}
}

static void
count_in_group(struct stat *stat, struct slice key)
{
	struct slice parts[3] = {slice_of(stat->by), key, {0}};

	count_group(stat, tally_at(stat->tally, STAT_GROUP, parts));
	count_cross(stat, STAT_GROUP_CATEGORY, parts, 2);
}

/* The value that makes the record's group; p is NULL where it has none. */
static struct slice
read_group(struct stat *stat, const struct record *record)
{
	const char *path =
		strcmp(stat->by, "split") == 0 ? "metadata.split" : stat->by;
	struct slice value;

	if (strcmp(path, "labelset") == 0)
		return buf_view(&stat->labelset);
	if (!field_find(record->line, path, &value) ||
	    json_type(value) == JSON_NULL)
		return (struct slice){0};
	buf_reset(&stat->group);
	buf_reserve(&stat->group, 1);
	if (!json_string(value, &stat->group))
		buf_slice(&stat->group, value);
	return buf_view(&stat->group);
}

static void
count_groups(struct stat *stat, const struct record *record)
{
	struct slice parts[2] = {stat->sample.status, {0}};
	struct slice labelset = buf_view(&stat->labelset);
	size_t i;

	count_group(stat, tally_at(stat->tally, STAT_STATUS, parts));
	count_cross(stat, STAT_STATUS_CATEGORY, parts, 1);
	count_group(stat, tally_at(stat->tally, STAT_LABELSET, &labelset));
	if (!stat->by)
		return;
	if (strcmp(stat->by, "category") != 0) {
		count_in_group(stat, read_group(stat, record));
		return;
	}
	for (i = 0; i < stat->share_count; i++)
		count_in_group(stat, stat->shares[i].kind->name);
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
	if (take_release(stat, record, why) < 0)
		return -1;
	read_sample(stat, record);
	stat->release_values[RELEASE_SAMPLES]++;
	count_summary(stat);
	count_images(stat);
	count_unlabelled(stat);
	count_objects(stat);
	count_groups(stat, record);
	count_pairs(stat);
	count_person(stat, record, "created_by", PERSON_LABELLED);
	count_person(stat, record, "updated_by", PERSON_UPDATED);
	count_person(stat, record, "reviewed_by", PERSON_REVIEWED);
	return 0;
}
