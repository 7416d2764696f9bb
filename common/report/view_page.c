/* One page: its head, its legend, its cells. */
#include <stdlib.h>

#include "record/status.h"
#include "report/html.h"
#include "report/view_parts.h"

void
view_page_release(struct view_page *page)
{
	buf_release(&page->text);
	buf_release(&page->style);
}

static void
flush_page(struct view_page *page)
{
	out_put(page->out, buf_view(&page->text));
	buf_reset(&page->text);
}

void
view_page_name(struct buf *to, const char *output, size_t number)
{
	const char *slash = strrchr(output, '/');
	const char *dot = strrchr(slash ? slash : output, '.');
	const size_t stem = dot && dot > (slash ? slash + 1 : output)
				    ? (size_t)(dot - output)
				    : strlen(output);

	buf_put(to, output, stem);
	if (number > 1)
		buf_printf(to, "-%zu", number);
	buf_puts(to, output + stem);
}

static void
put_color(struct buf *to, uint32_t color)
{
	buf_printf(to, "#%02x%02x%02x", (unsigned)(color & 255),
		   (unsigned)(color >> 8 & 255), (unsigned)(color >> 16 & 255));
}

/* Settled ones are green, refused ones red, those of a model violet. */
static const char *
status_color(struct slice name)
{
	static const char *const colors[LABEL_STATUSES + 1] = {
		[LABEL_REVIEWED] = "#2f9e5b",
		[LABEL_VERIFIED] = "#12805c",
		[LABEL_REVIEWING_IN_PROGRESS] = "#7cb342",
		[LABEL_LABELED] = "#2f80d0",
		[LABEL_LABELING_IN_PROGRESS] = "#e0a100",
		[LABEL_PRELABELED] = "#8e5bd0",
		[LABEL_SKIPPED] = "#9aa3ad",
		[LABEL_REJECTED] = "#d64541",
		[LABEL_UNLABELED] = "#b9c0c8",
		[LABEL_STATUSES] = "#7a8490",
	};

	return colors[label_status_find(name)];
}

/* The rules of what is switched on this page. */
static void
put_rules(struct view_page *page)
{
	struct buf *to = &page->style;
	size_t i;

	for (i = 0; i < page->statuses->count; i++) {
		const struct view_switch *status = &page->statuses->list[i];

		if (!status->here)
			continue;
		buf_printf(to,
			   ".s%zu{--s:%s}"
			   "body:has([name=s%zu]:not(:checked)) .s%zu"
			   "{display:none}\n",
			   i, status_color(buf_view(&status->name)), i, i);
	}
	for (i = 0; i < page->categories->count; i++) {
		const struct view_switch *category = &page->categories->list[i];

		if (!category->here)
			continue;
		buf_printf(to, ".c%zu{--c:", i);
		put_color(to, category->color);
		buf_printf(to,
			   "}body:has([name=c%zu]:not(:checked)) svg .c%zu"
			   "{display:none}"
			   "body:has(.k%zu:hover) svg>:not(.c%zu)"
			   "{opacity:.12}"
			   "body:has([value=c%zu]:checked) "
			   ":is(svg>:not(.c%zu),.cell:not(:has(.c%zu)))"
			   "{display:none}\n",
			   i, i, i, i, i, i, i);
	}
}

static void
put_page_title(struct view_page *page, struct buf *to)
{
	if (page->title.n)
		buf_slice(to, page->title);
	else
		buf_puts(to, "labels");
}

static void
put_page_link(struct view_page *page, size_t number, const char *text)
{
	struct buf name = {0};
	struct slice address;
	const char *slash;

	view_page_name(&name, page->options->output, number);
	slash = strrchr(buf_cstr(&name), '/');
	address = slice_of(slash ? slash + 1 : buf_cstr(&name));
	buf_puts(&page->text, "<a href=\"./");
	view_put_address(&page->text, address, "-_.~");
	buf_puts(&page->text, "\">");
	if (text)
		buf_puts(&page->text, text);
	else
		buf_uint(&page->text, number);
	buf_puts(&page->text, "</a>");
	buf_release(&name);
}

/* Links to the pages around, the first and the last one. */
static void
put_pages(struct view_page *page)
{
	const size_t here = page->number, last = page->pages;
	struct buf *to = &page->text;
	size_t i;

	if (last == 1)
		return;
	buf_puts(to, "<nav class=\"pages\" aria-label=\"Pages\">");
	if (here > 1)
		put_page_link(page, here - 1, "\u2039");
	for (i = 1; i <= last; i++) {
		if (i == here)
			buf_printf(to, "<a aria-current=\"page\">%zu</a>", i);
		else if (i == 1 || i == last ||
			 (i + 2 >= here && i <= here + 2))
			put_page_link(page, i, NULL);
		else if (i + 3 == here || i == here + 3)
			buf_puts(to, "\u2026");
	}
	if (here < last)
		put_page_link(page, here + 1, "\u203a");
	buf_puts(to, "</nav>\n");
}

static uint64_t
sum_total(const struct view_switches *switches)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < switches->count; i++)
		sum += switches->list[i].total;
	return sum;
}

