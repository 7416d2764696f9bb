/* What records add up to, for a terminal. */
#include <math.h>
#include <stdlib.h>

#include "report/stat.h"
#include "report/stat_parts.h"

/* What is being written. */
struct page {
	struct buf *to;
	const struct tally *tally;
	const struct text_style *style;
	uint64_t few;
};

static void
put_title(const struct page *page, const char *title)
{
	buf_putc(page->to, '\n');
	text_put_ink(page->to, page->style, INK_TITLE, title);
	buf_putc(page->to, '\n');
}

/* Puts the table's rows out and frees it. */
static void
end_table(const struct page *page, struct text_table *table)
{
	text_table_put(page->to, table, page->style);
	text_table_close(table);
}

static void
put_share(struct text_table *table, uint64_t part, uint64_t all)
{
	if (all)
		text_table_cell(table, "%.1f %%",
				100 * (double)part / (double)all);
	else
		text_table_cell(table, "-");
}

static void
put_pixels(struct text_table *table, uint64_t milli)
{
	struct buf text = {0};

	tally_put_milli(&text, milli);
	text_table_cell(table, "%s", buf_cstr(&text));
	buf_release(&text);
}

static void
put_release(const struct page *page, const struct tally_row *row)
{
	enum { NAME, DATASET, OWNER, CREATED_AT, TASK_TYPE, LABELSET };
	static const struct {
		const char *before;
		size_t part;
	} parts[] = {{"", DATASET},     {" ", NAME},
		     {", by ", OWNER},  {", ", CREATED_AT},
		     {", ", TASK_TYPE}, {", labelset ", LABELSET}};
	size_t i;
	bool first = true;

	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const struct slice part = row->parts[parts[i].part];

		if (!part.n)
			continue;
		buf_puts(page->to, first ? "" : parts[i].before);
		diag_escape(page->to, part);
		first = false;
	}
	buf_puts(page->to, first ? "A release without a name" : "");
	buf_printf(page->to, ": %llu samples, %llu categories\n",
		   (unsigned long long)row->values[RELEASE_SAMPLES],
		   (unsigned long long)row->values[RELEASE_CATEGORIES]);
}

static void
put_releases(const struct page *page)
{
	size_t i, n;
	const struct tally_row **rows =
		tally_rows(page->tally, STAT_RELEASE, &n);

	for (i = 0; i < n; i++)
		put_release(page, rows[i]);
	free(rows);
}

static void
put_summary(const struct page *page)
{
	static const char *const names[] = {
		"with objects", "negative (labelled, nothing there)",
		"skipped",      "unlabelled",
		"failed",
	};
	const struct tally_row *row = stat_row(page->tally, STAT_SUMMARY);
	struct text_table *table = text_table_open("lrrb");
	const uint64_t *values = row->values;
	size_t i;

	put_title(page, "Samples");
	text_table_cell(table, "all");
	text_table_number(table, values[SUMMARY_SAMPLES]);
	text_table_cell(table, "%s", "");
	text_table_bar(table, 0);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const uint64_t number = values[SUMMARY_POSITIVE + i];

		text_table_cell(table, "%s", names[i]);
		text_table_number(table, number);
		put_share(table, number, values[SUMMARY_SAMPLES]);
		text_table_bar(table, (double)number);
	}
	end_table(page, table);
}

/* Rows of a table of groups, from the one at `rows` on. */
static void
put_group_rows(const struct page *page, const char *title,
	       const struct tally_row *const *rows, size_t n)
{
	struct text_table *table = text_table_open("lrrrrb");
	const size_t part = rows[0]->table->parts[1] ? 1 : 0;
	uint64_t all = 0;
	size_t i;

	put_title(page, title);
	stat_put_heads(table, "", "samples", "", "objects", "pixels", "", NULL);
	for (i = 0; i < n; i++)
		all += rows[i]->values[GROUP_SAMPLES];
	for (i = 0; i < n; i++) {
		const uint64_t *values = rows[i]->values;

		text_table_name(table, stat_shown(rows[i]->parts[part]));
		text_table_number(table, values[GROUP_SAMPLES]);
		put_share(table, values[GROUP_SAMPLES], all);
		text_table_number(table, values[GROUP_OBJECTS]);
		put_pixels(table, values[GROUP_PIXELS]);
		text_table_bar(table, (double)values[GROUP_SAMPLES]);
	}
	end_table(page, table);
}

static void
put_groups(const struct page *page, enum stat_table which, const char *title,
	   size_t least)
{
	size_t n;
	const struct tally_row **rows = tally_rows(page->tally, which, &n);

	if (n >= least)
		put_group_rows(page, title, rows, n);
	free(rows);
}

