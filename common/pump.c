#include "pump.h"

#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	BATCH_LINES = 8,
	BATCH_BYTES = 1 << 18,
};

/* One line's way through the pump. */
struct item {
	struct slice line; /* before: in the window or the batch's text */
	struct place place;
	struct slice whole;   /* the line with its LF, or empty */
	enum verdict verdict; /* after */
	bool broken;          /* no record */
	bool had_error;       /* its `error` came with it */
	size_t out_end;       /* where its result ends in the batch's out */
};

/* Lines that go to a worker together, and what came of them. */
struct batch {
	struct item items[BATCH_LINES];
	size_t count;
	struct buf text; /* the lines, where they had to be copied */
	struct buf out;
	struct buf messages;
};

/* What a thread that works on records has. */
struct hand {
	const struct pump *pump;
	void *worker;
	struct record record;
	struct buf to;
};

/* What is written, and how it went; belongs to the calling thread. */
struct drain {
	struct pump *pump;
	struct out *out;
	int status;
	bool stopped; /* by a failure to write */
	bool ended;   /* by the program: no more is wanted */
};

unsigned
pump_processors(void)
{
	cpu_set_t set;
	int n = 1;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = CPU_COUNT(&set);
	return n > 0 ? (unsigned)n : 1;
}

enum verdict
pump_fail(const struct record *record, struct buf *to, struct slice url,
	  const char *format, ...)
{
	struct buf message = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&message, format, args);
	va_end(args);
	diag_say(&record->place, "%s", buf_cstr(&message));
	buf_reset(to);
	record_put_error(to, record->line, buf_cstr(&message), url);
	buf_release(&message);
	return PUMP_FAILED;
}

static void
break_item(struct item *item, const struct json_error *error, struct buf *to)
{
	char message[256];

	snprintf(message, sizeof(message), "byte %zu of the line: %s",
		 error->offset + 1, error->what);
	diag_say(&item->place, "%s", message);
	item->broken = true;
	item->verdict = PUMP_FAILED;
	record_put_error(to, (struct slice){0}, message, (struct slice){0});
}

static void
hand_open(struct hand *hand, const struct pump *pump)
{
	*hand = (struct hand){.pump = pump, .worker = pump->context};
	if (pump->worker_open)
		hand->worker = pump->worker_open(pump->context);
}

static void
hand_close(struct hand *hand)
{
	if (hand->pump->worker_close)
		hand->pump->worker_close(hand->worker);
	record_release(&hand->record);
	buf_release(&hand->to);
}

static void
process_item(struct hand *hand, struct item *item)
{
	struct record *record = &hand->record;
	struct json_error error = {0};

	buf_reset(&hand->to);
	record->place = item->place;
	if (record_parse(record, item->line, &error) < 0) {
		break_item(item, &error, &hand->to);
		return;
	}
	item->had_error = record->error.p != NULL;
	item->verdict = PUMP_PASS;
	if (!item->had_error || hand->pump->sees_failed)
		item->verdict =
			hand->pump->work(hand->worker, record, &hand->to);
}

static void
process_batch(struct hand *hand, struct batch *batch)
{
	size_t i;

	buf_reset(&batch->out);
	buf_reset(&batch->messages);
	diag_capture(&batch->messages);
	for (i = 0; i < batch->count; i++) {
		struct item *item = &batch->items[i];

		item->broken = item->had_error = false;
		process_item(hand, item);
		if (item->verdict == PUMP_WRITE || item->verdict == PUMP_FAILED)
			buf_slice(&batch->out, buf_view(&hand->to));
		item->out_end = batch->out.len;
	}
	diag_capture(NULL);
}

static void
raise_status(struct drain *drain, int status)
{
	if (drain->status < status)
		drain->status = status;
}

