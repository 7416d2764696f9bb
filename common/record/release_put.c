/* The records of a release's samples, and what is told of them. */
#include "record/record.h"
#include "record/release_parts.h"

struct place
release_place(const struct release *release)
{
	return (struct place){.stream = source_name(release->source)};
}

void
release_say_where(const struct release *release, struct source_error error,
		  struct buf *text)
{
	struct place place = release_place(release);

	place.line = error.line;
	buf_printf(text, "byte %llu", (unsigned long long)error.offset + 1);
	if (error.column)
		buf_printf(text, ", column %llu",
			   (unsigned long long)error.column);
	buf_printf(text, ": %s", error.what);
	if (!release->again)
		diag_say(&place, "%s", buf_cstr(text));
}

void
release_put_tail(const struct release *release, const struct context *context,
		 struct buf *to)
{
	if (context->tail.len) {
		buf_slice(to, buf_view(&context->tail));
		return;
	}
	buf_puts(to, ",\"release\":");
	facts_put_release(&release->facts, buf_view(&context->labelset), to);
	buf_puts(to, "}\n");
}

/* Names that are taken are left out of records; says so once for each. */
static void
warn_taken(struct release *release)
{
	const unsigned fresh = release->sample.taken & ~release->warned;
	struct place place = release_place(release);
	unsigned bit;

	for (bit = 0; fresh >> bit; bit++) {
		if (!(fresh >> bit & 1))
			continue;
		diag_say(
			&place,
			"samples have a member %s, left out: the name is taken",
			sample_taken(bit));
	}
	release->warned |= release->sample.taken;
}

/* Ends a record that sample_put has begun. */
static void
put_rest(const struct release *release, size_t at, struct buf *to)
{
	const struct context *context = &release->contexts[at];

	sample_put_label(&release->sample, buf_view(&context->labelset), to);
	release_put_tail(release, context, to);
}

/* Of a record that would be too long, puts that instead: false. */
static bool
keep_short(struct release *release, size_t from, struct buf *to)
{
	struct place place = release_place(release);
	struct buf index = {0};

	if (to->len - from <= release->max_record + 1)
		return true;
	buf_uint(&index, release->sample.index);
	to->len = from;
	record_put_too_long(to, &place, buf_view(&index), release->max_record);
	buf_release(&index);
	release->failed++;
	return false;
}

static void
put_records(struct release *release, struct buf *to)
{
	const struct sample *sample = &release->sample;
	size_t i, from, first = 0, common = 0;
	bool copied = false; /* what they have in common, from the first */

	for (i = 0; i < release->context_count; i++) {
		from = to->len;
		if (copied) {
			buf_reserve(to, common);
			buf_put(to, to->data + first, common);
		} else {
			sample_put(sample, to);
			first = from;
			common = to->len - from;
		}
		put_rest(release, i, to);
		copied |= keep_short(release, from, to);
	}
}

/* A sample that is none makes records with `error`. */
static void
put_failed(struct release *release, struct buf *to)
{
	const struct sample *sample = &release->sample;
	struct source_error error =
		source_locate(release->source, sample->trouble_at,
			      sample->trouble);
	struct buf record = {0}, text = {0};
	size_t i;

	release_say_where(release, error, &text);
	for (i = 0; i < release->context_count; i++) {
		buf_reset(&record);
		sample_put(sample, &record);
		put_rest(release, i, &record);
		record.len--; /* LF */
		record_put_error(to, buf_view(&record), buf_cstr(&text),
				 slice_of(""));
		release->failed++;
	}
	buf_release(&record);
	buf_release(&text);
}

void
release_put_sample(struct release *release, struct slice text, struct buf *to)
{
	struct sample *sample = &release->sample;

	sample->key = buf_view(&release->key);
	sample_open(sample, release->source, text,
		    release->labelsets.count <= 1);
	warn_taken(release);
	if (sample->trouble)
		put_failed(release, to);
	else
		put_records(release, to);
}
