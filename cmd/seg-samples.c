/* seg-samples: a release file becomes one record per sample. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/lines.h"
#include "base/opts.h"
#include "base/out.h"
#include "base/progress.h"
#include "base/sandbox.h"
#include "base/stream.h"
#include "record/broken_off.h"
#include "record/release.h"
#include "record/release_names.h"

enum { ALL_LABELSETS = 256, INFO, NAMES, MAX_RECORD };

static const struct opt table[] = {
	{'l', "labelset", "NAME",
	 "take labels from this labelset (default: the only one, or "
	 "ground-truth)"},
	{ALL_LABELSETS, "all-labelsets", NULL,
	 "write one record per sample and labelset"},
	{INFO, "info", NULL,
	 "print what the release says of itself, a line "
	 "per labelset"},
	{NAMES, "names", "labelsets|categories",
	 "print what these are called, one a line"},
	{MAX_RECORD, "max-record", "SIZE",
	 "refuse samples larger than this (default 256M)"},
	{0},
};

/* Bytes of records gathered before they are written. */
enum { GATHERED = 1 << 18 };

struct config {
	struct outcome outcome;
	struct progress progress;
	struct release_choice choice;
	bool info;
	bool names; /* of a kind alone: */
	enum release_names kind;
};

static void
take_option(struct config *config, const struct opts *o, int key)
{
	static const char *const kinds[] = {"labelsets", "categories", NULL};

	if (key == 'l') {
		config->choice.labelset = o->arg;
	} else if (key == ALL_LABELSETS) {
		config->choice.all = true;
	} else if (key == INFO) {
		config->info = true;
	} else if (key == NAMES) {
		config->names = true;
		config->kind = (enum release_names)opts_choice(o, kinds);
	} else if (key == MAX_RECORD) {
		config->choice.max_record = opts_bytes(o);
	}
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[release.json ...]",
		.summary = "Write a release's samples as records, one JSON "
			   "object per line.",
		.table = table,
		.outcome = &config->outcome,
	};
	int key;

	config->choice.max_record = RECORD_MAX;
	while ((key = opts_next(&o, argc, argv)) != -1)
		take_option(config, &o, key);
	if (config->choice.labelset && config->choice.all)
		opts_fail(&o, "-l and --all-labelsets exclude each other");
	if (config->names &&
	    (config->choice.labelset || config->choice.all || config->info))
		opts_fail(&o, "--names goes with no option that chooses");
	config->info |= config->names;
	if (config->info && !config->choice.labelset)
		config->choice.all = true;
	return o.rest;
}

/* Writes what has been gathered. False when it cannot be written. */
static bool
put(struct out *out, struct buf *text)
{
	out_borrow(out, buf_view(text));
	if (out_flush(out) < 0)
		return false;
	buf_reset(text);
	return true;
}

/* How far it is, for who waits. */
static void
show_progress(struct progress *progress)
{
	struct buf line = {0};

	if (!progress_due(progress))
		return;
	progress_put_size(&line, stream_taken());
	if (progress->size) {
		buf_puts(&line, " of ");
		progress_put_size(&line, progress->size);
	}
	progress_put_speed(progress, stream_taken(), &line);
	progress_put_input(progress, &line);
	progress_show(buf_view(&line));
	buf_release(&line);
}

/* 0 when the release is written to its end, else -1. */
static int
put_samples(struct config *config, struct release *release, struct out *out,
	    struct buf *text)
{
	int got;

	while ((got = release_next(release, text)) > 0) {
		config->outcome.in++;
		show_progress(&config->progress);
		if (text->len >= GATHERED && !put(out, text))
			return -1;
	}
	return got;
}

/* 0 when a line for each labelset is written, else -1. */
static int
put_info(const struct release *release, struct out *out, struct buf *text)
{
	size_t i;

	for (i = 0; release_put_info(release, i, text); i++)
		if (text->len >= GATHERED && !put(out, text))
			return -1;
	return 0;
}

static void
count_records(struct outcome *outcome, const struct release *release)
{
	uint64_t failed = release_failed(release);

	outcome_out(outcome, "records", release_written(release) - failed);
	outcome->failed += failed;
}

/* Writes the names of one release or file of records: an exit status. */
static int
write_names(struct config *config, const char *operand, struct out *out)
{
	struct buf text = {0};
	int status = STATUS_OK;

	if (release_names_read(operand, config->kind, &text) < 0 ||
	    !put(out, &text))
		status = STATUS_FATAL;
	buf_release(&text);
	return status;
}

/* Writes one release: an exit status. */
static int
write_release(struct config *config, const char *operand, struct out *out)
{
	struct buf text = {0};
	struct release *release = release_open(operand, &config->choice, &text);
	int status = STATUS_FATAL;

	if (release && config->info) {
		if (put_info(release, out, &text) == 0)
			status = STATUS_OK;
	} else if (release && put_samples(config, release, out, &text) == 0) {
		status = release_failed(release) ? STATUS_FAILED : STATUS_OK;
	}
	if (release)
		count_records(&config->outcome, release);
	if ((!config->info || release) && !put(out, &text))
		status = STATUS_FATAL;
	release_close(release);
	buf_release(&text);
	return status;
}

/*
 * A file of our own is needed for what comes through a pipe and tells its
 * categories last. Then there is nothing else to be written.
 */
static void
enter_sandbox(char *const *operands)
{
	struct stat st;
	size_t pipes = 0;

	for (; *operands; operands++)
		pipes += strcmp(*operands, "-") == 0 ||
			 stat(*operands, &st) < 0 || !S_ISREG(st.st_mode);
	if (stream_reserve(pipes))
		sandbox_enter();
}

int
main(int argc, char **argv)
{
	static char dash[] = "-";
	char *stdin_only[] = {dash, NULL};
	struct config config = {.outcome.unit = "samples"};
	struct out *out;
	char **operand;
	int status = STATUS_OK;

	diag_init(argv[0]);
	stream_start();
	broken_off_watch();
	operand = parse(&config, argc, argv);
	out = out_open(STDOUT_FILENO, "<stdout>");
	if (!*operand)
		operand = stdin_only;
	enter_sandbox(operand);
	config.outcome.quiet |= config.info;
	progress_begin(&config.progress, config.outcome.quiet, operand);
	for (; *operand && !out_failed(out); operand++) {
		int one = config.names ? write_names(&config, *operand, out)
				       : write_release(&config, *operand, out);

		status = one > status ? one : status;
	}
	if (out_close_stdout(out) < 0)
		status = STATUS_FATAL;
	progress_end(&config.progress);
	return outcome_end(&config.outcome, status);
}
