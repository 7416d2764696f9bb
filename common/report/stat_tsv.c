/* What records add up to, as tables that gnuplot and cut(1) read. */
#include <stdlib.h>

#include "report/stat.h"
#include "report/stat_parts.h"

/* Rows of a table, but for the numbers that are lists. */
static const struct {
	enum stat_table table;
	const char *tag, *plot;
} sections[] = {
	{STAT_RELEASE, "RE", NULL},
	{STAT_STATUS, "ST", "using 3:xtic(2) with boxes"},
	{STAT_LABELSET, "LS", "using 3:xtic(2) with boxes"},
	{STAT_GROUP, "GR", "using 4:xtic(3) with boxes"},
	{STAT_CATEGORY, "CA", "using 3:xtic(2) with boxes"},
	{STAT_STATUS_CATEGORY, "SC", NULL},
	{STAT_GROUP_CATEGORY, "GC", NULL},
	{STAT_COOCCURRENCE, "CO", "using 4:xtic(2) with boxes"},
	{STAT_PERSON, "PE", "using 3:xtic(2) with boxes"},
};

/* Histograms of tables that have one row. */
static const struct {
	enum stat_table table;
	unsigned at, count;
	enum stat_bins kind;
	const char *tag, *what;
} histograms[] = {
	{STAT_OBJECTS, OBJECTS_BINS, STAT_COUNT_BINS, STAT_BINS_COUNT, "OI",
	 "objects\timages"},
	{STAT_IMAGE, IMAGE_WIDTH_BINS, STAT_SIDE_BINS, STAT_BINS_LOG2, "IW",
	 "width\timages"},
	{STAT_IMAGE, IMAGE_HEIGHT_BINS, STAT_SIDE_BINS, STAT_BINS_LOG2, "IH",
	 "height\timages"},
	{STAT_IMAGE, IMAGE_RATIO_BINS, STAT_RATIO_BINS, STAT_BINS_RATIO, "IR",
	 "ratio\timages"},
	{STAT_UNLABELLED, UNLABELLED_BINS, STAT_SHARE_BINS, STAT_BINS_SHARE,
	 "UP", "unlabelled\timages"},
};

static void
put_name(struct buf *to, struct slice name)
{
	buf_putc(to, '\t');
	diag_escape(to, stat_shown(name));
}

static void
put_number(struct buf *to, const struct tally_column *column, uint64_t number)
{
	buf_putc(to, '\t');
	if (column->milli && number != UINT64_MAX)
		tally_put_milli(to, number);
	else if (column->rule == TALLY_LEAST && number == UINT64_MAX)
		buf_putc(to, '-');
	else
		buf_uint(to, number);
}

/* A comment: what the columns of a section are, and a line for gnuplot. */
static void
put_columns(struct buf *to, const char *tag, const struct tally_table *table)
{
	const struct tally_column *column;
	size_t i;

	buf_puts(to, "# ");
	buf_puts(to, tag);
	for (i = 0; table->parts[i]; i++) {
		buf_putc(to, '\t');
		buf_puts(to, strcmp(table->parts[i], "key") ? table->parts[i]
							    : table->name);
	}
	for (column = table->columns; column->name; column++) {
		if (column->count)
			continue;
		buf_putc(to, '\t');
		buf_puts(to, column->name);
	}
	buf_putc(to, '\n');
}

static void
put_plot(struct buf *to, const char *tag, const char *plot)
{
	buf_printf(to,
		   "# gnuplot: set datafile separator '\\t'; "
		   "plot '< grep ^%s stat.tsv' %s\n",
		   tag, plot);
}

static void
put_row(struct buf *to, const char *tag, const struct tally_row *row)
{
	const struct tally_column *column = row->table->columns;
	const uint64_t *value = row->values;
	size_t i;

	buf_puts(to, tag);
	for (i = 0; row->table->parts[i]; i++)
		put_name(to, row->parts[i]);
	for (; column->name; column++) {
		if (!column->count)
			put_number(to, column, *value);
		value += column->count ? column->count : 1;
	}
	buf_putc(to, '\n');
}

