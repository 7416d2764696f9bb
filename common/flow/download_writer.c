/*
 * Bodies on their way to disk: digested and written by a thread of their own,
 * while the transfers go on. What is shared with it is in this file.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/io.h"
#include "flow/download_parts.h"

enum {
	/* Bytes that may wait for the thread; then the caller does its work. */
	WAITING_MOST = 8 << 20,
	SPARES = 8 /* empty bodies kept for the next ones */
};

/* Parts in the order they came. */
struct line {
	struct download_file *first, **last;
};

struct download_writer {
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
join_line(struct line *line, struct download_file *target)
{
	target->next = NULL;
	*line->last = target;
	line->last = &target->next;
}

static struct download_file *
leave_line(struct line *line)
{
	struct download_file *target = line->first;

	if (!target)
		return NULL;
	line->first = target->next;
	if (!line->first)
		line->last = &line->first;
	return target;
}

struct download_writer *
download_writer_open(struct store *store)
{
	struct download_writer *writer = xcalloc(1, sizeof(*writer));

	writer->store = store;
	writer->digest = digest_open();
	writer->waiting.last = &writer->waiting.first;
	writer->done.last = &writer->done.first;
	pthread_mutex_init(&writer->lock, NULL);
	pthread_cond_init(&writer->more, NULL);
	return writer;
}

void
download_writer_digest(struct digest *digest, struct download_file *target,
		       struct slice body)
{
	target->size = body.n;
	digest_reset(digest);
	digest_put(digest, body.p, body.n);
	digest_get(digest, target->sum);
}

/* Puts a target's body into a new file; target->error is 0 or an errno. */
static void
write_part(struct download_writer *writer, struct digest *digest,
	   struct download_file *target)
{
	download_writer_digest(digest, target, buf_view(&target->body));
	target->file = store_create(writer->store);
	if (target->file && io_write(file_fd(target->file), target->body.data,
				     target->body.len) == 0)
		target->error_number = 0;
	else
		target->error_number = errno;
}

/* Keeps the memory of a body that was written; under the lock. */
static void
reclaim(struct download_writer *writer, struct download_file *target)
{
	if (writer->spare_count < SPARES) {
		buf_reset(&target->body);
		writer->spares[writer->spare_count++] = target->body;
		target->body = (struct buf){0};
	}
	buf_release(&target->body);
	join_line(&writer->done, target);
}

static void *
run_writer(void *argument)
{
	struct download_writer *writer = argument;
	struct digest *digest = digest_open();
	struct download_file *target;

	pthread_mutex_lock(&writer->lock);
	for (;;) {
		while (!writer->waiting.first && !writer->stops)
			pthread_cond_wait(&writer->more, &writer->lock);
		target = leave_line(&writer->waiting);
		if (!target)
			break;
		writer->bytes -= target->body.len;
		pthread_mutex_unlock(&writer->lock);
		write_part(writer, digest, target);
		pthread_mutex_lock(&writer->lock);
		reclaim(writer, target);
	}
	pthread_mutex_unlock(&writer->lock);
	digest_close(digest);
	return NULL;
}

static bool
has_thread(struct download_writer *writer)
{
	if (!writer->started)
		writer->started = pthread_create(&writer->thread, NULL,
						 run_writer, writer) == 0;
	return writer->started;
}

void
download_writer_put(struct download_writer *writer,
		    struct download_file *target)
{
	bool thread = has_thread(writer), waits;

	pthread_mutex_lock(&writer->lock);
	writer->pending++;
	waits = thread && writer->bytes + target->body.len <= WAITING_MOST;
	if (waits) {
		writer->bytes += target->body.len;
		join_line(&writer->waiting, target);
		pthread_cond_signal(&writer->more);
	}
	pthread_mutex_unlock(&writer->lock);
	if (waits)
		return;
	write_part(writer, writer->digest, target);
	pthread_mutex_lock(&writer->lock);
	reclaim(writer, target);
	pthread_mutex_unlock(&writer->lock);
}

struct buf
download_writer_spare(struct download_writer *writer)
{
	struct buf spare = {0};

	pthread_mutex_lock(&writer->lock);
	if (writer->spare_count)
		spare = writer->spares[--writer->spare_count];
	pthread_mutex_unlock(&writer->lock);
	return spare;
}

struct download_file *
download_writer_take(struct download_writer *writer)
{
	struct download_file *target;

	pthread_mutex_lock(&writer->lock);
	target = leave_line(&writer->done);
	writer->pending -= target != NULL;
	pthread_mutex_unlock(&writer->lock);
	return target;
}

size_t
download_writer_pending(struct download_writer *writer)
{
	size_t pending;

	pthread_mutex_lock(&writer->lock);
	pending = writer->pending;
	pthread_mutex_unlock(&writer->lock);
	return pending;
}

void
download_writer_finish(struct download_writer *writer)
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
download_writer_close(struct download_writer *writer)
{
	if (!writer)
		return;
	download_writer_finish(writer);
	while (writer->spare_count)
		buf_release(&writer->spares[--writer->spare_count]);
	pthread_mutex_destroy(&writer->lock);
	pthread_cond_destroy(&writer->more);
	digest_close(writer->digest);
	free(writer);
}
