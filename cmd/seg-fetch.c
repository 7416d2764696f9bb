/* seg-fetch: downloads the images and label bitmaps of records. */
#include <stdlib.h>

#include "base/diag.h"
#include "base/lines.h"
#include "base/opts.h"
#include "base/stream.h"
#include "base/utf8.h"
#include "flow/download.h"
#include "record/broken_off.h"

enum {
	ONLY = 256,
	RETRIES,
	BACKOFF,
	TIMEOUT,
	MAX_SIZE,
	PER_HOST,
	LIMIT_RATE,
	PUBLIC_ONLY,
	HTTP2,
	NETRC,
	HEADER_FILE,
	S3_ENDPOINT,
	VERIFY,
	REFRESH,
	NAMES,
	BASE,
	FSYNC,
	MAX_RECORD,
};

static const struct opt table[] = {
	{'d', "directory", "DIR",
	 "where files go (default $SEGMENTS_DIR, else segments)"},
	{NAMES, "names", "name|uuid",
	 "what files are called by: the sample's name (default) or uuid"},
	{BASE, "base", "DIR|URL", "where relative URLs of records begin"},
	{ONLY, "only", "images|labels", "files of this kind alone"},
	{'j', "jobs", "N", "transfers at once (default 16)"},
	{PER_HOST, "per-host", "N", "of them to one host (default all)"},
	{'n', "dry-run", NULL, "print what would be fetched instead"},
	{VERIFY, "verify", NULL, "check the digest of what is there"},
	{REFRESH, "refresh", NULL, "ask if what is there has changed"},
	{RETRIES, "retries", "N", "tries after the first (default 4)"},
	{BACKOFF, "backoff", "SECONDS",
	 "wait before the second try (default 0.5)"},
	{TIMEOUT, "timeout", "SECONDS",
	 "end a try without progress (default 30)"},
	{MAX_SIZE, "max-size", "SIZE",
	 "refuse files larger than this (default 256M)"},
	{LIMIT_RATE, "limit-rate", "SIZE", "bytes per second, all together"},
	{PUBLIC_ONLY, "public-only", NULL,
	 "refuse addresses of private networks"},
	{HTTP2, "http2", NULL, "use HTTP/2 where the server has it"},
	{NETRC, "netrc", NULL, "take passwords from ~/.netrc"},
	{HEADER_FILE, "header-file", "FILE", "headers for hosts, from a file"},
	{S3_ENDPOINT, "s3-endpoint", "URL", "where s3:// URLs are asked"},
	{FSYNC, "fsync", NULL, "wait until files are on the disk"},
	{MAX_RECORD, "max-record", "SIZE",
	 "refuse records larger than this (default 256M)"},
	{0},
};

static void
set_only(struct download *download, const struct opts *opts)
{
	static const char *const kinds[] = {"images", "labels", NULL};

	if (opts_choice(opts, kinds) == 0)
		download->labels = false;
	else
		download->images = false;
}

static void
set_fetch_option(struct fetch_options *fetch, const struct opts *opts, int key)
{
	switch (key) {
	case 'j':
		fetch->jobs = (unsigned)opts_uint(opts, 1, 1024);
		break;
	case PER_HOST:
		fetch->per_host = (unsigned)opts_uint(opts, 1, 1024);
		break;
	case RETRIES:
		fetch->retries = (unsigned)opts_uint(opts, 0, 100);
		break;
	case BACKOFF:
		fetch->backoff = opts_double(opts, 0, 60);
		break;
	case TIMEOUT:
		fetch->timeout = (unsigned)opts_uint(opts, 1, 86400);
		break;
	case MAX_SIZE:
		fetch->max_size = opts_bytes(opts);
		break;
	case LIMIT_RATE:
		fetch->limit_rate = opts_bytes(opts);
		break;
	case PUBLIC_ONLY:
		fetch->public_only = true;
		break;
	case HTTP2:
		fetch->http2 = true;
		break;
	case NETRC:
		fetch->netrc = true;
		break;
	case HEADER_FILE:
		fetch->header_file = opts->arg;
		break;
	case S3_ENDPOINT:
		fetch->s3_endpoint = opts->arg;
		break;
	}
}

static void
set_option(struct download *download, const struct opts *opts, int key)
{
	static const char *const namings[] = {"name", "uuid", NULL};

	switch (key) {
	case 'd':
		download->directory = opts->arg;
		break;
	case NAMES:
		download->naming = (enum file_naming)opts_choice(opts, namings);
		break;
	case BASE:
		download->base = opts->arg;
		break;
	case FSYNC:
		download->syncs = true;
		break;
	case ONLY:
		set_only(download, opts);
		break;
	case 'n':
		download->dry_run = true;
		break;
	case VERIFY:
		download->verify = true;
		break;
	case REFRESH:
		download->refresh = true;
		break;
	case MAX_RECORD:
		download->max_record = (size_t)opts_bytes(opts);
		break;
	default:
		set_fetch_option(&download->fetch, opts, key);
		break;
	}
}

int
main(int argc, char **argv)
{
	struct outcome outcome = {0};
	struct opts opts = {
		.operands = "[record-file ...]",
		.summary = "Downloads the images and label bitmaps of records "
			   "and adds their paths.",
		.table = table,
		.outcome = &outcome,
	};
	struct download download = {
		.outcome = &outcome,
		.directory = getenv("SEGMENTS_DIR"),
		.images = true,
		.labels = true,
		.max_record = RECORD_MAX,
	};
	int key;

	diag_init(argv[0]);
	stream_start();
	broken_off_watch();
	if (!download.directory || !*download.directory)
		download.directory = "segments";
	fetch_options_init(&download.fetch);
	while ((key = opts_next(&opts, argc, argv)) != -1)
		set_option(&download, &opts, key);
	/* The paths that go into records are UTF-8, as all of JSON is. */
	if (!*download.directory || !utf8_valid(slice_of(download.directory)))
		opts_fail(&opts, "not a directory's name in UTF-8: %s",
			  download.directory);
	return outcome_end(&outcome, download_run(&download, opts.rest));
}
