/* seg-decode: adds the geometry of every annotation. */
#include "decode_options.h"
#include "pump.h"

struct config {
	struct decode_options options;
	struct asset_source *assets;
};

static void *
open_worker(void *context)
{
	struct config *config = context;

	return label_decoder_open(&config->options.label,
				  asset_reader_open(config->assets));
}

static void
close_worker(void *worker)
{
	label_decoder_close(worker);
}

static enum verdict
decode_record(void *worker, const struct record *record, struct buf *to)
{
	struct slice url;
	int got = label_decode(worker, record, to);

	if (got == 0)
		return PUMP_PASS;
	if (got < 0) {
		const char *why = label_failure(worker, &url);

		return pump_fail(record, to, url, "%s", why);
	}
	buf_putc(to, '\n');
	return PUMP_WRITE;
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Add bbox, area, segmentation and iscrowd to every "
			   "annotation.",
		.table = decode_option_rows,
	};
	int key;

	config->options = decode_options_default();
	while ((key = opts_next(&o, argc, argv)) != -1)
		decode_options_take(&config->options, &o, key);
	return o.rest;
}

int
main(int argc, char **argv)
{
	struct config config = {0};
	struct pump pump = {
		.worker_open = open_worker,
		.worker_close = close_worker,
		.work = decode_record,
		.context = &config,
	};
	char **operands;
	int status;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	config.assets = asset_source_open(&config.options.assets);
	if (!config.assets)
		return STATUS_FATAL;
	pump.jobs = config.options.jobs;
	pump.max_record = config.options.max_record;
	status = pump_run(&pump, operands);
	asset_source_close(config.assets);
	return status;
}
