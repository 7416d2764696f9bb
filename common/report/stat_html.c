/* What records add up to, as a page: tables with bars, and plots in SVG. */
#include <math.h>
#include <stdlib.h>

#include "report/html.h"
#include "report/stat.h"
#include "report/stat_parts.h"

static const char style[] =
	":root{--ink:#1c2128;--faint:#667080;--line:#d8dee6;--bar:#2f7fc1;"
	"--back:#fff;--warn:#b35900}\n"
	"@media(prefers-color-scheme:dark){:root{--ink:#e4e8ee;--faint:#98a2b0;"
	"--line:#39424e;--bar:#58a6e8;--back:#14181d;--warn:#f0a050}}\n"
	"body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);"
	"background:var(--back);margin:0 auto;padding:1.5rem;max-width:75rem}\n"
	"h1{font-size:1.5rem;margin:0 0 .3rem}\n"
	"h2{font-size:1.05rem;margin:0 0 .6rem}\n"
	"p{margin:.2rem 0;color:var(--faint);overflow-wrap:anywhere}\n"
	"section{margin:1.8rem 0;overflow-x:auto}\n"
	".plots{display:grid;gap:1.8rem;"
	"grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr))}\n"
	".plots section{margin:0}\n"
	"table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
	"th,td{padding:.15rem .6rem .15rem 0;text-align:right;"
	"border-bottom:1px solid var(--line);white-space:nowrap}\n"
	"th{font-weight:600;color:var(--faint)}\n"
	"th:first-child,td:first-child{text-align:left;max-width:22rem;"
	"overflow:hidden;text-overflow:ellipsis}\n"
	"td.bar{width:12rem;min-width:6rem;padding:0}\n"
	"tr.few td:first-child{color:var(--warn)}\n"
	"svg{display:block;max-width:100%;height:auto}\n"
	"rect{fill:var(--bar)}\n"
	".frame{fill:none;stroke:var(--line)}\n"
	"text{fill:var(--faint);font-size:11px}\n"
	"@media print{section{break-inside:avoid}}\n";

static void
open_section(struct buf *to, struct slice title)
{
	buf_puts(to, "<section>\n<h2>");
	html_put(to, title);
	buf_puts(to, "</h2>\n");
}

static void
close_section(struct buf *to)
{
	buf_puts(to, "</section>\n");
}

static void
open_table(struct buf *to, const char *const *heads)
{
	buf_puts(to, "<table>\n<tr>");
	for (; *heads; heads++) {
		buf_puts(to, "<th>");
		buf_puts(to, *heads);
		buf_puts(to, "</th>");
	}
	buf_puts(to, "</tr>\n");
}

static void
put_name(struct buf *to, struct slice name)
{
	buf_puts(to, "<td title=\"");
	html_put(to, name);
	buf_puts(to, "\">");
	html_put(to, name);
	buf_puts(to, "</td>");
}

static void
put_number(struct buf *to, uint64_t number)
{
	buf_puts(to, "<td>");
	buf_uint(to, number);
	buf_puts(to, "</td>");
}

static void
put_pixels(struct buf *to, uint64_t milli)
{
	buf_puts(to, "<td>");
	if (milli == UINT64_MAX)
		buf_puts(to, "-");
	else
		tally_put_milli(to, milli);
	buf_puts(to, "</td>");
}

static void
put_share(struct buf *to, uint64_t part, uint64_t all)
{
	if (all)
		buf_printf(to, "<td>%.1f %%</td>",
			   100 * (double)part / (double)all);
	else
		buf_puts(to, "<td>-</td>");
}

/* A bar in a cell of its own, up to `most`, and the end of the row. */
static void
put_bar(struct buf *to, uint64_t number, uint64_t most)
{
	double share = most ? 100 * (double)number / (double)most : 0;

	buf_printf(to,
		   "<td class=\"bar\"><svg viewBox=\"0 0 100 8\" "
		   "width=\"100%%\" height=\"12\" preserveAspectRatio=\"none\" "
		   "role=\"img\" aria-label=\"%llu\"><rect width=\"%.2f\" "
		   "height=\"8\"/></svg></td></tr>\n",
		   (unsigned long long)number, share);
}

