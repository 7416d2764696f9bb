/*
 * URLs to bytes: many transfers at once on one thread, tried again where that
 * helps, each file whole or an error. The only users of libcurl are this
 * module's files.
 *
 * http and https only; s3:// and gs:// are asked through https, with the
 * credentials of the usual variables. See seg-fetch(1) for the rules.
 */
#ifndef FETCH_H
#define FETCH_H

#include "base/buf.h"

struct fetch_options {
	unsigned jobs; /* transfers at once */
	/*
	 * So many may wait for another try with what has come in a file;
	 * then no other one is begun that may need one. 0: any number.
	 */
	size_t held;
	unsigned per_host;   /* of them to one host; 0: no limit */
	unsigned retries;    /* tries after the first */
	unsigned timeout;    /* seconds without progress that end a try */
	double backoff;      /* seconds before the second try, about */
	uint64_t max_size;   /* bytes of a file */
	uint64_t limit_rate; /* bytes per second of all together; 0: any */
	bool public_only;    /* refuse addresses of private networks */
	bool http2;
	bool netrc;
	const char *header_file; /* NULL: none */
	const char *s3_endpoint; /* NULL: Amazon's */
};

/* 16 jobs, 4 retries, 30 s, 0.5 s, 256 MiB, the rest off. */
void fetch_options_init(struct fetch_options *options);

struct fetch;

/* The options are copied. NULL with the message said. */
struct fetch *fetch_open(const struct fetch_options *options);
/* Drops what is not done; no `done` is called. Takes NULL. */
void fetch_close(struct fetch *fetch);

/* Appends what a relative URL means beside `base`; false where it is none. */
bool fetch_join_url(const char *base, struct slice url, struct buf *to);

struct fetch_result {
	const char *error;    /* NULL: all went well */
	const char *down;     /* NULL, or the host that cannot be reached */
	const char *warning;  /* NULL, or what is odd about it; static */
	bool unchanged;       /* the server says so; there is no body */
	bool whole;           /* of a head: that is the whole file */
	bool spilled;         /* the body is in the caller's file, too */
	int local;            /* the error is that file's: its errno */
	long status;          /* of the last answer; 0: there was none */
	struct slice refusal; /* how an answer begins that is no file */
	struct slice body;
	struct buf
		*memory; /* of a body not spilled; may be swapped for other */
	/* Headers as the server gave them, or empty. */
	struct slice etag, modified, link;
};

/*
 * A file to be fetched. The caller's, with the URL, until `done` is called
 * from within fetch_run; the results are borrowed within that call.
 */
struct fetch_job {
	struct slice url;
	bool png;                    /* nothing but PNG will do */
	bool any;                    /* it need not be an image */
	size_t head;                 /* only so many first bytes; 0: all */
	uint64_t max_size;           /* if not 0, instead of the option */
	struct slice etag, modified; /* ask only if changed since */
	/*
	 * Headers, each "Name: value", ended by NULL, for the host of `url`:
	 * a redirect to another one is an error then. Or NULL.
	 */
	const char *const *headers;
	/*
	 * If not NULL, is sent with POST; tried again only where the server
	 * has done nothing with it, and not redirected.
	 */
	struct slice post;
	/*
	 * The body goes to the file of `spill` from its first byte, and is not
	 * in the result. That may be a pipe: what it has got is not taken
	 * back, so after a cut only the rest is asked for.
	 */
	bool streams;
	/*
	 * Called when the body outgrows memory: a file to read and write, the
	 * caller's, or -1 with errno set. NULL: it is kept in memory.
	 */
	int (*spill)(struct fetch_job *job);
	void (*done)(struct fetch_job *job, const struct fetch_result *result);
	void *context;
};

void fetch_add(struct fetch *fetch, struct fetch_job *job);
/* Jobs added and not done. */
size_t fetch_pending(const struct fetch *fetch);
/* Bytes that came so far, of all jobs. */
uint64_t fetch_received(const struct fetch *fetch);
/*
 * Goes on with all jobs; waits for the network, at most `wait` milliseconds,
 * or until the descriptor `also` (-1: none) can be read.
 */
void fetch_run(struct fetch *fetch, int wait, int also);
/* Ends the wait of a fetch_run. From a signal handler, too. */
void fetch_wake(struct fetch *fetch);

/*
 * Fetches one file, of at most `max` bytes, into `to`, and waits for it. NULL,
 * or what is wrong, borrowed until the next call.
 */
const char *fetch_memory(struct fetch *fetch, struct slice url, bool png,
			 size_t max, struct buf *to);
/*
 * Likewise, only its first bytes: at least `least`, or all with *whole set.
 */
const char *fetch_head(struct fetch *fetch, struct slice url, size_t least,
		       struct buf *to, bool *whole);

#endif
