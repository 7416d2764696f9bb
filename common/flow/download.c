/* Records: read, kept in order, written. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "flow/download_parts.h"

enum {
	ROOM_LEAST = 256,      /* records under way at once */
	ROOM_PER_JOB = 32,     /* more of them for more transfers */
	BYTES_MOST = 64 << 20, /* of their lines, unless one alone has more */
	LINE_KEPT = 1 << 16,   /* bytes of memory kept for the next line */
	URL_SHOWN = 500,       /* bytes of a URL in a message */
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

static void
raise_status(struct run *run, int status)
{
	if (run->status < status)
		run->status = status;
}

static bool
is_settled(const struct item *item)
{
	return part_settled(&item->parts[ASSET_IMAGE]) &&
	       part_settled(&item->parts[ASSET_LABEL]);
}

/* Says what failed; the record carries the first. */
static void
put_failed(struct run *run, const struct item *item)
{
	const struct part *first = NULL, *part;
	struct slice url;

	progress_clear(&run->progress);
	for (part = item->parts; part < item->parts + 2; part++) {
		if (part->state != PART_FAILED)
			continue;
		first = first ? first : part;
		url = part->wanted.source;
		diag_say(&item->record.place, "%.*s: %.*s%s",
			 (int)part->error.len, part->error.data,
			 (int)(url.n < URL_SHOWN ? url.n : URL_SHOWN), url.p,
			 url.n < URL_SHOWN ? "" : "...");
	}
	buf_reset(&run->value);
	buf_slice(&run->value, buf_view(&first->error));
	record_put_error(&run->text, buf_view(&item->line),
			 buf_cstr(&run->value), first->wanted.url);
	raise_status(run, STATUS_FAILED);
}

static void
put_broken(struct run *run, struct item *item)
{
	const char *message = buf_cstr(&item->message);

	progress_clear(&run->progress);
	diag_say(&item->record.place, "%s", message);
	record_put_error(&run->text, (struct slice){0}, message,
			 (struct slice){0});
	raise_status(run, STATUS_FATAL);
}

static void
add_path(struct run *run, const struct part *part)
{
	if (part->state != PART_THERE)
		return;
	buf_reset(&run->value);
	buf_reset(&run->text);
	store_put_path(run->store, buf_view(&part->path), &run->text);
	json_put_string(&run->value, buf_view(&run->text));
	edits_set(&run->edits, part->wanted.asset, "path",
		  buf_view(&run->value));
}

static void
write_item(struct run *run, struct item *item)
{
	buf_reset(&run->text);
	if (item->broken) {
		put_broken(run, item);
	} else if (item->parts[ASSET_IMAGE].state == PART_FAILED ||
		   item->parts[ASSET_LABEL].state == PART_FAILED) {
		put_failed(run, item);
	} else {
		add_path(run, &item->parts[ASSET_IMAGE]);
		add_path(run, &item->parts[ASSET_LABEL]);
		buf_reset(&run->text);
		edits_apply(&run->edits, buf_view(&item->line), &run->text);
		buf_putc(&run->text, '\n');
	}
	out_put(run->out, buf_view(&run->text));
	run->progress.records++;
}

static void
retire_item(struct run *run, struct item *item)
{
	run->bytes -= item->line.len;
	if (item->line.cap > LINE_KEPT)
		buf_release(&item->line);
	run->first++;
}

/* Writes the records that are done, up to the first that is not. */
static void
write_settled(struct run *run)
{
	while (run->first < run->end && !run->fatal) {
		struct item *item = &run->items[run->first % run->room];

		if (!is_settled(item))
			return;
		write_item(run, item);
		retire_item(run, item);
		if (out_failed(run->out))
			run->fatal = true;
	}
}

static void
break_item(struct item *item, const struct json_error *error)
{
	item->broken = true;
	buf_reset(&item->message);
	buf_printf(&item->message, "byte %zu of the line: %s",
		   error->offset + 1, error->what);
}

