#include "report/view.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/sandbox.h"
#include "report/view_parts.h"

/*
 * Opens the first page before the right to write is given up, and keeps it for
 * the others: 0, or -1 with errno set.
 */
static int
open_first(struct view *view)
{
	const char *output = view->options->output;
	char *directory;
	int fd;

	if (!output)
		return 0;
	view->first = file_create(AT_FDCWD, output);
	if (!view->first)
		return -1;
	if (!view->options->page)
		return 0;
	directory = view_directory_of(output);
	fd = io_open(AT_FDCWD, directory, O_PATH | O_DIRECTORY, 0);
	free(directory);
	if (fd < 0)
		return -1;
	sandbox_allow(fd, SANDBOX_FILES);
	close(fd);
	return 0;
}

struct view *
view_open(const struct view_options *options)
{
	struct view *view = xcalloc(1, sizeof(*view));

	view->options = options;
	view->spool = spool_open();
	if (view->spool && open_first(view) == 0)
		return view;
	if (view->spool)
		diag_say(NULL, "%s: %s", options->output, strerror(errno));
	view_close(view);
	return NULL;
}

void
view_close(struct view *view)
{
	size_t i;

	if (!view)
		return;
	for (i = 0; i < view->count; i++)
		free(view->list[i].name);
	spool_close(view->spool);
	file_drop(view->first);
	view_switches_release(&view->categories);
	view_switches_release(&view->statuses);
	view_switches_release(&view->groups);
	buf_release(&view->title);
	buf_release(&view->text);
	buf_release(&view->scratch);
	free(view->group_places);
	free(view->cells);
	free(view->list);
	free(view);
}

size_t
view_pages(const struct view *view)
{
	return view->pages;
}

size_t
view_samples(const struct view *view)
{
	return view->cell_count;
}

size_t
view_missing(const struct view *view)
{
	return view->missing;
}

/* A line of view_pane_put. */
struct view_line {
	uint64_t key, area, findings[3], objects, ratio;
	bool shown; /* its image */
	struct slice id, name, dataset, release, labelset, status, category;
	struct slice rest; /* categories, then what is shown */
};

static struct view_line
unpack_line(struct slice text)
{
	struct view_line line = {.rest = text};
	struct slice *rest = &line.rest;
	size_t i;

	line.key = view_unpack_number(rest);
	line.area = view_unpack_number(rest);
	for (i = 0; i < 3; i++)
		line.findings[i] = view_unpack_number(rest);
	line.objects = view_unpack_number(rest);
	line.ratio = view_unpack_number(rest);
	line.shown = view_unpack_number(rest);
	line.id = view_unpack(rest);
	line.name = view_unpack(rest);
	line.dataset = view_unpack(rest);
	line.release = view_unpack(rest);
	line.labelset = view_unpack(rest);
	line.status = view_unpack(rest);
	line.category = view_unpack(rest);
	return line;
}

/* The set's name is that of the first release. */
static void
take_title(struct view *view, struct slice dataset, struct slice release)
{
	struct buf *title = &view->scratch;

	buf_reset(title);
	buf_slice(title, dataset);
	if (dataset.n && release.n)
		buf_putc(title, ' ');
	buf_slice(title, release);
	if (!view->count)
		buf_slice(&view->title, buf_view(title));
	else if (!slice_equal(buf_view(title), buf_view(&view->title)))
		view->titles_differ = true;
}

static uint64_t
bounded(uint64_t number, uint64_t most)
{
	return number < most ? number : most;
}

/* Puts what is shown, the classes' numbers those of all records together. */
static void
put_expanded(struct buf *to, struct slice text, const size_t *numbers)
{
	const char *ref;

	while ((ref = memchr(text.p, VIEW_REF, text.n)) != NULL) {
		const size_t before = (size_t)(ref - text.p);
		size_t local = 0;

		buf_put(to, text.p, before);
		text.p += before + 1;
		text.n -= before + 1;
		for (; text.n && *text.p != ';'; text.p++, text.n--)
			local = 10 * local + (size_t)(*text.p - '0');
		text.p++;
		text.n--;
		buf_uint(to, numbers[local]);
	}
	buf_slice(to, text);
}

