/* What came of a try: a file, a reason to try again, or an error. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/mman.h>

#include "image/image_check.h"
#include "net/fetch_parts.h"

enum {
	HOPS = 5,           /* redirects followed */
	PAUSE_LONGEST = 300 /* seconds that a server may ask us to wait */
};

static enum try_end
fail(struct task *task, const char *why, const char *detail)
{
	buf_reset(&task->error);
	buf_puts(&task->error, why);
	buf_puts(&task->error, detail);
	return TRY_FAILED;
}

/* Failures of the network that another try may not meet. */
static bool
may_pass(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_PARTIAL_FILE:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return true;
	default:
		return false;
	}
}

/* What is there of the file is of no use for the next try. */
static enum try_end
start_over(struct task *task, const char *why)
{
	buf_reset(&task->etag);
	fail(task, why, "");
	return TRY_AGAIN;
}

/*
 * Holds what is there to the part that was sent. A server may send less than
 * the rest: then there is more to ask for.
 */
static enum try_end
judge_part(struct task *task)
{
	struct content_range part;

	if (!transfer_continues(task) || !transfer_read_range(task, &part))
		return start_over(task, "not the range asked for");
	if (task->size != part.last + 1)
		return start_over(task, "not as long as its range");
	if (part.total ? task->size < part.total : task->size < task->total) {
		fail(task, "only a part of the rest was sent", "");
		return TRY_AGAIN;
	}
	return TRY_DONE;
}

static enum try_end
judge_failure(struct task *task, CURLcode code)
{
	char *text = task->transfer->error;

	/* A callback has said what it stopped for. */
	if (task->error.len)
		return TRY_FAILED;
	if (code == CURLE_FILESIZE_EXCEEDED)
		return fail(task, "larger than the size limit", "");
	/* Messages are in lower case, but for names such as SSL. */
	if (isupper((unsigned char)text[0]) && islower((unsigned char)text[1]))
		text[0] = (char)tolower((unsigned char)text[0]);
	fail(task, text[0] ? text : curl_easy_strerror(code), "");
	if (!may_pass(code))
		return TRY_FAILED;
	task->unreachable = code == CURLE_COULDNT_RESOLVE_HOST ||
			    code == CURLE_COULDNT_RESOLVE_PROXY ||
			    code == CURLE_COULDNT_CONNECT;
	transfer_remember(task);
	return TRY_AGAIN;
}

static enum try_end
judge_redirect(struct task *task)
{
	struct request next;
	char *url = NULL;
	bool good;

	curl_easy_getinfo(task->transfer->easy, CURLINFO_REDIRECT_URL, &url);
	if (!url)
		return fail(task, "redirect without a target", "");
	if (task->job->post.p)
		return fail(task, "redirected, where something is sent", "");
	if (task->hops++ >= HOPS)
		return fail(task, "more than 5 redirects", "");
	buf_reset(&task->error);
	good = request_make(task->fetch, slice_of(url), &task->request, &next,
			    &task->error);
	if (good && task->job->headers &&
	    !slice_equal(buf_view(&next.host), buf_view(&task->request.host))) {
		buf_puts(&task->error, "redirected to another host: ");
		buf_slice(&task->error, buf_view(&next.host));
		good = false;
	}
	request_release(&task->request);
	task->request = next;
	return good ? TRY_MOVED : TRY_FAILED;
}

/* S3 and those like it say what is wrong in <Code> and <Message>. */
static struct slice
find_element(struct slice page, const char *open)
{
	const char *p =
		page.n ? memmem(page.p, page.n, open, strlen(open)) : NULL;
	const char *end = NULL;

	if (p) {
		p += strlen(open);
		end = memchr(p, '<', (size_t)(page.p + page.n - p));
	}
	if (!end)
		return (struct slice){0};
	return (struct slice){p, (size_t)(end - p)};
}

/* A region's name, as it goes into that of a host. */
static bool
is_region(struct slice name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!islower((unsigned char)name.p[i]) &&
		    !isdigit((unsigned char)name.p[i]) && name.p[i] != '-')
			return false;
	return name.n > 0 && name.n < 40;
}

