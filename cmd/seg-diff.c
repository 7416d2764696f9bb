/* seg-diff: tells what has changed from one release to another. */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/out.h"
#include "base/sandbox.h"
#include "flow/label_worker.h"
#include "report/diff.h"
#include "report/kept_lines.h"
#include "report/record_source.h"
#include "report/sample_index.h"

enum { BY = 400, SUMMARY, ONLY, PIXELS, RECORDS };

static const struct opt table[] = {
	{BY, "by", "uuid|name|url",
	 "what a sample is known by (default uuid, else its name)"},
	{SUMMARY, "summary", NULL, "write what changes add up to, in Markdown"},
	{ONLY, "only", "LIST",
	 "only these: added, removed, label, status, image, metadata"},
	{PIXELS, "pixels", NULL,
	 "compare pixels where the bitmaps have other URLs"},
	{RECORDS, "records", "new|old",
	 "write the records that changed, of this side"},
	{'l', "labelset", "NAME",
	 "take labels from this labelset (default: the only one, or "
	 "ground-truth)"},
	{0},
};

enum written { LINES, NEW_RECORDS, OLD_RECORDS };

struct config {
	struct outcome outcome;
	struct label_work decode;
	struct release_choice choice;
	enum known_by by;
	enum written written;
	unsigned only; /* kinds, see diff.h */
	bool summary, pixels;
	/* What has come so far. */
	struct out *out;
	struct differ *differ;
	struct tally *tally;
	struct sample_index *index;
	struct buf text, key, releases[2];
	struct kept_lines *kept; /* old records that differ */
	uint64_t samples[3];     /* before, after, unchanged */
	uint64_t changes, open;  /* told; to be found in the new side yet */
	bool trouble;
};

/* A list of kinds, commas between. */
static unsigned
parse_kinds(const struct opts *o)
{
	struct opts one = *o;
	char *list = xstrdup(o->arg), *rest = list, *word;
	unsigned kinds = 0;

	while ((word = strsep(&rest, ",")) != NULL) {
		one.arg = word;
		kinds |= 1u << opts_choice(&one, diff_kind_names);
	}
	free(list);
	return kinds;
}

static void
take_option(struct config *config, const struct opts *o, int key)
{
	static const char *const names[] = {"uuid", "name", "url", NULL};
	static const char *const sides[] = {"new", "old", NULL};

	switch (key) {
	case BY:
		config->by = (enum known_by)opts_choice(o, names);
		break;
	case SUMMARY:
		config->summary = true;
		break;
	case ONLY:
		config->only = parse_kinds(o);
		break;
	case PIXELS:
		config->pixels = true;
		break;
	case RECORDS:
		config->written =
			opts_choice(o, sides) ? OLD_RECORDS : NEW_RECORDS;
		break;
	case 'l':
		config->choice.labelset = o->arg;
		break;
	default:
		label_work_take_option(&config->decode, o, key);
	}
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "OLD NEW",
		.summary = "Tell what has changed between two releases, or "
			   "files of records.",
		.table = table,
		.outcome = &config->outcome,
		.shared = label_asset_rows,
	};
	int key;

	do {
		key = opts_next(&o, argc, argv);
		take_option(config, &o, key);
	} while (key != -1);
	if (!o.rest[0] || !o.rest[1] || o.rest[2])
		opts_fail(&o, "two operands are needed: OLD NEW");
	if (config->summary && config->written != LINES)
		opts_fail(&o, "--summary and --records exclude each other");
	config->choice.max_record = config->decode.max_record;
	return o.rest;
}

static void
keep_release(struct buf *kept, const struct record *record)
{
	if (!kept->len)
		buf_slice(kept, record->release);
}

/* Indexes the new side: 0, or -1. */
static int
index_new(struct config *config, struct record_source *source)
{
	struct record record = {0};
	struct sample_entry *entry;
	int got;

	while ((got = record_source_next(source, &record)) > 0) {
		entry = sample_index_add(config->index,
					 sample_key(&record, config->by,
						    &config->key));
		if (!entry) {
			diag_say(&record.place, "too many samples, or too "
						"many called alike");
			got = -1;
			break;
		}
		entry->prints = sample_prints(&record);
		config->samples[1]++;
		keep_release(&config->releases[1], &record);
	}
	record_release(&record);
	return got;
}

