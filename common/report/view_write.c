/* The pages of what was collected: their order, their files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/io.h"
#include "report/view_parts.h"

/* Reads a record back: its facts, or all of it. The text is the view's. */
static int
read_back(struct view *view, const struct view_taken *taken, bool all,
	  struct view_facts *facts)
{
	struct slice rest;

	buf_reset(&view->text);
	if (spool_read_at(view->spool, taken->at,
			  all ? taken->all : taken->facts, &view->text) < 0)
		return -1;
	rest = buf_view(&view->text);
	facts->id = view_unpack(&rest);
	facts->name = view_unpack(&rest);
	facts->labelset = view_unpack(&rest);
	facts->release = view_unpack(&rest);
	facts->status = view_unpack_number(&rest);
	facts->ratio = view_unpack_number(&rest);
	facts->objects = view_unpack_number(&rest);
	facts->errors = view_unpack_number(&rest);
	facts->warnings = view_unpack_number(&rest);
	facts->infos = view_unpack_number(&rest);
	facts->counts = view_unpack(&rest);
	facts->picture = view_unpack(&rest);
	facts->info = view_unpack(&rest);
	return 0;
}

static int
compare_keys(const void *a, const void *b)
{
	const struct view_taken *p = a, *q = b;

	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	return (p->number > q->number) - (p->number < q->number);
}

static int
compare_cells(const void *a, const void *b)
{
	const struct view_place *p = a, *q = b;
	int order = 0;

	if (p->group != q->group)
		return p->group < q->group ? -1 : 1;
	if (p->rank != q->rank)
		return p->rank < q->rank ? 1 : -1;
	if (p->first->name)
		order = strcmp(p->first->name, q->first->name);
	if (order)
		return order;
	return (p->first->number > q->first->number) -
	       (p->first->number < q->first->number);
}

/* Makes cells of the records, each of a sample, in the order of the pages. */
static void
make_cells(struct view *view)
{
	size_t *order = view_switches_order(&view->groups);
	struct view_place *cell = NULL;
	size_t i;

	view->group_places =
		xcalloc(view->groups.count + 1, sizeof(*view->group_places));
	for (i = 0; i < view->groups.count; i++)
		view->group_places[order[i]] = (uint32_t)i;
	free(order);
	view->cells = xcalloc(view->count + 1, sizeof(*view->cells));
	if (view->count)
		qsort(view->list, view->count, sizeof(*view->list),
		      compare_keys);
	for (i = 0; i < view->count; i++) {
		const struct view_taken *taken = &view->list[i];

		if (!cell || cell->first->key != taken->key) {
			cell = &view->cells[view->cell_count++];
			*cell = (struct view_place){
				.first = taken,
				.group = view->group_places[taken->group]};
		}
		if (taken->rank > cell->rank)
			cell->rank = taken->rank;
		cell->records++;
	}
	if (view->cell_count)
		qsort(view->cells, view->cell_count, sizeof(*view->cells),
		      compare_cells);
}

/* A page's cells, and what is known of them before it is written. */
struct sheet {
	const struct view_place *cells;
	size_t count;
	struct view_cell *heads;
	char **texts; /* their ids and names, two for each */
};

static void
count_here(struct view *view, const struct view_facts *facts)
{
	struct slice rest = facts->counts;
	uint64_t n = view_unpack_number(&rest);

	view->statuses.list[facts->status].here++;
	for (; n; n--) {
		const uint64_t number = view_unpack_number(&rest);

		view->categories.list[number].here += view_unpack_number(&rest);
	}
}

/* Reads the facts of a page's cells: 0, or -1 with the message said. */
static int
read_heads(struct view *view, struct sheet *sheet)
{
	struct view_facts facts;
	size_t i, k;

	for (i = 0; i < view->categories.count; i++)
		view->categories.list[i].here = 0;
	for (i = 0; i < view->statuses.count; i++)
		view->statuses.list[i].here = 0;
	for (i = 0; i < sheet->count; i++) {
		struct view_cell *head = &sheet->heads[i];

		head->records = sheet->cells[i].records;
		for (k = 0; k < head->records; k++) {
			if (read_back(view, sheet->cells[i].first + k, false,
				      &facts) < 0)
				return -1;
			count_here(view, &facts);
			head->ratio += facts.ratio;
			if (k)
				continue;
			head->status = facts.status;
			sheet->texts[2 * i] = slice_dup(facts.id);
			sheet->texts[2 * i + 1] = slice_dup(facts.name);
			head->id = slice_of(sheet->texts[2 * i]);
			head->name = slice_of(sheet->texts[2 * i + 1]);
		}
	}
	for (i = 0; i < sheet->count; i++) {
		if (i)
			sheet->heads[i].before = sheet->heads[i - 1].id;
		if (i + 1 < sheet->count)
			sheet->heads[i].after = sheet->heads[i + 1].id;
	}
	return 0;
}

/* What tells records of a sample apart: labelsets, or releases. */
static struct slice
caption_of(struct view *view, const struct view_facts *facts)
{
	struct buf *text = &view->scratch;

	buf_reset(text);
	buf_slice(text, facts->labelset);
	if (facts->release.n && view->titles_differ) {
		if (text->len)
			buf_puts(text, ", ");
		buf_slice(text, facts->release);
	}
	return buf_view(text);
}

