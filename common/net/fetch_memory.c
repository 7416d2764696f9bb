/* One job at a time, waited for. */
#include <pthread.h>

#include "net/fetch_parts.h"

/* Milliseconds; a wait ends when there is something to do. */
enum { A_WHILE = 1000 };

/* Of a job that is waited for: where its bytes go, and what came of it. */
struct waited {
	struct fetch *fetch;
	struct buf *to;
	bool done, failed, whole;
};

/* What of hosts that are down is said; never freed. */
struct down_text {
	struct down_text *next;
	struct buf text;
};

static struct down_text *down_texts;
static pthread_mutex_t down_lock = PTHREAD_MUTEX_INITIALIZER;

/* Of this thread's last URL; NULL where its host is not down. */
static _Thread_local const char *last_down;
static _Thread_local struct buf last_url;

/* Only one for each text. */
static const char *
intern_down(const char *host)
{
	struct buf text = {0};
	struct down_text *known;

	buf_printf(&text, "%s cannot be reached", host);
	pthread_mutex_lock(&down_lock);
	for (known = down_texts; known; known = known->next)
		if (slice_equal(buf_view(&known->text), buf_view(&text)))
			break;
	if (!known) {
		known = xcalloc(1, sizeof(*known));
		known->text = text;
		known->next = down_texts;
		down_texts = known;
		text = (struct buf){0};
	}
	pthread_mutex_unlock(&down_lock);
	buf_release(&text);
	return buf_cstr(&known->text);
}

const char *
fetch_down(struct slice url)
{
	return last_down && slice_equal(buf_view(&last_url), url) ? last_down
								  : NULL;
}

static void
remember(struct slice url, const char *down)
{
	last_down = down ? intern_down(down) : NULL;
	buf_reset(&last_url);
	if (down)
		buf_slice(&last_url, url);
	else
		buf_release(&last_url);
}

static void
end_waited(struct fetch_job *job, const struct fetch_result *result)
{
	struct waited *waited = job->context;
	struct buf *error = &waited->fetch->error;

	waited->done = true;
	waited->failed = result->error != NULL;
	waited->whole = result->whole;
	remember(job->url, result->down);
	buf_reset(error);
	if (result->error)
		buf_puts(error, result->error);
	else
		buf_slice(waited->to, result->body);
}

static const char *
run_to_end(struct fetch *fetch, struct fetch_job *job, struct waited *waited)
{
	job->done = end_waited;
	job->context = waited;
	fetch_add(fetch, job);
	while (!waited->done)
		fetch_run(fetch, A_WHILE, -1);
	return waited->failed ? buf_cstr(&fetch->error) : NULL;
}

const char *
fetch_memory(struct fetch *fetch, struct slice url, bool png, size_t max,
	     struct buf *to)
{
	struct fetch_job job = {.url = url, .png = png, .max_size = max};
	struct waited waited = {.fetch = fetch, .to = to};

	return run_to_end(fetch, &job, &waited);
}

const char *
fetch_head(struct fetch *fetch, struct slice url, size_t least, struct buf *to,
	   bool *whole)
{
	struct fetch_job job = {.url = url, .head = least};
	struct waited waited = {.fetch = fetch, .to = to};
	const char *error = run_to_end(fetch, &job, &waited);

	*whole = waited.whole;
	return error;
}
