/* Records counted by what --by names, and by status. */
#include <stdlib.h>

#include "base/diag.h"
#include "record/field.h"
#include "report/stat_counts.h"

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
		const struct category_counts *share = &stat->shares[i];
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

void
stat_count_groups(struct stat *stat, const struct record *record)
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

void
stat_say_ungrouped(const struct stat *stat)
{
	bool any = false;
	size_t i, n;
	const struct tally_row **rows;

	if (!stat->by || strcmp(stat->by, "category") == 0)
		return;
	rows = tally_rows(stat->tally, STAT_GROUP, &n);
	for (i = 0; i < n; i++)
		any |= rows[i]->parts[1].p != NULL;
	if (n && !any)
		diag_say(NULL, "no record has %s to group by", stat->by);
	free(rows);
}
