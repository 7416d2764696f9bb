/* Texts larger than the window, from files and pipes, and their places. */
#include "json/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "random.h"
#include "tap.h"

enum { TEXT = 5 << 20, MAX = 3 << 20 };

/* An array of strings, numbers and white space, some larger than a window. */
static void
make_text(struct buf *text)
{
	buf_puts(text, " [");
	while (text->len < TEXT) {
		size_t n = random_below(50) ? random_below(4000)
					    : random_below(2 << 20);

		buf_puts(text, random_below(2) ? "\n" : "  ");
		memset(buf_reserve(text, n), '\n', n);
		text->len += random_below(3) ? 0 : n;
		buf_putc(text, '"');
		memset(buf_reserve(text, n), 'x', n);
		text->len += n;
		buf_puts(text, "\",\n[1, 2] ,");
	}
	buf_puts(text, "0\n]\n ");
	buf_cstr(text);
}

/* The text comes at stdin: a file's, from an offset on. */
static void
give_file(struct slice text, size_t offset)
{
	int fd = memfd_create("text", 0);

	if (fd < 0 || ftruncate(fd, (off_t)offset) != 0 ||
	    pwrite(fd, text.p, text.n, (off_t)offset) != (ssize_t)text.n ||
	    lseek(fd, (off_t)offset, SEEK_SET) < 0 ||
	    dup2(fd, STDIN_FILENO) < 0) {
		printf("Bail out! no file in memory\n");
		exit(2);
	}
	close(fd);
}

/* The text comes at stdin: from a pipe, in pieces of any size. */
static pid_t
give_pipe(struct slice text)
{
	int ends[2];
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) < 0) {
		printf("Bail out! no pipe\n");
		exit(2);
	}
	if (child == 0) {
		while (text.n) {
			size_t n = 1 + random_below(200000);
			ssize_t put =
				write(ends[1], text.p, n < text.n ? n : text.n);

			if (put < 0)
				_exit(1);
			text.p += put;
			text.n -= (size_t)put;
		}
		_exit(0);
	}
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	close(ends[1]);
	return child;
}

/*
 * Walks the array and compares each value with the text; marks the `marked`th
 * and comes back to it once from the end. The number of values, or -1.
 */
static int
walk(struct source *source, const char *text, int marked)
{
	struct slice value;
	bool begun = false, was_begun = false, spaced, back = false;
	int count = 0, got;

	if (source_expect(source, '[') < 0)
		return -1;
	for (;;) {
		if (count == marked && !back) {
			was_begun = begun;
			if (source_mark(source) < 0)
				return -1;
		}
		got = source_next(source, ']', &begun);
		if (got < 0 || (got == 0 && source_finish(source) < 0))
			return -1;
		if (got == 0 && (back || marked < 0))
			return count;
		if (got == 0) {
			back = true;
			begun = was_begun;
			count = marked;
			if (source_rewind(source) < 0)
				return -1;
			continue;
		}
		if (source_value(source, &value, &spaced) < 0)
			return -1;
		if (memcmp(text + source_locate(source, value.p, "").offset,
			   value.p, value.n) != 0 ||
		    spaced != (*value.p == '['))
			return -1;
		count++;
	}
}

static int
count_values(struct slice text)
{
	size_t i;
	int commas = 0;

	/* Each pair [1, 2] has a comma of its own. */
	for (i = 0; i < text.n; i++)
		commas += text.p[i] == ',';
	return commas - commas / 3 + 1;
}

static void
test_walk(struct slice text)
{
	struct source *source;
	int marked, wanted = count_values(text), state = 0;

	for (marked = -1; marked < wanted; marked += wanted / 3) {
		give_file(text, 0);
		source = source_open("-", MAX);
		ok(walk(source, text.p, marked) == wanted,
		   "%d values of a file, from value %d on twice", wanted,
		   marked);
		source_close(source);
		give_file(text, 12345);
		source = source_open("-", MAX);
		ok(walk(source, text.p, marked) == wanted,
		   "the same of a file that is open behind its beginning");
		source_close(source);
		give_pipe(text);
		source = source_open("-", MAX);
		ok(walk(source, text.p, marked) == wanted && wait(&state) > 0 &&
			   state == 0,
		   "the same of a pipe");
		source_close(source);
	}
}