/* Hands lines, each with LF, to the program or to stdout. */
static void
drain_lines(struct drain *drain, struct slice lines, const struct item *item)
{
	const struct pump *pump = drain->pump;

	if (!pump->take) {
		out_put(drain->out, lines);
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
drain_passed(struct drain *drain, const struct item *item)
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
drain_item(struct drain *drain, const struct item *item, struct slice lines)
{
	bool failed = item->verdict == PUMP_FAILED || item->had_error;

	if (item->broken)
		raise_status(drain, STATUS_FATAL);
	if (item->verdict == PUMP_FAILED ||
	    (failed && drain->pump->drops_failed))
		raise_status(drain, STATUS_FAILED);
	drain->pump->failed += failed;
	drain->ended |= item->verdict == PUMP_END;
	if (failed && drain->pump->drops_failed)
		return;
	if (item->verdict == PUMP_PASS)
		drain_passed(drain, item);
	else
		drain_lines(drain, lines, item);
}

static void
drain_batch(struct drain *drain, const struct batch *batch)
{
	size_t i, at = 0;

	diag_show(buf_view(&batch->messages));
	for (i = 0; i < batch->count && !drain->stopped; i++) {
		const struct item *item = &batch->items[i];
		struct slice lines = {batch->out.data + at, item->out_end - at};

		drain_item(drain, item, lines);
		at = item->out_end;
	}
	if (drain->out && out_failed(drain->out))
		drain->stopped = true;
}

/* One worker, on the calling thread; nothing is copied that only passes. */
static void
run_inline(struct pump *pump, struct lines *lines, struct drain *drain)
{
	struct batch batch = {.count = 1};
	struct item *item = &batch.items[0];
	struct hand hand;
	int got = 1;

	hand_open(&hand, pump);
	while (!drain->stopped && !drain->ended) {
		if (drain->out && !lines_ready(lines))
			out_flush(drain->out);
		got = lines_next(lines, &item->line, &item->place);
		if (got <= 0)
			break;
		if (!lines_whole(lines, &item->whole))
			item->whole = (struct slice){0};
		process_batch(&hand, &batch);
		drain_batch(drain, &batch);
	}
	if (got < 0)
		raise_status(drain, STATUS_FATAL);
	hand_close(&hand);
	buf_release(&batch.out);
	buf_release(&batch.messages);
}

/*
 * The ring that reader, workers and the calling thread share. Batches are
 * numbered as they are read; number i stands in slots[i % size]. At any time
 * drained <= taken <= read <= drained + size, and those from drained to taken
 * are with workers, or done.
 */
struct ring {
	struct pump *pump;
	struct lines *lines;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t size;
	size_t read;    /* batches filled so far */
	size_t taken;   /* batches given to workers so far */
	size_t drained; /* batches written so far */
	bool ended;     /* nothing more will be read */
	bool broken;    /* input could not be read */
	struct slot {
		struct batch batch;
		bool done;
	} slots[];
};

static struct slot *
slot_of(struct ring *ring, size_t number)
{
	return &ring->slots[number % ring->size];
}

/* Reads lines into a batch until it is full or reading might block. */
static int
fill_batch(struct lines *lines, struct batch *batch)
{
	size_t at = 0, i;
	int got = 1;

	batch->count = 0;
	buf_reset(&batch->text);
	while (batch->count < BATCH_LINES && batch->text.len < BATCH_BYTES) {
		struct item *item = &batch->items[batch->count];

		if (batch->count && !lines_ready(lines))
			break;
		got = lines_next(lines, &item->line, &item->place);
		if (got <= 0)
			break;
		buf_slice(&batch->text, item->line);
		item->whole = (struct slice){0};
		batch->count++;
	}
	for (i = 0; i < batch->count; i++) {
		batch->items[i].line.p = batch->text.data + at;
		at += batch->items[i].line.n;
	}
	return got;
}

/* Waits until a batch may be read; false when the run is over. */
static bool
await_room(struct ring *ring, struct slot **slot)
{
	bool open;

	pthread_mutex_lock(&ring->lock);
	while (!ring->ended && ring->read - ring->drained == ring->size)
		pthread_cond_wait(&ring->changed, &ring->lock);
	open = !ring->ended;
	*slot = slot_of(ring, ring->read);
	pthread_mutex_unlock(&ring->lock);
	return open;
}

static void *
read_batches(void *argument)
{
	struct ring *ring = argument;
	struct slot *slot;
	int got = 1, state;

	/* It may be cancelled where it reads, but not while it has the lock. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	while (got > 0 && await_room(ring, &slot)) {
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
		got = fill_batch(ring->lines, &slot->batch);
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
		pthread_mutex_lock(&ring->lock);
		slot->done = false;
		ring->read += slot->batch.count > 0;
		ring->ended |= got <= 0;
		ring->broken |= got < 0;
		pthread_cond_broadcast(&ring->changed);
		pthread_mutex_unlock(&ring->lock);
	}
	return NULL;
}

/* Waits for a batch to work on; NULL when there will be none. */
static struct slot *
take_batch(struct ring *ring)
{
	struct slot *slot = NULL;

	pthread_mutex_lock(&ring->lock);
	while (ring->taken == ring->read && !ring->ended)
		pthread_cond_wait(&ring->changed, &ring->lock);
	if (ring->taken < ring->read)
		slot = slot_of(ring, ring->taken++);
	pthread_mutex_unlock(&ring->lock);
	return slot;
}

static void *
work_batches(void *argument)
{
	struct ring *ring = argument;
	struct hand hand;
	struct slot *slot;

	hand_open(&hand, ring->pump);
	while ((slot = take_batch(ring)) != NULL) {
		process_batch(&hand, &slot->batch);
		pthread_mutex_lock(&ring->lock);
		slot->done = true;
		pthread_cond_broadcast(&ring->changed);
		pthread_mutex_unlock(&ring->lock);
	}
	hand_close(&hand);
	return NULL;
}

/* True when the next batch in input order is done, or all are. */
static bool
has_result(struct ring *ring)
{
	if (ring->drained == ring->read)
		return ring->ended;
	return slot_of(ring, ring->drained)->done;
}

/* Waits for the next batch in input order; NULL after the last one. */
static struct slot *
await_result(struct ring *ring, struct drain *drain)
{
	struct slot *slot = NULL;
	bool ready;

	pthread_mutex_lock(&ring->lock);
	ready = has_result(ring);
	pthread_mutex_unlock(&ring->lock);
	if (!ready && drain->out)
		out_flush(drain->out);
	pthread_mutex_lock(&ring->lock);
	while (!has_result(ring))
		pthread_cond_wait(&ring->changed, &ring->lock);
	if (ring->drained < ring->read)
		slot = slot_of(ring, ring->drained);
	pthread_mutex_unlock(&ring->lock);
	return slot;
}

static void
end_slot(struct ring *ring, bool stop)
{
	pthread_mutex_lock(&ring->lock);
	ring->drained++;
	ring->ended |= stop;
	pthread_cond_broadcast(&ring->changed);
	pthread_mutex_unlock(&ring->lock);
}

static struct ring *
ring_open(struct pump *pump, struct lines *lines, unsigned jobs)
{
	size_t size = 4 * (size_t)jobs;
	struct ring *ring =
		xcalloc(1, sizeof(*ring) + size * sizeof(ring->slots[0]));

	ring->pump = pump;
	ring->lines = lines;
	ring->size = size;
	pthread_mutex_init(&ring->lock, NULL);
	pthread_cond_init(&ring->changed, NULL);
	return ring;
}

static void
ring_close(struct ring *ring)
{
	size_t i;

	for (i = 0; i < ring->size; i++) {
		struct batch *batch = &ring->slots[i].batch;

		buf_release(&batch->text);
		buf_release(&batch->out);
		buf_release(&batch->messages);
	}
	pthread_mutex_destroy(&ring->lock);
	pthread_cond_destroy(&ring->changed);
	free(ring);
}

static void
start_thread(pthread_t *thread, void *(*run)(void *), void *argument)
{
	int failed = pthread_create(thread, NULL, run, argument);

	if (failed)
		diag_die(NULL, "cannot start a thread: %s", strerror(failed));
}

static void
run_threads(struct pump *pump, struct lines *lines, struct drain *drain,
	    unsigned jobs)
{
	struct ring *ring = ring_open(pump, lines, jobs);
	pthread_t reader, *workers = xcalloc(jobs, sizeof(*workers));
	struct slot *slot;
	unsigned i;

	start_thread(&reader, read_batches, ring);
	for (i = 0; i < jobs; i++)
		start_thread(&workers[i], work_batches, ring);
	while (!drain->stopped && (slot = await_result(ring, drain)) != NULL) {
		drain_batch(drain, &slot->batch);
		end_slot(ring, drain->stopped);
	}
	/* A reader that waits for input would never see that it is over. */
	if (drain->stopped)
		pthread_cancel(reader);
	pthread_join(reader, NULL);
	for (i = 0; i < jobs; i++)
		pthread_join(workers[i], NULL);
	if (ring->broken)
		raise_status(drain, STATUS_FATAL);
	free(workers);
	ring_close(ring);
}

int
pump_run(struct pump *pump, char *const *operands)
{
	size_t max = pump->max_record ? pump->max_record : RECORD_MAX;
	unsigned jobs = pump->jobs ? pump->jobs : pump_processors();
	struct lines *lines = lines_open(operands, max);
	struct drain drain = {.pump = pump, .status = STATUS_OK};

	if (!pump->take)
		drain.out = out_open(STDOUT_FILENO, "<stdout>");
	if (jobs == 1)
		run_inline(pump, lines, &drain);
	else
		run_threads(pump, lines, &drain, jobs);
	if (drain.stopped || (drain.out && out_close_stdout(drain.out) < 0))
		raise_status(&drain, STATUS_FATAL);
	lines_close(lines);
	return drain.status;
}
