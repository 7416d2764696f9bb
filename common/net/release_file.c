#include "net/release_file.h"

#include <errno.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/progress.h"

enum {
	A_WHILE = 1000, /* milliseconds of a wait for the network */
	A_MOMENT = 100  /* the same, where somebody looks on */
};

/* A file on its way. */
struct release_body {
	struct release_file *to;
	const char *name; /* of the release */
	struct progress progress;
	bool done;
	bool begun; /* some of it is written */
	int status;
};

void
release_file_release(struct release_file *file)
{
	file_drop(file->file);
	file->file = NULL;
	buf_release(&file->why);
}

/* For fetch: where the body goes. */
static int
fd_for_body(struct fetch_job *job)
{
	struct release_body *body = job->context;

	body->begun = true;
	return body->to->file ? file_fd(body->to->file) : STDOUT_FILENO;
}

/* What a release file must begin and end with. */
static bool
is_object(struct slice text)
{
	while (text.n && strchr(" \t\r\n", text.p[text.n - 1]))
		text.n--;
	while (text.n && strchr(" \t\r\n", *text.p)) {
		text.p++;
		text.n--;
	}
	return text.n > 1 && *text.p == '{' && text.p[text.n - 1] == '}';
}

/* Gives the file its name; or says why not. */
static int
publish(struct release_file *to, const struct fetch_result *result)
{
	struct slice text = result->body;
	int got = 0;

	if (!is_object(text)) {
		buf_reset(&to->why);
		buf_puts(&to->why,
			 "what came is no release: not one JSON object");
		return -1;
	}
	if (!result->spilled)
		got = io_write(file_fd(to->file), text.p, text.n);
	if (got == 0) {
		got = file_publish(to->file);
		to->file = NULL;
	}
	if (got < 0)
		diag_say(NULL, "%s: %s", to->path, strerror(errno));
	return got;
}

/* Empties the file; false where that cannot be. */
static bool
take_back(struct release_file *to)
{
	return to->file && io_truncate(file_fd(to->file), 0) == 0 &&
	       lseek(file_fd(to->file), 0, SEEK_SET) == 0;
}

static void
end_body(struct fetch_job *job, const struct fetch_result *result)
{
	struct release_body *body = job->context;
	struct release_file *to = body->to;

	body->done = true;
	body->status = -1;
	if (result->local)
		diag_say(NULL, "%s: %s", to->path, strerror(result->local));
	else if (result->error) {
		if (to->why.len)
			buf_puts(&to->why, " and then ");
		else
			buf_printf(&to->why,
				   "file of release %s: ", body->name);
		buf_printf(&to->why, "%s: %.*s", result->error, (int)job->url.n,
			   job->url.p);
		to->untouched = !body->begun || take_back(to);
	} else
		body->status = to->file ? publish(to, result) : 0;
}

/* How far it is, for who waits. */
static void
show_progress(struct release_body *body)
{
	uint64_t received = fetch_received(body->to->fetch);
	struct buf line = {0};

	if (!progress_due(&body->progress))
		return;
	buf_printf(&line, "%s, ", body->name);
	progress_put_size(&line, received);
	progress_put_speed(&body->progress, received, &line);
	progress_show(buf_view(&line));
	buf_release(&line);
}

int
release_file_get(struct release_file *file, const char *name, const char *url)
{
	struct release_body body = {.to = file, .name = name};
	struct fetch_job job = {
		.url = slice_of(url),
		.any = true,
		.streams = !file->file,
		.spill = fd_for_body,
		.done = end_body,
		.context = &body,
	};

	file->untouched = false;
	fetch_add(file->fetch, &job);
	progress_begin(&body.progress, file->quiet, NULL);
	while (!body.done) {
		fetch_run(file->fetch, body.progress.on ? A_MOMENT : A_WHILE,
			  -1);
		show_progress(&body);
	}
	progress_end(&body.progress);
	return body.status;
}
