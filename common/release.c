#include "release.h"

#include <stdio.h>
#include <stdlib.h>

#include "context.h"
#include "diag.h"
#include "json.h"
#include "record.h"
#include "source.h"

/* Members a sample may have. */
enum { MEMBERS = 256 };

/* A labelset chosen, and what every record of it ends with. */
struct context {
	char *labelset;     /* its name, decoded */
	struct buf release; /* the `release` object */
};

/* How far the walk through the file's outer levels has come. */
struct walk {
	bool in_dataset;
	bool root_begun, dataset_begun; /* a member has been taken there */
	bool samples_begun;             /* a sample has been taken */
	char close;                     /* of the samples: ']' or '}' */
};

struct release {
	struct source *source;
	struct facts facts;
	struct walk walk;
	bool had_dataset, had_samples;
	bool read_ahead; /* all facts are known; the file is read again */
	struct labelsets labelsets;
	struct context *contexts;
	size_t context_count;
	uint64_t index; /* of the next sample */
	struct buf key, compact;
	bool warned;
	unsigned long long failed;
};

static struct place
place_of(const struct release *release)
{
	return (struct place){.stream = source_name(release->source)};
}

/* Says what broke the file, and appends the record that says so. */
static int
say_broken(struct release *release, struct buf *to)
{
	struct source_error error = source_error(release->source);
	struct place place = place_of(release);
	char text[256] = "cannot be read";

	place.line = error.line;
	if (error.what) {
		snprintf(text, sizeof(text), "byte %llu, column %llu: %s",
			 (unsigned long long)error.offset + 1,
			 (unsigned long long)error.column, error.what);
		diag_say(&place, "%s", text);
	}
	record_put_error(to, (struct slice){0}, text, (struct slice){0});
	return -1;
}

static int
reject(struct release *release, const char *what)
{
	source_reject(release->source, what);
	return -1;
}

static int
open_samples(struct release *release)
{
	int c = source_peek(release->source);

	if (release->had_samples)
		return reject(release, "duplicate key: samples");
	release->had_samples = true;
	release->walk.close = c == '{' ? '}' : ']';
	return source_expect(release->source, c == '{' ? '{' : '[') < 0 ? -1
									: 1;
}

static int
open_dataset(struct release *release)
{
	if (release->had_dataset)
		return reject(release, "duplicate key: dataset");
	release->had_dataset = true;
	release->walk.in_dataset = true;
	return source_expect(release->source, '{');
}

static int
take_fact(struct release *release, enum fact fact)
{
	struct buf *to = &release->facts.of[fact];
	struct place place = place_of(release);
	struct slice value;

	if (source_value(release->source, &value, NULL) < 0)
		return -1;
	if (release->read_ahead)
		return 0;
	if (to->len)
		return reject(release, "duplicate key");
	json_compact(to, value);
	if (release->contexts)
		diag_say(&place,
			 "%s comes after the samples and is left out of them",
			 facts_key(fact));
	return 0;
}

/* Takes one member of the outer levels: 1 when the samples begin, 0, -1. */
static int
take_member(struct release *release)
{
	struct slice key, value;
	enum fact fact;

	if (source_key(release->source, &release->key) < 0)
		return -1;
	key = buf_view(&release->key);
	if (slice_is(key, "samples"))
		return open_samples(release);
	if (slice_is(key, "dataset") && !release->walk.in_dataset)
		return open_dataset(release);
	if (facts_find(key, release->walk.in_dataset, &fact))
		return take_fact(release, fact);
	return source_value(release->source, &value, NULL);
}

/* Goes on to the samples: 1; 0 at the file's good end; -1. */
static int
walk_on(struct release *release)
{
	struct walk *walk = &release->walk;
	int got = 0;

	while (got == 0) {
		bool *begun = walk->in_dataset ? &walk->dataset_begun
					       : &walk->root_begun;

		got = source_next(release->source, '}', begun);
		if (got == 0 && !walk->in_dataset)
			return source_finish(release->source);
		if (got == 0)
			walk->in_dataset = false;
		else if (got > 0)
			got = take_member(release);
	}
	return got;
}

/* Takes the next sample, its key in release->key: 1, 0 after the last, -1. */
static int
take_sample(struct release *release, struct slice *sample, bool *spaced)
{
	struct walk *walk = &release->walk;
	int got =
		source_next(release->source, walk->close, &walk->samples_begun);

	if (got <= 0)
		return got;
	buf_reset(&release->key);
	if (walk->close == '}' &&
	    source_key(release->source, &release->key) < 0)
		return -1;
	return source_value(release->source, sample, spaced) < 0 ? -1 : 1;
}