/* How much more the commonest category has than the rarest that has any. */
static void
put_imbalance(const struct page *page, const struct tally_row *const *rows,
	      size_t n)
{
	uint64_t most = rows[0]->values[CATEGORY_OBJECTS], least;

	while (n && rows[n - 1]->values[CATEGORY_OBJECTS] == 0)
		n--;
	if (n < 2)
		return;
	least = rows[n - 1]->values[CATEGORY_OBJECTS];
	buf_printf(page->to, "  imbalance %.1f : 1\n",
		   (double)most / (double)least);
}

static void
put_category(struct text_table *table, const struct tally_row *row,
	     uint64_t objects, uint64_t few)
{
	const uint64_t *values = row->values;
	const bool rare = values[CATEGORY_OBJECTS] < few;

	text_table_name(table, row->parts[0]);
	if (rare)
		text_table_warn(table);
	text_table_cell(table, "%s", rare ? "*" : "");
	text_table_number(table, values[CATEGORY_OBJECTS]);
	put_share(table, values[CATEGORY_OBJECTS], objects);
	text_table_number(table, values[CATEGORY_IMAGES]);
	put_pixels(table, values[CATEGORY_PIXELS]);
	text_table_bar(table, (double)values[CATEGORY_OBJECTS]);
}

static void
put_categories(const struct page *page)
{
	struct text_table *table = text_table_open("llrrrrb");
	size_t i, n;
	const struct tally_row **rows =
		tally_rows(page->tally, STAT_CATEGORY, &n);
	uint64_t objects = 0, rare = 0;

	for (i = 0; i < n; i++) {
		objects += rows[i]->values[CATEGORY_OBJECTS];
		rare += rows[i]->values[CATEGORY_OBJECTS] < page->few;
	}
	stat_put_heads(table, "", "", "objects", "", "images", "pixels", "",
		       NULL);
	for (i = 0; i < n; i++)
		put_category(table, rows[i], objects, page->few);
	if (n) {
		put_title(page, "Categories");
		text_table_put(page->to, table, page->style);
		put_imbalance(page, rows, n);
	}
	if (rare)
		buf_printf(page->to, "  * fewer than %llu objects: %llu\n",
			   (unsigned long long)page->few,
			   (unsigned long long)rare);
	text_table_close(table);
	free(rows);
}

static void
put_area(struct text_table *table, const struct tally_row *row)
{
	const uint64_t *values = row->values;

	text_table_name(table, row->parts[0]);
	text_table_number(table, values[CATEGORY_SMALL]);
	text_table_number(table, values[CATEGORY_MEDIUM]);
	text_table_number(table, values[CATEGORY_LARGE]);
	put_pixels(table, values[CATEGORY_LEAST]);
	text_table_cell(table, "%.0f", floor(stat_quantile(row, 0.05)));
	text_table_cell(table, "%.0f", floor(stat_quantile(row, 0.5)));
	text_table_cell(table, "%.0f", floor(stat_quantile(row, 0.95)));
	put_pixels(table, values[CATEGORY_MOST]);
}

static void
put_areas(const struct page *page)
{
	struct text_table *table = text_table_open("lrrrrrrrr");
	size_t i, n, shown = 0;
	const struct tally_row **rows =
		tally_rows(page->tally, STAT_CATEGORY, &n);

	stat_put_heads(table, "", "small", "medium", "large", "min", "~p5",
		       "~p50", "~p95", "max", NULL);
	for (i = 0; i < n; i++) {
		if (rows[i]->values[CATEGORY_MOST] == 0 &&
		    rows[i]->values[CATEGORY_LEAST] == UINT64_MAX)
			continue;
		put_area(table, rows[i]);
		shown++;
	}
	if (shown) {
		put_title(page, "Areas of objects, in pixels "
				"(small below 32 x 32, large from 96 x 96 on)");
		text_table_put(page->to, table, page->style);
	}
	text_table_close(table);
	free(rows);
}

/* A histogram from the first to the last bin that holds anything. */
static void
put_bins(const struct page *page, const char *title, const uint64_t *bins,
	 unsigned count, enum stat_bins kind)
{
	struct text_table *table = text_table_open("lrb");
	unsigned first = 0, i;

	while (count && !bins[count - 1])
		count--;
	while (first < count && !bins[first])
		first++;
	stat_put_heads(table, "", "", "", NULL);
	for (i = first; i < count; i++) {
		struct buf name = {0};

		stat_put_bin(&name, kind, i);
		text_table_cell(table, "%s", buf_cstr(&name));
		buf_release(&name);
		text_table_number(table, bins[i]);
		text_table_bar(table, (double)bins[i]);
	}
	if (count) {
		put_title(page, title);
		text_table_put(page->to, table, page->style);
	}
	text_table_close(table);
}