static void
put_releases(struct buf *to, const struct tally *tally)
{
	size_t i, j, n;
	const struct tally_row **rows = tally_rows(tally, STAT_RELEASE, &n);

	for (i = 0; i < n; i++) {
		buf_puts(to, "<p>");
		for (j = 0; rows[i]->table->parts[j]; j++) {
			if (!rows[i]->parts[j].n)
				continue;
			buf_puts(to, rows[i]->table->parts[j]);
			buf_puts(to, " <b>");
			html_put(to, rows[i]->parts[j]);
			buf_puts(to, "</b>, ");
		}
		buf_printf(to, "%llu samples, %llu categories</p>\n",
			   (unsigned long long)rows[i]->values[RELEASE_SAMPLES],
			   (unsigned long long)rows[i]
				   ->values[RELEASE_CATEGORIES]);
	}
	free(rows);
}

static void
put_summary(struct buf *to, const struct tally *tally)
{
	static const char *const names[] = {
		"with objects", "negative (labelled, nothing there)", "skipped",
		"unlabelled", "failed"};
	static const char *const heads[] = {"", "samples", "", "", NULL};
	const uint64_t *values = stat_row(tally, STAT_SUMMARY)->values;
	size_t i;

	open_section(to, slice_of("Samples"));
	open_table(to, heads);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const uint64_t number = values[SUMMARY_POSITIVE + i];

		buf_puts(to, "<tr>");
		put_name(to, slice_of(names[i]));
		put_number(to, number);
		put_share(to, number, values[SUMMARY_SAMPLES]);
		put_bar(to, number, values[SUMMARY_SAMPLES]);
	}
	buf_puts(to, "</table>\n");
	close_section(to);
}

static void
put_groups(struct buf *to, const struct tally_row *const *rows, size_t n,
	   struct slice title)
{
	static const char *const heads[] = {"",       "samples", "objects",
					    "pixels", "",        NULL};
	const size_t part = n && rows[0]->table->parts[1] ? 1 : 0;
	uint64_t most = 0;
	size_t i;

	for (i = 0; i < n; i++)
		if (rows[i]->values[GROUP_SAMPLES] > most)
			most = rows[i]->values[GROUP_SAMPLES];
	open_section(to, title);
	open_table(to, heads);
	for (i = 0; i < n; i++) {
		buf_puts(to, "<tr>");
		put_name(to, stat_shown(rows[i]->parts[part]));
		put_number(to, rows[i]->values[GROUP_SAMPLES]);
		put_number(to, rows[i]->values[GROUP_OBJECTS]);
		put_pixels(to, rows[i]->values[GROUP_PIXELS]);
		put_bar(to, rows[i]->values[GROUP_SAMPLES], most);
	}
	buf_puts(to, "</table>\n");
	close_section(to);
}

static void
put_group_table(struct buf *to, const struct tally *tally,
		enum stat_table table, const char *title, size_t least)
{
	size_t n;
	const struct tally_row **rows = tally_rows(tally, table, &n);

	if (n >= least)
		put_groups(to, rows, n, slice_of(title));
	free(rows);
}

static void
put_category(struct buf *to, const struct tally_row *row, uint64_t most,
	     uint64_t few)
{
	const uint64_t *values = row->values;
	const double shares[] = {0.05, 0.5, 0.95};
	size_t i;

	buf_puts(to, values[CATEGORY_OBJECTS] < few ? "<tr class=\"few\">"
						    : "<tr>");
	put_name(to, row->parts[0]);
	put_number(to, values[CATEGORY_OBJECTS]);
	put_number(to, values[CATEGORY_IMAGES]);
	put_pixels(to, values[CATEGORY_PIXELS]);
	put_number(to, values[CATEGORY_SMALL]);
	put_number(to, values[CATEGORY_MEDIUM]);
	put_number(to, values[CATEGORY_LARGE]);
	put_pixels(to, values[CATEGORY_LEAST]);
	for (i = 0; i < 3; i++)
		buf_printf(to, "<td>%.0f</td>",
			   floor(stat_quantile(row, shares[i])));
	put_pixels(to, values[CATEGORY_MOST]);
	put_bar(to, values[CATEGORY_OBJECTS], most);
}

