/* Records: read, kept in order, written. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/out.h"
#include "base/sandbox.h"
#include "flow/download_parts.h"
#include "record/broken_off.h"
#include "record/no_record.h"

enum {
	ROOM_LEAST = 256,      /* records under way at once */
	ROOM_PER_JOB = 32,     /* more of them for more transfers */
	BYTES_MOST = 64 << 20, /* of their lines, unless one alone has more */
	BATCH = 64,            /* records between two looks at the network */
	WAIT_WRITER = 10,      /* milliseconds between two looks at the disk */
	WAIT = 1000            /* milliseconds without anything to do */
};

/* The signal that ends the run early; and whom it has to wake. */
static volatile sig_atomic_t caught;
static struct fetch *volatile to_wake;

static void
on_signal(int number)
{
	caught = number;
	if (to_wake)
		fetch_wake(to_wake);
}

static void
catch_signals(struct fetch *fetch)
{
	/* A second one ends it at once. */
	struct sigaction action = {.sa_handler = on_signal,
				   .sa_flags = (int)SA_RESETHAND};

	sigemptyset(&action.sa_mask);
	to_wake = fetch;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* What comes is not records: nothing more is read. */
static void
end_foreign(struct downloader *run, struct download_record *entry)
{
	entry->broken = entry->foreign = true;
	if (entry->record.place.line == 1)
		entry->record.place.line = 0;
	entry->record.place.sample = (struct slice){0};
	entry->record.error = (struct slice){0};
	run->ended = true;
}

static void
break_record(struct downloader *run, struct download_record *entry,
	     const struct json_error *error)
{
	entry->broken = true;
	buf_reset(&entry->message);
	if (no_object_tell(buf_view(&entry->line), &entry->record.place, error,
			   &entry->message)) {
		end_foreign(run, entry);
		return;
	}
	buf_printf(&entry->message, "byte %zu of the line: %s",
		   error->offset + 1, error->what);
}

/* Tells what would be fetched, in place of a record. */
static void
tell_file(struct downloader *run, struct download_file *target,
	  enum asset_kind kind, const struct record *record)
{
	enum store_state state = STORE_PRESENT;
	const char *member, *why;
	bool has;

	why = download_file_read(target, record, kind, &has);
	if (!why && !has)
		return;
	why = why ? why : download_file_look(target, &state);
	if (why) {
		diag_say(&record->place, "%s", why);
		download_raise(run, STATUS_FAILED);
		return;
	}
	if (!target->remote.url.n ||
	    (state != STORE_MISSING &&
	     (state != STORE_PRESENT || !run->download->refresh)))
		return;
	buf_reset(&run->value);
	buf_reset(&run->text);
	store_put_path(run->store, buf_view(&target->path), &run->value);
	buf_puts(&run->text, "{\"url\":");
	json_put_string(&run->text, remote_source(&target->remote, 0, &member));
	buf_puts(&run->text, ",\"path\":");
	json_put_string(&run->text, buf_view(&run->value));
	buf_puts(&run->text, "}\n");
	out_put(run->out, buf_view(&run->text));
}

static void
begin_files(struct downloader *run, struct download_record *entry)
{
	const bool asked[] = {
		[ASSET_IMAGE] = run->download->images,
		[ASSET_LABEL] = run->download->labels,
	};
	int kind;

	if (!entry->broken && !entry->record.error.p)
		download_count_stranger(run, &entry->record);
	for (kind = ASSET_IMAGE; kind <= ASSET_LABEL; kind++) {
		struct download_file *target = &entry->files[kind];

		target->run = run;
		target->state = FILE_NONE;
		if (entry->broken || entry->record.error.p || !asked[kind])
			continue;
		if (run->download->dry_run)
			tell_file(run, target, (enum asset_kind)kind,
				  &entry->record);
		else
			download_file_begin(target, &entry->record,
					    (enum asset_kind)kind);
	}
}

static void
admit(struct downloader *run, struct slice line, const struct place *place)
{
	struct download_record *entry = &run->entries[run->end % run->room];
	struct json_error error = {0};

	buf_reset(&entry->line);
	buf_slice(&entry->line, line);
	entry->broken = entry->foreign = false;
	entry->record.place = *place;
	entry->record.shared = &run->memory;
	if (record_parse(&entry->record, buf_view(&entry->line), &error) < 0) {
		break_record(run, entry, &error);
	} else if (!record_is_one(&entry->record)) {
		buf_reset(&entry->message);
		no_record_tell(buf_view(&entry->line), place->stream,
			       &entry->message);
		end_foreign(run, entry);
	} else {
		no_release_warn(&entry->record);
	}
	begin_files(run, entry);
	run->bytes += line.n;
	run->end++;
	if (!run->download->dry_run)
		return;
	if (entry->broken)
		download_put_broken(run, entry);
	download_retire(run, entry);
}

static bool
has_room(const struct downloader *run)
{
	return !run->ended && run->end - run->first < run->room &&
	       (run->bytes < BYTES_MOST || run->end == run->first);
}

static void
read_one(struct downloader *run)
{
	struct place place = {0};
	struct slice line;
	int got = lines_next(run->lines, &line, &place);

	if (got > 0) {
		admit(run, line, &place);
		return;
	}
	run->ended = true;
	run->done.total = run->end;
	if (got < 0) {
		run->broken_off = true;
		download_raise(run, STATUS_FATAL);
	}
}

/* Reads and looks up a batch of records, of those that have come. */
static void
read_some(struct downloader *run)
{
	int i, fd;

	for (i = 0; i < BATCH && has_room(run); i++) {
		if (!lines_come(run->lines, &fd))
			return;
		read_one(run);
		if (run->fatal || caught)
			return;
		if (!fetch_pending(run->fetch))
			download_write_settled(run);
	}
}

static void
wait_for_more(struct downloader *run)
{
	bool reads = has_room(run);
	int wait = progress_wait(&run->progress), fd = -1;
	bool at_once = reads && lines_come(run->lines, &fd);

	if (!at_once)
		out_flush(run->out);
	if (wait < 0)
		wait = WAIT;
	if (download_writer_pending(run->writer))
		wait = WAIT_WRITER;
	if (at_once && !fetch_pending(run->fetch))
		return;
	fetch_run(run->fetch, at_once ? 0 : wait, at_once ? -1 : fd);
}

/* Names the files that have been written. */
static void
store_written(struct downloader *run)
{
	struct download_file *target;

	while ((target = download_writer_take(run->writer)) != NULL)
		download_file_store(target);
}

static void
put_counts(const struct downloader *run, struct buf *to)
{
	buf_printf(to, "%llu fetched (", (unsigned long long)run->done.fetched);
	progress_put_size(to, run->done.bytes);
	buf_printf(to, "), %llu already there, %llu failed",
		   (unsigned long long)run->done.present,
		   (unsigned long long)run->done.failed);
}

/* How far it is, for who waits: by records, once all have been read. */
static void
show_progress(struct downloader *run)
{
	const struct progress *progress = &run->progress;
	struct buf text = {0};

	if (!progress_due(&run->progress))
		return;
	put_counts(run, &text);
	progress_put_speed(progress, fetch_received(run->fetch), &text);
	if (run->done.total)
		progress_put_left(progress, run->done.records, run->done.total,
				  &text);
	else
		progress_put_input(progress, &text);
	progress_show(buf_view(&text));
	buf_release(&text);
}

static void
run_records(struct downloader *run)
{
	while (!run->fatal && !caught) {
		read_some(run);
		store_written(run);
		download_write_settled(run);
		show_progress(run);
		if (run->fatal || caught ||
		    (run->ended && run->first == run->end))
			return;
		wait_for_more(run);
	}
}

/* Before an early end: what is done is written, the rest was never begun. */
static void
write_finished(struct downloader *run)
{
	for (; run->first < run->end; run->first++) {
		struct download_record *entry =
			&run->entries[run->first % run->room];

		if (download_is_settled(entry))
			download_write(run, entry);
	}
}

/*
 * Each transfer has a connection, a file with its directory, and for a moment
 * another directory. What came of a file before it was cut is kept, too, until
 * its rest is asked for.
 */
static void
fit_descriptors(struct fetch_options *options)
{
	struct rlimit limit;
	rlim_t free, most;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 ||
	    limit.rlim_cur == RLIM_INFINITY)
		return;
	free = limit.rlim_cur > 40 ? limit.rlim_cur - 32 : 8;
	most = free / 6 + (free < 6);
	if (options->jobs > most)
		options->jobs = (unsigned)most;
	options->held = (size_t)(free - 4 * (rlim_t)options->jobs) / 2;
}