/* Values are had again from where they begin, in any order. */
static void
test_seek(struct slice text)
{
	enum { MOST = 100000, TRIES = 2000 };
	uint64_t *at = xcalloc(MOST, sizeof(*at));
	struct source *source;
	struct slice value;
	bool begun = false;
	size_t i, n = 0, good = 0;

	give_file(text, 0);
	source = source_open("-", MAX);
	source_expect(source, '[');
	while (n < MOST && source_next(source, ']', &begun) > 0) {
		at[n++] = source_at(source);
		source_value(source, &value, NULL);
	}
	for (i = 0; i < TRIES; i++) {
		const uint64_t from = at[random_below((uint32_t)n)];

		good += source_seek(source, from, ']') == 0 &&
			source_value(source, &value, NULL) == 0 &&
			from + value.n <= text.n &&
			source_locate(source, value.p, "").line == 0 &&
			memcmp(text.p + source_locate(source, value.p, "")
						.offset,
			       value.p, value.n) == 0 &&
			source_at(source) ==
				source_locate(source, value.p, "").offset +
					value.n;
	}
	ok(good == TRIES, "%d of %zu values from where they begin", TRIES, n);
	source_close(source);
	free(at);
}

/* The place of the byte at `at`, counted by hand. */
static bool
is_place(struct source_error error, const char *text, size_t at)
{
	uint64_t line = 1, column = 1;
	size_t i;

	for (i = 0; i < at; i++) {
		column = text[i] == '\n' ? 1 : column + 1;
		line += text[i] == '\n';
	}
	return error.offset == at && error.line == line &&
	       error.column == column;
}

/* A byte that is wrong, anywhere. */
static void
test_places(struct buf *text)
{
	unsigned i, good = 0, tries = 40;

	for (i = 0; i < tries; i++) {
		size_t at = random_below((uint32_t)text->len);
		char old = text->data[at];
		struct source *source;

		text->data[at] = '\001';
		give_file(buf_view(text), 0);
		source = source_open("-", MAX);
		good += walk(source, text->data, random_below(20) ? -1 : 9) <
				0 &&
			is_place(source_error(source), text->data, at);
		source_close(source);
		text->data[at] = old;
	}
	ok(good == tries, "%u of %u wrong bytes are told with line and column",
	   good, tries);
}

static void
test_limit(void)
{
	struct buf text = {0};
	struct source *source;
	struct slice value;
	bool begun = false;

	memset(buf_reserve(&text, 2 * MAX + 8), 'x', 2 * MAX + 8);
	buf_puts(&text, "[\"");
	text.len += MAX - 2;
	buf_puts(&text, "\",\"");
	text.len += MAX - 1;
	buf_puts(&text, "\"]");
	give_file(buf_view(&text), 0);
	source = source_open("-", MAX);
	ok(source_expect(source, '[') == 0 &&
		   source_next(source, ']', &begun) == 1 &&
		   source_value(source, &value, NULL) == 0 && value.n == MAX,
	   "a value may have as many bytes as allowed");
	ok(source_next(source, ']', &begun) == 1 &&
		   source_value(source, &value, NULL) == -1 &&
		   source_error(source).offset == MAX + 2,
	   "but not one more");
	source_close(source);
	buf_release(&text);
}

int
main(void)
{
	struct buf text = {0};

	random_seed(31);
	make_text(&text);
	test_walk(buf_view(&text));
	test_seek(buf_view(&text));
	test_places(&text);
	test_limit();
	buf_release(&text);
	return done_testing();
}
