/* fetch.h against tests/hostile.pl, in the way that other programs use it. */
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"
#include "net/fetch.h"
#include "tap.h"

static char dir[] = "/tmp/segtools-XXXXXX";
static char host[64];
static pid_t server;

static bool
start_server(void)
{
	struct buf path = {0}, port = {0};
	const struct timespec moment = {.tv_nsec = 20000000};
	int tries;

	if (!mkdtemp(dir))
		return false;
	server = fork();
	if (server == 0) {
		execlp("perl", "perl", "tests/hostile.pl", dir, (char *)NULL);
		_exit(127);
	}
	buf_printf(&path, "%s/port", dir);
	for (tries = 0; tries < 500 && port.len == 0; tries++) {
		nanosleep(&moment, NULL);
		(void)io_read_file(AT_FDCWD, buf_cstr(&path), 32, &port);
	}
	snprintf(host, sizeof(host), "http://127.0.0.1:%d",
		 atoi(buf_cstr(&port)));
	buf_release(&path);
	buf_release(&port);
	return tries < 500;
}

static void
stop_server(void)
{
	char command[64];

	kill(server, SIGTERM);
	waitpid(server, NULL, 0);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		printf("# %s stays\n", dir);
}

/* The URL of a path, to be used at once. */
static struct slice
at(const char *path)
{
	static char url[128];

	snprintf(url, sizeof(url), "%s/%s", host, path);
	return slice_of(url);
}

static struct fetch *
open_fetch(unsigned retries)
{
	struct fetch_options options;

	fetch_options_init(&options);
	options.retries = retries;
	options.backoff = 0.01;
	return fetch_open(&options);
}

static void
test_memory(void)
{
	struct fetch *fetch = open_fetch(2);
	struct buf body = {0};
	const char *error;

	error = fetch_memory(fetch, at("ok.png"), true, 1000, &body);
	ok(!error && body.len == 70 && memcmp(body.data, "\211PNG", 4) == 0,
	   "a file comes into memory");
	error = fetch_memory(fetch, at("ok.png"), true, 1000, &body);
	ok(!error && body.len == 140, "behind what is there");
	error = fetch_memory(fetch, at("ok.png"), true, 69, &body);
	ok(error && strcmp(error, "larger than the size limit") == 0,
	   "but not if it is too large");
	error = fetch_memory(fetch, at("close.png"), true, 69, &body);
	ok(error && strcmp(error, "larger than the size limit") == 0,
	   "nor if its length is not stated");
	error = fetch_memory(fetch, at("ok.jpg"), true, 1000, &body);
	ok(error && body.len == 140, "nor if it is no PNG");
	error = fetch_memory(fetch, at("cut-once.png"), true, 20000, &body);
	ok(!error && body.len == 210, "what was cut is tried again");
	error = fetch_memory(fetch, slice_of("file:///etc/passwd"), false, 1000,
			     &body);
	ok(error && strcmp(error, "scheme not allowed: file") == 0,
	   "the same rules hold");
	fetch_close(fetch);
	buf_release(&body);
}

/*
 * Stands before libc's, for libcurl too: the host "two.test" has an address
 * that is refused, and that of the server.
 */
int
getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
	    struct addrinfo **found)
{
	static int (*next)(const char *, const char *, const struct addrinfo *,
			   struct addrinfo **);
	struct addrinfo *first, *second;

	if (!next) {
		void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");

		memcpy(&next, &symbol, sizeof(next));
	}
	if (!node || strcmp(node, "two.test") != 0)
		return next(node, service, hints, found);
	if (next("169.254.169.254", service, hints, &first) != 0 ||
	    next("127.0.0.1", service, hints, &second) != 0)
		return EAI_FAIL;
	*found = first;
	while (first->ai_next)
		first = first->ai_next;
	first->ai_next = second;
	return 0;
}

