/* seg-diff: tells what has changed from one release to another. */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/out.h"
#include "base/sandbox.h"
#include "flow/label_worker.h"
#include "report/diff.h"
#include "report/record_source.h"
#include "report/sample_index.h"
#include "report/sample_prints.h"

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

/* Of an entry that both sides have. */
enum { BOTH = 1 << SAMPLE_OLD | 1 << SAMPLE_NEW };

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
	struct record_source *sources[2]; /* by enum sample_side */
	struct record records[2];
	struct buf text, key, releases[2];
	uint64_t samples[3]; /* before, after, unchanged */
	uint64_t changes;    /* told */
	bool trouble;
};

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
		config->only = opts_choices(o, diff_kind_names);
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

/* Enters the sample at hand of a side: NULL with the message said. */
static struct sample_entry *
enter(struct config *config, enum sample_side side, struct fingerprint key)
{
	const struct record_at at = record_source_at(config->sources[side]);
	struct sample_entry *entry =
		sample_index_take(config->index, side, key);

	if (!entry) {
		diag_say(&config->records[side].place,
			 "too many samples, or too many called alike");
		return NULL;
	}
	entry->at[side] = at.offset;
	entry->number[side] = (uint32_t)at.number;
	config->samples[side]++;
	return entry;
}

/* Holds a sample's bytes against those of its other, where that has come. */
static void
settle(struct sample_entry *entry, uint64_t print)
{
	entry->differs = entry->seen == BOTH && entry->print != print;
	entry->print = print;
}

static int
match(struct config *config, enum sample_side side)
{
	const struct record *record = &config->records[side];
	struct sample_entry *entry =
		enter(config, side,
		      sample_key(record, config->by, &config->key));

	keep_release(&config->releases[side], record);
	if (entry)
		settle(entry, sample_print(record));
	return entry ? 0 : -1;
}

/* The samples at hand of both sides are alike; that of the old one is known. */
static int
match_alike(struct config *config)
{
	const struct record *record = &config->records[SAMPLE_OLD];
	const struct fingerprint key =
		sample_key(record, config->by, &config->key);
	struct sample_entry *old = enter(config, SAMPLE_OLD, key), *new;

	new = old ? enter(config, SAMPLE_NEW, key) : NULL;
	/* Where others are called so, they may not be each other's. */
	if (new &&new != old) {
		settle(old, sample_print(record));
		settle(new, sample_print(record));
	}
	return new ? 0 : -1;
}

/*
 * Reads both sides, a sample of each at a time: where they are in the same
 * order, the two are compared while they are at hand. 0, or -1.
 */
