#include "record/release.h"

#include <stdlib.h>

#include "record/no_record.h"
#include "record/record.h"
#include "record/release_parts.h"

/* Bytes of tails that are kept; real releases have some kilobytes of them. */
enum { TAILS_MOST = 64 << 20 };

/* Appends a record that has only `error`. Returns -1. */
static int
put_broken(struct buf *to, const char *name, const char *what)
{
	struct buf text = {0};

	buf_printf(&text, "%s: %s", name, what);
	record_put_error(to, (struct slice){0}, buf_cstr(&text),
			 (struct slice){0});
	buf_release(&text);
	return -1;
}

/* Says what broke the file, and appends the record that says so. */
static int
say_broken(struct release *release, struct buf *to)
{
	struct source_error error = source_error(release->source);
	struct buf text = {0};

	if (error.what)
		release_say_where(release, error, &text);
	else
		buf_puts(&text, "cannot be read");
	put_broken(to, source_name(release->source), buf_cstr(&text));
	buf_release(&text);
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
	release->walk.level = LEVEL_DATASET;
	return source_expect(release->source, '{');
}

static int
take_fact(struct release *release, enum fact fact)
{
	struct place place = release_place(release);
	enum fact_level level = release->walk.level;
	struct slice value;
	const char *why;

	if (source_value(release->source, &value, NULL) < 0)
		return -1;
	if (release->read_ahead)
		return 0;
	why = facts_take(&release->facts, fact, level, value);
	if (why)
		return reject(release, why);
	if (release->contexts && facts_wants(&release->facts, fact, level))
		diag_say(&place,
			 "%s comes after the samples and is left out of them",
			 facts_key(fact));
	return 0;
}

/* Takes one member of the outer levels: 1 when the samples begin, 0, -1. */
static int
take_fact_member(struct release *release)
{
	struct slice key, value;
	enum fact fact;

	if (source_key(release->source, &release->key) < 0)
		return -1;
	key = buf_view(&release->key);
	if (slice_is(key, "samples"))
		return open_samples(release);
	if (slice_is(key, "dataset") && release->walk.level == LEVEL_ROOT)
		return open_dataset(release);
	if (facts_find(key, release->walk.level, &fact))
		return take_fact(release, fact);
	return source_value(release->source, &value, NULL);
}

/* Goes on to the samples: 1; 0 at the file's good end; -1. */
static int
walk_on(struct release *release)
{
	struct sample_walk *walk = &release->walk;
	int got = 0;

	while (got == 0) {
		got = source_next(release->source, '}',
				  &walk->begun[walk->level]);
		if (got > 0)
			got = take_fact_member(release);
		else if (got == 0 && walk->level == LEVEL_ROOT)
			return source_finish(release->source);
		else
			walk->level = LEVEL_ROOT;
	}
	return got;
}

/* Takes a sample, its key in release->key: 0, or -1. */
static int
take_value(struct release *release, struct slice *sample, bool *spaced)
{
	buf_reset(&release->key);
	if (release->walk.close == '}' &&
	    source_key(release->source, &release->key) < 0)
		return -1;
	return source_value(release->source, sample, spaced);
}

/* Takes the next sample: 1, 0 after the last, -1. */
static int
take_sample(struct release *release, struct slice *sample, bool *spaced)
{
	struct sample_walk *walk = &release->walk;
	int got =
		source_next(release->source, walk->close, &walk->samples_begun);

	if (got <= 0)
		return got;
	walk->at = source_at(release->source);
	return take_value(release, sample, spaced) < 0 ? -1 : 1;
}

static const char too_many[] = "more than 1000 labelsets";

