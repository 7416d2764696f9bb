/* seg-check: finds what would break a trainer, or looks mislabelled. */
#include <stdlib.h>
#include <unistd.h>

#include "base/list.h"
#include "base/nearest.h"
#include "base/out.h"
#include "base/sandbox.h"
#include "flow/label_worker.h"
#include "record/edits.h"
#include "report/check_files.h"
#include "report/check_print.h"

enum {
	FOR = 400,
	FAIL_ON,
	ENABLE,
	DISABLE,
	LIMIT,
	BASELINE,
	FORMAT,
	PASS,
	EXPLAIN,
	COCO,
	PANOPTIC,
	YOLO,
	IMAGES
};

static const struct opt table[] = {
	{FOR, "for", "LIST",
	 "errors are what breaks these: coco, ultralytics, rfdetr, "
	 "detectron2, mmdet, hf"},
	{FAIL_ON, "fail-on", "error|warning|never",
	 "exit with 1 where there is such a finding (default error)"},
	{ENABLE, "enable", "RULE", "look for this, or for all"},
	{DISABLE, "disable", "RULE", "do not look for this, or for all"},
	{LIMIT, "limit", "RULE=N", "how much is too much"},
	{BASELINE, "baseline", "FILE",
	 "tell of nothing that is in FILE, findings of a run before"},
	{FORMAT, "format", "text|ndjson|junit",
	 "how findings are written (default ndjson)"},
	{PASS, "pass", NULL, "pass records on with their findings in them"},
	{EXPLAIN, "explain", "RULE",
	 "tell what a rule is about, or all, and exit"},
	{COCO, "coco", "FILE", "judge a finished COCO file, whoever wrote it"},
	{PANOPTIC, "panoptic", "FILE",
	 "likewise a panoptic one, whose PNGs are in the directory named"},
	{YOLO, "yolo", "FILE", "likewise a YOLO data set, by its data.yaml"},
	{IMAGES, "images", "DIR", "where its images are: look at them, too"},
	{0},
};

struct config {
	struct outcome outcome;
	struct label_work decode;
	struct check_options check;
	struct check_printer *printer;
	enum severity fail_on;
	bool never, pass;
	enum check_format format;
	const char *baseline;
	const char *coco, *panoptic, *yolo, *images; /* finished files */
	/* Of the record at hand. */
	struct watcher *watcher;
	struct buf watched; /* findings of the watcher, or of files */
	struct buf list;    /* with --pass: findings, commas between */
	uint64_t awaited;   /* findings that follow the facts */
	bool begun;         /* its facts have been taken */
	struct edits edits;
	struct out *out;
};

/* There is no such rule. */
static _Noreturn void
fail_rule(const struct opts *o, const char *word)
{
	const char *names[RULE_COUNT + 1] = {NULL}, *nearest;
	size_t i;

	for (i = 0; i < RULE_COUNT; i++)
		names[i] = check_rules[i].name;
	nearest = nearest_word(word, names);
	if (nearest)
		opts_fail(o, "--%s: no such rule: %s; did you mean %s?",
			  o->given, word, nearest);
	opts_fail(o, "--%s: no such rule: %s", o->given, word);
}

static void
switch_rule(struct config *config, const struct opts *o, bool disabled)
{
	const char *list = o->arg;
	struct slice word;
	size_t i;

	while (list_next(&list, &word)) {
		enum check_rule rule = check_rule_find(word);

		if (slice_is(word, "all"))
			for (i = 0; i < RULE_COUNT; i++)
				config->check.disabled[i] = disabled;
		else if (rule == RULE_COUNT)
			fail_rule(o, slice_dup(word));
		else
			config->check.disabled[rule] = disabled;
	}
}

static void
take_limit(struct config *config, const struct opts *o)
{
	const char *sign = strchr(o->arg, '=');
	struct opts number = *o;
	enum check_rule rule;

	if (!sign)
		opts_fail(o, "--%s: not RULE=N: %s", o->given, o->arg);
	rule = check_rule_find((struct slice){o->arg, (size_t)(sign - o->arg)});
	if (rule == RULE_COUNT)
		fail_rule(o,
			  slice_dup((struct slice){o->arg,
						   (size_t)(sign - o->arg)}));
	if (check_rules[rule].limit < 0)
		opts_fail(o, "this rule has no limit: %s",
			  check_rules[rule].name);
	number.arg = xstrdup(sign + 1);
	config->check.limits[rule] = opts_double(&number, 0, 1e15);
	free(number.arg);
}

static void
take_readers(struct config *config, const struct opts *o)
{
	config->check.readers |= opts_choices(o, check_reader_names);
}