static int
write_cell(struct view *view, struct view_page *page,
	   const struct view_place *cell, const struct view_cell *head)
{
	struct view_facts facts;
	size_t k;

	view_page_begin_cell(page, head);
	for (k = 0; k < head->records; k++) {
		if (read_back(view, cell->first + k, true, &facts) < 0)
			return -1;
		view_page_put_record(page, head, &facts,
				     caption_of(view, &facts));
	}
	view_page_end_cell(page, head);
	return 0;
}

/* Puts the heading of a group before its first cell on each page. */
static void
write_heading(struct view *view, struct view_page *page,
	      const struct sheet *sheet, size_t i)
{
	const uint32_t group = sheet->cells[i].first->group;
	const struct view_switch *named;

	if (view->options->group == VIEW_TOGETHER ||
	    (i && sheet->cells[i - 1].group == sheet->cells[i].group))
		return;
	named = &view->groups.list[group];
	view_page_put_group(page, buf_view(&named->name), named->total);
}

static int
write_sheet(struct view *view, struct view_page *page, struct sheet *sheet)
{
	size_t i;

	if (read_heads(view, sheet) < 0)
		return -1;
	view_page_begin(page);
	for (i = 0; i < sheet->count; i++) {
		write_heading(view, page, sheet, i);
		if (write_cell(view, page, &sheet->cells[i], &sheet->heads[i]) <
		    0)
			return -1;
	}
	view_page_end(page);
	return out_failed(page->out) ? -1 : 0;
}

/* Writes page `number`, from 1, to `out`: 0, or -1 with the message said. */
static int
write_page(struct view *view, size_t number, struct out *out)
{
	const size_t most =
		view->options->page ? view->options->page : view->cell_count;
	const size_t from = (number - 1) * most;
	const size_t left = view->cell_count - from;
	struct sheet sheet = {
		.cells = view->cells + from,
		.count = left < most ? left : most,
	};
	struct view_page page = {
		.options = view->options,
		.title = buf_view(&view->title),
		.number = number,
		.pages = view->pages,
		.samples = view->cell_count,
		.categories = &view->categories,
		.statuses = &view->statuses,
		.out = out,
	};
	size_t i;
	int result;

	sheet.heads = xcalloc(sheet.count + 1, sizeof(*sheet.heads));
	sheet.texts = xcalloc(2 * sheet.count + 1, sizeof(*sheet.texts));
	result = write_sheet(view, &page, &sheet);
	for (i = 0; i < 2 * sheet.count; i++)
		free(sheet.texts[i]);
	free(sheet.texts);
	free(sheet.heads);
	view_page_release(&page);
	return result;
}

/* Writes a page as a file that is whole or not there. */
static int
write_file_page(struct view *view, size_t number)
{
	struct buf name = {0};
	struct file *file;
	struct out *out;
	int result;

	view_page_name(&name, view->options->output, number);
	file = number == 1 ? view->first
			   : file_create(AT_FDCWD, buf_cstr(&name));
	if (number == 1)
		view->first = NULL;
	if (!file) {
		diag_say(NULL, "%s: %s", buf_cstr(&name), strerror(errno));
		buf_release(&name);
		return -1;
	}
	if (view->options->syncs)
		file_syncs(file);
	out = out_open(file_fd(file), buf_cstr(&name));
	result = write_page(view, number, out);
	if (out_close(out) < 0)
		result = -1;
	if (result < 0) {
		file_drop(file);
	} else if (file_publish(file) < 0) {
		diag_say(NULL, "%s: %s", buf_cstr(&name), strerror(errno));
		result = -1;
	}
	buf_release(&name);
	return result;
}

/* True for a file that is a page of ours. */
static bool
is_page(const char *path)
{
	char head[2048];
	const int fd = io_open(AT_FDCWD, path, O_RDONLY | O_NOFOLLOW, 0);
	ptrdiff_t n;

	if (fd < 0)
		return false;
	n = io_pread(fd, head, sizeof(head), 0);
	close(fd);
	return n > 0 && memmem(head, (size_t)n, view_mark, strlen(view_mark));
}

/* Removes pages of a former run behind the last one. */
static void
remove_stale(const struct view *view)
{
	struct buf name = {0};
	size_t number = view->pages;

	do {
		buf_reset(&name);
		view_page_name(&name, view->options->output, ++number);
	} while (is_page(buf_cstr(&name)) && unlink(buf_cstr(&name)) == 0);
	buf_release(&name);
}

int
view_write(struct view *view)
{
	const size_t most = view->options->page;
	struct out *out;
	size_t number;
	int result;

	make_cells(view);
	if (view->titles_differ)
		buf_puts(&view->title, " and others");
	view->pages = 1;
	if (most && view->cell_count > most)
		view->pages = (view->cell_count + most - 1) / most;
	if (!view->options->output) {
		out = out_open(STDOUT_FILENO, "<stdout>");
		result = write_page(view, 1, out);
		return out_close_stdout(out) < 0 ? -1 : result;
	}
	for (number = view->pages; number; number--)
		if (write_file_page(view, number) < 0)
			return -1;
	remove_stale(view);
	return 0;
}
