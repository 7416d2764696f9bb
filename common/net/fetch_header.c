/*
 * Headers for hosts, from a file, so that no secret is on a command line and
 * none goes to a host that it was not meant for:
 *
 *	# where it goes, then what
 *	https://assets.example.com
 *	Authorization: Bearer ...
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/io.h"
#include "net/fetch_parts.h"

enum { FILE_LARGEST = 1 << 20 };

struct header_line {
	char *host; /* as in struct request */
	char *line;
};

struct header_file {
	struct header_line *entries;
	size_t count;
};

static void
add_entry(struct header_file *file, struct slice host, struct slice line)
{
	file->entries = xreallocarray(file->entries, file->count + 1,
				      sizeof(*file->entries));
	file->entries[file->count++] =
		(struct header_line){slice_dup(host), slice_dup(line)};
}

/* The next line without LF, CR and blanks around it. */
static bool
next_line(struct slice *text, struct slice *line)
{
	const char *lf;

	if (!text->n)
		return false;
	lf = memchr(text->p, '\n', text->n);
	*line = (struct slice){text->p, lf ? (size_t)(lf - text->p) : text->n};
	text->n -= line->n + (lf != NULL);
	text->p += line->n + (lf != NULL);
	while (line->n && strchr(" \t\r", line->p[line->n - 1]))
		line->n--;
	while (line->n && strchr(" \t", *line->p)) {
		line->p++;
		line->n--;
	}
	return true;
}

static bool
parse_line(struct header_file *file, struct slice line, struct request *to,
	   struct buf *error)
{
	const struct fetch none = {0};

	if (!line.n || *line.p == '#')
		return true;
	if (memmem(line.p, line.n, "://", 3) && !memchr(line.p, ' ', line.n)) {
		request_release(to);
		return request_make(&none, line, NULL, to, error);
	}
	if (!memchr(line.p, ':', line.n)) {
		buf_puts(error, "neither a URL nor a header");
		return false;
	}
	if (!to->host.len) {
		buf_puts(error, "header without a URL before it");
		return false;
	}
	add_entry(file, buf_view(&to->host), line);
	return true;
}

static bool
parse(struct header_file *file, const char *path, struct slice text)
{
	struct place place = {.stream = path};
	struct request to = {0};
	struct buf error = {0};
	struct slice line;
	bool good = true;

	while (good && next_line(&text, &line)) {
		place.line++;
		good = parse_line(file, line, &to, &error);
	}
	if (!good)
		diag_say(&place, "%s", buf_cstr(&error));
	request_release(&to);
	buf_release(&error);
	return good;
}

struct header_file *
header_file_open(const char *path)
{
	struct header_file *file = xcalloc(1, sizeof(*file));
	struct buf text = {0};
	bool good = false;

	if (io_read_file(AT_FDCWD, path, FILE_LARGEST, &text) < 0)
		diag_say(NULL, "%s: %s", path, strerror(errno));
	else
		good = parse(file, path, buf_view(&text));
	buf_release(&text);
	if (good)
		return file;
	header_file_close(file);
	return NULL;
}

void
header_file_close(struct header_file *file)
{
	if (!file)
		return;
	for (size_t i = 0; i < file->count; i++) {
		free(file->entries[i].host);
		free(file->entries[i].line);
	}
	free(file->entries);
	free(file);
}

struct curl_slist *
header_file_add(const struct header_file *file, struct slice host,
		struct curl_slist *list)
{
	for (size_t i = 0; i < file->count; i++)
		if (slice_is(host, file->entries[i].host))
			list = curl_slist_append(list, file->entries[i].line);
	return list;
}