static void
put_count(struct buf *to, uint64_t n, const char *what)
{
	buf_printf(to, "%llu %s%s", (unsigned long long)n, what,
		   n == 1 ? "" : "s");
}

static void
put_top(struct view_page *page)
{
	struct buf *to = &page->text;

	buf_puts(to, "<header class=\"top\"><h1>");
	put_page_title(page, to);
	buf_puts(to, "</h1>\n<p>");
	put_count(to, page->samples, "sample");
	buf_puts(to, ", ");
	put_count(to, sum_total(page->categories), "object");
	buf_puts(to, "</p>\n");
	put_pages(page);
	buf_puts(to,
		 "<fieldset class=\"modes\" aria-label=\"Objects\">"
		 "<label><input type=\"radio\" name=\"show\" value=\"fill\" "
		 "checked><span>Fill</span></label>"
		 "<label><input type=\"radio\" name=\"show\" value=\"outline\">"
		 "<span>Outline</span></label>"
		 "<label><input type=\"radio\" name=\"show\" value=\"image\">"
		 "<span>Image</span></label></fieldset>\n"
		 "<button type=\"reset\">Reset</button></header>\n");
}

/* How many there are here and, where that is not all, in all. */
static void
put_counts(struct buf *to, const struct view_switch *of)
{
	buf_printf(to, "<small>%llu", (unsigned long long)of->here);
	if (of->here != of->total)
		buf_printf(to, "<span class=\"of\"> / %llu</span>",
			   (unsigned long long)of->total);
	buf_puts(to, "</small>");
}

static void
put_switch(struct view_page *page, const struct view_switch *of, char letter,
	   size_t number)
{
	struct buf *to = &page->text;
	const bool category = letter == 'c';

	buf_puts(to, "<div class=\"row\">");
	if (category)
		buf_printf(to, "<label class=\"k k%zu\" style=\"--c:", number);
	else
		buf_puts(to, "<label class=\"k st\" style=\"--c:");
	if (category)
		put_color(to, of->color);
	else
		buf_puts(to, status_color(buf_view(&of->name)));
	buf_printf(to,
		   "\"><input type=\"checkbox\" name=\"%c%zu\" checked>"
		   "<span%s title=\"",
		   letter, number, category ? "" : " class=\"low\"");
	buf_slice(to, buf_view(&of->name));
	buf_puts(to, "\">");
	buf_slice(to, buf_view(&of->name));
	buf_puts(to, "</span>");
	put_counts(to, of);
	buf_puts(to, "</label>");
	if (category) {
		buf_printf(to,
			   "<input class=\"only\" type=\"radio\" name=\"only\" "
			   "value=\"c%zu\" aria-label=\"only ",
			   number);
		buf_slice(to, buf_view(&of->name));
		buf_puts(to, "\">");
	}
	buf_puts(to, "</div>\n");
}

static void
put_switches(struct view_page *page, const struct view_switches *switches,
	     const char *title, char letter)
{
	size_t *order = view_switches_order(switches);
	size_t i;

	buf_printf(&page->text, "<section class=\"legend\"><h2>%s</h2>\n",
		   title);
	for (i = 0; i < switches->count; i++)
		if (switches->list[order[i]].here)
			put_switch(page, &switches->list[order[i]], letter,
				   order[i]);
	buf_puts(&page->text, "</section>\n");
	free(order);
}

void
view_page_begin(struct view_page *page)
{
	struct buf *style = &page->style, title = {0};
	size_t i;

	buf_reset(style);
	buf_puts(style, view_mark);
	buf_putc(style, '\n');
	for (i = 0; view_style[i]; i++)
		buf_puts(style, view_style[i]);
	buf_printf(style, ":root{--h:%lupx}\n",
		   (unsigned long)page->options->side * 48 / 100);
	put_rules(page);
	put_page_title(page, &title);
	if (page->pages > 1)
		buf_printf(&title, ", page %zu of %zu", page->number,
			   page->pages);
	html_put_head_of(&page->text, buf_view(&title),
			 page->options->link ? "'self' file: data: https: http:"
					     : "data:",
			 buf_cstr(style));
	buf_release(&title);
	buf_puts(&page->text, "<form autocomplete=\"off\">\n");
	put_top(page);
	buf_puts(&page->text, "<div class=\"body\">\n<aside>\n");
	put_switches(page, page->statuses, "Status", 's');
	put_switches(page, page->categories, "Categories", 'c');
	buf_puts(&page->text, "</aside>\n<main class=\"sheet\">\n");
	if (!page->samples)
		buf_puts(&page->text, "<p class=\"empty\">No samples.</p>\n");
	flush_page(page);
}

void
view_page_put_group(struct view_page *page, struct slice name, uint64_t samples)
{
	struct buf *to = &page->text;

	buf_puts(to, "<h2 class=\"group\">");
	buf_slice(to, name);
	buf_printf(to, " <small>%llu</small></h2>\n",
		   (unsigned long long)samples);
}

