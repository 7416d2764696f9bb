/* seg-release: gets a release file from the platform, by name. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/nearest.h"
#include "base/opts.h"
#include "base/out.h"
#include "base/sandbox.h"
#include "base/stream.h"
#include "net/release_file.h"
#include "net/release_list.h"

enum {
	CREATE = 256,
	DESCRIPTION,
	WAIT,
	API,
	RETRIES,
	BACKOFF,
	TIMEOUT,
	PUBLIC_ONLY,
	SYNC
};

static const struct opt table[] = {
	{'o', "output", "FILE", "write to FILE, complete or not at all"},
	{'l', "list", NULL, "print what there is, a line for each release"},
	{CREATE, "create", "NAME", "make a release of that name"},
	{DESCRIPTION, "description", "TEXT", "what the release made is of"},
	{WAIT, "wait", NULL, "wait until the release is ready"},
	{API, "api", "URL", "ask there (default https://api.segments.ai/)"},
	{RETRIES, "retries", "N", "tries after the first (default 4)"},
	{BACKOFF, "backoff", "SECONDS",
	 "wait before the second try (default 0.5)"},
	{TIMEOUT, "timeout", "SECONDS",
	 "end a try without progress (default 30)"},
	{PUBLIC_ONLY, "public-only", NULL,
	 "refuse addresses of private networks"},
	{SYNC, "fsync", NULL, "wait until FILE is on the disk"},
	{0},
};

/* Seconds between two looks at what is pending. */
enum { LOOK_LONGEST = 30 };

struct config {
	struct outcome outcome;
	struct fetch_options fetch;
	const char *api;
	const char *output;      /* NULL: stdout */
	const char *create;      /* NULL: nothing is made */
	const char *description; /* NULL: none */
	bool list, wait;
	bool syncs;        /* --fsync */
	struct buf target; /* as messages call it: OWNER/DATASET[@NAME] */
	char *dataset;     /* OWNER/DATASET */
	char *name;        /* NULL: the newest */
};

/* What a run asks with, and writes to. */
struct asking {
	struct config *config;
	struct fetch *fetch;
	struct api *api;
	struct release_file file;
};

static void
take_option(struct config *config, const struct opts *o, int key)
{
	if (key == 'o')
		config->output = o->arg;
	else if (key == 'l')
		config->list = true;
	else if (key == CREATE)
		config->create = o->arg;
	else if (key == DESCRIPTION)
		config->description = o->arg;
	else if (key == WAIT)
		config->wait = true;
	else if (key == API)
		config->api = o->arg;
	else if (key == PUBLIC_ONLY)
		config->fetch.public_only = true;
	else if (key == SYNC)
		config->syncs = true;
	else if (key == RETRIES)
		config->fetch.retries = (unsigned)opts_uint(o, 0, 100);
	else if (key == BACKOFF)
		config->fetch.backoff = opts_double(o, 0, 60);
	else if (key == TIMEOUT)
		config->fetch.timeout = (unsigned)opts_uint(o, 1, 86400);
}

/* Takes OWNER/DATASET[@NAME] apart. */
static void
take_target(struct config *config, const struct opts *o, const char *target)
{
	const char *slash = strchr(target, '/');
	const char *at = slash ? strchr(slash, '@') : NULL;
	size_t n = at ? (size_t)(at - target) : strlen(target);

	if (!slash || slash == target || slash + 1 == target + n ||
	    memchr(slash + 1, '/', n - (size_t)(slash + 1 - target)) ||
	    (at && !at[1]))
		opts_fail(o, "not OWNER/DATASET or OWNER/DATASET@NAME: %s",
			  target);
	config->dataset = slice_dup((struct slice){target, n});
	if (at)
		config->name = xstrdup(at + 1);
}

static void
check_usage(struct config *config, const struct opts *o)
{
	if (!o->rest[0])
		opts_fail(o, "which dataset? OWNER/DATASET is missing");
	if (o->rest[1])
		opts_fail(o, "one dataset at a time: %s", o->rest[1]);
	take_target(config, o, o->rest[0]);
	if (config->description && !config->create)
		opts_fail(o, "--description goes with --create");
	if (config->create && config->name)
		opts_fail(o, "--create NAME goes with OWNER/DATASET alone: %s",
			  o->rest[0]);
	if (config->create && !*config->create)
		opts_fail(o, "--create: a name cannot be empty");
	if (config->create)
		config->name = xstrdup(config->create);
	if (config->syncs && !config->output)
		opts_fail(o, "--fsync goes with -o");
	if (config->output && config->list)
		opts_fail(o, "-o is for a release file, -l prints on stdout");
	if (config->output && config->create && !config->wait)
		opts_fail(o, "with --create, -o needs --wait: the file is "
			     "there when the release is ready");
	buf_puts(&config->target, config->dataset);
	if (config->name)
		buf_printf(&config->target, "@%s", config->name);
	buf_cstr(&config->target);
}

