/* Jobs: which is tried when, and again. */
#include "net/fetch.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/sandbox.h"
#include "net/fetch_parts.h"

enum {
	BACKOFF_LONGEST = 60000, /* milliseconds between two tries */
	RATE_BURST = 100, /* milliseconds of the rate that may be saved */
	HOSTS_KEPT = 64,  /* where nobody asks them any more */
	/* bytes that a try must bring not to be counted, where more may come */
	PIECE_LEAST = 1 << 20,
	IDLE_WAIT = 1000 /* milliseconds, where nothing says less */
};

/* A server: how many transfers it has, and when it may be asked again. */
struct host {
	struct host *next;
	char *name;
	size_t users; /* tasks that are to ask it */
	size_t active;
	int64_t not_before;
	bool down; /* a job has tried in vain; others do not try so often */
};

void
fetch_options_init(struct fetch_options *options)
{
	*options = (struct fetch_options){
		.jobs = 16,
		.retries = 4,
		.timeout = 30,
		.backoff = 0.5,
		.max_size = (uint64_t)256 << 20,
	};
}

static void
open_multi(struct fetch *fetch)
{
	long jobs = (long)fetch->options.jobs;

	fetch->multi = curl_multi_init();
	if (!fetch->multi)
		mem_exhausted();
	curl_multi_setopt(fetch->multi, CURLMOPT_MAXCONNECTS, jobs);
	curl_multi_setopt(fetch->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, jobs);
}

struct fetch *
fetch_open(const struct fetch_options *options)
{
	struct fetch *fetch;

	sandbox_allow_network();
	if (curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK) {
		diag_say(NULL, "libcurl cannot start");
		return NULL;
	}
	fetch = xcalloc(1, sizeof(*fetch));
	fetch->options = *options;
	fetch->idle = xcalloc(options->jobs, sizeof(*fetch->idle));
	fetch->idle_count = options->jobs; /* none of them opened yet */
	fetch->last = &fetch->waiting;
	fetch->refilled = clock_ms();
	fetch->random = (uint64_t)clock_ms() ^ (uint64_t)getpid() << 32;
	open_multi(fetch);
	if (!options->header_file)
		return fetch;
	fetch->headers = header_file_open(options->header_file);
	if (fetch->headers)
		return fetch;
	fetch_close(fetch);
	return NULL;
}

static struct host *
use_host(struct fetch *fetch, const struct buf *name)
{
	struct host *host = fetch->hosts;

	while (host && !slice_is(buf_view(name), host->name))
		host = host->next;
	if (!host) {
		host = xcalloc(1, sizeof(*host));
		host->name = slice_dup(buf_view(name));
		host->next = fetch->hosts;
		fetch->hosts = host;
		fetch->host_count++;
	}
	host->users++;
	return host;
}

static void
leave_host(struct fetch *fetch, struct host *host)
{
	struct host **at = &fetch->hosts;

	/* That one is down is kept in mind, but not of any number of them. */
	if (!host || --host->users ||
	    (host->down && fetch->host_count <= HOSTS_KEPT))
		return;
	fetch->host_count--;
	while (*at && *at != host)
		at = &(*at)->next;
	if (*at)
		*at = host->next;
	free(host->name);
	free(host);
}

static void
free_task(struct task *task)
{
	leave_host(task->fetch, task->host);
	request_release(&task->request);
	buf_release(&task->error);
	buf_release(&task->etag);
	gunzip_close(task->gunzip);
	free(task);
}

/* Ends a job, and tells its owner. */
static void
finish(struct task *task, enum try_end outcome)
{
	struct fetch_job *job = task->job;

	if (outcome != TRY_DONE)
		task->result.error = buf_cstr(&task->error);
	if (task->unreachable && task->host)
		task->result.down = task->host->name;
	job->done(job, &task->result);
	transfer_end(task);
	task->fetch->pending--;
}

/* Appends to those that wait, whose order decides who is next. */
static void
wait_in_line(struct task *task)
{
	struct fetch *fetch = task->fetch;

	task->next = NULL;
	*fetch->last = task;
	fetch->last = &task->next;
	fetch->held += task->file >= 0;
}