/* Reads the whole file for its facts and comes back to the samples. */
static int
read_ahead(struct release *release)
{
	struct sample_walk samples = release->walk;
	struct labelsets keys = {0};
	struct slice sample, labels;
	bool bounded = true;
	int got;

	if (source_mark(release->source) < 0)
		return -1;
	/* Where no labelsets are listed, they are the keys of labels. */
	while (bounded && (got = take_sample(release, &sample, NULL)) > 0)
		if (json_find(sample, "labels", &labels))
			bounded = labelsets_add_keys(&keys, labels);
	if (bounded && got == 0)
		got = walk_on(release);
	if (!bounded ||
	    !facts_labelsets(&release->facts, &release->labelsets)) {
		labelsets_release(&keys);
		return reject(release, too_many);
	}
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
	*context = (struct context){0};
	buf_slice(&context->labelset, labelset);
	if (release->tails > TAILS_MOST)
		return;
	release_put_tail(release, context, &context->tail);
	release->tails += context->tail.len;
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
	if (!facts_complete(&release->facts, release->walk.level))
		return read_ahead(release);
	if (!facts_labelsets(&release->facts, &release->labelsets))
		return reject(release, too_many);
	return 0;
}

/* 0, or -1 with the message in `why` or, where that is empty, said. */
static int
begin_release(struct release *release, const struct release_choice *choice,
	      struct buf *to, struct buf *why)
{
	const struct source *source = release->source;

	if (no_release_tell(source_head(source), source_name(source), why))
		return -1;
	if (open_walk(release) < 0)
		return say_broken(release, to);
	return choose(release, choice, why);
}

struct release *
release_open(const char *operand, const struct release_choice *choice,
	     struct buf *to)
{
	struct release *release = xcalloc(1, sizeof(*release));
	struct buf why = {0};

	release->max_record = choice->max_record;
	release->source = source_open(operand, choice->max_record);
	if (!release->source)
		put_broken(to, operand, "cannot be read");
	else if (begin_release(release, choice, to, &why) == 0)
		return release;
	if (why.len) {
		struct place place = release_place(release);

		diag_say(&place, "%s", buf_cstr(&why));
		put_broken(to, place.stream, buf_cstr(&why));
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
		buf_release(&release->contexts[i].labelset);
		buf_release(&release->contexts[i].tail);
	}
	free(release->contexts);
	labelsets_release(&release->labelsets);
	facts_release(&release->facts);
	buf_release(&release->key);
	source_close(release->source);
	free(release);
}

unsigned long long
release_written(const struct release *release)
{
	return release->sample.index * release->context_count;
}

unsigned long long
release_failed(const struct release *release)
{
	return release->failed;
}

int
release_next(struct release *release, struct buf *to)
{
	struct slice text;
	int got = take_sample(release, &text, &release->sample.spaced);

	if (got == 0 && (got = walk_on(release)) > 0)
		got = reject(release, "duplicate key: samples");
	if (got < 0)
		return say_broken(release, to);
	if (got == 0)
		return 0;
	release_put_sample(release, text, to);
	release->sample.index++;
	return 1;
}

uint64_t
release_at(const struct release *release)
{
	return release->walk.at;
}

int
release_again(struct release *release, uint64_t at, uint64_t index,
	      struct buf *to)
{
	struct slice text;

	if (source_seek(release->source, at, release->walk.close) < 0)
		return -1;
	if (take_value(release, &text, &release->sample.spaced) < 0)
		return say_broken(release, to);
	release->again = true;
	release->sample.index = index;
	release_put_sample(release, text, to);
	return 0;
}

bool
release_put_info(const struct release *release, size_t at, struct buf *to)
{
	const struct labelsets *sets = &release->labelsets;
	size_t i;

	if (at >= release->context_count)
		return false;
	facts_put_release(&release->facts,
			  buf_view(&release->contexts[at].labelset), to);
	to->len--;
	buf_puts(to, ",\"labelsets\":[");
	for (i = 0; i < sets->count; i++) {
		buf_puts(to, i ? "," : "");
		json_put_string(to, buf_view(&sets->list[i]));
	}
	buf_puts(to, "]}\n");
	return true;
}

void
release_put_facts(const struct release *release, struct buf *to)
{
	size_t i, best = 0;

	for (i = 0; i < release->context_count; i++)
		if (slice_is(buf_view(&release->contexts[i].labelset),
			     "ground-truth"))
			best = i;
	facts_put_release(&release->facts,
			  buf_view(&release->contexts[best].labelset), to);
}
