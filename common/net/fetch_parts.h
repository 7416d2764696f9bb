/*
 * What the files of fetch share.
 *
 *	fetch.c           jobs: which is tried when, and again
 *	fetch_transfer.c  one try: libcurl's handle and callbacks
 *	fetch_answer.c    what came of a try
 *	fetch_framing.c   what its headers tell of length and parts
 *	fetch_request.c   from a URL to what is asked: rules, credentials
 *	fetch_header.c    the file of headers for hosts
 *	fetch_memory.c    one job at a time, waited for
 */
#ifndef FETCH_PARTS_H
#define FETCH_PARTS_H

#include <curl/curl.h>

#include "codec/gunzip.h"
#include "net/fetch.h"

/* What is sent for a URL. */
struct request {
	struct buf url;             /* http or https */
	struct buf host;            /* scheme://host:port */
	struct curl_slist *headers; /* for that host alone */
	bool s3;                    /* of an s3:// URL */
	bool signs;                 /* as Amazon's S3 wants it: */
	struct buf how;             /* libcurl's words for it */
	struct buf region;          /* Amazon's name of it */
};

struct header_file;
struct task;
struct host;

/* A libcurl handle with the memory of a body, for one try after the other. */
struct transfer {
	CURL *easy;
	struct buf body; /* or the beginning of an answer that is no file */
	struct curl_slist *headers; /* of this try */
	char error[CURL_ERROR_SIZE];
};

struct fetch {
	struct fetch_options options;
	CURLM *multi;
	struct header_file *headers;
	struct task *waiting; /* in the order they came */
	struct task **last;   /* where the next one is appended */
	struct task *running;
	struct host *hosts;
	size_t host_count;
	struct transfer **idle; /* of `jobs`, those not in use */
	size_t idle_count;
	size_t pending;
	size_t held; /* of those that wait, these have a file */
	uint64_t received;
	double allowance; /* bytes that may come now, by the limit of rate */
	int64_t refilled; /* milliseconds, monotonic */
	uint64_t random;
	struct buf error; /* of fetch_memory */
};

/* How a try ended. */
enum try_end {
	TRY_DONE,
	TRY_AGAIN, /* failed in a way that may pass */
	TRY_MOVED, /* task->request is the next to ask */
	TRY_FAILED,
};

/* A job under way. */
struct task {
	struct task *next;
	struct fetch *fetch;
	struct fetch_job *job;
	struct host *host;
	struct request request;
	struct transfer *transfer; /* while it is tried */
	unsigned tries, hops;
	int64_t not_before; /* milliseconds, monotonic */
	int64_t pause;      /* milliseconds that the server asks for; or 0 */
	bool unreachable;   /* the host cannot be had at all */
	bool overloaded;    /* the whole host is to be left alone so long */
	int file;           /* that the body is spilled to; -1: none */
	uint64_t size;      /* bytes of the body so far */
	uint64_t resumes;   /* of them, those from tries before; or 0 */
	struct buf etag; /* of what a try that was cut has left in the file */
	uint64_t total;  /* bytes of that whole file; 0: not known */
	bool allowed;    /* this try has an address that may be asked */
	struct gunzip *gunzip; /* of a body that is coded */
	bool begun;            /* it has come, in this try */
	uint64_t discarded;    /* bytes of an answer that is no file */
	bool pauses;           /* until the limit of rate lets more come */
	bool full;             /* all of the head that was asked for is there */
	struct buf error;
	struct fetch_result result;
};

/*
 * Turns a job's URL into a request: true, or false with why appended to
 * `error`. `from` is the request that was redirected to it, or NULL.
 */
bool request_make(const struct fetch *fetch, struct slice url,
		  const struct request *from, struct request *request,
		  struct buf *error);
/* Likewise an s3:// URL, whose bucket is known to lie in that region. */
bool request_make_in(const struct fetch *fetch, struct slice url,
		     struct slice region, struct request *request,
		     struct buf *error);
void request_release(struct request *request);

struct transfer *transfer_open(void);
void transfer_close(struct transfer *transfer);
/* Makes task->transfer->easy ready for a try; false with task->error set. */
bool transfer_begin(struct task *task);
/* Makes the file empty, for a body from its beginning; or false with errno. */
bool transfer_restart(struct task *task);
/* A body that came with this status is the one asked for, from its beginning.
 */
bool transfer_is_body(const struct task *task, long status);
/* A header of the answer: NULL, or an empty slice, where it has none. */
const char *transfer_header(const struct task *task, const char *name);
struct slice transfer_header_slice(const struct task *task, const char *name);

/* The part that an answer is, of a file of `total` bytes (0: not said). */
struct content_range {
	uint64_t first, last, total;
};

/* Reads Content-Range; false where the answer is no part. */
bool transfer_read_range(const struct task *task, struct content_range *part);
/*
 * The answer is a part of the same file that begins with the byte behind those
 * that are there already.
 */
bool transfer_continues(const struct task *task);
/*
 * Keeps in mind what a try has left in the file if a later one can go on from
 * there: only a strong ETag tells that the rest belongs to it (RFC 9110, 8.8).
 * An answer that was cut before its body, a part, and no answer at all leave
 * what is known as it is.
 */
void transfer_remember(struct task *task);
/* The answer's body is said to be coded as gzip or zlib. */
bool transfer_is_coded(const struct task *task);
/*
 * The transfer itself shows that nothing is missing: libcurl holds it to its
 * length or, in HTTP/1.1, to its last chunk. It does not notice a stream of
 * HTTP/2 that was reset (before libcurl 8).
 */
bool transfer_is_framed(const struct task *task);
/* The server has said how long the file is, and so long it is. */
bool transfer_has_length(const struct task *task);
/* Judges how a try ended; sets task->result, or task->error. */
enum try_end transfer_judge(struct task *task, CURLcode code);
/* Gives back what transfer_judge mapped. */
void transfer_end(struct task *task);

/* Reads the file of headers; NULL with the message said. */
struct header_file *header_file_open(const char *path);
void header_file_close(struct header_file *file);
/* Appends the headers for a host ("https://example.com:443") to a list. */
struct curl_slist *header_file_add(const struct header_file *file,
				   struct slice host, struct curl_slist *list);

#endif