static void
put_categories(struct buf *to, const struct tally *tally, uint64_t few)
{
	static const char *const heads[] = {"",       "objects", "images",
					    "pixels", "small",   "medium",
					    "large",  "min",     "~p5",
					    "~p50",   "~p95",    "max",
					    "",       NULL};
	size_t i, n;
	const struct tally_row **rows = tally_rows(tally, STAT_CATEGORY, &n);
	uint64_t most = n ? rows[0]->values[CATEGORY_OBJECTS] : 0;

	open_section(to, slice_of("Categories"));
	open_table(to, heads);
	for (i = 0; i < n; i++)
		put_category(to, rows[i], most, few);
	buf_puts(to, "</table>\n");
	if (few)
		buf_printf(to,
			   "<p>Coloured names: fewer than %llu "
			   "objects. Areas are in pixels, quantiles as "
			   "near as bins of powers of two tell.</p>\n",
			   (unsigned long long)few);
	close_section(to);
	free(rows);
}

/* A cell shaded by its share of the largest number. */
static void
put_shade(struct buf *to, uint64_t number, uint64_t most)
{
	double share = most ? 70 * sqrt((double)number / (double)most) : 0;

	buf_printf(to,
		   "<td style=\"background:color-mix(in srgb,var(--bar) "
		   "%.0f%%,transparent)\">%llu</td>",
		   share, (unsigned long long)number);
}

static void
put_cross(struct buf *to, const struct stat_cross *cross, struct slice title)
{
	size_t i, j, n = cross->row_count * cross->column_count;
	uint64_t most = 0;

	if (!n)
		return;
	for (i = 0; i < n; i++)
		most = cross->numbers[i] > most ? cross->numbers[i] : most;
	open_section(to, title);
	buf_puts(to, "<table>\n<tr><th></th>");
	for (j = 0; j < cross->column_count; j++) {
		buf_puts(to, "<th>");
		html_put(to, stat_shown(cross->columns[j]));
		buf_puts(to, "</th>");
	}
	buf_puts(to, "</tr>\n");
	for (i = 0; i < cross->row_count; i++) {
		buf_puts(to, "<tr>");
		put_name(to, cross->rows[i]);
		for (j = 0; j < cross->column_count; j++)
			put_shade(to,
				  cross->numbers[i * cross->column_count + j],
				  most);
		buf_puts(to, "</tr>\n");
	}
	buf_puts(to, "</table>\n");
	close_section(to);
}

static void
put_asked(struct buf *to, const struct tally *tally)
{
	size_t at, end, n;
	const struct tally_row **rows = tally_rows(tally, STAT_GROUP, &n);

	for (at = 0; at < n; at = end) {
		struct buf title = {0};
		struct stat_cross cross;

		for (end = at; end < n; end++)
			if (!slice_equal(rows[end]->parts[0],
					 rows[at]->parts[0]))
				break;
		buf_puts(&title, "By ");
		buf_slice(&title, rows[at]->parts[0]);
		put_groups(to, rows + at, end - at, buf_view(&title));
		buf_puts(&title, ": objects by category");
		cross = stat_cross_of(tally, rows[at]->parts[0]);
		put_cross(to, &cross, buf_view(&title));
		stat_cross_release(&cross);
		buf_release(&title);
	}
	free(rows);
}