static bool
open_run(struct downloader *run, char *const *operands)
{
	const struct download *download = run->download;
	struct fetch_options options = download->fetch;

	fit_descriptors(&options);
	run->room = ROOM_PER_JOB * (size_t)options.jobs;
	if (run->room < ROOM_LEAST)
		run->room = ROOM_LEAST;
	run->entries = xcalloc(run->room, sizeof(*run->entries));
	run->digest = digest_open();
	run->store = store_open(&(struct store_options){
		.directory = download->directory,
		.write = !download->dry_run,
		.naming = download->naming,
		.replaces = download->refresh,
		.syncs = download->syncs,
	});
	if (run->store)
		run->fetch = fetch_open(&options);
	if (!run->fetch)
		return false;
	sandbox_enter();
	run->writer = download_writer_open(run->store);
	run->lines = lines_open(operands, download->max_record);
	run->out = out_open(STDOUT_FILENO, "<stdout>");
	download->outcome->quiet |= download->dry_run;
	progress_begin(&run->progress, download->outcome->quiet, operands);
	outcome_out(download->outcome, "records", 0);
	return true;
}

static void
close_run(struct downloader *run)
{
	size_t i;

	for (i = 0; i < run->room; i++) {
		struct download_record *entry = &run->entries[i];

		buf_release(&entry->line);
		buf_release(&entry->message);
		record_release(&entry->record);
		download_file_release(&entry->files[ASSET_IMAGE]);
		download_file_release(&entry->files[ASSET_LABEL]);
	}
	free(run->entries);
	record_memory_release(&run->memory);
	download_writer_close(run->writer);
	digest_close(run->digest);
	store_close(run->store);
	store_line_release(&run->line);
	edits_release(&run->edits);
	for (i = 0; i < DOWN_HOSTS; i++)
		buf_release(&run->down[i].name);
	buf_release(&run->text);
	buf_release(&run->value);
}

