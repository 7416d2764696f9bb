/* One try of one job: libcurl's handle and what it calls back. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"
#include "net/address.h"
#include "net/fetch_parts.h"

#ifndef SEGTOOLS_VERSION
#define SEGTOOLS_VERSION "unknown"
#endif

enum {
	CONNECT_SECONDS = 15,
	PIECE = 1 << 17,     /* bytes read from a connection at a time */
	IN_MEMORY = 1 << 20, /* bytes of a body before it is spilled */
	QUOTED = 1 << 11,    /* bytes kept of an answer that is no file */
	DISCARDED = 1 << 16, /* of it read, to keep the connection */
	SLOW = 1000,         /* bytes a second that count as no progress */
	TIMEOUTS = 120       /* in all, times the time without progress */
};

struct transfer *
transfer_open(void)
{
	struct transfer *transfer = xcalloc(1, sizeof(*transfer));

	transfer->easy = curl_easy_init();
	if (!transfer->easy)
		mem_exhausted();
	return transfer;
}

void
transfer_close(struct transfer *transfer)
{
	if (!transfer)
		return;
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
	buf_release(&transfer->body);
	free(transfer);
}

/* Stops the transfer from a callback that says how much it has taken. */
static size_t
stop(struct task *task, const char *why)
{
	buf_reset(&task->error);
	buf_puts(&task->error, why);
	return 0;
}

static uint64_t
size_limit(const struct task *task)
{
	return task->job->max_size ? task->job->max_size
				   : task->fetch->options.max_size;
}

/* Stops for the caller's file. */
static size_t
stop_local(struct task *task)
{
	task->result.local = errno;
	return stop(task, strerror(errno));
}

/* Takes a piece of the body; n, or 0 to stop. */
static size_t
take_piece(struct task *task, const char *p, size_t n)
{
	struct buf *body = &task->transfer->body;
	struct fetch_job *job = task->job;

	if (n > size_limit(task) - task->size)
		return stop(task, "larger than the size limit");
	task->size += n;
	if (task->file < 0 && job->spill &&
	    (job->streams || body->len + n > IN_MEMORY)) {
		task->file = job->spill(job);
		if (task->file < 0 ||
		    io_write(task->file, body->data, body->len) < 0)
			return stop_local(task);
	}
	if (task->file < 0)
		buf_put(body, p, n);
	else if (io_write(task->file, p, n) < 0)
		return stop_local(task);
	task->full = job->head && task->size >= job->head;
	return task->full ? 0 : n;
}

/* For gunzip_put. */
static bool
take_decoded(void *context, const char *p, size_t n)
{
	return take_piece(context, p, n) == n;
}

/*
 * Takes a piece of the body, decoded if it is what its header says: some
 * servers name a coding that is not there.
 */
static size_t
take_body(struct task *task, const char *p, size_t n)
{
	if (!task->begun && !task->resumes && n && gunzip_begins(*p) &&
	    transfer_is_coded(task))
		task->gunzip = gunzip_open();
	task->begun = true;
	if (!task->gunzip)
		return take_piece(task, p, n);
	switch (gunzip_put(task->gunzip, p, n, take_decoded, task)) {
	case 1:
		return n;
	case 0:
		return 0;
	default:
		return stop(task, "gzip of the body is broken");
	}
}

/* The beginning of an answer that is no file may tell why. */
static size_t
take_refusal(struct task *task, const char *p, size_t n)
{
	struct buf *body = &task->transfer->body;
	size_t room = body->len < QUOTED ? QUOTED - body->len : 0;

	buf_put(body, p, n < room ? n : room);
	task->discarded += n;
	return task->discarded > DISCARDED ? 0 : n;
}

bool
transfer_is_body(const struct task *task, long status)
{
	return status == 200 || (status == 201 && task->job->post.p);
}

bool
transfer_restart(struct task *task)
{
	task->resumes = task->size = 0;
	return task->file < 0 || (io_truncate(task->file, 0) == 0 &&
				  lseek(task->file, 0, SEEK_SET) == 0);
}

static size_t
on_body(char *p, size_t size, size_t n, void *context)
{
	struct task *task = context;
	struct fetch *fetch = task->fetch;
	long status = 0;

	(void)size; /* always 1 */
	if (fetch->options.limit_rate && fetch->allowance <= 0) {
		task->pauses = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	fetch->allowance -= (double)n;
	fetch->received += n;
	curl_easy_getinfo(task->transfer->easy, CURLINFO_RESPONSE_CODE,
			  &status);
	/* What we have a part of is no more. */
	if (status == 200 && task->resumes && task->job->streams)
		return stop(task, "has changed while it was read");
	if (status == 200 && task->resumes && !transfer_restart(task))
		return stop_local(task);
	if (transfer_is_body(task, status) ||
	    (status == 206 && task->job->head))
		return take_body(task, p, n);
	if (status == 206 && task->resumes && transfer_continues(task))
		return take_body(task, p, n);
	return take_refusal(task, p, n);
}

static curl_socket_t
on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct task *task = context;
	bool public_only = task->fetch->options.public_only;
	const char *what = address_refuse(&address->addr, public_only);
	char text[INET6_ADDRSTRLEN] = "";
	struct sockaddr_in6 in6 = {0};
	struct sockaddr_in in4 = {0};

	(void)purpose;
	if (!what) {
		/* What was said of another address is not what counts. */
		if (!task->allowed)
			buf_reset(&task->error);
		task->allowed = true;
		return socket(address->family, address->socktype | SOCK_CLOEXEC,
			      address->protocol);
	}
	if (task->allowed)
		return CURL_SOCKET_BAD;
	memcpy(&in4, &address->addr, sizeof(in4));
	memcpy(&in6, &address->addr, sizeof(in6));
	if (address->family == AF_INET)
		inet_ntop(AF_INET, &in4.sin_addr, text, sizeof(text));
	else
		inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof(text));
	buf_reset(&task->error);
	buf_printf(&task->error, "%s address refused: %s", what, text);
	return CURL_SOCKET_BAD;
}

