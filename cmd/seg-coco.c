/* seg-coco: writes records as a COCO instance file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "coco.h"
#include "decode_options.h"
#include "file.h"
#include "pump.h"

enum { CATEGORY_IDS = 400, PARTIAL };

static const struct opt table[] = {
	{'o', "output", "FILE",
	 "write to FILE, which appears when all is well (default: stdout)"},
	{PARTIAL, "partial", NULL,
	 "let FILE appear even if records failed or input broke off"},
	{CATEGORY_IDS, "category-ids", "keep|contiguous",
	 "as in the release (default), or 1, 2, ..."},
	{'q', "quiet", NULL, "do not count what was left out"},
	{0},
};

struct config {
	struct decode_options decode;
	struct coco_options coco;
	const char *output;
	bool partial, quiet;
	struct asset_source *assets;
	/* What has come so far. */
	struct coco *writer;
	struct record record;
	uint64_t unlabelled, failed;
};

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Write records as a COCO instance file.",
		.table = table,
		.shared = decode_option_rows,
	};
	int key;

	config->decode = decode_options_default();
	while ((key = opts_next(&o, argc, argv)) != -1) {
		if (key == 'o')
			config->output = o.arg;
		else if (key == PARTIAL)
			config->partial = true;
		else if (key == 'q')
			config->quiet = true;
		else if (key == CATEGORY_IDS)
			config->coco.contiguous =
				opts_choice(&o,
					    (const char *const[]){"keep",
								  "contiguous",
								  NULL});
		else
			decode_options_take(&config->decode, &o, key);
	}
	if (config->partial && !config->output)
		opts_fail(&o, "--partial goes with -o");
	config->coco.directory = config->decode.assets.directory;
	return o.rest;
}

/* What a worker has: the decoder that does what is still missing. */
struct worker {
	const struct config *config;
	struct label_decoder *decoder;
};

static void *
open_worker(void *context)
{
	struct config *config = context;
	struct worker *worker = xcalloc(1, sizeof(*worker));

	worker->config = config;
	worker->decoder = label_decoder_open(&config->decode.label,
					     asset_reader_open(config->assets));
	return worker;
}

static void
close_worker(void *context)
{
	struct worker *worker = context;

	label_decoder_close(worker->decoder);
	free(worker);
}

static enum verdict
decode_missing(void *context, const struct record *record, struct buf *to)
{
	struct worker *worker = context;
	struct slice url;
	int got;

	if (!worker->config->decode.form_given && label_decoded(record))
		return PUMP_PASS;
	got = label_decode(worker->decoder, record, to);
	if (got < 0) {
		const char *why = label_failure(worker->decoder, &url);

		return pump_fail(record, to, url, "%s", why);
	}
	if (got == 0)
		return PUMP_PASS;
	buf_putc(to, '\n');
	return PUMP_WRITE;
}

static int
write_record(void *context, struct slice line, const struct place *place)
{
	struct config *config = context;
	struct json_error error = {0};

	config->record.place = *place;
	if (record_parse(&config->record, line, &error) < 0)
		return -1;
	switch (coco_add(config->writer, &config->record)) {
	case COCO_WRITTEN:
		return 0;
	case COCO_UNLABELLED:
		config->unlabelled++;
		return 0;
	case COCO_FAILED:
		config->failed++;
		diag_say(&config->record.place, "%s",
			 coco_failure(config->writer));
		return 0;
	default:
		return -1;
	}
}

static void
report(const struct config *config, const struct coco_counts *counts,
       uint64_t failed)
{
	if (config->quiet)
		return;
	if (config->unlabelled)
		diag_say(NULL, "left out, unlabelled: %llu",
			 (unsigned long long)config->unlabelled);
	if (counts->without_geometry)
		diag_say(NULL, "left out, annotations without geometry: %llu",
			 (unsigned long long)counts->without_geometry);
	if (failed)
		diag_say(NULL, "left out, records with an error: %llu",
			 (unsigned long long)failed);
}

/* Runs all records into the writer: an exit status. */
static int
write_all(struct config *config, struct out *out, char **operands)
{
	struct pump pump = {
		.worker_open = open_worker,
		.worker_close = close_worker,
		.work = decode_missing,
		.take = write_record,
		.context = config,
		.drops_failed = true,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	struct coco_counts counts;
	int status;

	config->writer = coco_open(out, &config->coco);
	if (!config->writer)
		return STATUS_FATAL;
	status = pump_run(&pump, operands);
	if (config->failed && status < STATUS_FAILED)
		status = STATUS_FAILED;
	counts = coco_counts(config->writer);
	report(config, &counts, pump.failed + config->failed);
	if (coco_close(config->writer) < 0)
		status = STATUS_FATAL;
	return status;
}

/* Writes to a file that gets its name only when all went well. */
static int
write_file(struct config *config, char **operands)
{
	struct file *file = file_create(AT_FDCWD, config->output);
	struct out *out;
	int status;

	if (!file) {
		diag_say(NULL, "%s: %s", config->output, strerror(errno));
		return STATUS_FATAL;
	}
	out = out_open(file_fd(file), config->output);
	status = write_all(config, out, operands);
	if (out_close(out) < 0) {
		file_drop(file);
		return STATUS_FATAL;
	}
	if (status != STATUS_OK && !config->partial) {
		diag_say(NULL, "%s: not written; --partial would",
			 config->output);
		file_drop(file);
		return status;
	}
	if (file_publish(file) == 0)
		return status;
	diag_say(NULL, "%s: %s", config->output, strerror(errno));
	return STATUS_FATAL;
}

int
main(int argc, char **argv)
{
	struct config config = {0};
	char **operands;
	struct out *out;
	int status;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	config.assets = asset_source_open(&config.decode.assets);
	if (!config.assets)
		return STATUS_FATAL;
	if (config.output) {
		status = write_file(&config, operands);
	} else {
		out = out_open(STDOUT_FILENO, "<stdout>");
		status = write_all(&config, out, operands);
		if (out_close_stdout(out) < 0)
			status = STATUS_FATAL;
	}
	asset_source_close(config.assets);
	record_release(&config.record);
	return status;
}
