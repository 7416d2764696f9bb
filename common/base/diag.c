#include "base/diag.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag_parts.h"
#include "base/terminal.h"
#include "base/utf8.h"

enum {
	TEXT_MOST = 2000,  /* bytes of a text that are shown */
	SAMPLE_MOST = 200, /* of a sample's name */
};

static const char *program = "seg";
static _Thread_local struct buf *captured_in;
static struct buf last;

void
diag_init(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');

	program = slash ? slash + 1 : argv0;
}

const char *
diag_program(void)
{
	return program;
}

struct buf *
diag_capture(struct buf *to)
{
	struct buf *before = captured_in;

	captured_in = to;
	return before;
}

static void
write_all(struct slice text)
{
	while (text.n) {
		ssize_t n = write(STDERR_FILENO, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text.p += n;
		text.n -= (size_t)n;
	}
}

/* In one write, if it can be, with what makes room for it on a terminal. */
static void
write_whole(struct slice text)
{
	const char *eraser = text.n ? terminal_eraser() : "";
	struct buf both = {0};

	if (*eraser) {
		buf_puts(&both, eraser);
		buf_slice(&both, text);
		text = buf_view(&both);
	}
	write_all(text);
	buf_release(&both);
}

void
diag_show(struct slice captured)
{
	struct buf shown = {0};

	if (captured_in) {
		buf_slice(captured_in, captured);
		return;
	}
	warn_sift(captured, &shown);
	write_whole(buf_view(&shown));
	buf_release(&shown);
}

const char *
diag_last(void)
{
	return last.data ? buf_cstr(&last) : "";
}

/* Controls, line separators, bidi controls, tags, the byte order mark. */
static bool
is_unshowable(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c ||
	       (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	       (code >= 0xfff9 && code <= 0xfffb) ||
	       (code >= 0xe0000 && code <= 0xe007f);
}

/*
 * A URL's query that carries a signature lets anyone who reads a log fetch the
 * file. The length of such a query that starts at the '?' of `text`, else 0.
 */
static size_t
signed_query(struct slice text)
{
	static const char *const marks[] = {
		"Signature=", "X-Amz-", "X-Goog-", "sig=", "token=", "Policy=",
	};
	size_t end = 0, i, at;

	while (end < text.n && (unsigned char)text.p[end] > ' ' &&
	       text.p[end] != '"' && text.p[end] != '\'')
		end++;
	for (i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		size_t n = strlen(marks[i]);

		for (at = 1; at + n <= end; at++)
			if (memcmp(text.p + at, marks[i], n) == 0)
				return end;
	}
	return 0;
}

static void
escape_all(struct buf *to, struct slice text)
{
	size_t i = 0;

	while (i < text.n) {
		struct slice rest = {text.p + i, text.n - i};
		unsigned char c = (unsigned char)text.p[i];
		uint32_t code = 0;
		size_t size = 0;

		if (c == '?' && (size = signed_query(rest)) > 0) {
			buf_puts(to, "?...");
			i += size;
			continue;
		}
		size = utf8_decode(rest.p, rest.n, &code);
		if (size == 0 || (size == 1 && is_unshowable(code)))
			buf_printf(to, "\\x%02x", c);
		else if (is_unshowable(code))
			buf_printf(to, "\\u{%04x}", (unsigned)code);
		else
			buf_put(to, rest.p, size);
		i += size ? size : 1;
	}
}

/* At most so many bytes of a text, of whole characters. */
static void
escape_most(struct buf *to, struct slice text, size_t most)
{
	bool cut = text.n > most;

	if (cut)
		text.n = most;
	while (cut && text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80)
		text.n--;
	escape_all(to, text);
	buf_puts(to, cut ? "..." : "");
}

void
diag_escape(struct buf *to, struct slice text)
{
	escape_most(to, text, TEXT_MOST);
}

static void
put_place(struct buf *line, const struct place *place)
{
	if (place->stream) {
		diag_escape(line, slice_of(place->stream));
		buf_putc(line, ':');
		if (place->line)
			buf_printf(line, "%llu:", place->line);
		buf_putc(line, ' ');
	}
	if (place->sample.n) {
		escape_most(line, place->sample, SAMPLE_MOST);
		buf_puts(line, ": ");
	}
}

/* `kind` has no text for what is always shown. */
__attribute__((format(printf, 3, 0))) static void
say(const struct place *place, struct said_kind kind, const char *format,
    va_list args)
{
	struct buf line = {0}, text = {0};

	buf_vprintf(&text, format, args);
	if (captured_in && kind.text)
		warn_mark(captured_in, kind);
	buf_puts(&line, program);
	buf_puts(&line, ": ");
	if (place)
		put_place(&line, place);
	diag_escape(&line, buf_view(&text));
	buf_putc(&line, '\n');
	if (captured_in) {
		buf_slice(captured_in, buf_view(&line));
	} else if (!kind.text || warn_wanted(kind, buf_view(&line))) {
		write_whole(buf_view(&line));
		buf_reset(&last);
		diag_escape(&last, buf_view(&text));
	}
	buf_release(&text);
	buf_release(&line);
}

void
diag_say(const struct place *place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(place, (struct said_kind){0}, format, args);
	va_end(args);
}

void
diag_say_once(const struct place *place, const char *cause, const char *format,
	      ...)
{
	va_list args;

	va_start(args, format);
	say(place, (struct said_kind){cause, true}, format, args);
	va_end(args);
}

void
diag_warn(const struct place *place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(place, (struct said_kind){format, false}, format, args);
	va_end(args);
}

void
diag_die(const struct place *place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(place, (struct said_kind){0}, format, args);
	va_end(args);
	exit(STATUS_FATAL);
}
