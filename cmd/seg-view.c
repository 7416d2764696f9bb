/* seg-view: writes pages to look at labels. */
#include <stdlib.h>

#include "flow/dataset.h"
#include "flow/label_worker.h"
#include "report/view.h"

enum { THUMBS = 400, EMBED, LINK, PAGE, SORT, GROUP };

static const struct opt table[] = {
	{'o', "output", "FILE",
	 "write the first page to FILE (default: one page to stdout)"},
	{THUMBS, "thumbs", "PX",
	 "pixels of a thumbnail's longer side (default 320)"},
	{EMBED, "embed", NULL, "put thumbnails into the page (default)"},
	{LINK, "link", NULL, "refer to the images where they lie"},
	{PAGE, "page", "N", "N samples on a page, 0 for all (default 200)"},
	{SORT, "sort", "area|findings|name",
	 "the most first (default: as they come)"},
	{GROUP, "group", "category|status", "put those alike together"},
	{0},
};

struct config {
	struct label_work decode;
	struct view_options view;
	struct dataset dataset;
	struct outcome outcome;
	bool embed, page_given;
	struct view *pages;
};

static void
take_option(struct config *config, const struct opts *o, int key)
{
	static const char *const sorts[] = {"area", "findings", "name", NULL};
	static const char *const groups[] = {"category", "status", NULL};

	switch (key) {
	case 'o':
		config->view.output = strcmp(o->arg, "-") ? o->arg : NULL;
		break;
	case THUMBS:
		config->view.side = (uint32_t)opts_uint(o, 16, 4096);
		break;
	case EMBED:
		config->embed = true;
		break;
	case LINK:
		config->view.link = true;
		break;
	case PAGE:
		config->view.page = opts_uint(o, 0, UINT32_MAX);
		config->page_given = true;
		break;
	case SORT:
		config->view.sort =
			(enum view_sort)(VIEW_BY_AREA + opts_choice(o, sorts));
		break;
	case GROUP:
		config->view.group = (enum view_group)(VIEW_BY_CATEGORY +
						       opts_choice(o, groups));
		break;
	default:
		if (!dataset_take_option(&config->dataset, o, key))
			label_work_take_option(&config->decode, o, key);
	}
}

static void
check(struct config *config, const struct opts *o)
{
	if (config->embed && config->view.link)
		opts_fail(o, "either --embed or --link");
	if (config->view.output) {
		dataset_check_inputs(o, config->view.output, NULL);
	} else {
		if (config->page_given && config->view.page)
			opts_fail(o, "--page goes with -o");
		if (config->dataset.partial)
			opts_fail(o, "--partial goes with -o");
		if (config->dataset.syncs)
			opts_fail(o, "--fsync goes with -o");
		config->view.page = 0;
	}
	config->dataset.output = config->view.output;
	config->view.syncs = config->dataset.syncs;
	config->view.max_pixels = config->decode.label.max_pixels;
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Write pages to look at labels, for a browser.",
		.table = table,
		.shared = label_source_rows,
		.also = dataset_option_rows,
		.outcome = &config->outcome,
	};
	int key;

	do {
		key = opts_next(&o, argc, argv);
		take_option(config, &o, key);
	} while (key != -1);
	check(config, &o);
	return o.rest;
}

static void *
open_worker(void *context)
{
	struct config *config = context;
	struct asset_source *source = config->decode.source;
	struct label_decoder *decoder =
		label_decoder_open(&config->decode.label,
				   asset_reader_open(source));

	return view_pane_open(&config->view, asset_reader_open(source),
			      shape_reader_open(decoder));
}

static void
close_worker(void *worker)
{
	view_pane_close(worker);
}

static enum verdict
draw_record(void *worker, const struct record *record, struct buf *to)
{
	const char *why;
	struct slice url;

	if (view_pane_put(worker, record, to, &why, &url) == 0)
		return PUMP_WRITE;
	return pump_fail(record, to, url, "%s", why);
}

static int
take_line(void *context, struct slice line, const struct place *place)
{
	struct config *config = context;

	(void)place;
	return view_add(config->pages, line);
}

static void
report(struct config *config)
{
	struct outcome *outcome = &config->outcome;

	outcome_out(outcome, "samples", view_samples(config->pages));
	outcome_out(outcome, "pages", view_pages(config->pages));
	outcome_left_out(outcome, "images", view_missing(config->pages));
}

/* Runs all records into the pages: an exit status. */
static int
write_pages(struct config *config, char **operands)
{
	struct pump pump = {
		.worker_open = open_worker,
		.worker_close = close_worker,
		.work = draw_record,
		.take = take_line,
		.context = config,
		.drops_failed = true,
		.outcome = &config->outcome,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	int status = pump_run(&pump, operands);

	if (dataset_publishes(&config->dataset, &config->outcome, &status) &&
	    view_write(config->pages) < 0)
		status = STATUS_FATAL;
	report(config);
	return status;
}

int
main(int argc, char **argv)
{
	struct config config = {
		.decode = label_work_default(),
		.view = {.side = 320, .page = 200},
	};
	char **operands;
	int status = STATUS_FATAL;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	if (label_work_open(&config.decode) == 0) {
		config.pages = view_open(&config.view);
		if (config.pages)
			status = write_pages(&config, operands);
	}
	view_close(config.pages);
	label_work_close(&config.decode, config.outcome.quiet);
	return outcome_end(&config.outcome, status);
}