static void
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "OWNER/DATASET[@NAME]",
		.summary = "Get a release file from the platform, the newest "
			   "or by name.",
		.table = table,
		.outcome = &config->outcome,
	};
	int key;

	config->api = "https://api.segments.ai/";
	fetch_options_init(&config->fetch);
	config->fetch.max_size = INT64_MAX;
	while ((key = opts_next(&o, argc, argv)) != -1)
		take_option(config, &o, key);
	check_usage(config, &o);
}

/* Says something of what was asked for; -1, for what is wrong with it. */
__attribute__((format(printf, 2, 3))) static int
say(const struct asking *run, const char *format, ...)
{
	struct place place = {.stream = run->config->target.data};
	struct buf why = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&why, format, args);
	va_end(args);
	diag_say(&place, "%s", buf_cstr(&why));
	buf_release(&why);
	return -1;
}

/* Says why a call failed. */
static int
fail_call(const struct asking *run)
{
	const struct config *config = run->config;

	if (api_status(run->api) == 404)
		return say(run,
			   "no dataset %s, or none that this key may see (%s)",
			   config->dataset, api_why(run->api));
	return say(run, "%s", api_why(run->api));
}

/* Says that there is no release of that name, and what there is. */
static int
fail_name(const struct asking *run)
{
	struct release_list list = {0};
	const char *name = run->config->name, *nearest;
	const char **names;

	if (release_list_get(run->api, run->config->dataset, &list) < 0) {
		release_list_release(&list);
		return fail_call(run);
	}
	names = xcalloc(list.count + 1, sizeof(*names));
	for (size_t i = 0; i < list.count; i++)
		names[i] = list.entries[i].name;
	nearest = nearest_word(name, names);
	if (nearest)
		say(run, "no release is called %s; did you mean %s?", name,
		    nearest);
	else
		say(run, "no release is called %s; -l lists the %zu there are",
		    name, list.count);
	free(names);
	release_list_release(&list);
	return -1;
}

/* Asks for the release of a name. */
static int
get_named(const struct asking *run, struct release_entry *entry)
{
	const struct config *config = run->config;

	if (release_entry_get(run->api, config->dataset, config->name, entry) ==
	    0)
		return 0;
	return api_status(run->api) == 404 ? fail_name(run) : fail_call(run);
}

/* Finds out what the newest is called. */
static int
choose_newest(const struct asking *run)
{
	struct config *config = run->config;
	const struct release_entry *newest;
	struct release_list list = {0};
	int got = release_list_get(run->api, config->dataset, &list);

	newest = release_list_newest(&list);
	if (got < 0)
		fail_call(run);
	else if (!list.count)
		got = say(run, "there is no release yet; --create makes one");
	else if (!newest)
		got = say(run, "no release is ready: all have failed");
	else
		config->name = xstrdup(newest->name);
	release_list_release(&list);
	return got;
}

static int
create(const struct asking *run, struct release_entry *entry)
{
	const struct config *config = run->config;
	const char *description = config->description;

	if (release_entry_create(run->api, config->dataset, config->name,
				 description ? description : "", entry) < 0)
		return fail_call(run);
	if (!config->outcome.quiet)
		say(run, "release %s is being made", entry->name);
	return 0;
}

/* Looks at a release until it is not pending any more. */
static int
wait_for(const struct asking *run, struct release_entry *entry)
{
	struct timespec pause = {.tv_sec = 1};

	if (!run->config->outcome.quiet)
		say(run, "release %s is pending; waiting", entry->name);
	while (strcmp(entry->status, "PENDING") == 0) {
		nanosleep(&pause, NULL);
		pause.tv_sec *= 2;
		if (pause.tv_sec > LOOK_LONGEST)
			pause.tv_sec = LOOK_LONGEST;
		release_entry_release(entry);
		if (get_named(run, entry) < 0)
			return -1;
	}
	return 0;
}

/* Makes, finds and awaits the release that is asked for. */
static int
find(const struct asking *run, struct release_entry *entry)
{
	const struct config *config = run->config;
	int got;

	if (!config->name && choose_newest(run) < 0)
		return -1;
	got = config->create ? create(run, entry) : get_named(run, entry);
	if (got == 0 && config->wait && strcmp(entry->status, "PENDING") == 0)
		got = wait_for(run, entry);
	return got;
}

