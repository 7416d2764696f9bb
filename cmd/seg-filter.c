/* seg-filter: passes on the records that match. */
#include <stdlib.h>
#include <unistd.h>

#include "base/opts.h"
#include "base/out.h"
#include "flow/pump.h"
#include "record/prune.h"
#include "record/select.h"

/* The keys of options that are conditions are CONDITION + their kind. */
enum {
	CONDITION = 256,
	KEEP_CATEGORY = CONDITION + SELECT_KINDS,
	DROP_CATEGORY,
	LIMIT,
	FAILED,
	MAX_RECORD,
};

static const struct opt table[] = {
	{CONDITION + SELECT_STATUS, "status", "LIST",
	 "label status, in any case; unlabeled selects null labels"},
	{CONDITION + SELECT_NAME, "name", "GLOB",
	 "sample name, * matching / too; or @FILE of them"},
	{CONDITION + SELECT_UUID, "uuid", "LIST",
	 "sample uuid; or @FILE, one a line"},
	{CONDITION + SELECT_CATEGORY, "category", "NAME|ID",
	 "has an annotation of this category; id:N is an id"},
	{CONDITION + SELECT_METADATA, "metadata", "KEY=VALUE",
	 "sample metadata"},
	{CONDITION + SELECT_ATTRIBUTE, "attribute", "KEY=VALUE",
	 "has an annotation with this attribute"},
	{CONDITION + SELECT_IMAGE_ATTRIBUTE, "image-attribute", "KEY=VALUE",
	 "attribute of the image"},
	{CONDITION + SELECT_MIN_ANNOTATIONS, "min-annotations", "N",
	 "has N or more, of --category if given; or NAME:N"},
	{CONDITION + SELECT_MAX_ANNOTATIONS, "max-annotations", "N",
	 "has N or fewer, likewise"},
	{CONDITION + SELECT_WHERE, "where", "EXPR",
	 "an expression is true, such as 'image.width >= 640'"},
	{KEEP_CATEGORY, "keep-category", "NAME|ID",
	 "drop annotations of other categories"},
	{DROP_CATEGORY, "drop-category", "NAME|ID",
	 "drop annotations of this category"},
	{CONDITION + SELECT_SAMPLE, "sample", "FRACTION",
	 "this share of all, by hash"},
	{CONDITION + SELECT_SPLIT, "split", "NAME:FRACTION,...",
	 "cut all into parts, by hash"},
	{CONDITION + SELECT_PART, "part", "NAME", "this part of the --split"},
	{CONDITION + SELECT_BY, "by", "KEY",
	 "keep records alike in KEY (such as metadata.scene) together"},
	{CONDITION + SELECT_SHARD, "shard", "I/N",
	 "every Nth record by index, from the Ith"},
	{'v', "invert", NULL, "pass on the records that do not match"},
	{'c', "count", NULL, "print how many match instead"},
	{LIMIT, "limit", "N", "the first N that match"},
	{FAILED, "failed", NULL,
	 "only records with an error, to be tried again; -v: none"},
	{MAX_RECORD, "max-record", "SIZE",
	 "refuse records larger than this (default 256M)"},
	{0},
};

struct config {
	struct outcome outcome;
	struct pump *pump;
	struct select *select;
	struct prune *prune;
	bool invert, count, failed;
	bool drop_failed; /* -v --failed */
	uint64_t limit;
	size_t max_record;
	/* What has come so far. */
	uint64_t seen, matched;
	bool broken;         /* a record could not be looked into */
	bool unmet;          /* what was asked for is not in the input */
	uint64_t with_error; /* passed by or, with -c, not counted */
};

static void
take_condition(struct config *config, const struct opts *o, int key)
{
	enum select_kind kind = (enum select_kind)(key - CONDITION);
	const char *why = select_add(config->select, kind, o->arg);

	if (why)
		opts_fail(o, "--%s: %s: %s", o->given, why, o->arg);
}

static void
take_option(struct config *config, const struct opts *o, int key)
{
	switch (key) {
	case KEEP_CATEGORY:
		prune_keep(config->prune, o->arg);
		break;
	case DROP_CATEGORY:
		prune_drop(config->prune, o->arg);
		break;
	case 'v':
		config->invert = true;
		break;
	case 'c':
		config->count = true;
		break;
	case LIMIT:
		config->limit = opts_uint(o, 0, UINT64_MAX - 1);
		break;
	case FAILED:
		config->failed = true;
		break;
	case MAX_RECORD:
		config->max_record = opts_bytes(o);
		break;
	default:
		take_condition(config, o, key);
	}
}

/* Not failed, or not both failed and matching: one could mean either. */
static void
check_failed(struct config *config, const struct opts *o)
{
	if (!config->failed || !config->invert)
		return;
	if (!select_empty(config->select))
		opts_fail(o, "-v --failed goes without conditions; "
			     "let another seg-filter select");
	config->drop_failed = true;
	config->failed = config->invert = false;
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Pass on the records that match all conditions.",
		.table = table,
		.outcome = &config->outcome,
	};
	const char *why;
	int key;

	while ((key = opts_next(&o, argc, argv)) != -1)
		take_option(config, &o, key);
	why = select_end(config->select);
	if (why)
		opts_fail(&o, "%s", why);
	check_failed(config, &o);
	return o.rest;
}