/* Tells what would be fetched, in place of a record. */
static void
tell_part(struct run *run, struct part *part, enum asset_kind kind,
	  const struct record *record)
{
	enum name_state state;

	if (!wanted_read(record, kind, &part->wanted, &part->text))
		return;
	state = store_choose(run->store, &part->wanted, &part->path,
			     &run->line);
	if (state != NAME_FRESH &&
	    (state != NAME_KNOWN || !run->gather->refresh))
		return;
	buf_reset(&run->value);
	buf_reset(&run->text);
	store_put_path(run->store, buf_view(&part->path), &run->value);
	buf_puts(&run->text, "{\"url\":");
	json_put_string(&run->text, part->wanted.source);
	buf_puts(&run->text, ",\"path\":");
	json_put_string(&run->text, buf_view(&run->value));
	buf_puts(&run->text, "}\n");
	out_put(run->out, buf_view(&run->text));
}

static void
begin_parts(struct run *run, struct item *item)
{
	const bool asked[] = {
		[ASSET_IMAGE] = run->gather->images,
		[ASSET_LABEL] = run->gather->labels,
	};
	int kind;

	for (kind = ASSET_IMAGE; kind <= ASSET_LABEL; kind++) {
		struct part *part = &item->parts[kind];

		part->run = run;
		part->state = PART_NONE;
		if (item->broken || item->record.error.p || !asked[kind])
			continue;
		if (run->gather->dry_run)
			tell_part(run, part, (enum asset_kind)kind,
				  &item->record);
		else
			part_begin(part, &item->record, (enum asset_kind)kind);
	}
}

static void
admit(struct run *run, struct slice line, const struct place *place)
{
	struct item *item = &run->items[run->end % run->room];
	struct json_error error = {0};

	buf_reset(&item->line);
	buf_slice(&item->line, line);
	item->broken = false;
	item->record.place = *place;
	if (record_parse(&item->record, buf_view(&item->line), &error) < 0)
		break_item(item, &error);
	begin_parts(run, item);
	run->bytes += line.n;
	run->end++;
	if (!run->gather->dry_run)
		return;
	if (item->broken)
		put_broken(run, item);
	retire_item(run, item);
}

static bool
has_room(const struct run *run)
{
	return !run->ended && run->end - run->first < run->room &&
	       (run->bytes < BYTES_MOST || run->end == run->first);
}

static void
read_one(struct run *run)
{
	struct place place = {0};
	struct slice line;
	int got = lines_next(run->lines, &line, &place);

	if (got > 0) {
		admit(run, line, &place);
		return;
	}
	run->ended = true;
	run->progress.total = run->end;
	if (got < 0) {
		run->broken_off = true;
		raise_status(run, STATUS_FATAL);
	}
}

/* True when a read of stdin will not wait. */
static bool
can_read_stdin(void)
{
	struct pollfd one = {.fd = STDIN_FILENO, .events = POLLIN};

	return poll(&one, 1, 0) != 0;
}

/*
 * Reads and looks up a batch of records: those at hand, and one more read
 * where it does not wait for stdin.
 */
static void
read_some(struct run *run, bool from_stdin)
{
	int i;

	for (i = 0; i < BATCH && has_room(run); i++) {
		if (!lines_ready(run->lines) && from_stdin && !can_read_stdin())
			return;
		read_one(run);
		if (run->fatal || caught)
			return;
		if (!fetch_pending(run->fetch))
			write_settled(run);
	}
}

static void
wait_for_more(struct run *run, bool from_stdin)
{
	bool reads = has_room(run);
	int wait = progress_wait(&run->progress);
	bool at_once = reads && (!from_stdin || lines_ready(run->lines));

	if (!at_once)
		out_flush(run->out);
	if (wait < 0)
		wait = WAIT;
	if (writer_pending(run->writer))
		wait = WAIT_WRITER;
	if (at_once && !fetch_pending(run->fetch))
		return;
	fetch_run(run->fetch, at_once ? 0 : wait,
		  reads && from_stdin ? STDIN_FILENO : -1);
}

