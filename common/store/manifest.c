#include "store/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "store/regular.h"
#include "json/json.h"

enum {
	WINDOW = 1 << 18,       /* bytes read at a time */
	LINE_GUESS = 1024,      /* bytes that hold most lines */
	LINE_LONGEST = 1 << 24, /* more is no line of ours */
	MEMBERS = 16
};

struct manifest {
	int fd; /* -1: there is none */
	bool locked;
	uint64_t seen;     /* offset behind the last line returned */
	struct buf window; /* what follows it, as far as it was read */
	size_t taken;      /* bytes of the window that were returned */
};

void
store_line_release(struct store_line *line)
{
	if (!line)
		return;
	buf_release(&line->raw);
	buf_release(&line->text);
	buf_release(&line->url);
	buf_release(&line->path);
}

struct manifest *
manifest_open(int dirfd, bool write)
{
	const int flags =
		O_NOFOLLOW | (write ? O_RDWR | O_APPEND | O_CREAT : O_RDONLY);
	struct manifest *manifest = xcalloc(1, sizeof(*manifest));

	manifest->fd = -1;
	if (dirfd >= 0)
		manifest->fd = regular_open(dirfd, "manifest.ndjson", flags);
	if (manifest->fd >= 0 || (!write && (dirfd < 0 || errno == ENOENT)))
		return manifest;
	free(manifest);
	return NULL;
}

void
manifest_close(struct manifest *manifest)
{
	if (!manifest)
		return;
	if (manifest->fd >= 0)
		close(manifest->fd);
	buf_release(&manifest->window);
	free(manifest);
}

bool
manifest_there(const struct manifest *manifest)
{
	return manifest->fd >= 0;
}

/* A file system without locks is used without: the lines are whole anyway. */
int
manifest_lock(struct manifest *manifest)
{
	int result;

	do
		result = flock(manifest->fd, LOCK_EX);
	while (result < 0 && errno == EINTR);
	manifest->locked = result == 0;
	if (errno == ENOLCK || errno == EOPNOTSUPP || errno == ENOSYS)
		result = 0;
	return result;
}

void
manifest_unlock(struct manifest *manifest)
{
	if (manifest->locked)
		flock(manifest->fd, LOCK_UN);
	manifest->locked = false;
}

size_t
manifest_count(const struct manifest *manifest)
{
	char *piece = xmalloc(WINDOW), *p, *end;
	uint64_t at = 0;
	size_t count = 0;
	ptrdiff_t n;

	while ((n = io_pread(manifest->fd, piece, WINDOW, at)) > 0) {
		end = piece + n;
		for (p = piece; p < end; p++) {
			p = memchr(p, '\n', (size_t)(end - p));
			if (!p)
				break;
			count++;
		}
		at += (uint64_t)n;
	}
	free(piece);
	return count;
}

/* The value of a line's member as decoded text, put behind `text`. */
static struct slice
take_text(const struct json_member *members, int n, const char *key,
	  struct buf *text)
{
	size_t at = text->len;

	for (int i = 0; i < n; i++)
		if (slice_is(members[i].key, key))
			json_string(members[i].value, text);
	return (struct slice){text->data + at, text->len - at};
}

static struct slice
take_raw(const struct json_member *members, int n, const char *key)
{
	for (int i = 0; i < n; i++)
		if (slice_is(members[i].key, key))
			return members[i].value;
	return (struct slice){0};
}

/* The members of a line, or -1 where it is no JSON object. */
static int
split(struct slice line, struct json_member *members)
{
	struct json_error error;
	int n = json_members(line, members, MEMBERS, &error);

	return n < 0 || json_validate(line, &error) < 0 ? -1 : n;
}

/* Reads on behind what the window has: bytes read, 0 at the end, or -1. */
static ssize_t
fill_window(struct manifest *manifest)
{
	struct buf *window = &manifest->window;
	uint64_t at = manifest->seen + window->len - manifest->taken;
	ssize_t n;

	memmove(window->data, window->data + manifest->taken,
		window->len - manifest->taken);
	window->len -= manifest->taken;
	manifest->taken = 0;
	buf_reserve(window, WINDOW);
	do
		n = pread(manifest->fd, window->data + window->len, WINDOW,
			  (off_t)at);
	while (n < 0 && errno == EINTR);
	window->len += n > 0 ? (size_t)n : 0;
	return n;
}

/* The next whole line, with its LF, and its offset; as manifest_next. */
static int
next_line(struct manifest *manifest, struct slice *line, uint64_t *at)
{
	struct buf *window = &manifest->window;
	size_t searched = 0;

	for (;;) {
		const char *from, *lf = NULL;
		size_t rest = window->len - manifest->taken;
		ssize_t n;

		if (rest) {
			from = window->data + manifest->taken;
			lf = memchr(from + searched, '\n', rest - searched);
		}
		if (lf) {
			*line = (struct slice){from, (size_t)(lf - from) + 1};
			*at = manifest->seen;
			manifest->seen += line->n;
			manifest->taken += line->n;
			return 1;
		}
		searched = rest;
		buf_reserve(window, 1);
		n = fill_window(manifest);
		if (n <= 0)
			return (int)n;
	}
}