/*
 * Only a release can mend what failed in seg-samples, or has nothing in it
 * but the error of a stream that broke off.
 */
static enum verdict
retry_record(const struct record *record, struct buf *to)
{
	struct slice program;

	if ((record->index.p || record->name.p) &&
	    !(json_find(record->error, "program", &program) &&
	      json_string_is(program, slice_of("seg-samples")))) {
		record_put_retry(to, record);
		return PUMP_WRITE;
	}
	diag_say(&record->place, "its error is in the release");
	return PUMP_PASS;
}

static enum verdict
fail_record(struct config *config, const struct record *record, struct buf *to,
	    const char *why)
{
	config->broken = true;
	return pump_fail(record, to, slice_of(""), "not JSON: %s", why);
}

/* Whether annotations are asked for that are not where they should be. */
static bool
hides_annotations(struct config *config, const struct record *record,
		  const char **why)
{
	*why = NULL;
	if (select_opens_labels(config->select) || !prune_empty(config->prune))
		*why = record_misshapen(record);
	config->broken |= *why != NULL;
	return *why != NULL;
}

static enum verdict
prune_annotations(struct config *config, const struct record *record,
		  struct buf *to)
{
	const char *why;
	int got = prune_record(config->prune, record, to, &why);

	if (got < 0)
		return fail_record(config, record, to, why);
	return got ? PUMP_WRITE : PUMP_PASS;
}

static enum verdict
filter_record(void *context, const struct record *record, struct buf *to)
{
	struct config *config = context;
	const char *why;
	bool failed = record->error.p != NULL;
	int got;

	if (failed && config->drop_failed)
		return PUMP_DROP;
	if (failed && !config->failed) {
		config->with_error++;
		return config->count ? PUMP_DROP : PUMP_PASS;
	}
	if (config->failed != failed)
		return PUMP_DROP;
	config->seen++;
	if (hides_annotations(config, record, &why))
		return pump_fail(record, to, slice_of(""), "%s", why);
	got = select_match(config->select, record, &why);
	if (got < 0)
		return fail_record(config, record, to, why);
	if ((got == 1) == config->invert)
		return PUMP_DROP;
	config->pump->ended = ++config->matched >= config->limit;
	if (config->count)
		return PUMP_DROP;
	if (failed)
		return retry_record(record, to);
	if (prune_empty(config->prune))
		return PUMP_PASS;
	return prune_annotations(config, record, to);
}

/*
 * Says what was asked for and is not in the input. Where nothing is left
 * because of that, a reader at the end of the pipe is told, too.
 */
static int
end_records(void *context, struct buf *to)
{
	struct config *config = context;

	if (!config->seen || config->broken)
		return STATUS_OK;
	config->unmet = select_say_unmet(config->select, config->matched);
	config->unmet |= prune_say_unmet(config->prune);
	if (!config->unmet)
		return STATUS_OK;
	record_put_error(to, (struct slice){0},
			 "what was asked for is not in the input",
			 (struct slice){0});
	return STATUS_FATAL;
}

/*
 * Prints the count; records with an error are in no count, so say so. Of input
 * that broke off, or is no records, there is none.
 */
static int
print_count(const struct config *config, int status)
{
	struct out *out = out_open(STDOUT_FILENO, "<stdout>");
	struct buf text = {0};

	if (status != STATUS_FATAL || config->unmet) {
		buf_uint(&text, config->matched);
		buf_putc(&text, '\n');
	}
	out_put(out, buf_view(&text));
	buf_release(&text);
	if (out_close_stdout(out) < 0)
		return STATUS_FATAL;
	if (!config->with_error)
		return status;
	diag_say(NULL, "records with an error, not counted: %llu",
		 (unsigned long long)config->with_error);
	return status > STATUS_FAILED ? status : STATUS_FAILED;
}

/* With -c nothing but the count goes to stdout, broken lines neither. */
static int
discard(void *context, struct slice line, const struct place *place)
{
	(void)context;
	(void)line;
	(void)place;
	return 0;
}

int
main(int argc, char **argv)
{
	struct prune *prune = prune_open();
	struct config config = {
		.select = select_open(prune),
		.prune = prune,
		.limit = UINT64_MAX,
	};
	struct pump pump = {
		.work = filter_record,
		.end = end_records,
		.context = &config,
		.outcome = &config.outcome,
		.sees_failed = true,
		.jobs = 1,
	};
	char **operands;
	int status;

	diag_init(argv[0]);
	stream_start();
	broken_off_watch();
	operands = parse(&config, argc, argv);
	config.pump = &pump;
	pump.max_record = config.max_record;
	pump.ended = config.limit == 0;
	pump.take = config.count ? discard : NULL;
	pump.drops = config.count ? NULL : "not matching";
	status = pump_run(&pump, operands);
	if (config.count)
		status = print_count(&config, status);
	if (config.count)
		outcome_out(&config.outcome, "matching", config.matched);
	select_close(config.select);
	prune_close(prune);
	return outcome_end(&config.outcome, status);
}
