#include "report/stat_parts.h"

#include <stdarg.h>
#include <stdlib.h>

const struct tally_row *
stat_row(const struct tally *tally, enum stat_table table)
{
	size_t n;
	const struct tally_row **rows = tally_rows(tally, table, &n);
	const struct tally_row *row = rows[0];

	free(rows);
	return row;
}

static void
put_range(struct buf *to, unsigned from, unsigned to_below, bool last)
{
	if (last)
		buf_printf(to, "%u and more", from);
	else if (to_below == from + 1)
		buf_printf(to, "%u", from);
	else
		buf_printf(to, "%u-%u", from, to_below - 1);
}

void
stat_put_bin(struct buf *to, enum stat_bins kind, unsigned bin)
{
	switch (kind) {
	case STAT_BINS_LOG2:
		put_range(to, bin ? 1u << bin : 0, bin < 31 ? 2u << bin : 0,
			  bin == 31);
		break;
	case STAT_BINS_COUNT:
		put_range(to, stat_count_bin(bin), stat_count_bin(bin + 1),
			  bin + 1 == STAT_COUNT_BINS);
		break;
	case STAT_BINS_RATIO:
		if (bin + 1 == STAT_RATIO_BINS)
			buf_printf(to, "%.2f and more",
				   stat_ratio_bin(bin) / 100.0);
		else
			buf_printf(to, "%.2f-%.2f", stat_ratio_bin(bin) / 100.0,
				   stat_ratio_bin(bin + 1) / 100.0);
		break;
	case STAT_BINS_SHARE:
		buf_printf(to, "%u-%u %%", 100 / STAT_SHARE_BINS * bin,
			   100 / STAT_SHARE_BINS * (bin + 1));
		break;
	}
}

struct slice
stat_shown(struct slice name)
{
	return name.n ? name : slice_of("-");
}

void
stat_put_heads(struct text_table *table, ...)
{
	const char *head;
	va_list args;

	va_start(args, table);
	while ((head = va_arg(args, const char *)) != NULL)
		text_table_cell(table, "%s", head);
	va_end(args);
}

/* The place of a name in a list, which has it. */
static size_t
place_of(const struct slice *names, size_t count, struct slice name)
{
	size_t i;

	for (i = 0; i + 1 < count; i++)
		if (slice_equal(names[i], name) && !names[i].p == !name.p)
			break;
	return i;
}

/* The names of groups, or of categories that have objects, in their order. */
static struct slice *
list_names(const struct tally *tally, enum stat_table table, struct slice by,
	   size_t *count)
{
	size_t i, n, part = table == STAT_GROUP;
	const struct tally_row **rows = tally_rows(tally, table, &n);
	struct slice *names = xcalloc(n + 1, sizeof(*names));

	*count = 0;
	for (i = 0; i < n; i++) {
		const bool wanted = table == STAT_GROUP
					    ? slice_equal(rows[i]->parts[0], by)
					    : rows[i]->values[0] > 0;

		if (wanted)
			names[(*count)++] = rows[i]->parts[part];
	}
	free(rows);
	return names;
}

struct stat_cross
stat_cross_of(const struct tally *tally, struct slice by)
{
	const unsigned table =
		by.n ? STAT_GROUP_CATEGORY : STAT_STATUS_CATEGORY;
	const size_t part = by.n > 0;
	struct stat_cross cross = {0};
	const struct tally_row **rows;
	size_t i, n;

	cross.rows = list_names(tally, STAT_CATEGORY, by, &cross.row_count);
	cross.columns = list_names(tally, by.n ? STAT_GROUP : STAT_STATUS, by,
				   &cross.column_count);
	cross.numbers = xcalloc(cross.row_count * cross.column_count + 1,
				sizeof(*cross.numbers));
	rows = tally_rows(tally, table, &n);
	for (i = 0; i < n; i++) {
		size_t row, column;

		if (by.n && !slice_equal(rows[i]->parts[0], by))
			continue;
		row = place_of(cross.rows, cross.row_count,
			       rows[i]->parts[part + 1]);
		column = place_of(cross.columns, cross.column_count,
				  rows[i]->parts[part]);
		cross.numbers[row * cross.column_count + column] =
			rows[i]->values[CROSS_OBJECTS];
	}
	free(rows);
	return cross;
}

void
stat_cross_release(struct stat_cross *cross)
{
	free(cross->rows);
	free(cross->columns);
	free(cross->numbers);
}

uint64_t
stat_heatmap(const struct tally *tally, uint64_t grid[STAT_GRID * STAT_GRID])
{
	size_t i, j, n;
	const struct tally_row **rows = tally_rows(tally, STAT_HEATMAP, &n);
	uint64_t most = 0;

	memset(grid, 0, STAT_GRID * STAT_GRID * sizeof(*grid));
	for (i = 0; i < n; i++)
		for (j = 0; j < STAT_GRID * STAT_GRID; j++)
			tally_add(&grid[j], rows[i]->values[HEATMAP_GRID + j]);
	for (j = 0; j < STAT_GRID * STAT_GRID; j++)
		most = grid[j] > most ? grid[j] : most;
	free(rows);
	return most;
}