/* A histogram: standing bars with their numbers above, bins below. */
static void
put_bins(struct buf *to, const char *title, const uint64_t *bins,
	 unsigned count, enum stat_bins kind)
{
	unsigned first = 0, i, n;
	uint64_t most = 0;

	while (count && !bins[count - 1])
		count--;
	while (first < count && !bins[first])
		first++;
	n = count - first;
	if (!n)
		return;
	for (i = first; i < count; i++)
		most = bins[i] > most ? bins[i] : most;
	open_section(to, slice_of(title));
	buf_printf(to, "<svg viewBox=\"0 0 400 %u\" role=\"img\">\n",
		   n * 16 + 4);
	for (i = first; i < count; i++) {
		const unsigned y = (i - first) * 16;

		buf_printf(to,
			   "<text x=\"104\" y=\"%u\" "
			   "text-anchor=\"end\">",
			   y + 12);
		stat_put_bin(to, kind, i);
		buf_printf(to,
			   "</text><rect x=\"110\" y=\"%u\" width=\"%.1f\" "
			   "height=\"12\"/><text x=\"%.1f\" y=\"%u\">%llu"
			   "</text>\n",
			   y + 2, 220 * (double)bins[i] / (double)most,
			   114 + 220 * (double)bins[i] / (double)most, y + 12,
			   (unsigned long long)bins[i]);
	}
	buf_puts(to, "</svg>\n");
	close_section(to);
}

static void
put_heatmap(struct buf *to, const uint64_t *grid, struct slice title)
{
	uint64_t most = 0;
	size_t i;

	for (i = 0; i < STAT_GRID * STAT_GRID; i++)
		most = grid[i] > most ? grid[i] : most;
	if (!most)
		return;
	open_section(to, title);
	buf_puts(to, "<svg viewBox=\"0 0 202 202\" width=\"280\" "
		     "role=\"img\"><rect class=\"frame\" x=\".5\" y=\".5\" "
		     "width=\"201\" height=\"201\"/>\n");
	for (i = 0; i < STAT_GRID * STAT_GRID; i++)
		if (grid[i])
			buf_printf(to,
				   "<rect x=\"%zu\" y=\"%zu\" width=\"10\" "
				   "height=\"10\" fill-opacity=\"%.2f\">"
				   "<title>%llu</title></rect>\n",
				   1 + i % STAT_GRID * 10,
				   1 + i / STAT_GRID * 10,
				   0.1 + 0.9 * (double)grid[i] / (double)most,
				   (unsigned long long)grid[i]);
	buf_puts(to, "</svg>\n");
	close_section(to);
}

enum { MAPS_SHOWN = 12, PAIRS_SHOWN = 40 };

/* The heat map of all objects, and of the commonest categories. */
static void
put_heatmaps(struct buf *to, const struct tally *tally)
{
	uint64_t grid[STAT_GRID * STAT_GRID];
	size_t i, j, n, maps, shown = 0;
	const struct tally_row **rows = tally_rows(tally, STAT_CATEGORY, &n);
	const struct tally_row **all = tally_rows(tally, STAT_HEATMAP, &maps);

	if (stat_heatmap(tally, grid))
		put_heatmap(to, grid, slice_of("Centres of all objects"));
	for (i = 0; i < n && maps > 1; i++)
		for (j = 0; j < maps && shown < MAPS_SHOWN; j++) {
			if (!slice_equal(rows[i]->key, all[j]->key))
				continue;
			put_heatmap(to, all[j]->values, rows[i]->parts[0]);
			shown++;
			break;
		}
	free(rows);
	free(all);
}

static void
put_plots(struct buf *to, const struct tally *tally)
{
	const struct tally_row *row;
	uint64_t bins[STAT_AREA_BINS] = {0};
	size_t i, j, n;
	const struct tally_row **rows = tally_rows(tally, STAT_CATEGORY, &n);

	for (i = 0; i < n; i++)
		for (j = 0; j < STAT_AREA_BINS; j++)
			bins[j] += rows[i]->values[CATEGORY_BINS + j];
	free(rows);
	buf_puts(to, "<div class=\"plots\">\n");
	put_bins(to, "Objects by their area in pixels", bins, STAT_AREA_BINS,
		 STAT_BINS_LOG2);
	if ((row = stat_row(tally, STAT_OBJECTS)) != NULL)
		put_bins(to, "Labelled images by their objects",
			 row->values + OBJECTS_BINS, STAT_COUNT_BINS,
			 STAT_BINS_COUNT);
	if ((row = stat_row(tally, STAT_IMAGE)) != NULL) {
		put_bins(to, "Images by their width",
			 row->values + IMAGE_WIDTH_BINS, STAT_SIDE_BINS,
			 STAT_BINS_LOG2);
		put_bins(to, "Images by their height",
			 row->values + IMAGE_HEIGHT_BINS, STAT_SIDE_BINS,
			 STAT_BINS_LOG2);
		put_bins(to, "Images by width : height",
			 row->values + IMAGE_RATIO_BINS, STAT_RATIO_BINS,
			 STAT_BINS_RATIO);
	}
	if ((row = stat_row(tally, STAT_UNLABELLED)) != NULL)
		put_bins(to, "Images by their share of unlabelled pixels",
			 row->values + UNLABELLED_BINS, STAT_SHARE_BINS,
			 STAT_BINS_SHARE);
	put_heatmaps(to, tally);
	buf_puts(to, "</div>\n");
}

