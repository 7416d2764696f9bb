/* One job at a time, waited for. */
#include "net/fetch_parts.h"
#include "net/host_down.h"

/* Milliseconds; a wait ends when there is something to do. */
enum { A_WHILE = 1000 };

/* Of a job that is waited for: where its bytes go, and what came of it. */
struct waited {
	struct fetch *fetch;
	struct buf *to;
	bool done, failed, whole;
};

static void
end_waited(struct fetch_job *job, const struct fetch_result *result)
{
	struct waited *waited = job->context;
	struct buf *error = &waited->fetch->error;

	waited->done = true;
	waited->failed = result->error != NULL;
	waited->whole = result->whole;
	host_down_set(job->url, result->down);
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