/* The region that S3 says the bucket lies in, if it was asked in another. */
static struct slice
other_region(const struct task *task, long status)
{
	struct slice name = transfer_header_slice(task, "x-amz-bucket-region");

	if (!task->request.s3 ||
	    (status != 301 && status != 307 && status != 400 && status != 403))
		return (struct slice){0};
	if (!name.n && status == 400)
		name = find_element(buf_view(&task->transfer->body),
				    "<Region>");
	if (!is_region(name) ||
	    slice_equal(name, buf_view(&task->request.region)))
		return (struct slice){0};
	return name;
}

/* Asks there, signed for there. */
static enum try_end
move_region(struct task *task, struct slice region)
{
	struct request next;
	bool good;

	if (task->hops++ >= HOPS)
		return fail(task, "more than 5 redirects", "");
	buf_reset(&task->error);
	good = request_make_in(task->fetch, task->job->url, region, &next,
			       &task->error);
	request_release(&task->request);
	task->request = next;
	return good ? TRY_MOVED : TRY_FAILED;
}

static enum try_end
fail_status(struct task *task, long status)
{
	struct slice page = buf_view(&task->transfer->body);
	struct slice code = find_element(page, "<Code>");

	buf_reset(&task->error);
	if (slice_is(find_element(page, "<Message>"), "Request has expired") ||
	    slice_is(code, "ExpiredToken"))
		buf_puts(&task->error, "signed URL has expired: ");
	buf_printf(&task->error, "HTTP status %ld", status);
	if (code.n) {
		buf_puts(&task->error, " (");
		buf_slice(&task->error, code);
		buf_puts(&task->error, ")");
	}
	return TRY_FAILED;
}

static bool
status_may_pass(long status)
{
	return status == 408 || status == 425 || status == 429 ||
	       (status >= 500 && status != 501 && status != 505);
}

static enum try_end
judge_status(struct task *task, long status)
{
	curl_off_t seconds = 0;

	fail_status(task, status);
	if (!status_may_pass(status))
		return TRY_FAILED;
	task->overloaded = status == 429 || status == 503;
	curl_easy_getinfo(task->transfer->easy, CURLINFO_RETRY_AFTER, &seconds);
	if (seconds > PAUSE_LONGEST) {
		buf_printf(&task->error, ", come back in %lld s",
			   (long long)seconds);
		return TRY_FAILED;
	}
	task->pause = seconds * 1000;
	return TRY_AGAIN;
}

/* Maps a spilled body (none can be empty), else gives the one in memory. */
static bool
view_body(struct task *task)
{
	void *map;

	task->result.memory = &task->transfer->body;
	task->result.body = buf_view(task->result.memory);
	if (task->file < 0 || task->size == 0 || task->job->streams)
		return true;
	map = mmap(NULL, (size_t)task->size, PROT_READ, MAP_SHARED, task->file,
		   0);
	if (map == MAP_FAILED)
		return false;
	task->result.body = (struct slice){map, (size_t)task->size};
	task->result.spilled = true;
	return true;
}

void
transfer_end(struct task *task)
{
	/* munmap(2) takes what is not const; the map is ours. */
	union {
		const char *p;
		void *map;
	} body = {task->result.body.p};

	if (task->result.spilled)
		munmap(body.map, task->result.body.n);
	task->result = (struct fetch_result){0};
}

/* Of a file whose kind tells nothing, the transfer alone does. */
static enum try_end
judge_any(struct task *task)
{
	if (transfer_is_framed(task))
		return TRY_DONE;
	return fail(task, "no telling whether it is whole: ",
		    "neither a length nor an end");
}

static enum try_end
judge_body(struct task *task)
{
	const char *coding = transfer_header(task, "content-encoding");
	struct buf *error = &task->error;

	buf_reset(error);
	if (task->gunzip && !gunzip_ended(task->gunzip))
		return start_over(task, "gzip of the body is cut short");
	if (task->job->any)
		return judge_any(task);
	switch (image_check_check(task->result.body, task->job->png, error)) {
	case IMAGE_CHECK_WHOLE:
		return TRY_DONE;
	case IMAGE_CHECK_UNKNOWN:
		return judge_any(task);
	case IMAGE_CHECK_UNENDED:
		if (transfer_has_length(task)) {
			task->result.warning = "JPEG lacks its end marker; it "
					       "is as long as the server says";
			return TRY_DONE;
		}
		return start_over(task, "JPEG is cut short");
	case IMAGE_CHECK_CUT:
		buf_reset(&task->etag);
		return TRY_AGAIN;
	default:
		if (coding && *coding && !task->gunzip)
			buf_printf(error, ", content encoding %s", coding);
		return TRY_FAILED;
	}
}

