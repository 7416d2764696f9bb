/* One file of a record: looked up, fetched, stored. */
#include <errno.h>
#include <stdlib.h>

#include "flow/download_parts.h"

bool
part_settled(const struct part *part)
{
	return part->state != PART_FETCHING && part->state != PART_FOLLOWS;
}

void
part_release(struct part *part)
{
	file_drop(part->file);
	buf_release(&part->text);
	buf_release(&part->path);
	buf_release(&part->error);
	buf_release(&part->body);
	buf_release(&part->etag);
	buf_release(&part->modified);
	store_line_release(&part->line);
}

/* The part that fetches the same file, or NULL. */
static struct part *
find_leader(const struct part *part)
{
	const struct run *run = part->run;
	size_t i;

	for (i = run->end; i-- > run->first;) {
		struct item *item = &run->items[i % run->room];
		struct part *other = &item->parts[part->wanted.kind];

		if (other != part && other->state == PART_FETCHING &&
		    slice_equal(buf_view(&other->path), buf_view(&part->path)))
			return other;
	}
	return NULL;
}

static void
settle(struct part *part, enum part_state state)
{
	struct run *run = part->run;
	size_t i;

	part->state = state;
	for (i = run->first; i < run->end; i++) {
		struct item *item = &run->items[i % run->room];
		struct part *other = &item->parts[part->wanted.kind];

		if (other->state != PART_FOLLOWS || other->leader != part)
			continue;
		other->state = state;
		buf_reset(&other->path);
		buf_slice(&other->path, buf_view(&part->path));
		buf_reset(&other->error);
		buf_slice(&other->error, buf_view(&part->error));
	}
}

static void
fail(struct part *part, const char *why)
{
	part->run->progress.failed++;
	buf_reset(&part->error);
	buf_puts(&part->error, why);
	settle(part, PART_FAILED);
}

/* Where one file cannot be written for these, none can. */
static void
fail_locally(struct part *part, int error)
{
	struct run *run = part->run;

	fail(part, strerror(error));
	if (error != ENOSPC && error != EDQUOT && error != EIO &&
	    error != EROFS && error != EMFILE && error != ENFILE)
		return;
	if (!run->fatal)
		diag_say(NULL, "%s: %s", run->gather->directory,
			 strerror(error));
	run->fatal = true;
}

void
part_store(struct part *part)
{
	struct run *run = part->run;
	struct stored stored = {
		.size = part->size,
		.etag = buf_view(&part->etag),
		.modified = buf_view(&part->modified),
	};
	struct file *file = part->file;

	if (part->error_number) {
		fail_locally(part, part->error_number);
		return;
	}
	memcpy(stored.sum, part->sum, sizeof(stored.sum));
	part->file = NULL;
	if (store_publish(run->store, file, &part->wanted, &stored,
			  part->refreshes, &part->path) < 0) {
		fail_locally(part, errno);
		return;
	}
	run->progress.fetched++;
	run->progress.bytes += stored.size;
	settle(part, PART_THERE);
}

/* Keeps what came; a body that is in memory goes to the writer. */
static void
take_result(struct part *part, const struct fetch_result *result)
{
	struct run *run = part->run;

	part->error_number = 0;
	buf_reset(&part->etag);
	buf_slice(&part->etag, result->etag);
	buf_reset(&part->modified);
	buf_slice(&part->modified, result->modified);
	if (result->spilled) {
		writer_digest(run->digest, part, result->body);
		part_store(part);
		return;
	}
	file_drop(part->file);
	part->file = NULL;
	part->body = *result->memory;
	*result->memory = writer_spare(run->writer);
	writer_put(run->writer, part);
}

static void
end_job(struct fetch_job *job, const struct fetch_result *result)
{
	struct part *part = job->context;

	if (result->error && result->local) {
		fail_locally(part, result->local);
	} else if (result->error) {
		fail(part, result->error);
	} else if (result->unchanged) {
		part->run->progress.present++;
		settle(part, PART_THERE);
	} else {
		take_result(part, result);
	}
	if (!result->error)
		return;
	file_drop(part->file);
	part->file = NULL;
}

static int
spill(struct fetch_job *job)
{
	struct part *part = job->context;

	part->file = store_create(part->run->store);
	return part->file ? file_fd(part->file) : -1;
}

static void
start_job(struct part *part)
{
	part->state = PART_FETCHING;
	part->job = (struct fetch_job){
		.url = part->wanted.source,
		.png = part->wanted.kind == ASSET_LABEL,
		.spill = spill,
		.done = end_job,
		.context = part,
	};
	if (part->refreshes) {
		part->job.etag = part->line.stored.etag;
		part->job.modified = part->line.stored.modified;
	}
	fetch_add(part->run->fetch, &part->job);
}

/* The file is there; with the options for it that is not taken on trust. */
static void
meet_known(struct part *part)
{
	struct run *run = part->run;
	struct store_line line = part->line;

	part->line = run->line;
	run->line = line;
	part->refreshes = run->gather->refresh;
	if (run->gather->verify &&
	    !store_verify(run->store, &part->wanted, &part->line.stored)) {
		part->refreshes = false;
		start_job(part);
	} else if (part->refreshes) {
		start_job(part);
	} else {
		run->progress.present++;
		part->state = PART_THERE;
	}
}

void
part_begin(struct part *part, const struct record *record, enum asset_kind kind)
{
	struct run *run = part->run;

	part->state = PART_NONE;
	part->refreshes = false;
	if (!wanted_read(record, kind, &part->wanted, &part->text))
		return;
	switch (store_choose(run->store, &part->wanted, &part->path,
			     &run->line)) {
	case NAME_KNOWN:
		meet_known(part);
		break;
	case NAME_FRESH:
		start_job(part);
		break;
	case NAME_USED:
		part->leader = find_leader(part);
		if (part->leader)
			part->state = PART_FOLLOWS;
		else
			start_job(part);
		break;
	default:
		fail(part, "every name for its file is taken");
		break;
	}
}
