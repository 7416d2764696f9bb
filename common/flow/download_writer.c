/*
 * Bodies on their way to disk: digested and written by a thread of their own,
 * while the transfers go on. What is shared with it is in this file.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "flow/download_parts.h"

enum {
	/* Bytes that may wait for the thread; then the caller does its work. */
	WAITING_MOST = 8 << 20,
	SPARES = 8 /* empty bodies kept for the next ones */
};

/* Parts in the order they came. */
struct line {
	struct part *first, **last;
};

struct writer {
	struct store *store;
	struct digest *digest;
	bool started, stops;
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t more;
	struct line waiting, done;
	size_t bytes;   /* of those waiting */
	size_t pending; /* put and not taken */
	struct buf spares[SPARES];
	size_t spare_count;
};

static void
join_line(struct line *line, struct part *part)
{
	part->next = NULL;
	*line->last = part;
	line->last = &part->next;
}

static struct part *
leave_line(struct line *line)
{
	struct part *part = line->first;

	if (!part)
		return NULL;
	line->first = part->next;
	if (!line->first)
		line->last = &line->first;
	return part;
}

struct writer *
writer_open(struct store *store)
{
	struct writer *writer = xcalloc(1, sizeof(*writer));

	writer->store = store;
	writer->digest = digest_open();
	writer->waiting.last = &writer->waiting.first;
	writer->done.last = &writer->done.first;
	pthread_mutex_init(&writer->lock, NULL);
	pthread_cond_init(&writer->more, NULL);
	return writer;
}

void
writer_digest(struct digest *digest, struct part *part, struct slice body)
{
	part->size = body.n;
	digest_reset(digest);
	digest_put(digest, body.p, body.n);
	digest_get(digest, part->sum);
}

/* Puts a part's body into a new file; part->error is 0 or an errno. */
static void
write_part(struct writer *writer, struct digest *digest, struct part *part)
{
	writer_digest(digest, part, buf_view(&part->body));
	part->file = store_create(writer->store);
	if (part->file && file_write(file_fd(part->file), part->body.data,
				     part->body.len) == 0)
		part->error_number = 0;
	else
		part->error_number = errno;
}

/* Keeps the memory of a body that was written; under the lock. */
static void
reclaim(struct writer *writer, struct part *part)
{
	if (writer->spare_count < SPARES) {
		buf_reset(&part->body);
		writer->spares[writer->spare_count++] = part->body;
		part->body = (struct buf){0};
	}
	buf_release(&part->body);
	join_line(&writer->done, part);
}

static void *
run_writer(void *argument)
{
	struct writer *writer = argument;
	struct digest *digest = digest_open();
	struct part *part;

	pthread_mutex_lock(&writer->lock);
	for (;;) {
		while (!writer->waiting.first && !writer->stops)
			pthread_cond_wait(&writer->more, &writer->lock);
		part = leave_line(&writer->waiting);
		if (!part)
			break;
		writer->bytes -= part->body.len;
		pthread_mutex_unlock(&writer->lock);
		write_part(writer, digest, part);
		pthread_mutex_lock(&writer->lock);
		reclaim(writer, part);
	}
	pthread_mutex_unlock(&writer->lock);
	digest_close(digest);
	return NULL;
}

static bool
has_thread(struct writer *writer)
{
	if (!writer->started)
		writer->started = pthread_create(&writer->thread, NULL,
						 run_writer, writer) == 0;
	return writer->started;
}

void
writer_put(struct writer *writer, struct part *part)
{
	bool thread = has_thread(writer), waits;

	pthread_mutex_lock(&writer->lock);
	writer->pending++;
	waits = thread && writer->bytes + part->body.len <= WAITING_MOST;
	if (waits) {
		writer->bytes += part->body.len;
		join_line(&writer->waiting, part);
		pthread_cond_signal(&writer->more);
	}
	pthread_mutex_unlock(&writer->lock);
	if (waits)
		return;
	write_part(writer, writer->digest, part);
	pthread_mutex_lock(&writer->lock);
	reclaim(writer, part);
	pthread_mutex_unlock(&writer->lock);
}

struct buf
writer_spare(struct writer *writer)
{
	struct buf spare = {0};

	pthread_mutex_lock(&writer->lock);
	if (writer->spare_count)
		spare = writer->spares[--writer->spare_count];
	pthread_mutex_unlock(&writer->lock);
	return spare;
}

struct part *
writer_take(struct writer *writer)
{
	struct part *part;

	pthread_mutex_lock(&writer->lock);
	part = leave_line(&writer->done);
	writer->pending -= part != NULL;
	pthread_mutex_unlock(&writer->lock);
	return part;
}

size_t
writer_pending(struct writer *writer)
{
	size_t pending;

	pthread_mutex_lock(&writer->lock);
	pending = writer->pending;
	pthread_mutex_unlock(&writer->lock);
	return pending;
}

void
writer_finish(struct writer *writer)
{
	if (!writer->started)
		return;
	pthread_mutex_lock(&writer->lock);
	writer->stops = true;
	pthread_cond_signal(&writer->more);
	pthread_mutex_unlock(&writer->lock);
	pthread_join(writer->thread, NULL);
	writer->started = false;
}

void
writer_close(struct writer *writer)
{
	if (!writer)
		return;
	writer_finish(writer);
	while (writer->spare_count)
		buf_release(&writer->spares[--writer->spare_count]);
	pthread_mutex_destroy(&writer->lock);
	pthread_cond_destroy(&writer->more);
	digest_close(writer->digest);
	free(writer);
}