/* Judges the first bytes of a file. */
static enum try_end
judge_head(struct task *task, long status)
{
	struct content_range part = {0};

	if (status == 200) {
		task->result.whole = !task->full;
		return TRY_DONE;
	}
	if (!transfer_read_range(task, &part))
		return fail(task, "not the range asked for", "");
	if (task->gunzip) {
		task->result.whole = !task->full && gunzip_ended(task->gunzip);
		return TRY_DONE;
	}
	task->result.whole = part.total == task->size;
	if (!task->full && !task->result.whole)
		return fail(task, "less than the range asked for", "");
	return TRY_DONE;
}

static enum try_end
judge_file(struct task *task, long status)
{
	enum try_end outcome;

	if (status == 206 && !task->resumes && !transfer_continues(task))
		return fail(task, "not the range asked for", "");
	/* A body without a byte has called nobody to begin anew. */
	if (status == 200 && task->resumes && task->job->streams)
		return fail(task, "has changed while it was read", "");
	if (status == 200 && task->resumes && !transfer_restart(task)) {
		task->result.local = errno;
		return fail(task, strerror(errno), "");
	}
	if (status == 206 && task->resumes) {
		outcome = judge_part(task);
		if (outcome != TRY_DONE)
			return outcome;
	}
	if (!view_body(task))
		return fail(task, "cannot be mapped into memory", "");
	task->result.etag = transfer_header_slice(task, "etag");
	if (task->resumes && !task->result.etag.n)
		task->result.etag = buf_view(&task->etag);
	task->result.modified = transfer_header_slice(task, "last-modified");
	task->result.link = transfer_header_slice(task, "link");
	return task->job->head ? judge_head(task, status) : judge_body(task);
}

static enum try_end
judge(struct task *task, CURLcode code, long status)
{
	bool asked = task->job->etag.n || task->job->modified.n;

	/* Stopped by a callback that had seen enough. */
	if (code == CURLE_WRITE_ERROR && !task->error.len &&
	    (task->full || task->discarded))
		code = CURLE_OK;
	/* An error page may be of any length. */
	if (code == CURLE_FILESIZE_EXCEEDED && !transfer_is_body(task, status))
		code = CURLE_OK;
	if (code != CURLE_OK)
		return judge_failure(task, code);
	if (other_region(task, status).n)
		return move_region(task, other_region(task, status));
	if (transfer_is_body(task, status))
		return judge_file(task, status);
	switch (status) {
	case 206:
		if (task->resumes || task->job->head)
			return judge_file(task, status);
		return fail(task, "part of a file, not asked for", "");
	case 416:
		if (task->resumes)
			return start_over(task, "shorter than before");
		return judge_status(task, status);
	case 304:
		task->result.unchanged = asked;
		return asked ? TRY_DONE : judge_status(task, status);
	case 301:
	case 302:
	case 303:
	case 307:
	case 308:
		return judge_redirect(task);
	default:
		return judge_status(task, status);
	}
}

/* The server may have done already what was sent with POST. */
static bool
may_be_done(const struct task *task)
{
	return task->job->post.p && !task->unreachable && !task->overloaded;
}

/* What a stream has got cannot be gone on with, nor begun anew. */
static bool
is_torn(const struct task *task)
{
	return task->job->streams && task->size && !task->etag.len;
}

enum try_end
transfer_judge(struct task *task, CURLcode code)
{
	enum try_end outcome;
	long status = 0;

	curl_easy_getinfo(task->transfer->easy, CURLINFO_RESPONSE_CODE,
			  &status);
	outcome = judge(task, code, status);
	task->result.status = status;
	if (outcome != TRY_DONE && !transfer_is_body(task, status))
		task->result.refusal = buf_view(&task->transfer->body);
	if (outcome == TRY_AGAIN && (may_be_done(task) || is_torn(task)))
		return TRY_FAILED;
	return outcome;
}