/* Where no labelsets are listed, they are the keys that labels have. */
static void
add_label_keys(struct labelsets *sets, struct slice sample)
{
	struct slice labels;
	struct json_iter iter;
	struct json_member label;
	struct buf name = {0};

	if (!json_find(sample, "labels", &labels) ||
	    json_type(labels) != JSON_OBJECT)
		return;
	iter = json_iterate(labels);
	while (json_next(&iter, &label) > 0) {
		buf_reset(&name);
		json_string((struct slice){label.key.p - 1, label.key.n + 2},
			    &name);
		labelsets_add(sets, buf_view(&name));
	}
	buf_release(&name);
}

/* Reads the whole file for its facts and comes back to the samples. */
static int
read_ahead(struct release *release)
{
	struct walk samples = release->walk;
	struct labelsets keys = {0};
	struct slice sample;
	int got;

	if (source_mark(release->source) < 0)
		return -1;
	while ((got = take_sample(release, &sample, NULL)) > 0)
		add_label_keys(&keys, sample);
	if (got == 0)
		got = walk_on(release);
	facts_labelsets(&release->facts, &release->labelsets);
	if (release->labelsets.count == 0) {
		release->labelsets = keys;
		keys = (struct labelsets){0};
	}
	labelsets_release(&keys);
	if (got > 0)
		return reject(release, "duplicate key: samples");
	if (got < 0)
		return -1;
	release->walk = samples;
	release->read_ahead = true;
	return source_rewind(release->source);
}

static void
add_context(struct release *release, struct slice labelset)
{
	struct context *context;

	release->contexts =
		xreallocarray(release->contexts, release->context_count + 1,
			      sizeof(*release->contexts));
	context = &release->contexts[release->context_count++];
	*context = (struct context){.labelset = slice_dup(labelset)};
	facts_put_release(&release->facts, labelset, &context->release);
}

/* The labelset that is meant where none is named; NULL where unclear. */
static const char *
default_labelset(struct release *release)
{
	static const char usual[] = "ground-truth";
	struct labelsets *sets = &release->labelsets;

	if (sets->count == 0)
		return usual;
	if (sets->count == 1)
		return buf_cstr(&sets->list[0]);
	return labelsets_have(sets, slice_of(usual)) ? usual : NULL;
}

/* 0, or -1 with what is wrong in `why`. */
static int
choose(struct release *release, const struct release_choice *choice,
       struct buf *why)
{
	struct labelsets *sets = &release->labelsets;
	const char *labelset = choice->labelset;
	size_t i;

	for (i = 0; choice->all && i < sets->count; i++)
		add_context(release, buf_view(&sets->list[i]));
	if (release->context_count)
		return 0;
	if (!labelset)
		labelset = default_labelset(release);
	if (!labelset)
		buf_puts(why, "choose a labelset with -l: ");
	else if (sets->count && !labelsets_have(sets, slice_of(labelset)))
		buf_printf(why, "no labelset %s, only: ", labelset);
	if (why->len) {
		labelsets_show(sets, why);
		return -1;
	}
	add_context(release, slice_of(labelset));
	return 0;
}

static int
open_walk(struct release *release)
{
	int got;

	if (source_expect(release->source, '{') < 0)
		return -1;
	got = walk_on(release);
	if (got == 0)
		return reject(release, "no samples in it: not a release file");
	if (got < 0)
		return -1;
	if (!facts_complete(&release->facts))
		return read_ahead(release);
	facts_labelsets(&release->facts, &release->labelsets);
	return 0;
}

struct release *
release_open(const char *operand, const struct release_choice *choice,
	     struct buf *to)
{
	struct release *release = xcalloc(1, sizeof(*release));
	struct buf why = {0};

	release->source = source_open(operand, choice->max_record);
	if (!release->source)
		record_put_error(to, (struct slice){0}, "cannot be read",
				 slice_of(""));
	else if (open_walk(release) < 0)
		say_broken(release, to);
	else if (choose(release, choice, &why) == 0)
		return release;
	if (why.len) {
		struct place place = place_of(release);

		diag_say(&place, "%s", buf_cstr(&why));
		record_put_error(to, (struct slice){0}, buf_cstr(&why),
				 slice_of(""));
	}
	buf_release(&why);
	release_close(release);
	return NULL;
}

void
release_close(struct release *release)
{
	size_t i;

	if (!release)
		return;
	for (i = 0; i < release->context_count; i++) {
		free(release->contexts[i].labelset);
		buf_release(&release->contexts[i].release);
	}
	free(release->contexts);
	labelsets_release(&release->labelsets);
	facts_release(&release->facts);
	buf_release(&release->key);
	buf_release(&release->compact);
	source_close(release->source);
	free(release);
}

unsigned long long
release_failed(const struct release *release)
{
	return release->failed;
}

