/* seg-diff: tells what has changed from one release to another. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "base/out.h"
#include "flow/label_worker.h"
#include "net/url.h"
#include "report/diff.h"
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

enum known_by { BY_UUID, BY_NAME, BY_URL };
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
	struct buf copied;      /* of records for the temporary file */
	uint64_t copied_before; /* bytes in the file itself */
	int copies;             /* it, or -1 */
	uint64_t samples[3];    /* before, after, unchanged */
	uint64_t changes, open; /* told; to be found in the new side yet */
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

/* Text that a sample is known by; false where it has none such. */
static bool
put_key(struct config *config, const struct record *record, enum known_by by)
{
	struct slice image, url;
	struct buf text = {0};
	bool found;

	buf_reset(&config->key);
	switch (by) {
	case BY_UUID:
		return json_string(record->uuid, &config->key) &&
		       config->key.len;
	case BY_NAME:
		return json_string(record->name, &config->key) &&
		       config->key.len;
	default:
		break;
	}
	found = record_asset(record, ASSET_IMAGE, &image) &&
		json_find(image, "url", &url) && json_string(url, &text) &&
		text.len;
	if (found)
		url_put_stable(&config->key, buf_view(&text));
	buf_release(&text);
	return found;
}

/* Of the records of a sequence each is its frame, and maybe its sensor. */
static void
put_frame(struct config *config, const struct record *record)
{
	static const char *const keys[] = {"sensor", "index"};
	struct slice value;
	size_t i;

	for (i = 0; i < 2; i++) {
		buf_putc(&config->key, '\xff');
		if (json_find(record->frame, keys[i], &value))
			buf_slice(&config->key, value);
	}
}

/* What a sample is known by: as was asked for, else by what there is. */
static struct fingerprint
key_of(struct config *config, const struct record *record)
{
	if (!put_key(config, record, config->by) &&
	    !put_key(config, record, BY_NAME) &&
	    !put_key(config, record, BY_UUID)) {
		buf_reset(&config->key);
		buf_slice(&config->key, record->index);
	}
	if (record->frame.p)
		put_frame(config, record);
	return fingerprint_text(buf_view(&config->key));
}

/* An object's bytes, but for what is signed in the URL of its file. */
static uint64_t
print_object(const struct record *record, struct slice object,
	     enum asset_kind kind)
{
	struct slice file, url;
	struct buf text = {0}, stable = {0};
	uint64_t sum;

	/* Where no URL has a query, there is no need to look for them. */
	if (!object.n || !memchr(object.p, '?', object.n) ||
	    !record_asset(record, kind, &file) ||
	    !json_find(file, "url", &url) || !memchr(url.p, '?', url.n) ||
	    !json_string(url, &text))
		return fingerprint_bytes(0, object);
	url_put_stable(&stable, buf_view(&text));
	sum = fingerprint_bytes(0, (struct slice){object.p,
						  (size_t)(url.p - object.p)});
	sum = fingerprint_bytes(sum, buf_view(&stable));
	sum = fingerprint_bytes(sum, (struct slice){url.p + url.n,
						    (size_t)(object.p +
							     object.n - url.p) -
							    url.n});
	buf_release(&text);
	buf_release(&stable);
	return sum;
}

