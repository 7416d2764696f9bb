/* What the headers of an answer tell: parts, lengths, codings. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "net/fetch_parts.h"

const char *
transfer_header(const struct task *task, const char *name)
{
	struct curl_header *found;

	if (curl_easy_header(task->transfer->easy, name, 0, CURLH_HEADER, -1,
			     &found) != CURLHE_OK)
		return NULL;
	return found->value;
}

struct slice
transfer_header_slice(const struct task *task, const char *name)
{
	const char *value = transfer_header(task, name);

	return value ? slice_of(value) : (struct slice){0};
}

void
transfer_remember(struct task *task)
{
	const char *etag = transfer_header(task, "etag");
	curl_off_t length = -1;
	long status = 0;

	curl_easy_getinfo(task->transfer->easy, CURLINFO_RESPONSE_CODE,
			  &status);
	if (status != 200 || task->resumes)
		return;
	buf_reset(&task->etag);
	/* The rest of what is coded is no rest of what was decoded. */
	if (task->gunzip)
		return;
	curl_easy_getinfo(task->transfer->easy,
			  CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	task->total = length > 0 ? (uint64_t)length : 0;
	if (etag && *etag == '"')
		buf_puts(&task->etag, etag);
}

static bool
take_number(const char **p, uint64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)**p))
		return false;
	errno = 0;
	*number = strtoull(*p, &end, 10);
	*p = end;
	return errno == 0 && *number < UINT64_MAX;
}

/* Content-Range: "bytes FIRST-LAST/TOTAL", or '*' for the last (RFC 9110). */
bool
transfer_read_range(const struct task *task, struct content_range *part)
{
	const char *p = transfer_header(task, "content-range");

	*part = (struct content_range){0};
	if (!p || strncasecmp(p, "bytes ", 6) != 0)
		return false;
	p += 6;
	if (!take_number(&p, &part->first) || *p++ != '-' ||
	    !take_number(&p, &part->last) || *p++ != '/' ||
	    part->last < part->first)
		return false;
	if (*p == '*')
		return true;
	return take_number(&p, &part->total) && part->last < part->total;
}

bool
transfer_is_coded(const struct task *task)
{
	static const char *const names[] = {"gzip", "x-gzip", "deflate"};
	const char *coding = transfer_header(task, "content-encoding");

	for (size_t i = 0; coding && i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(coding, names[i]) == 0)
			return true;
	return false;
}

bool
transfer_continues(const struct task *task)
{
	const char *etag = transfer_header(task, "etag");
	struct content_range part;

	if (!transfer_read_range(task, &part) || part.first != task->resumes)
		return false;
	if (!task->resumes)
		return true;
	return (!etag || slice_is(buf_view(&task->etag), etag)) &&
	       (!part.total || !task->total || part.total == task->total);
}

bool
transfer_is_framed(const struct task *task)
{
	const char *coding = transfer_header(task, "transfer-encoding");
	curl_off_t length = -1;
	struct content_range part;
	long version = 0;

	if (task->resumes && task->total && task->size == task->total)
		return true;
	curl_easy_getinfo(task->transfer->easy,
			  CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	curl_easy_getinfo(task->transfer->easy, CURLINFO_HTTP_VERSION,
			  &version);
	/* The length of a part says nothing of the whole. */
	if (task->resumes)
		return transfer_read_range(task, &part) &&
		       part.total == task->size;
	return length >= 0 || (version == CURL_HTTP_VERSION_1_1 && coding &&
			       strcasestr(coding, "chunked"));
}

bool
transfer_has_length(const struct task *task)
{
	curl_off_t length = -1;

	if (task->resumes)
		return transfer_is_framed(task);
	curl_easy_getinfo(task->transfer->easy,
			  CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	return length >= 0;
}