static _Noreturn void
explain(const struct opts *o)
{
	enum check_rule rule = check_rule_find(slice_of(o->arg));
	struct out *out = out_open(STDOUT_FILENO, "<stdout>");
	struct buf text = {0};
	size_t i;

	if (strcmp(o->arg, "all") == 0)
		for (i = 0; i < RULE_COUNT; i++)
			check_put_rule(&text, (enum check_rule)i, false);
	else if (rule == RULE_COUNT)
		fail_rule(o, o->arg);
	else
		check_put_rule(&text, rule, true);
	out_put(out, buf_view(&text));
	buf_release(&text);
	exit(out_close_stdout(out) < 0 ? STATUS_FATAL : STATUS_OK);
}

static void
take_option(struct config *config, const struct opts *o, int key)
{
	static const char *const formats[] = {"text", "ndjson", "junit", NULL};
	static const char *const severities[] = {"never", "warning", "error",
						 NULL};
	size_t severity;

	switch (key) {
	case FOR:
		take_readers(config, o);
		break;
	case FAIL_ON:
		severity = opts_choice(o, severities);
		config->never = severity == 0;
		config->fail_on = (enum severity)severity;
		break;
	case ENABLE:
	case DISABLE:
		switch_rule(config, o, key == DISABLE);
		break;
	case LIMIT:
		take_limit(config, o);
		break;
	case BASELINE:
		config->baseline = o->arg;
		break;
	case FORMAT:
		config->format = (enum check_format)opts_choice(o, formats);
		break;
	case PASS:
		config->pass = true;
		break;
	case EXPLAIN:
		explain(o);
	case COCO:
		config->coco = o->arg;
		break;
	case PANOPTIC:
		config->panoptic = o->arg;
		break;
	case YOLO:
		config->yolo = o->arg;
		break;
	case IMAGES:
		config->images = o->arg;
		break;
	default:
		label_work_take_option(&config->decode, o, key);
	}
}

/* Finished files are judged, not records. */
static bool
of_files(const struct config *config)
{
	return config->coco || config->panoptic || config->yolo;
}

/* What does not go together. */
static void
check_options(const struct config *config, const struct opts *o)
{
	if (config->pass && config->format != CHECK_NDJSON)
		opts_fail(o, "--pass and --format exclude each other");
	if (config->images && !config->coco && !config->panoptic)
		opts_fail(o, "--images goes with --coco or --panoptic");
	if (!of_files(config))
		return;
	if (config->pass)
		opts_fail(o, "--pass is for records, not for files");
	if (!config->coco + !config->panoptic + !config->yolo < 2)
		opts_fail(o, "--coco, --panoptic and --yolo exclude each "
			     "other");
	if (!config->panoptic && o->rest[0])
		opts_fail(o, "an operand beside a finished file: %s",
			  o->rest[0]);
	if (config->panoptic && (!o->rest[0] || o->rest[1]))
		opts_fail(o, "--panoptic FILE takes one operand, the directory "
			     "of its PNGs");
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...|pngs]",
		.summary = "Find what would break a trainer, and what looks "
			   "mislabelled.",
		.table = table,
		.outcome = &config->outcome,
		.shared = label_source_rows,
	};
	int key;

	do {
		key = opts_next(&o, argc, argv);
		take_option(config, &o, key);
	} while (key != -1);
	check_options(config, &o);
	config->check.max_pixels = config->decode.label.max_pixels;
	config->check.max_label = config->decode.label.max_label;
	return o.rest;
}

static void *
open_judge(void *context)
{
	struct config *config = context;

	return judge_open(&config->check,
			  asset_reader_open(config->decode.source));
}

static void
close_judge(void *judge)
{
	judge_close(judge);
}

static enum verdict
check_record(void *judge, const struct record *record, struct buf *to)
{
	const char *why = record_misshapen(record);

	if (why && !record->error.p)
		return pump_fail(record, to, slice_of(""), "%s", why);
	if (judge_record(judge, record, to, &why) < 0)
		return pump_fail(record, to, slice_of(""), "not JSON: %s", why);
	buf_slice(to, record->line);
	buf_putc(to, '\n');
	return PUMP_WRITE;
}

/* A finding: told at once, or with --pass when its record goes on. */
static void
take_finding(struct config *config, struct slice line,
	     const struct place *place)
{
	if (!check_printer_wants(config->printer, line))
		return;
	if (!config->pass) {
		check_printer_put(config->printer, line, place);
		return;
	}
	if (config->list.len)
		buf_putc(&config->list, ',');
	buf_slice(&config->list, line);
}

static void
take_watched(struct config *config, const struct place *place)
{
	struct slice rest = buf_view(&config->watched);

	while (rest.n) {
		const char *lf = memchr(rest.p, '\n', rest.n);
		const size_t n = (size_t)(lf - rest.p);

		take_finding(config, (struct slice){rest.p, n}, place);
		rest.p += n + 1;
		rest.n -= n + 1;
	}
	buf_reset(&config->watched);
}