int
manifest_next(struct manifest *manifest, struct added_line *added)
{
	struct json_member members[MEMBERS];
	struct slice line;
	int result;

	if (manifest->fd < 0)
		return 0;
	buf_reset(&added->path);
	buf_reset(&added->url);
	do {
		int n;

		result = next_line(manifest, &line, &added->at);
		if (result <= 0)
			break;
		line.n--;
		n = split(line, members);
		take_text(members, n, "path", &added->path);
		take_text(members, n, "url", &added->url);
	} while (!added->path.len);
	return result;
}

/* The bytes of the line at an offset, without LF. */
static bool
read_raw(const struct manifest *manifest, uint64_t at, struct buf *raw)
{
	size_t ask = LINE_GUESS;

	buf_reset(raw);
	while (raw->len < LINE_LONGEST) {
		char *p = buf_reserve(raw, ask), *lf;
		ssize_t n = pread(manifest->fd, p, ask, (off_t)(at + raw->len));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		lf = memchr(p, '\n', (size_t)n);
		raw->len += lf ? (size_t)(lf - p) : (size_t)n;
		if (lf)
			return true;
		/* A line longer than that, not a read that was cut short. */
		ask = (size_t)n == ask ? 2 * ask : ask;
	}
	return false;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
parse_sum(struct slice hex, unsigned char *sum)
{
	if (hex.n != 2 * DIGEST_SIZE)
		return false;
	for (size_t i = 0; i < DIGEST_SIZE; i++) {
		int high = hex_digit(hex.p[2 * i]);
		int low = hex_digit(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		sum[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

bool
manifest_read(const struct manifest *manifest, uint64_t at,
	      struct store_line *line)
{
	struct json_member members[MEMBERS];
	struct stored *stored = &line->stored;
	struct buf *text = &line->text;
	int64_t size;
	int n;

	if (manifest->fd < 0 || !read_raw(manifest, at, &line->raw))
		return false;
	n = split(buf_view(&line->raw), members);
	/* Decoded text is no longer than the line, so it stays in place. */
	buf_reset(text);
	buf_reserve(text, line->raw.len);
	stored->path = take_text(members, n, "path", text);
	stored->sample = take_text(members, n, "sample", text);
	stored->name = take_text(members, n, "name", text);
	stored->labelset = take_text(members, n, "labelset", text);
	stored->frame = take_raw(members, n, "frame");
	stored->url = take_text(members, n, "url", text);
	stored->etag = take_text(members, n, "etag", text);
	stored->modified = take_text(members, n, "modified", text);
	if (n < 0 || !json_int(take_raw(members, n, "size"), &size) || size < 0)
		return false;
	stored->size = (uint64_t)size;
	return parse_sum(take_text(members, n, "sha256", text), stored->sum);
}

static void
put_member(struct buf *to, const char *key, struct slice text)
{
	if (!text.n)
		return;
	buf_printf(to, ",\"%s\":", key);
	json_put_string(to, text);
}

static void
put_line(struct buf *to, const struct stored *stored)
{
	buf_puts(to, "{\"path\":");
	json_put_string(to, stored->path);
	put_member(to, "sample", stored->sample);
	put_member(to, "name", stored->name);
	put_member(to, "labelset", stored->labelset);
	if (stored->frame.n) {
		buf_puts(to, ",\"frame\":");
		buf_slice(to, stored->frame);
	}
	put_member(to, "url", stored->url);
	buf_puts(to, ",\"size\":");
	buf_uint(to, stored->size);
	buf_puts(to, ",\"sha256\":\"");
	digest_put_hex(to, stored->sum, DIGEST_SIZE);
	buf_putc(to, '"');
	put_member(to, "etag", stored->etag);
	put_member(to, "modified", stored->modified);
	buf_puts(to, "}\n");
}

int
manifest_add(struct manifest *manifest, const struct stored *stored)
{
	struct buf line = {0};
	struct stat st;
	uint64_t size;
	int result = 0, error;

	if (fstat(manifest->fd, &st) < 0)
		return -1;
	size = (uint64_t)st.st_size;
	put_line(&line, stored);
	if (manifest->locked && size > manifest->seen) {
		result = io_truncate(manifest->fd, manifest->seen);
		size = manifest->seen;
		manifest->window.len = manifest->taken = 0;
	}
	if (result == 0)
		result = io_write(manifest->fd, line.data, line.len);
	error = errno;
	if (result < 0 && manifest->locked)
		(void)io_truncate(manifest->fd, size);
	buf_release(&line);
	errno = error;
	return result;
}
