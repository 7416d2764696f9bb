#include "base/crew.h"
#include "base/out.h"
#include "base/sandbox.h"
#include "flow/pump_parts.h"
#include "net/host_down.h"
#include "record/no_record.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum verdict
pump_fail(const struct record *record, struct buf *to, struct slice url,
	  const char *format, ...)
{
	const char *cause = url.n ? host_down_get(url) : NULL;
	struct buf message = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&message, format, args);
	va_end(args);
	if (cause)
		diag_say_once(&record->place, cause, "%s", buf_cstr(&message));
	else
		diag_say(&record->place, "%s", buf_cstr(&message));
	buf_reset(to);
	record_put_error(to, record->line, buf_cstr(&message), url);
	buf_release(&message);
	return PUMP_FAILED;
}

static void
break_line(struct pump_line *item, const struct json_error *error,
	   struct buf *to)
{
	char message[256];

	snprintf(message, sizeof(message), "byte %zu of the line: %s",
		 error->offset + 1, error->what);
	diag_say(&item->place, "%s", message);
	item->broken = true;
	item->verdict = PUMP_FAILED;
	record_put_error(to, (struct slice){0}, message, (struct slice){0});
}

void
hand_open(struct hand *hand, const struct pump *pump)
{
	*hand = (struct hand){.pump = pump, .worker = pump->context};
	if (pump->worker_open)
		hand->worker = pump->worker_open(pump->context);
}

void
hand_close(struct hand *hand)
{
	if (hand->pump->worker_close)
		hand->pump->worker_close(hand->worker);
	record_release(&hand->record);
	buf_release(&hand->to);
}

/* Says that what comes is not records; the last word of the stream, too. */
static void
end_foreign(struct pump_line *item, struct buf *what, struct buf *to)
{
	struct place place = {.stream = item->place.stream};

	if (item->place.line > 1)
		place.line = item->place.line;
	diag_say(&place, "%s", buf_cstr(what));
	item->foreign = item->broken = true;
	item->verdict = PUMP_FAILED;
	record_put_error(to, (struct slice){0}, buf_cstr(what),
			 (struct slice){0});
}

/* False for a line that is a record. */
static bool
refuse_item(struct hand *hand, struct pump_line *item)
{
	struct record *record = &hand->record;
	struct json_error error = {0};
	struct buf what = {0};

	if (record_parse(record, item->line, &error) < 0) {
		if (no_object_tell(item->line, &item->place, &error, &what))
			end_foreign(item, &what, &hand->to);
		else
			break_line(item, &error, &hand->to);
		buf_release(&what);
		return true;
	}
	if (record_is_one(record))
		return false;
	no_record_tell(item->line, item->place.stream, &what);
	end_foreign(item, &what, &hand->to);
	buf_release(&what);
	return true;
}

/* The bytes of the longest of whole lines. */
static size_t
longest_line(struct slice lines)
{
	size_t longest = 0;

	while (lines.n) {
		const char *lf = memchr(lines.p, '\n', lines.n);
		size_t n = (size_t)(lf - lines.p);

		longest = n > longest ? n : longest;
		lines.p += n + 1;
		lines.n -= n + 1;
	}
	return longest;
}

/* Fails a record that has become too long for the next program. */
static bool
keep_short(const struct pump *pump, const struct record *record, struct buf *to)
{
	if ((pump->take && !pump->takes_records) ||
	    to->len <= pump->max_record ||
	    longest_line(buf_view(to)) <= pump->max_record)
		return true;
	buf_reset(to);
	record_put_too_long(to, &record->place, record->index,
			    pump->max_record);
	return false;
}

static void
process_item(struct hand *hand, struct pump_line *item)
{
	struct record *record = &hand->record;

	buf_reset(&hand->to);
	record->place = item->place;
	if (refuse_item(hand, item))
		return;
	item->had_error = record->error.p != NULL;
	item->marker = item->had_error && !record->index.p &&
		       !record->release.p && !record->name.p;
	item->verdict = PUMP_PASS;
	if (!hand->pump->needs_release)
		no_release_warn(record);
	if (!item->had_error || hand->pump->sees_failed)
		item->verdict =
			hand->pump->work(hand->worker, record, &hand->to);
	if (!keep_short(hand->pump, record, &hand->to))
		item->verdict = PUMP_FAILED;
}