static void
put_area_bins(const struct page *page)
{
	uint64_t bins[STAT_AREA_BINS] = {0};
	size_t i, j, n;
	const struct tally_row **rows =
		tally_rows(page->tally, STAT_CATEGORY, &n);

	for (i = 0; i < n; i++)
		for (j = 0; j < STAT_AREA_BINS; j++)
			bins[j] += rows[i]->values[CATEGORY_BINS + j];
	put_bins(page, "Objects by their area", bins, STAT_AREA_BINS,
		 STAT_BINS_LOG2);
	free(rows);
}

/* Columns of a cross table that fit beside the names: at least one. */
static size_t
fit_columns(const struct page *page, const struct stat_cross *cross,
	    size_t from)
{
	unsigned left = page->style->width, width = 0;
	size_t i;

	for (i = 0; i < cross->row_count; i++)
		if (text_width(cross->rows[i]) > width)
			width = text_width(cross->rows[i]);
	left = left > width + 4 ? left - width - 4 : 0;
	for (i = from; i < cross->column_count && i < from + 24; i++) {
		width = text_width(stat_shown(cross->columns[i]));
		width = 2 + (width > 7 ? width : 7);
		if (width > left && i > from)
			break;
		left = left > width ? left - width : 0;
	}
	return i - from;
}

/* Some columns of a cross table, from one on. */
static void
put_cross_columns(const struct page *page, const struct stat_cross *cross,
		  size_t from, size_t count)
{
	char aligns[32] = "l";
	struct text_table *table;
	size_t i, j;

	memset(aligns + 1, 'r', count);
	table = text_table_open(aligns);
	text_table_cell(table, "%s", "");
	for (j = from; j < from + count; j++)
		text_table_name(table, stat_shown(cross->columns[j]));
	for (i = 0; i < cross->row_count; i++) {
		text_table_name(table, cross->rows[i]);
		for (j = from; j < from + count; j++)
			text_table_number(
				table,
				cross->numbers[i * cross->column_count + j]);
	}
	end_table(page, table);
}

static void
put_cross(const struct page *page, const struct stat_cross *cross,
	  const char *title)
{
	size_t from = 0, count;

	if (cross->row_count && cross->column_count)
		put_title(page, title);
	for (; cross->row_count && from < cross->column_count; from += count) {
		count = fit_columns(page, cross, from);
		if (from)
			buf_putc(page->to, '\n');
		put_cross_columns(page, cross, from, count);
	}
}

/* Groups by whatever was asked for, each kind of them with its categories. */
static void
put_asked(const struct page *page)
{
	size_t at, end, n;
	const struct tally_row **rows = tally_rows(page->tally, STAT_GROUP, &n);

	for (at = 0; at < n; at = end) {
		struct buf title = {0};
		struct stat_cross cross;

		for (end = at; end < n; end++)
			if (!slice_equal(rows[end]->parts[0],
					 rows[at]->parts[0]))
				break;
		buf_puts(&title, "By ");
		diag_escape(&title, rows[at]->parts[0]);
		put_group_rows(page, buf_cstr(&title), rows + at, end - at);
		buf_puts(&title, ": objects by category");
		cross = stat_cross_of(page->tally, rows[at]->parts[0]);
		put_cross(page, &cross, buf_cstr(&title));
		stat_cross_release(&cross);
		buf_release(&title);
	}
	free(rows);
}

static void
put_images(const struct page *page)
{
	const struct tally_row *row = stat_row(page->tally, STAT_IMAGE);
	const uint64_t *values;

	if (!row)
		return;
	values = row->values;
	put_title(page, "Images");
	buf_printf(page->to,
		   "  %llu with a size: width %llu to %llu, height %llu to "
		   "%llu, %.2f megapixels on average\n",
		   (unsigned long long)values[IMAGE_COUNT],
		   (unsigned long long)values[IMAGE_WIDTH_LEAST],
		   (unsigned long long)values[IMAGE_WIDTH_MOST],
		   (unsigned long long)values[IMAGE_HEIGHT_LEAST],
		   (unsigned long long)values[IMAGE_HEIGHT_MOST],
		   (double)values[IMAGE_PIXELS] / 1e6 /
			   (double)values[IMAGE_COUNT]);
	put_bins(page, "Images by their width", values + IMAGE_WIDTH_BINS,
		 STAT_SIDE_BINS, STAT_BINS_LOG2);
	put_bins(page, "Images by their height", values + IMAGE_HEIGHT_BINS,
		 STAT_SIDE_BINS, STAT_BINS_LOG2);
	put_bins(page, "Images by width : height", values + IMAGE_RATIO_BINS,
		 STAT_RATIO_BINS, STAT_BINS_RATIO);
}