/* Names the files that have been written. */
static void
store_written(struct run *run)
{
	struct part *part;

	while ((part = writer_take(run->writer)) != NULL)
		part_store(part);
}

static void
run_records(struct run *run, bool from_stdin)
{
	while (!run->fatal && !caught) {
		read_some(run, from_stdin);
		store_written(run);
		write_settled(run);
		progress_show(&run->progress);
		if (run->fatal || caught ||
		    (run->ended && run->first == run->end))
			return;
		wait_for_more(run, from_stdin);
		run->progress.received = fetch_received(run->fetch);
	}
}

/* Before an early end: what is done is written, the rest was never begun. */
static void
write_finished(struct run *run)
{
	for (; run->first < run->end; run->first++) {
		struct item *item = &run->items[run->first % run->room];

		if (is_settled(item))
			write_item(run, item);
	}
}

/* Each transfer has a connection, a file, and for a moment its directory. */
static void
fit_descriptors(struct fetch_options *options)
{
	struct rlimit limit;
	rlim_t most;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 ||
	    limit.rlim_cur == RLIM_INFINITY)
		return;
	most = limit.rlim_cur > 40 ? (limit.rlim_cur - 32) / 4 : 1;
	if (options->jobs > most)
		options->jobs = (unsigned)most;
}

static bool
open_run(struct run *run, char *const *operands)
{
	const struct gather *gather = run->gather;
	struct fetch_options options = gather->fetch;

	fit_descriptors(&options);
	run->room = ROOM_PER_JOB * (size_t)options.jobs;
	if (run->room < ROOM_LEAST)
		run->room = ROOM_LEAST;
	run->items = xcalloc(run->room, sizeof(*run->items));
	run->digest = digest_open();
	run->store = store_open(gather->directory, !gather->dry_run);
	if (run->store)
		run->fetch = fetch_open(&options);
	if (!run->fetch)
		return false;
	run->writer = writer_open(run->store);
	run->lines = lines_open(operands, gather->max_record);
	run->out = out_open(STDOUT_FILENO, "<stdout>");
	progress_begin(&run->progress, gather->quiet || gather->dry_run);
	return true;
}

static void
close_run(struct run *run)
{
	size_t i;

	for (i = 0; i < run->room; i++) {
		struct item *item = &run->items[i];

		buf_release(&item->line);
		buf_release(&item->message);
		record_release(&item->record);
		part_release(&item->parts[ASSET_IMAGE]);
		part_release(&item->parts[ASSET_LABEL]);
	}
	free(run->items);
	writer_close(run->writer);
	digest_close(run->digest);
	store_close(run->store);
	store_line_release(&run->line);
	edits_release(&run->edits);
	buf_release(&run->text);
	buf_release(&run->value);
}

static void
write_broken_off(struct run *run)
{
	buf_reset(&run->text);
	record_put_broken_off(&run->text);
	out_put(run->out, buf_view(&run->text));
}

static bool
reads_stdin(char *const *operands)
{
	return !operands[0] || (strcmp(operands[0], "-") == 0 && !operands[1]);
}

int
gather_run(const struct gather *gather, char *const *operands)
{
	struct run run = {.gather = gather};

	if (!open_run(&run, operands)) {
		close_run(&run);
		return STATUS_FATAL;
	}
	catch_signals(run.fetch);
	run_records(&run, reads_stdin(operands));
	writer_finish(run.writer);
	to_wake = NULL;
	fetch_close(run.fetch);
	store_written(&run);
	write_finished(&run);
	if (run.broken_off && !gather->dry_run)
		write_broken_off(&run);
	progress_end(&run.progress);
	lines_close(run.lines);
	if (run.fatal)
		raise_status(&run, STATUS_FATAL);
	if (out_close_stdout(run.out) < 0)
		raise_status(&run, STATUS_FATAL);
	close_run(&run);
	return caught ? 128 + caught : run.status;
}