/* One number a line. */
static void
put_singles(struct buf *to, const struct tally *tally, enum stat_table table,
	    const char *before)
{
	const struct tally_row *row = stat_row(tally, table);
	const struct tally_column *column;
	const uint64_t *value;

	if (!row)
		return;
	value = row->values;
	for (column = row->table->columns; column->name; column++) {
		if (!column->count) {
			buf_puts(to, "SN\t");
			buf_puts(to, before);
			buf_puts(to, column->name);
			put_number(to, column, *value);
			buf_putc(to, '\n');
		}
		value += column->count ? column->count : 1;
	}
}

static void
put_section(struct buf *to, const struct tally *tally, size_t section)
{
	size_t i, n;
	const enum stat_table table = sections[section].table;
	const struct tally_row **rows = tally_rows(tally, table, &n);

	if (n)
		put_columns(to, sections[section].tag, &stat_tables[table]);
	if (n && sections[section].plot)
		put_plot(to, sections[section].tag, sections[section].plot);
	for (i = 0; i < n; i++)
		put_row(to, sections[section].tag, rows[i]);
	free(rows);
}

static void
put_histogram(struct buf *to, const struct tally *tally, size_t which)
{
	const struct tally_row *row = stat_row(tally, histograms[which].table);
	unsigned i;

	if (!row)
		return;
	buf_printf(to, "# %s\t%s\n", histograms[which].tag,
		   histograms[which].what);
	put_plot(to, histograms[which].tag, "using 3:xtic(2) with boxes");
	for (i = 0; i < histograms[which].count; i++) {
		buf_puts(to, histograms[which].tag);
		buf_putc(to, '\t');
		stat_put_bin(to, histograms[which].kind, i);
		buf_putc(to, '\t');
		buf_uint(to, row->values[histograms[which].at + i]);
		buf_putc(to, '\n');
	}
}

static void
put_areas(struct buf *to, const struct tally *tally)
{
	size_t i, j, n;
	const struct tally_row **rows = tally_rows(tally, STAT_CATEGORY, &n);

	if (n) {
		buf_puts(to, "# AR\tcategory\tpixels\tobjects\n");
		put_plot(to, "AR", "using 4:xtic(3) with boxes");
	}
	for (i = 0; i < n; i++)
		for (j = 0; j < STAT_AREA_BINS; j++) {
			if (!rows[i]->values[CATEGORY_BINS + j])
				continue;
			buf_puts(to, "AR");
			put_name(to, rows[i]->parts[0]);
			buf_putc(to, '\t');
			stat_put_bin(to, STAT_BINS_LOG2, (unsigned)j);
			buf_putc(to, '\t');
			buf_uint(to, rows[i]->values[CATEGORY_BINS + j]);
			buf_putc(to, '\n');
		}
	free(rows);
}

static void
put_heatmap(struct buf *to, const struct tally *tally)
{
	uint64_t grid[STAT_GRID * STAT_GRID];
	size_t i;

	if (!stat_heatmap(tally, grid))
		return;
	buf_puts(to, "# HM\tx\ty\tobjects\n");
	put_plot(to, "HM", "using 2:(-$3):4 with image");
	for (i = 0; i < STAT_GRID * STAT_GRID; i++)
		buf_printf(to, "HM\t%zu\t%zu\t%llu\n", i % STAT_GRID,
			   i / STAT_GRID, (unsigned long long)grid[i]);
}

void
stat_put_tsv(struct buf *to, const struct tally *tally)
{
	size_t i;

	buf_puts(to, "# SN\tname\tnumber\n");
	put_singles(to, tally, STAT_SUMMARY, "");
	put_singles(to, tally, STAT_IMAGE, "image_");
	put_singles(to, tally, STAT_UNLABELLED, "unlabelled_");
	put_singles(to, tally, STAT_OBJECTS, "objects_per_image_");
	for (i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		put_section(to, tally, i);
	put_areas(to, tally);
	for (i = 0; i < sizeof(histograms) / sizeof(*histograms); i++)
		put_histogram(to, tally, i);
	put_heatmap(to, tally);
}