/* A ratio of thousandths, within what a cell can be. */
static void
put_ratio(struct buf *to, uint64_t ratio, uint64_t least, uint64_t most)
{
	ratio = ratio < least ? least : ratio > most ? most : ratio;
	buf_printf(to, "%llu.%03llu", (unsigned long long)ratio / 1000,
		   (unsigned long long)ratio % 1000);
}

enum { NARROWEST = 400, WIDEST = 4000 };

static void
put_large_bar(struct view_page *page, const struct view_cell *cell)
{
	struct buf *to = &page->text;
	const struct {
		struct slice id;
		const char *name, *arrow;
	} ways[] = {{cell->before, "before", "\u2039"},
		    {cell->after, "after", "\u203a"}};
	size_t i;

	buf_puts(to, "<div class=\"bar\"><b>");
	buf_slice(to, cell->name);
	buf_puts(to, "</b>");
	for (i = 0; i < 2; i++) {
		if (!ways[i].id.n) {
			buf_printf(to, "<i>%s</i>", ways[i].arrow);
			continue;
		}
		buf_puts(to, "<a href=\"#");
		buf_slice(to, ways[i].id);
		buf_printf(to, "\" aria-label=\"the one %s\">%s</a>",
			   ways[i].name, ways[i].arrow);
	}
	buf_puts(to, "<a href=\"#");
	buf_slice(to, cell->id);
	buf_puts(to, ".cell\" aria-label=\"close\">\u2715</a></div>");
}

void
view_page_begin_cell(struct view_page *page, const struct view_cell *cell)
{
	struct buf *to = &page->text;

	buf_puts(to, "<div class=\"cell");
	if (cell->records == 1)
		buf_printf(to, " s%llu", (unsigned long long)cell->status);
	else
		buf_puts(to, " pair");
	buf_puts(to, "\" id=\"");
	buf_slice(to, cell->id);
	buf_puts(to, ".cell\" style=\"--r:");
	put_ratio(to, cell->ratio, NARROWEST, WIDEST * cell->records);
	buf_puts(to, "\"><article id=\"");
	buf_slice(to, cell->id);
	buf_puts(to, "\">");
	put_large_bar(page, cell);
	buf_printf(to, "<div class=\"panes%s\">",
		   cell->records > 1 ? " many" : "");
}

static void
put_caption(struct view_page *page, const struct view_facts *facts,
	    struct slice caption)
{
	struct buf *to = &page->text;
	const uint64_t bad = facts->errors + facts->warnings + facts->infos;

	buf_puts(to, "<figcaption><i class=\"d\" title=\"");
	buf_slice(to, buf_view(&page->statuses->list[facts->status].name));
	buf_puts(to, "\"></i><span title=\"");
	buf_slice(to, caption);
	buf_puts(to, "\">");
	buf_slice(to, caption);
	buf_printf(to, "</span><small title=\"objects\">%llu</small>",
		   (unsigned long long)facts->objects);
	if (bad)
		buf_printf(to,
			   "<b class=\"bad %s\" title=\"findings\">%llu</b>",
			   facts->errors     ? "error"
			   : facts->warnings ? "warning"
					     : "info",
			   (unsigned long long)bad);
	buf_puts(to, "</figcaption>");
}

void
view_page_put_record(struct view_page *page, const struct view_cell *cell,
		     const struct view_facts *facts, struct slice caption)
{
	struct buf *to = &page->text;

	buf_puts(to, "<figure");
	if (cell->records > 1)
		buf_printf(to, " class=\"s%llu\"",
			   (unsigned long long)facts->status);
	buf_puts(to, " style=\"--r:");
	put_ratio(to, facts->ratio, NARROWEST, WIDEST);
	buf_puts(to, ";--a:");
	put_ratio(to, facts->ratio, 1, UINT64_MAX);
	buf_printf(to, "\"><a class=\"pic%s\" href=\"#",
		   facts->ratio < NARROWEST ? " tall" : "");
	buf_slice(to, cell->id);
	buf_puts(to, "\" aria-label=\"");
	buf_slice(to, cell->name);
	buf_puts(to, "\"><span class=\"fit\">");
	buf_slice(to, facts->picture);
	buf_puts(to, "</span></a>");
	put_caption(page, facts, cell->records > 1 ? caption : cell->name);
	buf_puts(to, "<div class=\"info\">");
	buf_slice(to, facts->info);
	buf_puts(to, "</div></figure>");
}

void
view_page_end_cell(struct view_page *page, const struct view_cell *cell)
{
	struct buf *to = &page->text;

	buf_puts(to, "</div>");
	if (cell->records > 1) {
		buf_puts(to, "<p class=\"cap\"><span>");
		buf_slice(to, cell->name);
		buf_puts(to, "</span></p>");
	}
	buf_puts(to, "</article></div>\n");
	flush_page(page);
}

void
view_page_end(struct view_page *page)
{
	buf_puts(&page->text, "</main>\n</div>\n");
	if (page->pages > 1) {
		buf_puts(&page->text, "<footer class=\"foot\">\n");
		put_pages(page);
		buf_puts(&page->text, "</footer>\n");
	}
	buf_puts(&page->text, "</form>\n</body>\n</html>\n");
	flush_page(page);
}