static void
put_unlabelled(const struct page *page)
{
	const struct tally_row *row = stat_row(page->tally, STAT_UNLABELLED);

	if (!row)
		return;
	put_bins(page, "Images by their share of unlabelled pixels",
		 row->values + UNLABELLED_BINS, STAT_SHARE_BINS,
		 STAT_BINS_SHARE);
	buf_printf(page->to, "  of all pixels %.1f %% are unlabelled\n",
		   100 * (double)row->values[UNLABELLED_PIXELS] /
			   (double)row->values[UNLABELLED_ALL]);
}

enum { PAIRS_SHOWN = 20 };

static void
put_pairs(const struct page *page)
{
	struct text_table *table = text_table_open("llrb");
	size_t i, n;
	const struct tally_row **rows =
		tally_rows(page->tally, STAT_COOCCURRENCE, &n);

	stat_put_heads(table, "", "", "images", "", NULL);
	for (i = 0; i < n && i < PAIRS_SHOWN; i++) {
		const uint64_t number = rows[i]->values[COOCCURRENCE_IMAGES];

		text_table_name(table, rows[i]->parts[0]);
		text_table_name(table, rows[i]->parts[1]);
		text_table_number(table, number);
		text_table_bar(table, (double)number);
	}
	if (n) {
		put_title(page, "Categories in one image");
		text_table_put(page->to, table, page->style);
	}
	if (n > PAIRS_SHOWN)
		buf_printf(page->to, "  and %zu pairs more\n", n - PAIRS_SHOWN);
	text_table_close(table);
	free(rows);
}

static void
put_heatmap(const struct page *page)
{
	static const char *const blocks[] = {" ", "\u2591", "\u2592", "\u2593",
					     "\u2588"};
	static const char *const letters[] = {" ", ".", ":", "+", "#"};
	const char *const *shades = page->style->unicode ? blocks : letters;
	uint64_t grid[STAT_GRID * STAT_GRID], most;
	size_t x, y;

	most = stat_heatmap(page->tally, grid);
	if (!most)
		return;
	put_title(page, "Centres of objects, over the image");
	for (y = 0; y < STAT_GRID; y++) {
		buf_puts(page->to, "  |");
		for (x = 0; x < STAT_GRID; x++) {
			double share =
				(double)grid[y * STAT_GRID + x] / (double)most;
			size_t shade = (size_t)ceil(share * 4);

			buf_puts(page->to, shades[shade]);
			buf_puts(page->to, shades[shade]);
		}
		buf_puts(page->to, "|\n");
	}
}

static void
put_people(const struct page *page)
{
	struct text_table *table = text_table_open("lrrrrb");
	size_t i, n;
	const struct tally_row **rows =
		tally_rows(page->tally, STAT_PERSON, &n);

	stat_put_heads(table, "", "labelled", "rejected", "updated", "reviewed",
		       "", NULL);
	for (i = 0; i < n; i++) {
		const uint64_t *values = rows[i]->values;

		text_table_name(table, rows[i]->parts[0]);
		text_table_number(table, values[PERSON_LABELLED]);
		text_table_number(table, values[PERSON_REJECTED]);
		text_table_number(table, values[PERSON_UPDATED]);
		text_table_number(table, values[PERSON_REVIEWED]);
		text_table_bar(table, (double)values[PERSON_LABELLED]);
	}
	if (n) {
		put_title(page, "Labels by person");
		text_table_put(page->to, table, page->style);
	}
	text_table_close(table);
	free(rows);
}

void
stat_put_text(struct buf *to, const struct tally *tally,
	      const struct text_style *style, uint64_t few)
{
	const struct page page = {to, tally, style, few};
	const struct tally_row *objects = stat_row(tally, STAT_OBJECTS);
	struct stat_cross cross = stat_cross_of(tally, (struct slice){0});

	put_releases(&page);
	put_summary(&page);
	put_groups(&page, STAT_STATUS, "Status", 1);
	put_groups(&page, STAT_LABELSET, "Labelsets", 2);
	put_categories(&page);
	put_cross(&page, &cross, "Objects by category and status");
	put_asked(&page);
	put_areas(&page);
	put_area_bins(&page);
	if (objects)
		put_bins(&page, "Labelled images by their objects",
			 objects->values + OBJECTS_BINS, STAT_COUNT_BINS,
			 STAT_BINS_COUNT);
	put_images(&page);
	put_unlabelled(&page);
	put_pairs(&page);
	put_heatmap(&page);
	put_people(&page);
	stat_cross_release(&cross);
}
