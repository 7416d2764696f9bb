/* The pump with several workers: a ring of batches between threads. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/ending.h"
#include "base/out.h"
#include "flow/pump_parts.h"

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
	size_t read;       /* batches filled so far */
	size_t lines_read; /* the reader's own: lines in them */
	size_t taken;      /* batches given to workers so far */
	size_t drained;    /* batches written so far */
	bool ended;        /* nothing more will be read */
	bool broken;       /* input could not be read */
	struct buf said;   /* the reader's last messages: why */
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

/*
 * The lines of the next batch: few at first, so that a short input is spread
 * over all workers and none has much left when the others are done; then more,
 * so that small records cost little to hand over.
 */
static size_t
batch_lines(const struct ring *ring)
{
	size_t share = ring->lines_read / (4 * ring->size);

	if (share > BATCH_LINES)
		return BATCH_LINES;
	return share ? share : 1;
}

/* Reads up to `most` lines into a batch, fewer where reading might block. */
static int
fill_batch(struct lines *lines, struct batch *batch, size_t most)
{
	size_t at = 0, i;
	int got = 1;

	batch->count = 0;
	buf_reset(&batch->text);
	while (batch->count < most && batch->text.len < BATCH_BYTES) {
		struct pump_line *item = &batch->items[batch->count];

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
	size_t most;
	int got = 1, state;

	/* It may be cancelled where it reads, but not while it has the lock. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	diag_capture(&ring->said);
	while (got > 0 && await_room(ring, &slot)) {
		most = batch_lines(ring);
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
		got = fill_batch(ring->lines, &slot->batch, most);
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
		ring->lines_read += slot->batch.count;
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
		batch_process(&hand, &slot->batch);
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

/* Gives back the memory of a batch of large records. */
static void
trim(struct buf *buf)
{
	if (buf->cap > 2 * BATCH_BYTES)
		buf_release(buf);
}

static void
end_slot(struct ring *ring, bool stop)
{
	struct batch *batch = &slot_of(ring, ring->drained)->batch;

	trim(&batch->text);
	trim(&batch->out);
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
	buf_release(&ring->said);
	pthread_mutex_destroy(&ring->lock);
	pthread_cond_destroy(&ring->changed);
	free(ring);
}

/* Starts workers, fewer where there is no room for all: their number. */
static unsigned
start_workers(struct ring *ring, pthread_t *workers, unsigned jobs)
{
	unsigned n = 0;

	while (n < jobs &&
	       pthread_create(&workers[n], NULL, work_batches, ring) == 0)
		n++;
	return n;
}

static void
stop_workers(struct ring *ring, pthread_t *workers, unsigned count)
{
	pthread_mutex_lock(&ring->lock);
	ring->ended = true;
	pthread_cond_broadcast(&ring->changed);
	pthread_mutex_unlock(&ring->lock);
	while (count)
		pthread_join(workers[--count], NULL);
}

bool
ring_run(struct pump *pump, struct lines *lines, struct drain *drain,
	 unsigned jobs)
{
	struct ring *ring = ring_open(pump, lines, jobs);
	pthread_t reader, *workers = xcalloc(jobs, sizeof(*workers));
	struct slot *slot;
	unsigned count;
	sigset_t before;
	bool started;

	/* Signals are for the thread that writes. */
	ending_block(&before);
	count = start_workers(ring, workers, jobs);
	started =
		count && pthread_create(&reader, NULL, read_batches, ring) == 0;
	ending_unblock(&before);
	while (started && !drain->stopped && !drain->foreign &&
	       (slot = await_result(ring, drain)) != NULL) {
		drain_batch(drain, &slot->batch);
		end_slot(ring, drain->stopped || drain->foreign);
	}
	if (started) {
		/* A reader that waits for input would not see the end. */
		if (drain->stopped || drain->foreign)
			pthread_cancel(reader);
		pthread_join(reader, NULL);
	}
	stop_workers(ring, workers, count);
	diag_show(buf_view(&ring->said));
	if (ring->broken && !drain->foreign)
		drain_broken(drain);
	free(workers);
	ring_close(ring);
	return started;
}