/* Takes the one that `at` points to out of the line. */
static struct task *
leave_line(struct fetch *fetch, struct task **at)
{
	struct task *task = *at;

	*at = task->next;
	if (!*at)
		fetch->last = at;
	fetch->held -= task->file >= 0;
	return task;
}

void
fetch_add(struct fetch *fetch, struct fetch_job *job)
{
	struct task *task = xcalloc(1, sizeof(*task));

	task->fetch = fetch;
	task->job = job;
	task->file = -1;
	fetch->pending++;
	if (request_make(fetch, job->url, NULL, &task->request, &task->error))
		task->host = use_host(fetch, &task->request.host);
	wait_in_line(task);
}

size_t
fetch_pending(const struct fetch *fetch)
{
	return fetch->pending;
}

uint64_t
fetch_received(const struct fetch *fetch)
{
	return fetch->received;
}

void
fetch_wake(struct fetch *fetch)
{
	curl_multi_wakeup(fetch->multi);
}

/* A number in [0.5, 1), other each time: xorshift by G. Marsaglia. */
static double
jitter(struct fetch *fetch)
{
	uint64_t x = fetch->random | 1;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	fetch->random = x;
	return 0.5 + (double)(x >> 12) / (double)((uint64_t)1 << 53);
}

/* Puts a failed task off; each time about twice as long. */
static void
back_off(struct task *task)
{
	struct fetch *fetch = task->fetch;
	double wait = fetch->options.backoff * 1000 * jitter(fetch);
	unsigned i;

	for (i = 1; i < task->tries && wait < BACKOFF_LONGEST; i++)
		wait *= 2;
	if (wait > BACKOFF_LONGEST)
		wait = BACKOFF_LONGEST;
	task->not_before = clock_ms() + (int64_t)wait + task->pause;
	if (task->overloaded && task->host->not_before < task->not_before)
		task->host->not_before = task->not_before;
}

static void
return_transfer(struct task *task)
{
	struct fetch *fetch = task->fetch;
	struct task **at = &fetch->running;

	while (*at && *at != task)
		at = &(*at)->next;
	if (*at)
		*at = task->next;
	task->host->active--;
	fetch->idle[fetch->idle_count++] = task->transfer;
	task->transfer = NULL;
}

/* What becomes of a task after a try. */
static void
settle(struct task *task, enum try_end outcome)
{
	struct fetch *fetch = task->fetch;
	struct host *old = task->host;
	unsigned retries =
		task->unreachable && old->down ? 0 : fetch->options.retries;

	if (!task->unreachable)
		old->down = false;
	/* What comes in pieces comes. */
	if (task->etag.len && task->size >= task->resumes + PIECE_LEAST)
		task->tries = 0;
	if (outcome == TRY_AGAIN && task->tries++ < retries) {
		transfer_end(task);
		back_off(task);
		return_transfer(task);
		wait_in_line(task);
		return;
	}
	if (outcome == TRY_MOVED) {
		return_transfer(task);
		task->host = use_host(fetch, &task->request.host);
		leave_host(fetch, old);
		wait_in_line(task);
		return;
	}
	old->down = task->unreachable;
	finish(task, outcome);
	return_transfer(task);
	free_task(task);
}

static void
start(struct task *task)
{
	struct fetch *fetch = task->fetch;
	struct transfer *transfer = fetch->idle[--fetch->idle_count];

	task->transfer = transfer ? transfer : transfer_open();
	task->host->active++;
	task->next = fetch->running;
	fetch->running = task;
	if (!transfer_begin(task)) {
		settle(task, TRY_FAILED);
		return;
	}
	curl_multi_add_handle(fetch->multi, task->transfer->easy);
}

/* Milliseconds until a waiting task may start as far as time goes. */
static int64_t
time_left(const struct task *task, int64_t now)
{
	int64_t when = task->not_before;

	if (task->host && task->host->not_before > when)
		when = task->host->not_before;
	return when > now ? when - now : 0;
}

static bool
has_room(const struct task *task)
{
	const struct fetch *fetch = task->fetch;
	const unsigned most = fetch->options.per_host;

	if (fetch->options.held && fetch->held >= fetch->options.held &&
	    task->job->spill && task->file < 0)
		return false;
	return fetch->idle_count && (!most || task->host->active < most);
}

