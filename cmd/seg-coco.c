/* seg-coco: writes records as a COCO instance file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/out.h"
#include "flow/label_worker.h"
#include "flow/pump.h"
#include "output/coco.h"

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
	struct label_work decode;
	const char *output;
	bool contiguous, partial, quiet;
	/* What has come so far. */
	struct coco *writer;
	struct record record;
	uint64_t unlabelled, failed;
};

static char **
parse(struct config *config, int argc, char **argv)
{
	static const char *const ids[] = {"keep", "contiguous", NULL};
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Write records as a COCO instance file.",
		.table = table,
		.shared = label_option_rows,
	};
	int key;

	do {
		key = opts_next(&o, argc, argv);
		if (key == 'o')
			config->output = o.arg;
		else if (key == PARTIAL)
			config->partial = true;
		else if (key == 'q')
			config->quiet = true;
		else if (key == CATEGORY_IDS)
			config->contiguous = opts_choice(&o, ids);
		else
			label_work_take_option(&config->decode, &o, key);
	} while (key != -1);
	if (config->partial && !config->output)
		opts_fail(&o, "--partial goes with -o");
	return o.rest;
}

static void *
open_worker(void *config)
{
	return label_worker_open(&((struct config *)config)->decode);
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
report(const struct config *config, uint64_t without_geometry, uint64_t failed)
{
	const struct {
		const char *what;
		uint64_t count;
	} left_out[] = {
		{"unlabelled", config->unlabelled},
		{"annotations without geometry", without_geometry},
		{"records with an error", failed},
	};
	size_t i;

	for (i = 0; i < sizeof(left_out) / sizeof(*left_out); i++)
		if (left_out[i].count && !config->quiet)
			diag_say(NULL, "left out, %s: %llu", left_out[i].what,
				 (unsigned long long)left_out[i].count);
}

/* Runs all records into the writer: an exit status. */
static int
write_all(struct config *config, struct image_names *names, struct out *out,
	  char **operands)
{
	struct pump pump = {
		.worker_open = open_worker,
		.worker_close = label_worker_close,
		.work = label_worker_run,
		.take = write_record,
		.context = config,
		.drops_failed = true,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	int status;

	config->writer = coco_open(out, names, config->contiguous);
	if (!config->writer)
		return STATUS_FATAL;
	status = pump_run(&pump, operands);
	if (config->failed && status < STATUS_FAILED)
		status = STATUS_FAILED;
	report(config, coco_without_geometry(config->writer),
	       pump.failed + config->failed);
	if (coco_close(config->writer) < 0)
		status = STATUS_FATAL;
	record_release(&config->record);
	return status;
}

static int
write_stdout(struct config *config, struct image_names *names, char **operands)
{
	struct out *out = out_open(STDOUT_FILENO, "<stdout>");
	int status = write_all(config, names, out, operands);

	return out_close_stdout(out) < 0 ? STATUS_FATAL : status;
}

/* Writes to a file that gets its name only when all went well. */
static int
write_file(struct config *config, struct image_names *names, char **operands)
{
	struct file *file = file_create(AT_FDCWD, config->output);
	struct out *out;
	int status;

	if (!file) {
		diag_say(NULL, "%s: %s", config->output, strerror(errno));
		return STATUS_FATAL;
	}
	out = out_open(file_fd(file), config->output);
	status = write_all(config, names, out, operands);
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
	struct config config = {.decode = label_work_default()};
	struct image_names *names;
	char **operands;
	int status = STATUS_FATAL;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	names = image_names_open(config.decode.assets.directory);
	if (names && label_work_open(&config.decode) == 0)
		status = config.output ? write_file(&config, names, operands)
				       : write_stdout(&config, names, operands);
	image_names_close(names);
	label_work_close(&config.decode);
	return status;
}
