/* seg-filter: passes on the records that match. */
#include <stdlib.h>
#include <unistd.h>

#include "category.h"
#include "opts.h"
#include "part.h"
#include "pump.h"
#include "select.h"

enum {
	STATUS = 256,
	NAME,
	UUID,
	CATEGORY,
	METADATA,
	ATTRIBUTE,
	IMAGE_ATTRIBUTE,
	MIN_ANNOTATIONS,
	MAX_ANNOTATIONS,
	KEEP_CATEGORY,
	DROP_CATEGORY,
	SAMPLE,
	SPLIT,
	PART,
	BY,
	SHARD,
	LIMIT,
	FAILED,
	MAX_RECORD,
};

static const struct opt table[] = {
	{STATUS, "status", "LIST",
	 "label status, in any case; unlabeled selects null labels"},
	{NAME, "name", "GLOB", "sample name, * matching / too"},
	{UUID, "uuid", "LIST", "sample uuid"},
	{CATEGORY, "category", "NAME|ID", "has an annotation of this category"},
	{METADATA, "metadata", "KEY=VALUE", "sample metadata"},
	{ATTRIBUTE, "attribute", "KEY=VALUE",
	 "has an annotation with this attribute"},
	{IMAGE_ATTRIBUTE, "image-attribute", "KEY=VALUE",
	 "attribute of the image"},
	{MIN_ANNOTATIONS, "min-annotations", "N", "has N annotations or more"},
	{MAX_ANNOTATIONS, "max-annotations", "N", "has N annotations or fewer"},
	{KEEP_CATEGORY, "keep-category", "NAME|ID",
	 "drop annotations of other categories"},
	{DROP_CATEGORY, "drop-category", "NAME|ID",
	 "drop annotations of this category"},
	{SAMPLE, "sample", "FRACTION", "this share of all, by hash"},
	{SPLIT, "split", "NAME:FRACTION,...", "cut all into parts, by hash"},
	{PART, "part", "NAME", "this part of the --split"},
	{BY, "by", "KEY",
	 "keep records alike in KEY (such as metadata.scene) together"},
	{SHARD, "shard", "I/N", "every Nth record by index, from the Ith"},
	{'v', "invert", NULL, "pass on the records that do not match"},
	{'c', "count", NULL, "print how many match instead"},
	{LIMIT, "limit", "N", "the first N that match"},
	{FAILED, "failed", NULL,
	 "only records with an error, ready to be tried again"},
	{MAX_RECORD, "max-record", "SIZE",
	 "refuse records larger than this (default 256M)"},
	{0},
};

struct config {
	struct select *select;
	struct category_set *keep, *drop;
	const char *split, *part, *by;
	double sample;
	bool invert, count, failed;
	uint64_t limit;
	size_t max_record;
	/* What has come so far, and room to work in. */
	uint64_t matched;
	uint64_t with_error; /* passed by or, with -c, not counted */
	struct buf list;
	struct edits edits;
};

static enum select_kind
kind_of(int key)
{
	static const enum select_kind kinds[] = {
		[STATUS - 256] = SELECT_STATUS,
		[NAME - 256] = SELECT_NAME,
		[UUID - 256] = SELECT_UUID,
		[CATEGORY - 256] = SELECT_CATEGORY,
		[METADATA - 256] = SELECT_METADATA,
		[ATTRIBUTE - 256] = SELECT_ATTRIBUTE,
		[IMAGE_ATTRIBUTE - 256] = SELECT_IMAGE_ATTRIBUTE,
		[MIN_ANNOTATIONS - 256] = SELECT_MIN_ANNOTATIONS,
		[MAX_ANNOTATIONS - 256] = SELECT_MAX_ANNOTATIONS,
		[SHARD - 256] = SELECT_SHARD,
	};

	return kinds[key - 256];
}

static void
take_condition(struct config *config, const struct opts *o, int key)
{
	const char *why = select_add(config->select, kind_of(key), o->arg);

	if (why)
		opts_fail(o, "%s: %s", why, o->arg);
}