/* What there is to tell of a sample, if it was asked for. */
static void
tell(struct config *config, int kinds, const struct record *record)
{
	if (kinds < 0)
		config->trouble = true;
	config->trouble |= differ_failed(config->differ);
	if (kinds > 0 && ((unsigned)kinds & config->only)) {
		config->changes++;
		differ_count(config->differ, config->tally);
		if (record) {
			out_put(config->out, record->line);
			out_put(config->out, slice_of("\n"));
		} else if (config->written == LINES && !config->summary) {
			out_put(config->out, buf_view(&config->text));
		}
	}
	buf_reset(&config->text);
}

static void
tell_categories(struct config *config)
{
	/* What has no sample does not tell of its categories. */
	if (config->releases[0].len && config->releases[1].len)
		diff_put_categories(&config->text,
				    buf_view(&config->releases[0]),
				    buf_view(&config->releases[1]));
	if (config->text.len && config->only == UINT_MAX) {
		config->changes++;
		if (config->written == LINES && !config->summary)
			out_put(config->out, buf_view(&config->text));
	}
	buf_reset(&config->text);
}

/* Keeps an old record until the new one comes: 0, or -1. */
static int
keep_old(struct config *config, struct sample_entry *entry,
	 const struct record *record)
{
	entry->state = SAMPLE_DIFFERING;
	entry->size = (uint32_t)record->line.n;
	return kept_lines_put(config->kept, record->line, &entry->offset);
}

/* Holds an old record against the index: 0, or -1. */
static int
match_old(struct config *config, const struct record *record)
{
	struct sample_entry *entry =
		sample_index_match(config->index, sample_key(record, config->by,
							     &config->key));
	struct sample_prints prints;

	if (!entry) {
		tell(config,
		     differ_alone(config->differ, DIFF_REMOVED, record,
				  &config->text),
		     config->written == OLD_RECORDS ? record : NULL);
		return 0;
	}
	prints = sample_prints(record);
	if (!sample_prints_same(&entry->prints, &prints))
		return keep_old(config, entry, record);
	entry->state = SAMPLE_SAME;
	config->samples[2]++;
	config->open--;
	return 0;
}

/* Reads the old side: 0, or -1. */
static int
match_all(struct config *config, struct record_source *source)
{
	struct record record = {0};
	int got;

	config->open = sample_index_count(config->index);
	while ((got = record_source_next(source, &record)) > 0) {
		keep_release(&config->releases[0], &record);
		if (config->samples[0]++ == 0)
			tell_categories(config);
		if (match_old(config, &record) < 0 || out_failed(config->out)) {
			got = -1;
			break;
		}
	}
	record_release(&record);
	return got;
}

/* The old record that was kept: 0, or -1. */
static int
read_old(struct config *config, const struct sample_entry *entry,
	 struct buf *text, struct record *record)
{
	struct json_error error;

	buf_reset(text);
	if (kept_lines_get(config->kept, entry->offset, entry->size, text) < 0)
		return -1;
	return record_parse(record, buf_view(text), &error);
}

/* Tells of a sample of the new side: 0, or -1. */
static int
tell_new(struct config *config, const struct sample_entry *entry,
	 const struct record *record, struct buf *text)
{
	struct record old = {.place.stream = "OLD"};
	int kinds = 0, result = 0;

	if (entry->state == SAMPLE_SAME)
		return 0;
	config->open--;
	if (entry->state == SAMPLE_ALONE) {
		if (config->written == OLD_RECORDS)
			config->text.len = 0;
		kinds = differ_alone(config->differ, DIFF_ADDED, record,
				     &config->text);
		tell(config, kinds,
		     config->written == NEW_RECORDS ? record : NULL);
		return 0;
	}
	result = read_old(config, entry, text, &old);
	if (result == 0)
		kinds = differ_compare(config->differ, &old, record,
				       &config->text);
	config->samples[2] += result == 0 && kinds == 0;
	tell(config, kinds,
	     config->written == LINES         ? NULL
	     : config->written == NEW_RECORDS ? record
					      : &old);
	record_release(&old);
	return result;
}

