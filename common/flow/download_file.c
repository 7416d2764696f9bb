/* One file of a record: looked up, fetched, stored. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "flow/download_parts.h"
#include "store/regular.h"

bool
download_file_settled(const struct download_file *target)
{
	return target->state != FILE_FETCHING && target->state != FILE_FOLLOWS;
}

void
download_file_release(struct download_file *target)
{
	file_drop(target->file);
	buf_release(&target->text);
	buf_release(&target->joined);
	buf_release(&target->path);
	buf_release(&target->error);
	buf_release(&target->down);
	buf_release(&target->body);
	buf_release(&target->etag);
	buf_release(&target->modified);
	store_line_release(&target->line);
}

/* The file that fetches the same file, or NULL. */
static struct download_file *
find_leader(const struct download_file *target)
{
	const struct downloader *run = target->run;
	size_t i;

	for (i = run->end; i-- > run->first;) {
		struct download_record *entry = &run->entries[i % run->room];
		struct download_file *other =
			&entry->files[target->remote.kind];

		if (other != target && other->state == FILE_FETCHING &&
		    slice_equal(buf_view(&other->path),
				buf_view(&target->path)))
			return other;
	}
	return NULL;
}

static void
settle(struct download_file *target, enum file_state state)
{
	struct downloader *run = target->run;
	size_t i;

	target->state = state;
	for (i = run->first; i < run->end; i++) {
		struct download_record *entry = &run->entries[i % run->room];
		struct download_file *other =
			&entry->files[target->remote.kind];

		if (other->state != FILE_FOLLOWS || other->leader != target)
			continue;
		other->state = state;
		buf_reset(&other->path);
		buf_slice(&other->path, buf_view(&target->path));
		buf_reset(&other->error);
		buf_slice(&other->error, buf_view(&target->error));
		buf_reset(&other->down);
		buf_slice(&other->down, buf_view(&target->down));
	}
}

static void
fail(struct download_file *target, const char *why)
{
	target->run->done.failed++;
	buf_reset(&target->error);
	buf_puts(&target->error, why);
	settle(target, FILE_FAILED);
}

/* Where one file cannot be written for these, none can. */
static void
fail_locally(struct download_file *target, int error)
{
	struct downloader *run = target->run;

	fail(target, strerror(error));
	if (error != ENOSPC && error != EDQUOT && error != EIO &&
	    error != EROFS && error != EMFILE && error != ENFILE)
		return;
	if (!run->fatal)
		diag_say(NULL, "%s: %s", run->download->directory,
			 strerror(error));
	run->fatal = true;
}

void
download_file_store(struct download_file *target)
{
	struct downloader *run = target->run;
	struct stored stored = {
		.size = target->size,
		.etag = buf_view(&target->etag),
		.modified = buf_view(&target->modified),
	};
	struct file *file = target->file;

	target->file = NULL;
	if (target->error_number) {
		file_drop(file);
		fail_locally(target, target->error_number);
		return;
	}
	memcpy(stored.sum, target->sum, sizeof(stored.sum));
	switch (store_publish(run->store, file, &target->remote, &stored,
			      target->refreshes, buf_view(&target->path))) {
	case STORE_PRESENT:
		run->done.fetched++;
		run->done.bytes += stored.size;
		settle(target, FILE_THERE);
		break;
	case STORE_MISSING:
		fail_locally(target, errno);
		break;
	default:
		fail(target, store_clash(run->store));
		break;
	}
}

/* Keeps what came; a body that is in memory goes to the writer. */
static void
take_result(struct download_file *target, const struct fetch_result *result)
{
	struct downloader *run = target->run;

	target->error_number = 0;
	target->warning = result->warning;
	buf_reset(&target->etag);
	buf_slice(&target->etag, result->etag);
	buf_reset(&target->modified);
	buf_slice(&target->modified, result->modified);
	if (result->spilled) {
		download_writer_digest(run->digest, target, result->body);
		download_file_store(target);
		return;
	}
	file_drop(target->file);
	target->file = NULL;
	target->body = *result->memory;
	*result->memory = download_writer_spare(run->writer);
	download_writer_put(run->writer, target);
}

static void start_job(struct download_file *target);

/*
 * Goes on with the record's next URL, if there is one; what is wrong with
 * those before it stays in target->error.
 */
static bool
try_next_source(struct download_file *target, const char *why)
{
	const char *member;
	bool two;

	remote_source(&target->remote, target->source, &member);
	two = target->source > 0 ||
	      remote_source(&target->remote, 1, &member).n > 0;
	remote_source(&target->remote, target->source, &member);
	if (target->source == 0)
		buf_reset(&target->error);
	buf_printf(&target->error, "%s%s%s%s", target->source ? "; " : "",
		   two ? member : "", two ? ": " : "", why);
	target->source++;
	if (!remote_source(&target->remote, target->source, &member).n)
		return false;
	start_job(target);
	return true;
}