static void
pass_on(struct config *config, struct slice line, const struct place *place)
{
	const size_t most = config->decode.max_record;
	struct buf text = {0};

	if (config->list.len) {
		buf_putc(&text, '[');
		buf_slice(&text, buf_view(&config->list));
		buf_putc(&text, ']');
		edits_set(&config->edits, line, "findings", buf_view(&text));
		buf_reset(&text);
		edits_apply(&config->edits, line, &text);
	}
	if (text.len > most) {
		diag_warn(place,
			  "with its findings, the record would be longer than "
			  "%zu bytes: it is passed without them",
			  most);
		buf_reset(&text);
	}
	if (!text.len)
		buf_slice(&text, line);
	buf_putc(&text, '\n');
	out_put(config->out, buf_view(&text));
	buf_release(&text);
}

/* Of each record: its facts, as many findings as these tell, and itself. */
static int
take_line(void *context, struct slice line, const struct place *place)
{
	static const char facts[] = "{\"findings\":";
	struct config *config = context;

	if (!config->begun && line.n > sizeof(facts) &&
	    memcmp(line.p, facts, sizeof(facts) - 1) == 0) {
		buf_reset(&config->list);
		config->begun = true;
		watcher_take(config->watcher, line, &config->watched,
			     &config->awaited);
		take_watched(config, place);
	} else if (config->begun && config->awaited) {
		config->awaited--;
		take_finding(config, line, place);
	} else {
		/* A broken line has no facts, and no findings. */
		if (!config->begun)
			buf_reset(&config->list);
		config->begun = false;
		if (config->pass)
			pass_on(config, line, place);
	}
	return out_failed(config->out);
}

/* What only shows in the end belongs to no record. */
static void
end_all(struct config *config)
{
	static const struct place nowhere;

	watcher_end(config->watcher, &config->watched);
	take_watched(config, &nowhere);
}

static int
check_all(struct config *config, char **operands)
{
	struct pump pump = {
		.worker_open = open_judge,
		.worker_close = close_judge,
		.work = check_record,
		.take = take_line,
		.context = config,
		.sees_failed = true,
		.outcome = &config->outcome,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	int status;

	if (label_work_open(&config->decode) < 0)
		return STATUS_FATAL;
	status = pump_run(&pump, operands);
	label_work_close(&config->decode, config->outcome.quiet);
	return status;
}

static void
take_file_findings(void *context)
{
	static const struct place nowhere;

	take_watched(context, &nowhere);
}

static int
check_files(struct config *config, char **operands)
{
	struct check_sink sink = {
		.options = &config->check,
		.findings = &config->watched,
		.take = take_file_findings,
		.context = config,
	};
	int result;

	/* What comes through a pipe is read twice, from a file of our own. */
	if (stream_reserve(1))
		sandbox_enter();
	if (config->coco)
		result = check_coco(&sink, config->coco, config->images);
	else if (config->yolo)
		result = check_yolo(&sink, config->yolo);
	else
		result = check_panoptic(&sink, config->panoptic, operands[0],
					config->images);
	config->outcome.unit = config->coco   ? "annotations"
			       : config->yolo ? "rows"
					      : "segments";
	config->outcome.in = sink.judged;
	return result < 0 ? STATUS_FATAL : STATUS_OK;
}

/* What comes out is counted by how bad it is. */
static void
count_findings(struct config *config)
{
	const uint64_t errors =
		check_printer_count(config->printer, SEVERITY_ERROR);
	const uint64_t warnings =
		check_printer_count(config->printer, SEVERITY_WARNING);
	const uint64_t all =
		check_printer_count(config->printer, SEVERITY_INFO);

	outcome_out(&config->outcome, "errors", errors);
	outcome_out(&config->outcome, "warnings", warnings - errors);
	outcome_out(&config->outcome, "remarks", all - warnings);
}

int
main(int argc, char **argv)
{
	struct config config = {
		.decode = label_work_default(),
		.check = check_options_default(),
		.fail_on = SEVERITY_ERROR,
		.format = CHECK_NDJSON,
	};
	char **operands;
	int status = STATUS_FATAL;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	if (config.pass)
		broken_off_watch();
	config.out = out_open(STDOUT_FILENO, "<stdout>");
	config.printer = check_printer_open(config.out, config.format);
	config.watcher = watcher_open(&config.check);
	if (!config.baseline ||
	    check_printer_take_baseline(config.printer, config.baseline) == 0) {
		status = of_files(&config) ? check_files(&config, operands)
					   : check_all(&config, operands);
		if (!config.pass)
			end_all(&config);
		count_findings(&config);
	}
	if (status == STATUS_OK && !config.never &&
	    check_printer_count(config.printer, config.fail_on))
		status = STATUS_FAILED;
	check_printer_close(config.printer);
	watcher_close(config.watcher);
	buf_release(&config.watched);
	buf_release(&config.list);
	edits_release(&config.edits);
	if (out_close_stdout(config.out) < 0)
		status = STATUS_FATAL;
	return outcome_end(&config.outcome, status);
}