/* The members by which a record is more than its sample. */
static bool
is_reserved(struct slice key)
{
	static const char *const ours[] = {"index", "label", "release", "frame",
					   "error"};
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (slice_is(key, ours[i]))
			return true;
	return false;
}

/* A sample's members, taken apart once for all of its records. */
struct sample {
	struct json_member members[MEMBERS];
	int count; /* -1 for what is no sample */
	struct slice labels;
	bool named;
	const char *trouble; /* why its records fail, or NULL */
};

static void
open_sample(struct release *release, struct slice text, struct sample *sample)
{
	struct json_error error = {0};
	int i;

	sample->labels = (struct slice){0};
	sample->named = false;
	sample->count = json_members(text, sample->members, MEMBERS, &error);
	sample->trouble = sample->count < 0 ? error.what : NULL;
	if (json_type(text) != JSON_OBJECT)
		sample->trouble = "not an object";
	for (i = 0; i < sample->count; i++) {
		const struct json_member *member = &sample->members[i];

		if (slice_is(member->key, "labels"))
			sample->labels = member->value;
		else if (slice_is(member->key, "name"))
			sample->named = true;
		else if (is_reserved(member->key) && !release->warned) {
			struct place place = place_of(release);

			release->warned = true;
			diag_say(&place,
				 "samples have a member %.*s, left out: the "
				 "name is taken",
				 (int)member->key.n, member->key.p);
		}
	}
	if (sample->labels.n && json_type(sample->labels) != JSON_OBJECT &&
	    json_type(sample->labels) != JSON_NULL)
		sample->trouble = "labels is not an object";
}

static void
put_record(const struct release *release, const struct sample *sample,
	   const struct context *context, struct buf *to)
{
	struct slice label = slice_of("null");
	int i;

	buf_puts(to, "{\"index\":");
	buf_uint(to, release->index);
	/* Samples kept in an object have their name as its key. */
	if (!sample->named && release->key.len) {
		buf_puts(to, ",\"name\":");
		json_put_string(to, buf_view(&release->key));
	}
	for (i = 0; i < sample->count; i++) {
		const struct json_member *member = &sample->members[i];
		const char *from = member->key.p - 1;
		const char *end = member->value.p + member->value.n;

		if (slice_is(member->key, "labels") || is_reserved(member->key))
			continue;
		buf_putc(to, ',');
		buf_put(to, from, (size_t)(end - from));
	}
	if (sample->labels.n)
		json_find(sample->labels, context->labelset, &label);
	buf_puts(to, ",\"label\":");
	buf_slice(to, label);
	buf_puts(to, ",\"release\":");
	buf_slice(to, buf_view(&context->release));
	buf_putc(to, '}');
}

/* As put_record with LF, but for a sample that is none: with `error`. */
static void
put_failed(struct release *release, const struct sample *sample,
	   const struct context *context, struct buf *to)
{
	struct place place = place_of(release);
	struct buf record = {0};
	char text[128];

	snprintf(text, sizeof(text), "sample %llu: %s",
		 (unsigned long long)release->index, sample->trouble);
	diag_say(&place, "%s", text);
	put_record(release, sample, context, &record);
	record_put_error(to, buf_view(&record), text, slice_of(""));
	release->failed++;
	buf_release(&record);
}

int
release_next(struct release *release, struct buf *to)
{
	struct slice text;
	struct sample sample;
	bool spaced;
	size_t i;
	int got = take_sample(release, &text, &spaced);

	if (got == 0 && (got = walk_on(release)) > 0)
		got = reject(release, "duplicate key: samples");
	if (got < 0)
		return say_broken(release, to);
	if (got == 0)
		return 0;
	if (spaced) {
		buf_reset(&release->compact);
		json_compact(&release->compact, text);
		text = buf_view(&release->compact);
	}
	open_sample(release, text, &sample);
	for (i = 0; i < release->context_count; i++) {
		if (sample.trouble) {
			put_failed(release, &sample, &release->contexts[i], to);
			continue;
		}
		put_record(release, &sample, &release->contexts[i], to);
		buf_putc(to, '\n');
	}
	release->index++;
	return 1;
}

void
release_put_info(const struct release *release, struct buf *to)
{
	size_t i, k;

	for (i = 0; i < release->context_count; i++) {
		struct slice object = buf_view(&release->contexts[i].release);

		buf_put(to, object.p, object.n - 1);
		buf_puts(to, ",\"labelsets\":[");
		for (k = 0; k < release->labelsets.count; k++) {
			buf_puts(to, k ? "," : "");
			json_put_string(to,
					buf_view(&release->labelsets.list[k]));
		}
		buf_puts(to, "]}\n");
	}
}
