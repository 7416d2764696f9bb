/* One annotation counted. */
#include <math.h>
#include <stdlib.h>

#include "report/stat_counts.h"
#include "json/lookup.h"

enum { CATEGORY_ID, AREA, BBOX, ISCROWD, MEMBERS };

unsigned
stat_log2_bin(uint64_t number, unsigned bins)
{
	unsigned bin = number ? 63 - (unsigned)__builtin_clzll(number) : 0;

	return bin < bins ? bin : bins - 1;
}

/* What the record has of a category so far. */
static struct category_counts *
find_share(struct stat *stat, struct stat_category *kind)
{
	if (!kind->seen) {
		if (stat->share_count == stat->share_room) {
			stat->share_room = 2 * stat->share_room + 16;
			stat->shares =
				xreallocarray(stat->shares, stat->share_room,
					      sizeof(*stat->shares));
		}
		stat->shares[stat->share_count++] =
			(struct category_counts){kind, 0, 0};
		kind->seen = stat->share_count;
	}
	return &stat->shares[kind->seen - 1];
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
	values[CATEGORY_BINS + stat_log2_bin(pixels, STAT_AREA_BINS)]++;
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
count_place(struct stat *stat, struct stat_category *kind, struct slice bbox)
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

void
stat_count_annotation(struct stat *stat, struct slice annotation)
{
	static const struct slice keys[MEMBERS] = {{"category_id", 11},
						   {"area", 4},
						   {"bbox", 4},
						   {"iscrowd", 7}};
	struct slice found[MEMBERS];
	struct category_counts *share;
	double number;
	uint64_t area, *values;
	int64_t id = 0;

	members_find(annotation, keys, MEMBERS, found);
	/* What has no category counts for that of id 0: "#0" in most. */
	json_id(found[CATEGORY_ID], &id);
	share = find_share(stat, stat_find_kind(stat, id));
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