static void
take_option(struct config *config, const struct opts *o, int key)
{
	switch (key) {
	case KEEP_CATEGORY:
		category_set_add(config->keep, o->arg);
		break;
	case DROP_CATEGORY:
		category_set_add(config->drop, o->arg);
		break;
	case SAMPLE:
		config->sample = opts_double(o, 0, 1);
		break;
	case SPLIT:
		config->split = o->arg;
		break;
	case PART:
		config->part = o->arg;
		break;
	case BY:
		config->by = o->arg;
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

/* Sampling and splitting are cut from independent hashes. */
static void
add_parts(struct config *config, const struct opts *o)
{
	struct split *split;
	const char *why;
	double from, to;

	if (config->sample < 1)
		select_add_part(config->select, config->by, "sample", 0,
				config->sample);
	if (!config->split != !config->part)
		opts_fail(o, "--split and --part go together");
	if (config->by && !config->split && config->sample >= 1)
		opts_fail(o, "--by goes with --sample or --split");
	if (!config->split)
		return;
	split = split_parse(config->split, &why);
	if (!split)
		opts_fail(o, "%s: %s", why, config->split);
	if (!split_bounds(split, config->part, &from, &to))
		opts_fail(o, "no part %s in the split: %s", config->part,
			  config->split);
	select_add_part(config->select, config->by, "split", from, to);
	split_close(split);
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Pass on the records that match all conditions.",
		.table = table,
	};
	int key;

	*config = (struct config){
		.select = select_open(),
		.keep = category_set_open(),
		.drop = category_set_open(),
		.sample = 1,
		.limit = UINT64_MAX,
	};
	while ((key = opts_next(&o, argc, argv)) != -1)
		take_option(config, &o, key);
	add_parts(config, &o);
	return o.rest;
}

static bool
is_kept(struct config *config, const struct record *record,
	struct slice annotation)
{
	if (!category_set_empty(config->keep) &&
	    !category_set_has(config->keep, record, annotation))
		return false;
	return !category_set_has(config->drop, record, annotation);
}

/* Edits a list of annotations down to those that are kept. */
static void
thin_list(struct config *config, const struct record *record, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member annotation;
	size_t dropped = 0;

	buf_reset(&config->list);
	buf_putc(&config->list, '[');
	while (json_next(&iter, &annotation) > 0) {
		if (!is_kept(config, record, annotation.value)) {
			dropped++;
			continue;
		}
		if (config->list.len > 1)
			buf_putc(&config->list, ',');
		buf_slice(&config->list, annotation.value);
	}
	buf_putc(&config->list, ']');
	if (dropped)
		edits_replace(&config->edits, list, buf_view(&config->list));
}

static enum verdict
thin_record(struct config *config, const struct record *record, struct buf *to)
{
	struct json_error error = {0};
	struct slice attributes, list;
	struct json_iter frames;
	struct json_member frame;

	if (json_type(record->label) != JSON_OBJECT)
		return PUMP_PASS;
	if (json_validate(record->label, &error) < 0)
		return pump_fail(record, to, slice_of(""), "label: %s",
				 error.what);
	if (!json_find(record->label, "attributes", &attributes))
		return PUMP_PASS;
	if (json_find(attributes, "annotations", &list))
		thin_list(config, record, list);
	if (json_find(attributes, "frames", &list)) {
		frames = json_iterate(list);
		while (json_next(&frames, &frame) > 0)
			if (json_find(frame.value, "annotations", &list))
				thin_list(config, record, list);
	}
	if (config->edits.count == 0)
		return PUMP_PASS;
	edits_apply(&config->edits, record->line, to);
	buf_putc(to, '\n');
	return PUMP_WRITE;
}

/* What is nothing but an error, of a stream that broke off, stays one. */
static enum verdict
retry_record(const struct record *record, struct buf *to)
{
	if (!record->index.p && !record->name.p) {
		diag_say(&record->place, "nothing in it to try again");
		return PUMP_PASS;
	}
	record_put_retry(to, record);
	return PUMP_WRITE;
}

static enum verdict
filter_record(void *context, const struct record *record, struct buf *to)
{
	struct config *config = context;
	const char *why = NULL;
	bool failed = record->error.p != NULL;
	int got;

	if (failed && !config->failed) {
		config->with_error++;
		return config->count ? PUMP_DROP : PUMP_PASS;
	}
	if (config->matched >= config->limit)
		return PUMP_END;
	got = select_match(config->select, record, &why);
	if (got < 0)
		return pump_fail(record, to, slice_of(""), "%s", why);
	if (config->failed != failed || (got == 1) == config->invert)
		return PUMP_DROP;
	config->matched++;
	if (config->count)
		return PUMP_DROP;
	if (config->failed)
		return retry_record(record, to);
	if (category_set_empty(config->keep) &&
	    category_set_empty(config->drop))
		return PUMP_PASS;
	return thin_record(config, record, to);
}

/* Prints the count; records with an error are in no count, so say so. */
static int
print_count(const struct config *config, int status)
{
	struct out *out = out_open(STDOUT_FILENO, "<stdout>");
	struct buf text = {0};

	buf_uint(&text, config->matched);
	buf_putc(&text, '\n');
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
	struct config config;
	struct pump pump = {
		.work = filter_record,
		.context = &config,
		.sees_failed = true,
		.jobs = 1,
	};
	char **operands;
	int status;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	pump.max_record = config.max_record;
	pump.take = config.count ? discard : NULL;
	status = pump_run(&pump, operands);
	if (config.count)
		status = print_count(&config, status);
	select_close(config.select);
	category_set_close(config.keep);
	category_set_close(config.drop);
	buf_release(&config.list);
	edits_release(&config.edits);
	return status;
}