static void
end_job(struct fetch_job *job, const struct fetch_result *result)
{
	struct download_file *target = job->context;

	if (!result->error && !result->unchanged) {
		take_result(target, result);
		return;
	}
	file_drop(target->file);
	target->file = NULL;
	if (!result->error) {
		target->run->done.present++;
		settle(target, FILE_THERE);
	} else if (result->local) {
		fail_locally(target, result->local);
	} else if (!try_next_source(target, result->error)) {
		buf_reset(&target->down);
		buf_puts(&target->down, result->down ? result->down : "");
		target->run->done.failed++;
		settle(target, FILE_FAILED);
	}
}

static int
spill(struct fetch_job *job)
{
	struct download_file *target = job->context;

	target->file = store_create(target->run->store);
	return target->file ? file_fd(target->file) : -1;
}

static void
start_job(struct download_file *target)
{
	const char *member;

	target->state = FILE_FETCHING;
	target->asked = remote_source(&target->remote, target->source, &member);
	target->job = (struct fetch_job){
		.url = target->asked,
		.png = target->remote.kind == ASSET_LABEL,
		.spill = spill,
		.done = end_job,
		.context = target,
	};
	if (target->refreshes) {
		target->job.etag = target->line.stored.etag;
		target->job.modified = target->line.stored.modified;
	}
	fetch_add(target->run->fetch, &target->job);
}

/* The file is there; with the options for it that is not taken on trust. */
static void
meet_known(struct download_file *target)
{
	struct downloader *run = target->run;
	struct store_line line = target->line;

	target->line = run->line;
	run->line = line;
	target->refreshes = run->download->refresh;
	if (run->download->verify &&
	    !store_verify(run->store, &target->remote, &target->line.stored)) {
		target->refreshes = false;
		start_job(target);
	} else if (target->refreshes) {
		start_job(target);
	} else {
		run->done.present++;
		target->state = FILE_THERE;
	}
}

/* A relative URL below --base is a file that is there, or is not. */
static const char *
look_locally(struct download_file *target)
{
	struct buf *text = &target->joined;
	int fd = regular_open(AT_FDCWD, buf_cstr(text), O_RDONLY);

	if (fd >= 0) {
		close(fd);
		return NULL;
	}
	buf_printf(text, ": %s", regular_error(errno));
	return buf_cstr(text);
}

const char *
download_file_look(struct download_file *target, enum store_state *state)
{
	struct downloader *run = target->run;
	const char *why;

	target->source = 0;
	target->asked = target->remote.url;
	why = remote_rebase(&target->remote, run->download->base,
			    &target->joined);
	if (why)
		return why;
	*state = STORE_PRESENT;
	if (!target->remote.url.n)
		return look_locally(target);
	if (!remote_absolute(target->remote.url))
		return REMOTE_RELATIVE;
	*state = store_choose(run->store, &target->remote, &target->path,
			      &run->line);
	return *state == STORE_CLASH ? store_clash(run->store) : NULL;
}

/* What is looked into must be whole JSON: NULL, or what is wrong, borrowed. */
static const char *
check_json(struct download_file *target, const struct record *record,
	   enum asset_kind kind)
{
	struct slice value =
		kind == ASSET_IMAGE ? record->attributes : record->label;
	struct json_error error;
	const char *why = kind == ASSET_IMAGE ? record_misshapen(record) : NULL;

	if (why)
		return why;
	if (!value.n || json_validate(value, &error) == 0)
		return NULL;
	buf_reset(&target->joined);
	buf_printf(&target->joined, "not JSON inside: %s", error.what);
	return buf_cstr(&target->joined);
}

const char *
download_file_read(struct download_file *target, const struct record *record,
		   enum asset_kind kind, bool *has)
{
	const char *why = check_json(target, record, kind);

	target->remote = (struct remote){.kind = kind};
	target->asked = (struct slice){0};
	*has = !why &&
	       remote_read(record, kind, &target->remote, &target->text) &&
	       target->remote.url.n;
	return why;
}

void
download_file_begin(struct download_file *target, const struct record *record,
		    enum asset_kind kind)
{
	enum store_state state;
	const char *why;
	bool has;

	target->state = FILE_NONE;
	target->refreshes = false;
	target->warning = NULL;
	buf_reset(&target->down);
	why = download_file_read(target, record, kind, &has);
	if (!why && !has)
		return;
	why = why ? why : download_file_look(target, &state);
	if (why) {
		fail(target, why);
	} else if (!target->remote.url.n) {
		target->run->done.present++;
		target->state = FILE_THERE;
	} else if (state == STORE_PRESENT) {
		meet_known(target);
	} else if (state == STORE_MISSING) {
		start_job(target);
	} else {
		target->leader = find_leader(target);
		if (target->leader)
			target->state = FILE_FOLLOWS;
		else
			start_job(target);
	}
}