static int
take_all(struct config *config)
{
	struct record *old = &config->records[SAMPLE_OLD];
	struct record *new = &config->records[SAMPLE_NEW];
	int got[2] = {1, 1};
	bool alike;

	while (got[SAMPLE_OLD] > 0 || got[SAMPLE_NEW] > 0) {
		alike = false;
		if (got[SAMPLE_OLD] > 0)
			got[SAMPLE_OLD] =
				record_source_next(config->sources[SAMPLE_OLD],
						   old, NULL, &alike);
		if (got[SAMPLE_NEW] > 0)
			got[SAMPLE_NEW] = record_source_next(
				config->sources[SAMPLE_NEW], new,
				got[SAMPLE_OLD] > 0 ? old : NULL, &alike);
		if (got[SAMPLE_OLD] < 0 || got[SAMPLE_NEW] < 0)
			return -1;
		if (alike && match_alike(config) < 0)
			return -1;
		if (!alike && got[SAMPLE_OLD] > 0 &&
		    match(config, SAMPLE_OLD) < 0)
			return -1;
		if (!alike && got[SAMPLE_NEW] > 0 &&
		    match(config, SAMPLE_NEW) < 0)
			return -1;
	}
	return 0;
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

/* Reads a sample of a side again: 0, or -1. */
static int
read_again(struct config *config, const struct sample_entry *entry,
	   enum sample_side side)
{
	return record_source_again(config->sources[side],
				   (struct record_at){entry->at[side],
						      entry->number[side]},
				   &config->records[side]);
}

/* Tells of a sample that only one side has: 0, or -1. */
static int
tell_alone(struct config *config, const struct sample_entry *entry,
	   enum sample_side side)
{
	const struct record *record = &config->records[side];
	const bool added = side == SAMPLE_NEW;
	int kinds;

	if (read_again(config, entry, side) < 0)
		return -1;
	kinds = differ_alone(config->differ, added ? DIFF_ADDED : DIFF_REMOVED,
			     record, &config->text);
	tell(config, kinds,
	     config->written == (added ? NEW_RECORDS : OLD_RECORDS) ? record
								    : NULL);
	return 0;
}

/* Tells of a sample that both sides have, but not alike: 0, or -1. */
static int
tell_changed(struct config *config, const struct sample_entry *entry)
{
	const struct record *records = config->records;
	int kinds;

	if (read_again(config, entry, SAMPLE_OLD) < 0 ||
	    read_again(config, entry, SAMPLE_NEW) < 0)
		return -1;
	kinds = differ_compare(config->differ, &records[SAMPLE_OLD],
			       &records[SAMPLE_NEW], &config->text);
	config->samples[2] += kinds == 0;
	tell(config, kinds,
	     config->written == LINES         ? NULL
	     : config->written == NEW_RECORDS ? &records[SAMPLE_NEW]
					      : &records[SAMPLE_OLD]);
	return 0;
}

/* Of samples that went, in the order of the old side: 0, or -1. */
static int
tell_removed(struct config *config)
{
	const struct sample_entry *entry;
	size_t i;

	for (i = 0; (entry = sample_index_at(config->index, i)); i++)
		if (entry->seen == 1 << SAMPLE_OLD &&
		    (tell_alone(config, entry, SAMPLE_OLD) < 0 ||
		     out_failed(config->out)))
			return -1;
	return 0;
}

/* Lists the samples of the new side of which there is something to tell. */
static const struct sample_entry **
list_new(struct config *config, size_t *count)
{
	const struct sample_entry **list = NULL, *entry;
	size_t i, n = 0, room = 0;

	for (i = 0; (entry = sample_index_at(config->index, i)); i++) {
		if (entry->seen == BOTH && !entry->differs)
			config->samples[2]++;
		else if (entry->seen != 1 << SAMPLE_OLD) {
			if (n == room) {
				room = room ? 2 * room : 64;
				list = xreallocarray(list, room, sizeof(*list));
			}
			list[n++] = entry;
		}
	}
	*count = n;
	return list;
}

static int
by_new_number(const void *left, const void *right)
{
	const struct sample_entry *const *a = left, *const *b = right;
	const uint32_t x = (*a)->number[SAMPLE_NEW];
	const uint32_t y = (*b)->number[SAMPLE_NEW];

	return (x > y) - (x < y);
}

/* Of all others, in the order of the new side: 0, or -1. */
static int
tell_new(struct config *config)
{
	size_t i, count;
	const struct sample_entry **list = list_new(config, &count);
	int result = 0;

	if (count)
		qsort(list, count, sizeof(*list), by_new_number);
	for (i = 0; i < count && result == 0; i++) {
		result = list[i]->seen == BOTH
				 ? tell_changed(config, list[i])
				 : tell_alone(config, list[i], SAMPLE_NEW);
		if (out_failed(config->out))
			result = -1;
	}
	free(list);
	return result;
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
compare(struct config *config)
{
	size_t repeated;

	if (take_all(config) < 0)
		return STATUS_FATAL;
	repeated = sample_index_repeated(config->index, SAMPLE_NEW);
	if (repeated)
		diag_say(NULL,
			 "samples called as one before them: %zu; they are "
			 "compared in their order",
			 repeated);
	tell_categories(config);
	if (tell_removed(config) < 0 || tell_new(config) < 0)
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
	int status = STATUS_OK, side;

	for (side = SAMPLE_OLD; side <= SAMPLE_NEW; side++) {
		config->sources[side] =
			record_source_open(operands[side], &config->choice);
		if (!config->sources[side])
			status = STATUS_FATAL;
	}
	if (status == STATUS_OK)
		status = compare(config);
	for (side = SAMPLE_OLD; side <= SAMPLE_NEW; side++) {
		record_source_close(config->sources[side]);
		record_release(&config->records[side]);
		buf_release(&config->releases[side]);
	}
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
	config.tally = tally_open(diff_tables);
	config.differ = config.pixels ? differ_open(open_reader(&config.decode),
						    open_reader(&config.decode))
				      : differ_open(NULL, NULL);
	/* For either side that is a pipe. */
	if (stream_reserve(2))
		sandbox_enter();
	status = run(&config, operands);
	differ_close(config.differ);
	sample_index_close(config.index);
	tally_close(config.tally);
	label_work_close(&config.decode, config.outcome.quiet);
	buf_release(&config.text);
	buf_release(&config.key);
	if (out_close_stdout(config.out) < 0)
		status = STATUS_FATAL;
	return outcome_end(&config.outcome, status);
}