/*
 * Starts all that may be; returns the milliseconds until time alone will let
 * one more.
 */
static int64_t
start_some(struct fetch *fetch)
{
	struct task **at = &fetch->waiting, *task;
	int64_t now = clock_ms(), least = IDLE_WAIT;

	while ((task = *at) != NULL) {
		int64_t left = time_left(task, now);

		if (task->host && (left || !has_room(task))) {
			least = left && left < least ? left : least;
			at = &task->next;
			if (!fetch->idle_count && !left)
				break;
			continue;
		}
		leave_line(fetch, at);
		if (task->host) {
			start(task);
			continue;
		}
		/* Its URL was refused. */
		finish(task, TRY_FAILED);
		free_task(task);
	}
	return least;
}

/* Takes in the transfers that ended; true if there were any. */
static bool
reap(struct fetch *fetch)
{
	bool any = false;
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(fetch->multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		struct task *task = NULL;
		char *private;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
		memcpy(&task, &private, sizeof(task));
		curl_multi_remove_handle(fetch->multi, easy);
		settle(task, transfer_judge(task, code));
		any = true;
	}
	return any;
}

/*
 * Lets as many bytes come as the time since the last call allows, and lets the
 * transfers go on that wait for it. libcurl's own limit lets megabytes pass
 * before it begins.
 */
static void
refill(struct fetch *fetch)
{
	double rate = (double)fetch->options.limit_rate / 1000; /* a ms */
	int64_t now = clock_ms();
	struct task *task, *next;

	fetch->allowance += rate * (double)(now - fetch->refilled);
	if (fetch->allowance > rate * RATE_BURST)
		fetch->allowance = rate * RATE_BURST;
	fetch->refilled = now;
	for (task = fetch->running; task; task = next) {
		next = task->next;
		if (!task->pauses || fetch->allowance <= 0)
			continue;
		task->pauses = false;
		curl_easy_pause(task->transfer->easy, CURLPAUSE_CONT);
	}
}

/* Milliseconds until a transfer that waits for the rate may go on, or `most`.
 */
static int64_t
rate_wait(const struct fetch *fetch, int64_t most)
{
	double rate = (double)fetch->options.limit_rate / 1000;
	const struct task *task = fetch->running;

	while (task && !task->pauses)
		task = task->next;
	if (!task || -fetch->allowance > rate * (double)most)
		return most;
	return 1 + (int64_t)(-fetch->allowance / rate);
}

void
fetch_run(struct fetch *fetch, int wait, int also)
{
	struct curl_waitfd fd = {.fd = also, .events = CURL_WAIT_POLLIN};
	int64_t left = start_some(fetch);
	int running;

	if (fetch->options.limit_rate)
		refill(fetch);
	curl_multi_perform(fetch->multi, &running);
	if (reap(fetch))
		return;
	if (left > wait)
		left = wait;
	left = rate_wait(fetch, left);
	curl_multi_poll(fetch->multi, &fd, also >= 0, (int)left, NULL);
}

static void
drop_task(struct task *task)
{
	if (task->transfer) {
		curl_multi_remove_handle(task->fetch->multi,
					 task->transfer->easy);
		transfer_close(task->transfer);
	}
	free_task(task);
}

void
fetch_close(struct fetch *fetch)
{
	if (!fetch)
		return;
	while (fetch->waiting) {
		struct task *task = fetch->waiting;

		fetch->waiting = task->next;
		drop_task(task);
	}
	while (fetch->running) {
		struct task *task = fetch->running;

		fetch->running = task->next;
		drop_task(task);
	}
	while (fetch->hosts) {
		struct host *host = fetch->hosts;

		fetch->hosts = host->next;
		free(host->name);
		free(host);
	}
	while (fetch->idle_count)
		transfer_close(fetch->idle[--fetch->idle_count]);
	curl_multi_cleanup(fetch->multi);
	header_file_close(fetch->headers);
	buf_release(&fetch->error);
	free(fetch->idle);
	free(fetch);
	curl_global_cleanup();
}