static void
write_broken_off(struct downloader *run)
{
	buf_reset(&run->text);
	if (run->broken_off)
		record_put_broken_off(&run->text);
	else
		broken_off_put(&run->text);
	out_put(run->out, buf_view(&run->text));
}

int
download_run(const struct download *download, char *const *operands)
{
	struct downloader run = {.download = download};

	if (!open_run(&run, operands)) {
		close_run(&run);
		return STATUS_FATAL;
	}
	catch_signals(run.fetch);
	run_records(&run);
	download_writer_finish(run.writer);
	to_wake = NULL;
	fetch_close(run.fetch);
	store_written(&run);
	write_finished(&run);
	if (download->syncs && !download->dry_run &&
	    store_sync_disk(run.store) < 0) {
		diag_say(NULL, "%s: %s", download->directory, strerror(errno));
		download_raise(&run, STATUS_FATAL);
	}
	if ((run.broken_off || caught) && !download->dry_run)
		write_broken_off(&run);
	progress_end(&run.progress);
	put_counts(&run, &download->outcome->lead);
	download_say_counted(&run);
	lines_close(run.lines);
	if (run.fatal)
		download_raise(&run, STATUS_FATAL);
	if (out_close_stdout(run.out) < 0)
		download_raise(&run, STATUS_FATAL);
	close_run(&run);
	return caught ? 128 + caught : run.status;
}