/* The bytes of a record besides the values that are looked at apart. */
static uint64_t
print_rest(const struct record *record)
{
	struct slice apart[] = {record->index, record->attributes,
				record->label, record->release};
	struct slice line = record->line, swap;
	const char *from = line.p;
	uint64_t sum = 0;
	size_t i, j, n = sizeof(apart) / sizeof(*apart);

	for (i = 1; i < n; i++)
		for (j = i; j > 0 && apart[j].p < apart[j - 1].p; j--) {
			swap = apart[j];
			apart[j] = apart[j - 1];
			apart[j - 1] = swap;
		}
	for (i = 0; i < n; i++) {
		if (!apart[i].p)
			continue;
		sum = fingerprint_bytes(
			sum, (struct slice){from, (size_t)(apart[i].p - from)});
		from = apart[i].p + apart[i].n;
	}
	return fingerprint_bytes(
		sum, (struct slice){from, (size_t)(line.p + line.n - from)});
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
					 key_of(config, &record));
		if (!entry) {
			diag_say(&record.place, "too many samples, or too "
						"many called alike");
			got = -1;
			break;
		}
		entry->image =
			print_object(&record, record.attributes, ASSET_IMAGE);
		entry->label = print_object(&record, record.label, ASSET_LABEL);
		entry->rest = print_rest(&record);
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

/* Writes what has been gathered for the temporary file: 0, or -1. */
static int
flush_copies(struct config *config)
{
	if (config->copies < 0)
		config->copies = stream_temporary();
	if (config->copies < 0)
		return -1;
	if (io_write(config->copies, config->copied.data, config->copied.len) <
	    0) {
		diag_say(NULL, "temporary file: %s", strerror(errno));
		return -1;
	}
	config->copied_before += config->copied.len;
	buf_reset(&config->copied);
	return 0;
}

enum { COPIED = 1 << 20 };

/* Keeps an old record until the new one comes: 0, or -1. */
static int
keep_old(struct config *config, struct sample_entry *entry,
	 const struct record *record)
{
	entry->state = SAMPLE_DIFFERING;
	entry->offset = config->copied_before + config->copied.len;
	entry->size = (uint32_t)record->line.n;
	buf_slice(&config->copied, record->line);
	return config->copied.len < COPIED ? 0 : flush_copies(config);
}

/* Holds an old record against the index: 0, or -1. */
static int
match_old(struct config *config, const struct record *record)
{
	struct sample_entry *entry =
		sample_index_match(config->index, key_of(config, record));

	if (!entry) {
		tell(config,
		     differ_alone(config->differ, DIFF_REMOVED, record,
				  &config->text),
		     config->written == OLD_RECORDS ? record : NULL);
		return 0;
	}
	if (entry->image !=
		    print_object(record, record->attributes, ASSET_IMAGE) ||
	    entry->label != print_object(record, record->label, ASSET_LABEL) ||
	    entry->rest != print_rest(record))
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
	if (got == 0 && config->copies >= 0)
		got = flush_copies(config);
	return got;
}

/* The old record that was kept: 0, or -1. */
static int
read_old(struct config *config, const struct sample_entry *entry,
	 struct buf *text, struct record *record)
{
	struct json_error error;
	size_t at = 0;
	ssize_t n;

	buf_reset(text);
	if (entry->offset >= config->copied_before) {
		buf_put(text,
			config->copied.data + entry->offset -
				config->copied_before,
			entry->size);
	} else {
		buf_reserve(text, entry->size);
		for (; at < entry->size; at += (size_t)n) {
			n = pread(config->copies, text->data + at,
				  entry->size - at,
				  (off_t)(entry->offset + at));
			if (n <= 0) {
				diag_say(NULL, "temporary file: %s",
					 n ? strerror(errno) : "cut off");
				return -1;
			}
		}
		text->len = at;
	}
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
	return status;
}

int
main(int argc, char **argv)
{
	struct config config = {
		.decode = label_work_default(),
		.only = UINT_MAX,
		.copies = -1,
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
	status = run(&config, operands);
	differ_close(config.differ);
	sample_index_close(config.index);
	tally_close(config.tally);
	label_work_close(&config.decode);
	buf_release(&config.text);
	buf_release(&config.key);
	buf_release(&config.copied);
	buf_release(&config.releases[0]);
	buf_release(&config.releases[1]);
	if (config.copies >= 0)
		close(config.copies);
	if (out_close_stdout(config.out) < 0)
		status = STATUS_FATAL;
	return outcome_end(&config.outcome, status);
}