static void
set_limits(struct task *task, CURL *easy)
{
	const struct fetch_options *options = &task->fetch->options;
	long stall = (long)options->timeout, slow = SLOW;

	/* A share of the rate may be less than what counts as progress. */
	if (options->limit_rate &&
	    options->limit_rate / options->jobs < 2 * SLOW)
		slow = 1;
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT,
			 stall < CONNECT_SECONDS ? stall
						 : (long)CONNECT_SECONDS);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, stall);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, slow);
	/* Who reads a stream may take all the time there is. */
	if (!options->limit_rate && !task->job->streams)
		curl_easy_setopt(easy, CURLOPT_TIMEOUT, stall * TIMEOUTS);
	/* Holds for a stated length alone; take_piece counts the rest. */
	if (!task->job->head)
		curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
				 (curl_off_t)size_limit(task));
}

static void
set_credentials(struct task *task, CURL *easy)
{
	const struct request *request = &task->request;

	if (task->fetch->options.netrc) {
		curl_easy_setopt(easy, CURLOPT_NETRC,
				 (long)CURL_NETRC_OPTIONAL);
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	}
	if (!request->signs)
		return;
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, request->how.data);
	curl_easy_setopt(easy, CURLOPT_USERNAME, getenv("AWS_ACCESS_KEY_ID"));
	curl_easy_setopt(easy, CURLOPT_PASSWORD,
			 getenv("AWS_SECRET_ACCESS_KEY"));
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
}

static void
add_header(struct transfer *transfer, const char *name, struct slice value)
{
	struct buf line = {0};

	if (!value.n)
		return;
	buf_puts(&line, name);
	buf_slice(&line, value);
	transfer->headers =
		curl_slist_append(transfer->headers, buf_cstr(&line));
	buf_release(&line);
}

static void
set_headers(struct task *task, CURL *easy)
{
	const struct curl_slist *header = task->request.headers;
	struct transfer *transfer = task->transfer;
	struct fetch_job *job = task->job;
	const char *const *own = job->headers;

	curl_slist_free_all(transfer->headers);
	transfer->headers = NULL;
	for (; header; header = header->next)
		add_header(transfer, "", slice_of(header->data));
	for (; own && *own; own++)
		add_header(transfer, "", slice_of(*own));
	add_header(transfer, "If-None-Match: ", job->etag);
	add_header(transfer, "If-Modified-Since: ", job->modified);
	if (task->resumes)
		add_header(transfer, "If-Range: ", buf_view(&task->etag));
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void
set_range(struct task *task, CURL *easy)
{
	char range[48];

	if (task->resumes)
		snprintf(range, sizeof(range), "%llu-",
			 (unsigned long long)task->resumes);
	else if (task->job->head)
		snprintf(range, sizeof(range), "0-%zu", task->job->head - 1);
	else
		return;
	curl_easy_setopt(easy, CURLOPT_RANGE, range);
}

static void
set_post(const struct fetch_job *job, CURL *easy)
{
	if (!job->post.p)
		return;
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)job->post.n);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, job->post.p);
}

static void
set_authorities(CURL *easy)
{
	const char *file = getenv("CURL_CA_BUNDLE");

	if (!file || !*file)
		file = getenv("SSL_CERT_FILE");
	if (file && *file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, file);
}

bool
transfer_begin(struct task *task)
{
	struct transfer *transfer = task->transfer;
	CURL *easy = transfer->easy;
	bool http2 = task->fetch->options.http2;

	buf_reset(&transfer->body);
	buf_reset(&task->error);
	transfer->error[0] = '\0';
	task->discarded = 0;
	task->begun = false;
	gunzip_close(task->gunzip);
	task->gunzip = NULL;
	task->full = task->pauses = task->allowed = false;
	task->pause = 0;
	task->overloaded = task->unreachable = false;
	task->resumes = task->etag.len && task->file >= 0 ? task->size : 0;
	if (!task->resumes && !transfer_restart(task)) {
		stop_local(task);
		return false;
	}
	curl_easy_reset(easy);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, task);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
	curl_easy_setopt(easy, CURLOPT_URL, buf_cstr(&task->request.url));
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
			 http2 ? (long)CURL_HTTP_VERSION_2TLS
			       : (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, http2 ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "segtools/" SEGTOOLS_VERSION);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)PIECE);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, task);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, task);
	set_authorities(easy);
	set_limits(task, easy);
	set_headers(task, easy);
	set_range(task, easy);
	set_credentials(task, easy);
	set_post(task->job, easy);
	return true;
}