void
batch_process(struct hand *hand, struct batch *batch)
{
	size_t i;

	buf_reset(&batch->out);
	buf_reset(&batch->messages);
	batch->ended = false;
	diag_capture(&batch->messages);
	for (i = 0; i < batch->count && !batch->ended; i++) {
		struct pump_line *item = &batch->items[i];

		item->broken = item->had_error = false;
		item->foreign = item->marker = false;
		process_item(hand, item);
		batch->ended = item->foreign;
		if (item->verdict == PUMP_WRITE || item->verdict == PUMP_FAILED)
			buf_slice(&batch->out, buf_view(&hand->to));
		item->out_end = batch->out.len;
	}
	if (batch->ended)
		batch->count = i;
	diag_capture(NULL);
}

static void
drain_raise(struct drain *drain, int status)
{
	if (drain->status < status)
		drain->status = status;
}

static uint64_t
count_lines(struct slice lines)
{
	const char *p = lines.p, *end = p + lines.n;
	uint64_t n = 0;

	for (; p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
		n++;
	return n;
}

/* Hands lines, each with LF, to the program or to stdout. */
static void
drain_lines(struct drain *drain, struct slice lines,
	    const struct pump_line *item)
{
	const struct pump *pump = drain->pump;

	if (!pump->take) {
		out_put(drain->out, lines);
		if (item->verdict == PUMP_WRITE)
			drain->outcome->out[0].n += count_lines(lines);
		return;
	}
	while (lines.n && !drain->stopped) {
		const char *lf = memchr(lines.p, '\n', lines.n);
		struct slice line = {lines.p, (size_t)(lf - lines.p)};

		if (pump->take(pump->context, line, &item->place) != 0)
			drain->stopped = true;
		lines.p += line.n + 1;
		lines.n -= line.n + 1;
	}
}

static void
drain_passed(struct drain *drain, const struct pump_line *item)
{
	const struct pump *pump = drain->pump;

	if (pump->take) {
		if (pump->take(pump->context, item->line, &item->place) != 0)
			drain->stopped = true;
	} else if (item->whole.n) {
		out_borrow(drain->out, item->whole);
	} else {
		out_put(drain->out, item->line);
		out_put(drain->out, slice_of("\n"));
	}
}

static void
count_item(struct drain *drain, const struct pump_line *item)
{
	struct outcome *outcome = drain->outcome;
	const char *why = drain->pump->drops;
	bool failed = item->verdict == PUMP_FAILED;

	outcome->in += !item->marker && !item->foreign;
	outcome->failed += failed && !item->foreign;
	outcome->before += item->had_error && !failed;
	if (item->verdict == PUMP_DROP && why)
		outcome_left_out(outcome, why, 1);
	else if (!drain->pump->take && item->verdict == PUMP_PASS)
		outcome->out[0].n++;
}

static void
drain_item(struct drain *drain, const struct pump_line *item,
	   struct slice lines)
{
	bool failed = item->verdict == PUMP_FAILED || item->had_error;

	count_item(drain, item);
	if (item->broken)
		drain_raise(drain, STATUS_FATAL);
	if (item->verdict == PUMP_FAILED ||
	    (failed && drain->pump->drops_failed))
		drain_raise(drain, STATUS_FAILED);
	drain->pump->failed += failed;
	if (failed && drain->pump->drops_failed)
		return;
	if (item->verdict == PUMP_PASS)
		drain_passed(drain, item);
	else
		drain_lines(drain, lines, item);
}

/* How far it is, for who waits. */
static void
drain_progress(struct drain *drain)
{
	struct buf text = {0};

	if (!progress_due(&drain->progress))
		return;
	progress_put_records(&drain->progress, drain->outcome->in, &text);
	progress_put_input(&drain->progress, &text);
	progress_show(buf_view(&text));
	buf_release(&text);
}

void
drain_batch(struct drain *drain, const struct batch *batch)
{
	size_t i, at = 0;

	diag_show(buf_view(&batch->messages));
	for (i = 0; i < batch->count && !drain->stopped; i++) {
		const struct pump_line *item = &batch->items[i];
		struct slice lines = {batch->out.data + at, item->out_end - at};

		drain_item(drain, item, lines);
		at = item->out_end;
	}
	if (drain->out && out_failed(drain->out))
		drain->stopped = true;
	drain->foreign = batch->ended;
	drain_progress(drain);
}

void
drain_broken(struct drain *drain)
{
	struct buf record = {0};

	drain_raise(drain, STATUS_FATAL);
	if (!drain->out)
		return;
	record_put_broken_off(&record);
	out_put(drain->out, buf_view(&record));
	buf_release(&record);
}

/* Drains what else takes the place of a record, piece by piece. */
static void
drain_more(struct drain *drain, struct hand *hand, const struct pump_line *item)
{
	if (!hand->pump->more || item->verdict != PUMP_WRITE)
		return;
	while (!drain->stopped) {
		buf_reset(&hand->to);
		if (!hand->pump->more(hand->worker, &hand->to))
			break;
		if (!keep_short(hand->pump, &hand->record, &hand->to))
			drain_raise(drain, STATUS_FAILED);
		drain_lines(drain, buf_view(&hand->to), item);
		drain->stopped |= drain->out && out_failed(drain->out);
	}
}

/* One worker, on the calling thread; nothing is copied that only passes. */
static void
run_inline(struct pump *pump, struct lines *lines, struct drain *drain)
{
	struct batch batch = {.count = 1};
	struct pump_line *item = &batch.items[0];
	struct hand hand;
	int got = 1;

	hand_open(&hand, pump);
	while (!drain->stopped && !drain->foreign && !pump->ended) {
		if (drain->out && !lines_ready(lines))
			out_flush(drain->out);
		got = lines_next(lines, &item->line, &item->place);
		if (got <= 0)
			break;
		if (!lines_whole(lines, &item->whole))
			item->whole = (struct slice){0};
		batch.count = 1;
		batch_process(&hand, &batch);
		drain_batch(drain, &batch);
		drain_more(drain, &hand, item);
	}
	if (got < 0)
		drain_broken(drain);
	hand_close(&hand);
	buf_release(&batch.out);
	buf_release(&batch.messages);
}

/* Lets the program say what all records taken together tell. */
static void
drain_end(struct drain *drain)
{
	const struct pump *pump = drain->pump;
	const struct pump_line none = {0};
	struct buf lines = {0};

	if (!pump->end || pump->ended || drain->stopped ||
	    drain->status == STATUS_FATAL)
		return;
	drain_raise(drain, pump->end(pump->context, &lines));
	drain_lines(drain, buf_view(&lines), &none);
	buf_release(&lines);
}

int
pump_run(struct pump *pump, char *const *operands)
{
	unsigned jobs = pump->jobs ? pump->jobs : crew_processors();
	struct lines *lines;
	struct outcome none = {0};
	struct drain drain = {
		.pump = pump,
		.outcome = pump->outcome ? pump->outcome : &none,
		.status = STATUS_OK,
	};

	sandbox_enter();
	if (!pump->max_record)
		pump->max_record = RECORD_MAX;
	lines = lines_open(operands, pump->max_record);
	if (!pump->take)
		outcome_out(drain.outcome, "records", 0);
	if (!pump->take)
		drain.out = out_open(STDOUT_FILENO, "<stdout>");
	progress_begin(&drain.progress, drain.outcome->quiet, operands);
	if (jobs == 1 || pump->more || !ring_run(pump, lines, &drain, jobs))
		run_inline(pump, lines, &drain);
	progress_end(&drain.progress);
	drain_end(&drain);
	if (drain.out && out_close_stdout(drain.out) < 0)
		drain_raise(&drain, STATUS_FATAL);
	if (drain.stopped)
		drain_raise(&drain, STATUS_FATAL);
	lines_close(lines);
	return drain.status;
}