/* An address that may not be asked is no verdict on the one that may. */
static void
test_two_addresses(void)
{
	struct fetch *fetch = open_fetch(2);
	struct buf body = {0};
	const char *error;
	char url[128];

	snprintf(url, sizeof(url), "http://two.test%s/cut-once.png?2",
		 strrchr(host, ':'));
	error = fetch_memory(fetch, slice_of(url), true, 20000, &body);
	ok(!error && body.len == 70,
	   "behind a refused address what was cut is tried again");
	snprintf(url, sizeof(url), "http://two.test%s/cut-length",
		 strrchr(host, ':'));
	error = fetch_memory(fetch, slice_of(url), true, 20000, &body);
	ok(error && strstr(error, "bytes remaining to read"),
	   "and what is wrong is what is said");
	if (error)
		printf("# %s\n", error);
	fetch_close(fetch);
	buf_release(&body);
}

static void
test_head(void)
{
	struct fetch *fetch = open_fetch(0);
	struct buf body = {0};
	const char *error;
	bool whole = true;

	error = fetch_head(fetch, at("range.png"), 20, &body, &whole);
	ok(!error && body.len == 20 && !whole,
	   "the first bytes of a file, from a server that has ranges");
	buf_reset(&body);
	error = fetch_head(fetch, at("range.png"), 100, &body, &whole);
	ok(!error && body.len == 70 && whole, "all of a short one");
	buf_reset(&body);
	error = fetch_head(fetch, at("endless"), 100000, &body, &whole);
	ok(!error && body.len >= 100000 && body.len < 400000 && !whole,
	   "and from one that has none: no more than is needed");
	buf_reset(&body);
	error = fetch_head(fetch, at("ok.png"), 100, &body, &whole);
	ok(!error && body.len == 70 && whole, "all of a short one, too");
	error = fetch_head(fetch, at("part-else.png"), 20, &body, &whole);
	ok(error && strcmp(error, "not the range asked for") == 0,
	   "another part is refused");
	error = fetch_head(fetch, at("range-short.gif"), 20, &body, &whole);
	ok(error && strcmp(error, "less than the range asked for") == 0,
	   "so is less, which would pass for all");
	error = fetch_head(fetch, at("status-404"), 20, &body, &whole);
	ok(error && strcmp(error, "HTTP status 404") == 0, "an error is one");
	fetch_close(fetch);
	buf_release(&body);
}

struct tally {
	int done, failed;
};

static void
count_done(struct fetch_job *job, const struct fetch_result *result)
{
	struct tally *tally = job->context;

	tally->done++;
	tally->failed += result->error != NULL;
}

static void
test_many(void)
{
	enum { MANY = 60 };
	struct fetch *fetch = open_fetch(0);
	struct tally tally = {0};
	struct fetch_job jobs[MANY] = {0};
	char urls[MANY][128];

	for (int i = 0; i < MANY; i++) {
		const char *path = i % 3 ? "ok.png" : "status-404";

		snprintf(urls[i], sizeof(urls[i]), "%s/%s?%d", host, path, i);
		jobs[i] = (struct fetch_job){
			.url = slice_of(urls[i]),
			.done = count_done,
			.context = &tally,
		};
		fetch_add(fetch, &jobs[i]);
	}
	ok(fetch_pending(fetch) == MANY && tally.done == 0,
	   "what was added is pending");
	while (fetch_pending(fetch))
		fetch_run(fetch, 1000, -1);
	ok(tally.done == MANY && tally.failed == MANY / 3,
	   "each is done once, the failed ones too");
	fetch_close(fetch);
}

static void
test_close(void)
{
	struct fetch *fetch = open_fetch(4);
	struct tally tally = {0};
	char url[128];
	struct fetch_job jobs[2] = {{.done = count_done, .context = &tally},
				    {.done = count_done, .context = &tally}};

	snprintf(url, sizeof(url), "%s/stall", host);
	jobs[0].url = slice_of(url);
	jobs[1].url = slice_of("not a URL");
	fetch_add(fetch, &jobs[0]);
	fetch_run(fetch, 100, -1);
	fetch_add(fetch, &jobs[1]);
	fetch_close(fetch);
	fetch_close(NULL);
	ok(tally.done == 0, "what is under way can be dropped");
}

int
main(void)
{
	if (access("tests/hostile.pl", R_OK) < 0 || !start_server()) {
		printf("1..0 # SKIP no perl, or not in the project's root\n");
		return 0;
	}
	test_memory();
	test_two_addresses();
	test_head();
	test_many();
	test_close();
	stop_server();
	return done_testing();
}