/* Reads the new side again, as far as there is something to tell: 0, or -1. */
static int
tell_all(struct config *config, struct record_source *source)
{
	struct record record = {0};
	struct buf text = {0};
	size_t i = 0;
	int got = 1;

	if (config->open == 0)
		return 0;
	if (record_source_rewind(source) < 0)
		return -1;
	while (config->open &&
	       (got = record_source_next(source, &record)) > 0) {
		const struct sample_entry *entry =
			sample_index_at(config->index, i++);

		if (!entry)
			break;
		if (tell_new(config, entry, &record, &text) < 0 ||
		    out_failed(config->out)) {
			got = -1;
			break;
		}
	}
	record_release(&record);
	buf_release(&text);
	return got < 0 ? -1 : 0;
}

static struct shape_reader *
open_reader(struct label_work *decode)
{
	return shape_reader_open(
		label_decoder_open(&decode->label,
				   asset_reader_open(decode->source)));
}

static void
put_summary(struct config *config)
{
	buf_reset(&config->text);
	diff_put_summary(&config->text, config->tally,
			 buf_view(&config->releases[0]),
			 buf_view(&config->releases[1]), config->samples);
	out_put(config->out, buf_view(&config->text));
}

/* Compares the two sides: an exit status. */
static int
compare(struct config *config, struct record_source *old,
	struct record_source *new)
{
	size_t repeated;

	if (index_new(config, new) < 0 || match_all(config, old) < 0)
		return STATUS_FATAL;
	repeated = sample_index_repeated(config->index);
	if (repeated)
		diag_say(NULL,
			 "samples called as one before them: %zu; they are "
			 "compared in their order",
			 repeated);
	if (tell_all(config, new) < 0)
		return STATUS_FATAL;
	if (config->summary)
		put_summary(config);
	return config->trouble   ? STATUS_FATAL
	       : config->changes ? STATUS_FAILED
				 : STATUS_OK;
}

static int
run(struct config *config, char **operands)
{
	struct record_source *old, *new = NULL;
	int status = STATUS_FATAL;

	old = record_source_open(operands[0], &config->choice);
	if (old)
		new = record_source_open(operands[1], &config->choice);
	if (new)
		status = compare(config, old, new);
	record_source_close(old);
	record_source_close(new);
	config->outcome.unit = "samples";
	config->outcome.in = config->samples[0] + config->samples[1];
	outcome_out(&config->outcome, "changes", config->changes);
	return status;
}

int
main(int argc, char **argv)
{
	struct config config = {
		.decode = label_work_default(),
		.only = UINT_MAX,
	};
	char **operands;
	int status = STATUS_FATAL;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	if (config.pixels && label_work_open(&config.decode) < 0)
		return STATUS_FATAL;
	config.out = out_open(STDOUT_FILENO, "<stdout>");
	config.index = sample_index_open();
	config.kept = kept_lines_open();
	config.tally = tally_open(diff_tables);
	config.differ = config.pixels ? differ_open(open_reader(&config.decode),
						    open_reader(&config.decode))
				      : differ_open(NULL, NULL);
	/* For either side that is a pipe, and for old records. */
	if (stream_reserve(3))
		sandbox_enter();
	status = run(&config, operands);
	differ_close(config.differ);
	sample_index_close(config.index);
	tally_close(config.tally);
	label_work_close(&config.decode, config.outcome.quiet);
	buf_release(&config.text);
	buf_release(&config.key);
	buf_release(&config.releases[0]);
	buf_release(&config.releases[1]);
	kept_lines_close(config.kept);
	if (out_close_stdout(config.out) < 0)
		status = STATUS_FATAL;
	return outcome_end(&config.outcome, status);
}
