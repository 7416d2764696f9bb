/* Records written in order, and what is said of them. */
#include "base/out.h"
#include "flow/download_parts.h"
#include "record/edits.h"

enum {
	LINE_KEPT = 1 << 16, /* bytes of memory kept for the next line */
	URL_SHOWN = 500,     /* bytes of a URL in a message */
};

void
download_raise(struct downloader *run, int status)
{
	if (run->status < status)
		run->status = status;
}

bool
download_is_settled(const struct download_record *entry)
{
	return download_file_settled(&entry->files[ASSET_IMAGE]) &&
	       download_file_settled(&entry->files[ASSET_LABEL]);
}

/* A host that is down is said once; then it is counted. */
static bool
is_said(struct downloader *run, const struct download_file *target)
{
	struct slice host = buf_view(&target->down);

	for (size_t i = 0; host.n && i < DOWN_HOSTS; i++) {
		struct down_host *known = &run->down[i];

		if (slice_equal(buf_view(&known->name), host)) {
			known->count++;
			return true;
		}
		if (known->name.len)
			continue;
		buf_slice(&known->name, host);
		return false;
	}
	return false;
}

/* What was counted, instead of being said each time. */
void
download_say_counted(const struct downloader *run)
{
	for (size_t i = 0; i < DOWN_HOSTS && run->down[i].name.len; i++)
		if (run->down[i].count)
			diag_say(NULL,
				 "%.*s cannot be reached: %llu more files "
				 "failed for that",
				 (int)run->down[i].name.len,
				 run->down[i].name.data,
				 (unsigned long long)run->down[i].count);
	if (run->sequences)
		diag_say(NULL,
			 "sequences, of which nothing is fetched: %llu; "
			 "seg-frames makes images of them",
			 (unsigned long long)run->sequences);
	if (run->strangers)
		diag_say(NULL, "records without an image to fetch: %llu",
			 (unsigned long long)run->strangers);
}

/* Counts a record whose files are none of an image's. */
void
download_count_stranger(struct downloader *run, const struct record *record)
{
	struct json_iter iter = json_iterate(record->attributes);
	struct json_member member;
	struct slice value;

	if (json_type(record->attributes) != JSON_OBJECT ||
	    json_find(record->attributes, "image", &value))
		return;
	if (json_find(record->attributes, "frames", &value) ||
	    json_find(record->attributes, "sensors", &value))
		run->sequences++;
	else if (json_next(&iter, &member) > 0)
		run->strangers++;
}

/* Says what failed; the record carries the first. */
static void
put_failed(struct downloader *run, const struct download_record *entry)
{
	const struct download_file *first = entry->files, *target;
	struct slice url;

	if (first->state != FILE_FAILED)
		first++;
	for (target = entry->files; target < entry->files + 2; target++) {
		if (target->state != FILE_FAILED)
			continue;
		if (is_said(run, target))
			continue;
		url = target->asked;
		diag_say(&entry->record.place, "%.*s%s%.*s%s",
			 (int)target->error.len, target->error.data,
			 url.n ? ": " : "",
			 (int)(url.n < URL_SHOWN ? url.n : URL_SHOWN), url.p,
			 url.n < URL_SHOWN ? "" : "...");
	}
	buf_reset(&run->value);
	buf_slice(&run->value, buf_view(&first->error));
	record_put_error(&run->text, buf_view(&entry->line),
			 buf_cstr(&run->value),
			 first->remote.url.n ? first->remote.url
					     : first->asked);
	download_raise(run, STATUS_FAILED);
}

void
download_put_broken(struct downloader *run, struct download_record *entry)
{
	const char *message = buf_cstr(&entry->message);

	diag_say(&entry->record.place, "%s", message);
	record_put_error(&run->text, (struct slice){0}, message,
			 (struct slice){0});
	download_raise(run, STATUS_FATAL);
}

static void
add_path(struct downloader *run, const struct download_record *entry,
	 enum asset_kind kind)
{
	const struct download_file *target = &entry->files[kind];

	if (target->state != FILE_THERE)
		return;
	if (target->warning)
		diag_say(&entry->record.place, "%s", target->warning);
	buf_reset(&run->value);
	buf_reset(&run->text);
	if (target->remote.url.n)
		store_put_path(run->store, buf_view(&target->path), &run->text);
	else
		buf_slice(&run->text, target->remote.path);
	json_put_string(&run->value, buf_view(&run->text));
	edits_set(&run->edits, target->remote.asset, "path",
		  buf_view(&run->value));
}

static void
count_entry(struct outcome *outcome, const struct download_record *entry)
{
	const struct record *record = &entry->record;
	bool failed = entry->broken ||
		      entry->files[ASSET_IMAGE].state == FILE_FAILED ||
		      entry->files[ASSET_LABEL].state == FILE_FAILED;

	if (entry->foreign)
		return;
	outcome->in += !record->error.p || record->index.p || record->release.p;
	outcome->failed += failed;
	outcome->before += record->error.p && !failed;
	if (!failed)
		outcome_out(outcome, "records", 1);
}

void
download_write(struct downloader *run, struct download_record *entry)
{
	buf_reset(&run->text);
	if (entry->broken) {
		download_put_broken(run, entry);
	} else if (entry->files[ASSET_IMAGE].state == FILE_FAILED ||
		   entry->files[ASSET_LABEL].state == FILE_FAILED) {
		put_failed(run, entry);
	} else {
		add_path(run, entry, ASSET_IMAGE);
		add_path(run, entry, ASSET_LABEL);
		buf_reset(&run->text);
		edits_apply(&run->edits, buf_view(&entry->line), &run->text);
		buf_putc(&run->text, '\n');
	}
	if (run->text.len > run->download->max_record + 1) {
		buf_reset(&run->text);
		record_put_too_long(&run->text, &entry->record.place,
				    entry->record.index,
				    run->download->max_record);
		entry->files[ASSET_IMAGE].state = FILE_FAILED;
		download_raise(run, STATUS_FAILED);
	}
	out_put(run->out, buf_view(&run->text));
	run->done.records++;
	count_entry(run->download->outcome, entry);
}

void
download_retire(struct downloader *run, struct download_record *entry)
{
	run->bytes -= entry->line.len;
	if (entry->line.cap > LINE_KEPT)
		buf_release(&entry->line);
	run->first++;
}

/* Writes the records that are done, up to the first that is not. */
void
download_write_settled(struct downloader *run)
{
	while (run->first < run->end && !run->fatal) {
		struct download_record *entry =
			&run->entries[run->first % run->room];

		if (!download_is_settled(entry))
			return;
		download_write(run, entry);
		download_retire(run, entry);
		if (out_failed(run->out))
			run->fatal = true;
	}
}
