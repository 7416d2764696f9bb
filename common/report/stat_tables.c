/* The tables that records add up to, and the bins in them. */
#include <math.h>
#include <stdlib.h>

#include "report/stat.h"
#include "json/json.h"

#define SUM(name)                            \
	{                                    \
		name, TALLY_SUM, false, 0, 0 \
	}
#define LEAST(name, milli)                     \
	{                                      \
		name, TALLY_LEAST, milli, 0, 0 \
	}
#define MOST(name, milli)                     \
	{                                     \
		name, TALLY_MOST, milli, 0, 0 \
	}
#define MILLI(name)                         \
	{                                   \
		name, TALLY_SUM, true, 0, 0 \
	}
#define BINS(name, count)                        \
	{                                        \
		name, TALLY_SUM, false, count, 0 \
	}

static const struct tally_column summary_columns[] = {
	SUM("samples"),
	SUM("positive"),
	SUM("negative"),
	SUM("skipped"),
	SUM("unlabelled"),
	SUM("failed"),
	SUM("objects"),
	SUM("crowds"),
	SUM("without_geometry"),
	MILLI("pixels"),
	{0},
};

static const struct tally_column release_columns[] = {
	SUM("samples"),
	MOST("categories", false),
	{0},
};

static const struct tally_column group_columns[] = {
	SUM("samples"), SUM("positive"), SUM("objects"), MILLI("pixels"), {0},
};

static const struct tally_column category_columns[] = {
	SUM("objects"),
	SUM("images"),
	MILLI("pixels"),
	SUM("crowds"),
	SUM("without_geometry"),
	SUM("small"),
	SUM("medium"),
	SUM("large"),
	LEAST("area_min", true),
	MOST("area_max", true),
	BINS("area_log2", STAT_AREA_BINS),
	{0},
};

static const struct tally_column cross_columns[] = {
	SUM("objects"),
	SUM("images"),
	MILLI("pixels"),
	{0},
};

static const struct tally_column cooccurrence_columns[] = {
	SUM("images"),
	{0},
};

static const struct tally_column objects_columns[] = {
	MOST("max", false),
	BINS("hist", STAT_COUNT_BINS),
	{0},
};

static const struct tally_column image_columns[] = {
	SUM("images"),
	SUM("pixels"),
	LEAST("width_min", false),
	MOST("width_max", false),
	LEAST("height_min", false),
	MOST("height_max", false),
	BINS("width_log2", STAT_SIDE_BINS),
	BINS("height_log2", STAT_SIDE_BINS),
	BINS("ratio", STAT_RATIO_BINS),
	{0},
};

static const struct tally_column unlabelled_columns[] = {
	SUM("images"),
	SUM("pixels"),
	SUM("unlabelled"),
	BINS("share", STAT_SHARE_BINS),
	{0},
};

static const struct tally_column heatmap_columns[] = {
	{"grid", TALLY_SUM, false, STAT_GRID *STAT_GRID, STAT_GRID},
	{0},
};

static const struct tally_column person_columns[] = {
	SUM("labelled"), SUM("rejected"), SUM("updated"), SUM("reviewed"), {0},
};

const struct tally_table stat_tables[] = {
	[STAT_SUMMARY] = {"summary", {NULL}, summary_columns, -1},
	[STAT_RELEASE] = {"release",
			  {"name", "dataset", "owner", "created_at",
			   "task_type", "labelset", NULL},
			  release_columns,
			  -1},
	[STAT_STATUS] = {"status", {"key", NULL}, group_columns, 0},
	[STAT_LABELSET] = {"labelset", {"key", NULL}, group_columns, 0},
	[STAT_GROUP] = {"group", {"by", "key", NULL}, group_columns, -1},
	[STAT_CATEGORY] = {"category", {"key", NULL}, category_columns, 0},
	[STAT_STATUS_CATEGORY] = {"status_category",
				  {"key", "category", NULL},
				  cross_columns,
				  -1},
	[STAT_GROUP_CATEGORY] = {"group_category",
				 {"by", "key", "category", NULL},
				 cross_columns,
				 -1},
	[STAT_COOCCURRENCE] = {"cooccurrence",
			       {"key", "with", NULL},
			       cooccurrence_columns,
			       0},
	[STAT_OBJECTS] = {"objects_per_image", {NULL}, objects_columns, -1},
	[STAT_IMAGE] = {"image", {NULL}, image_columns, -1},
	[STAT_UNLABELLED] = {"unlabelled", {NULL}, unlabelled_columns, -1},
	[STAT_HEATMAP] = {"heatmap", {"key", NULL}, heatmap_columns, -1},
	[STAT_PERSON] = {"person", {"key", NULL}, person_columns, 0},
	[STAT_TABLES] = {0},
};

/* As on paper: 0 to 9 apart, then 10 to 19, 20 to 49, 50 to 99 and so on. */
unsigned
stat_count_bin(unsigned bin)
{
	static const unsigned from[STAT_COUNT_BINS] = {
		0,  1,  2,  3,   4,   5,   6,    7,    8,    9,
		10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000,
	};

	return bin < STAT_COUNT_BINS ? from[bin] : UINT32_MAX;
}

unsigned
stat_ratio_bin(unsigned bin)
{
	static const unsigned from[STAT_RATIO_BINS] = {
		0, 25, 40, 50, 60, 70, 85, 95, 105, 120, 140, 170, 200,
	};

	return bin < STAT_RATIO_BINS ? from[bin] : UINT32_MAX;
}

double
stat_quantile(const struct tally_row *category, double share)
{
	const uint64_t *bins = category->values + CATEGORY_BINS;
	uint64_t all = 0, below = 0;
	double wanted, least, most, from, to;
	unsigned i;

	for (i = 0; i < STAT_AREA_BINS; i++)
		all += bins[i];
	if (all == 0)
		return 0;
	wanted = share * (double)all;
	for (i = 0; i + 1 < STAT_AREA_BINS; i++) {
		if ((double)(below + bins[i]) >= wanted && bins[i])
			break;
		below += bins[i];
	}
	least = (double)category->values[CATEGORY_LEAST] / 1000;
	most = (double)category->values[CATEGORY_MOST] / 1000;
	from = i ? ldexp(1, (int)i) : 0;
	to = ldexp(1, (int)i + 1);
	from = from < least ? least : from;
	to = to > most ? most : to;
	if (!bins[i])
		return most;
	return from + (to - from) * (wanted - (double)below) / (double)bins[i];
}

/* Appends rows of a category with what their bins tell. */
static void
put_category(struct buf *to, const struct tally_row *row)
{
	static const double shares[] = {0.05, 0.5, 0.95};
	size_t i;

	tally_put_row(to, row);
	to->len--;
	for (i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
		buf_printf(to, ",\"area_p%d\":", (int)(shares[i] * 100 + 0.5));
		json_put_double(to, floor(stat_quantile(row, shares[i])));
	}
	buf_putc(to, '}');
}

void
stat_put_ndjson(struct buf *to, const struct tally *tally)
{
	unsigned table;
	size_t i, n;

	for (table = 0; table < STAT_TABLES; table++) {
		const struct tally_row **rows = tally_rows(tally, table, &n);

		for (i = 0; i < n; i++) {
			if (table == STAT_CATEGORY)
				put_category(to, rows[i]);
			else
				tally_put_row(to, rows[i]);
			buf_putc(to, '\n');
		}
		free(rows);
	}
}