/* Takes the categories of a record and packs them; the caller frees. */
static size_t *
add_counts(struct view *view, struct slice *rest, struct buf *to)
{
	const size_t n = (size_t)view_unpack_number(rest);
	size_t *numbers = xcalloc(n + 1, sizeof(*numbers));
	struct buf counts = {0};
	size_t i;

	view_pack_number(&counts, n);
	for (i = 0; i < n; i++) {
		const struct slice name = view_unpack(rest);
		const uint32_t color = (uint32_t)view_unpack_number(rest);
		const uint64_t count = view_unpack_number(rest);

		numbers[i] = view_switches_find(&view->categories, name, color);
		view->categories.list[numbers[i]].total += count;
		view_pack_number(&counts, numbers[i]);
		view_pack_number(&counts, count);
	}
	view_pack(to, buf_view(&counts));
	buf_release(&counts);
	return numbers;
}

/* Where the wanted order puts a record. */
static uint64_t
rank_of(const struct view *view, uint64_t area, const uint64_t findings[3])
{
	const uint64_t most = (1 << 20) - 1;

	switch (view->options->sort) {
	case VIEW_BY_AREA:
		return area;
	case VIEW_BY_FINDINGS:
		return bounded(findings[0], most) << 40 |
		       bounded(findings[1], most) << 20 |
		       bounded(findings[2], most);
	default:
		return 0;
	}
}

static struct view_taken *
add_taken(struct view *view)
{
	if (view->count == view->room) {
		view->room = view->room ? 2 * view->room : 256;
		view->list = xreallocarray(view->list, view->room,
					   sizeof(*view->list));
	}
	view->list[view->count] =
		(struct view_taken){.number = (uint32_t)view->count};
	return &view->list[view->count++];
}

static uint32_t
take_group(struct view *view, struct slice status, struct slice category)
{
	size_t group = 0;

	if (view->options->group == VIEW_TOGETHER)
		return 0;
	group = view_switches_find(&view->groups,
				   view->options->group == VIEW_BY_STATUS
					   ? status
					   : category,
				   0);
	view->groups.list[group].total++;
	return (uint32_t)group;
}

/* Puts what the spool keeps of a record beside what is shown. */
static void
pack_facts(struct view *view, const struct view_line *line, size_t status)
{
	struct buf *text = &view->text;
	size_t i;

	buf_reset(text);
	view_pack(text, line->id);
	view_pack(text, line->name);
	view_pack(text, line->labelset);
	view_pack(text, line->release);
	view_pack_number(text, status);
	view_pack_number(text, line->ratio);
	view_pack_number(text, line->objects);
	for (i = 0; i < 3; i++)
		view_pack_number(text, line->findings[i]);
}

/* Puts a record into the spool. */
static void
spool_line(struct view *view, struct view_line *line, struct view_taken *taken)
{
	struct buf *text = &view->text;
	struct buf shown = {0};
	size_t *numbers, i;

	numbers = add_counts(view, &line->rest, text);
	taken->facts = (uint32_t)text->len;
	for (i = 0; i < 2; i++) {
		buf_reset(&shown);
		put_expanded(&shown, view_unpack(&line->rest), numbers);
		view_pack(text, buf_view(&shown));
	}
	buf_release(&shown);
	free(numbers);
	taken->all = (uint32_t)text->len;
	taken->at = spool_size(view->spool);
	spool_put(view->spool, buf_view(text));
}

int
view_add(struct view *view, struct slice text)
{
	struct view_line line = unpack_line(text);
	struct view_taken *taken;
	size_t status;

	view->missing += !line.shown;
	take_title(view, line.dataset, line.release);
	taken = add_taken(view);
	taken->key = line.key;
	taken->rank = rank_of(view, line.area, line.findings);
	taken->group = take_group(view, line.status, line.category);
	if (view->options->sort == VIEW_BY_NAME)
		taken->name = slice_dup(line.name);
	status = view_switches_find(&view->statuses, line.status, 0);
	view->statuses.list[status].total++;
	pack_facts(view, &line, status);
	spool_line(view, &line, taken);
	return spool_failed(view->spool) ? -1 : 0;
}