/* 0, or -1 where stdout cannot be written, which has been said. */
static int
print(const struct release_entry *entries, size_t count)
{
	struct out *out = out_open(STDOUT_FILENO, "<stdout>");

	for (size_t i = 0; i < count; i++) {
		out_put(out, slice_of(entries[i].json));
		out_put(out, slice_of("\n"));
	}
	return out_close_stdout(out);
}

static int
list_all(const struct asking *run)
{
	struct release_list list = {0};
	int got = release_list_get(run->api, run->config->dataset, &list);

	got = got < 0 ? fail_call(run) : print(list.entries, list.count);
	if (got == 0 && !list.count && !run->config->outcome.quiet)
		say(run, "there is no release yet; --create makes one");
	release_list_release(&list);
	return got;
}

/*
 * The file from another URL than the signed one, which did not give it: from
 * one that is signed anew, or the one that is not signed. -1 where none has it.
 */
static int
get_elsewhere(struct asking *run, const struct release_entry *entry)
{
	const struct config *config = run->config;
	struct release_entry now = {0};
	int got = -1;

	if (release_entry_get(run->api, config->dataset, entry->name, &now) ==
		    0 &&
	    now.signed_url && strcmp(now.signed_url, entry->signed_url) != 0)
		got = release_file_get(&run->file, entry->name, now.signed_url);
	if (got < 0 && run->file.untouched && entry->url)
		got = release_file_get(&run->file, entry->name, entry->url);
	release_entry_release(&now);
	return got;
}

/* The file, from wherever it can be had: 0, or -1 with the message said. */
static int
get_file(struct asking *run, const struct release_entry *entry)
{
	struct release_file *file = &run->file;
	const char *first = entry->signed_url ? entry->signed_url : entry->url;
	int got = release_file_get(file, entry->name, first);

	if (got < 0 && file->untouched && entry->signed_url)
		got = get_elsewhere(run, entry);
	if (got < 0 && file->why.len)
		return say(run, "%s", buf_cstr(&file->why));
	return got;
}

/* The file of a release that is ready; or why there is none. */
static int
put_file(struct asking *run, const struct release_entry *entry)
{
	int got;

	if (strcmp(entry->status, "PENDING") == 0)
		return say(run,
			   "release %s is not ready yet; --wait waits "
			   "until it is",
			   entry->name);
	if (!release_entry_is_ready(entry))
		return say(run,
			   "release %s cannot be had, its status is %s; "
			   "--create makes another",
			   entry->name, entry->status);
	if (!entry->signed_url && !entry->url)
		return say(run, "release %s is ready, but has no file",
			   entry->name);
	got = get_file(run, entry);
	if (got == 0 && !run->config->output)
		got = print(NULL, 0);
	if (got == 0 && !run->config->outcome.quiet)
		say(run, "release %s, made %s", entry->name, entry->created);
	return got;
}

/* What the command line asks for: 0, or -1 with the message said. */
static int
answer(struct asking *run)
{
	const struct config *config = run->config;
	struct release_entry entry = {0};
	int got;

	if (config->list && !config->name)
		return list_all(run);
	got = find(run, &entry);
	if (got == 0 && (config->list || (config->create && !config->wait)))
		got = print(&entry, 1);
	else if (got == 0)
		got = put_file(run, &entry);
	release_entry_release(&entry);
	return got;
}

/* All that is needed is opened before anyone is asked; false: it was said. */
static bool
open_all(struct asking *run, const char *key)
{
	const struct config *config = run->config;

	run->file.path = config->output ? config->output : "<stdout>";
	run->file.quiet = config->outcome.quiet;
	if (config->output) {
		run->file.file = file_create(AT_FDCWD, config->output);
		if (!run->file.file)
			diag_say(NULL, "%s: %s", config->output,
				 strerror(errno));
		if (!run->file.file)
			return false;
	}
	run->fetch = run->file.fetch = fetch_open(&config->fetch);
	if (run->fetch)
		run->api = api_open(config->api, key, run->fetch);
	sandbox_enter();
	return run->api != NULL;
}

int
main(int argc, char **argv)
{
	const char *key = getenv("SEGMENTS_API_KEY");
	struct config config = {0};
	struct asking run = {.config = &config};
	int status = STATUS_FATAL;

	diag_init(argv[0]);
	stream_start();
	parse(&config, argc, argv);
	if (!key || !*key)
		diag_die(NULL,
			 "no key: set SEGMENTS_API_KEY to one that is made at "
			 "https://segments.ai/account");
	if (open_all(&run, key) && answer(&run) == 0)
		status = STATUS_OK;
	release_file_release(&run.file);
	api_close(run.api);
	fetch_close(run.fetch);
	buf_release(&config.target);
	free(config.dataset);
	free(config.name);
	return status;
}
