/* seg-stat: counts what is in records. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/out.h"
#include "base/sandbox.h"
#include "flow/label_worker.h"
#include "report/stat.h"

enum { BY = 400, FORMAT, FEW, MERGE, NO_DECODE };

static const struct opt table[] = {
	{BY, "by", "KEY",
	 "count by category, labelset, split or a path such as metadata.city"},
	{FORMAT, "format", "text|ndjson|tsv|html",
	 "how it is written (default text)"},
	{FEW, "few", "N",
	 "mark categories of fewer than N objects (default 10)"},
	{MERGE, "merge", NULL, "add up what --format ndjson wrote of parts"},
	{NO_DECODE, "no-decode", NULL,
	 "count without areas what is not decoded yet"},
	{0},
};

enum format { TEXT, NDJSON, TSV, HTML };

struct config {
	struct outcome outcome;
	struct label_work decode;
	const char *by;
	enum format format;
	uint64_t few;
	bool merge, no_decode;
	pthread_mutex_t
		mutex; /* of `stat`, which workers add to at their end */
	struct stat *stat;
};

static void
take_option(struct config *config, const struct opts *o, int key)
{
	static const char *const formats[] = {"text", "ndjson", "tsv", "html",
					      NULL};

	switch (key) {
	case BY:
		config->by = o->arg;
		break;
	case FORMAT:
		config->format = (enum format)opts_choice(o, formats);
		break;
	case FEW:
		config->few = opts_uint(o, 0, UINT64_MAX);
		break;
	case MERGE:
		config->merge = true;
		break;
	case NO_DECODE:
		config->no_decode = true;
		break;
	default:
		label_work_take_option(&config->decode, o, key);
	}
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Count what is in records: samples, objects, "
			   "pixels, sizes, balance.",
		.table = table,
		.outcome = &config->outcome,
		.shared = label_source_rows,
	};
	int key;

	do {
		key = opts_next(&o, argc, argv);
		take_option(config, &o, key);
	} while (key != -1);
	if (config->by && config->merge)
		opts_fail(&o, "--by and --merge exclude each other");
	return o.rest;
}

/* What one thread has, its own counts among them. */
struct counter {
	struct config *config;
	void *decoder;
	struct record record;
	struct stat *stat;
};

static void *
counter_open(void *context)
{
	struct counter *counter = xcalloc(1, sizeof(*counter));

	counter->config = context;
	counter->decoder = label_worker_open(&counter->config->decode);
	counter->stat = stat_open(counter->config->by);
	return counter;
}

static void
counter_close(void *context)
{
	struct counter *counter = context;
	struct config *config = counter->config;

	pthread_mutex_lock(&config->mutex);
	tally_merge(stat_tally(config->stat), stat_tally(counter->stat));
	pthread_mutex_unlock(&config->mutex);
	stat_close(counter->stat);
	label_worker_close(counter->decoder);
	record_release(&counter->record);
	free(counter);
}

static enum verdict
count_record(struct counter *counter, const struct record *record,
	     struct buf *to)
{
	const char *why;

	if (stat_add(counter->stat, record, &why) == 0)
		return PUMP_DROP;
	return pump_fail(record, to, slice_of(""), "not JSON: %s", why);
}

static enum verdict
decode_and_count(void *context, const struct record *record, struct buf *to)
{
	struct counter *counter = context;
	struct record *decoded = &counter->record;
	struct json_error error;
	enum verdict verdict = PUMP_PASS;

	if (!counter->config->no_decode)
		verdict = label_worker_run(counter->decoder, record, to);
	if (verdict == PUMP_FAILED)
		return verdict;
	if (verdict == PUMP_PASS)
		return count_record(counter, record, to);
	decoded->place = record->place;
	/* What has just been written is a record. */
	record_parse(decoded, (struct slice){to->data, to->len - 1}, &error);
	return count_record(counter, decoded, to);
}

/* What comes of records is in the counts. */
static int
pass_over(void *context, struct slice line, const struct place *place)
{
	(void)context;
	(void)line;
	(void)place;
	return 0;
}

/* Counts all records: an exit status. */
static int
count_records(struct config *config, char **operands)
{
	struct pump pump = {
		.worker_open = counter_open,
		.worker_close = counter_close,
		.work = decode_and_count,
		.take = pass_over,
		.context = config,
		.outcome = &config->outcome,
		.drops_failed = true,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	int status;

	if (label_work_open(&config->decode) < 0)
		return STATUS_FATAL;
	status = pump_run(&pump, operands);
	label_work_close(&config->decode, config->outcome.quiet);
	stat_add_failed(config->stat, pump.failed);
	return status;
}

/* Adds up lines of our own: an exit status. */
static int
merge_lines(struct config *config, char **operands)
{
	struct lines *lines = lines_open(operands, config->decode.max_record);
	struct json_error error;
	struct place place = {0};
	struct slice line;
	const char *why = NULL;
	int got;

	while (!why && (got = lines_next(lines, &line, &place)) > 0) {
		why = json_validate(line, &error) < 0
			      ? error.what
			      : tally_take(stat_tally(config->stat), line);
		if (why)
			diag_say(&place, "%s", why);
	}
	lines_close(lines);
	return why || got < 0 ? STATUS_FATAL : STATUS_OK;
}

static void
put_report(const struct config *config, struct buf *to)
{
	const struct tally *tally = stat_tally(config->stat);
	struct text_style style;

	switch (config->format) {
	case NDJSON:
		stat_put_ndjson(to, tally);
		break;
	case TSV:
		stat_put_tsv(to, tally);
		break;
	case HTML:
		stat_put_html(to, tally, config->few);
		break;
	case TEXT:
		style = text_style_of(STDOUT_FILENO);
		stat_put_text(to, tally, &style, config->few);
		break;
	}
}

static int
write_report(const struct config *config)
{
	struct out *out = out_open(STDOUT_FILENO, "<stdout>");
	struct buf text = {0};

	put_report(config, &text);
	out_put(out, buf_view(&text));
	buf_release(&text);
	return out_close_stdout(out) < 0 ? STATUS_FATAL : STATUS_OK;
}

int
main(int argc, char **argv)
{
	struct config config = {
		.decode = label_work_default(),
		.few = 10,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
	};
	char **operands;
	int status, written;

	diag_init(argv[0]);
	stream_start();
	config.decode.label.segmentation = SEGMENTATION_NONE;
	operands = parse(&config, argc, argv);
	config.stat = stat_open(config.by);
	if (config.merge)
		sandbox_enter();
	status = config.merge ? merge_lines(&config, operands)
			      : count_records(&config, operands);
	stat_say_ungrouped(config.stat);
	written = write_report(&config);
	stat_close(config.stat);
	return outcome_end(&config.outcome,
			   written > status ? written : status);
}