static void
put_pairs(struct buf *to, const struct tally *tally)
{
	static const char *const heads[] = {"", "", "images", "", NULL};
	size_t i, n;
	const struct tally_row **rows =
		tally_rows(tally, STAT_COOCCURRENCE, &n);

	if (n) {
		open_section(to, slice_of("Categories in one image"));
		open_table(to, heads);
	}
	for (i = 0; i < n && i < PAIRS_SHOWN; i++) {
		buf_puts(to, "<tr>");
		put_name(to, rows[i]->parts[0]);
		put_name(to, rows[i]->parts[1]);
		put_number(to, rows[i]->values[COOCCURRENCE_IMAGES]);
		put_bar(to, rows[i]->values[COOCCURRENCE_IMAGES],
			rows[0]->values[COOCCURRENCE_IMAGES]);
	}
	if (n)
		buf_puts(to, "</table>\n");
	if (n > PAIRS_SHOWN)
		buf_printf(to, "<p>and %zu pairs more</p>\n", n - PAIRS_SHOWN);
	if (n)
		close_section(to);
	free(rows);
}

static void
put_people(struct buf *to, const struct tally *tally)
{
	static const char *const heads[] = {"",        "labelled", "rejected",
					    "updated", "reviewed", "",
					    NULL};
	size_t i, j, n;
	const struct tally_row **rows = tally_rows(tally, STAT_PERSON, &n);

	if (n) {
		open_section(to, slice_of("Labels by person"));
		open_table(to, heads);
	}
	for (i = 0; i < n; i++) {
		buf_puts(to, "<tr>");
		put_name(to, rows[i]->parts[0]);
		for (j = PERSON_LABELLED; j <= PERSON_REVIEWED; j++)
			put_number(to, rows[i]->values[j]);
		put_bar(to, rows[i]->values[0], rows[0]->values[0]);
	}
	if (n) {
		buf_puts(to, "</table>\n");
		close_section(to);
	}
	free(rows);
}

/* The first data set's name, or what stands in its place. */
static void
put_title(struct buf *to, const struct tally *tally)
{
	size_t n;
	const struct tally_row **rows = tally_rows(tally, STAT_RELEASE, &n);

	if (n && rows[0]->parts[1].n) {
		buf_slice(to, rows[0]->parts[1]);
		buf_putc(to, ' ');
		buf_slice(to, rows[0]->parts[0]);
	} else {
		buf_puts(to, "Records");
	}
	if (n > 1)
		buf_printf(to, " and %zu more", n - 1);
	free(rows);
}

void
stat_put_html(struct buf *to, const struct tally *tally, uint64_t few)
{
	struct stat_cross cross = stat_cross_of(tally, (struct slice){0});
	struct buf title = {0};

	put_title(&title, tally);
	html_put_head(to, buf_view(&title), NULL, style);
	buf_puts(to, "<h1>");
	html_put(to, buf_view(&title));
	buf_puts(to, "</h1>\n");
	put_releases(to, tally);
	put_summary(to, tally);
	put_group_table(to, tally, STAT_STATUS, "Status", 1);
	put_group_table(to, tally, STAT_LABELSET, "Labelsets", 2);
	put_categories(to, tally, few);
	put_cross(to, &cross, slice_of("Objects by category and status"));
	put_asked(to, tally);
	put_plots(to, tally);
	put_pairs(to, tally);
	put_people(to, tally);
	buf_puts(to, "</body>\n</html>\n");
	stat_cross_release(&cross);
	buf_release(&title);
}
