/* Lines of files and of what comes in pieces, with their places. */
#include "base/lines.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

/* Puts text into a new file and returns its name, for remove and free. */
static char *
file_with(const char *text, size_t n)
{
	char *name = xstrdup("/tmp/lines_test.XXXXXX");
	int fd = mkstemp(name);

	if (fd < 0 || write(fd, text, n) != (ssize_t)n || close(fd) != 0) {
		printf("Bail out! no temporary file\n");
		exit(2);
	}
	return name;
}

/* All lines as "number:line|", then the last result. */
static void
read_all(char *const *operands, size_t max, struct buf *got)
{
	struct lines *lines = lines_open(operands, max);
	struct slice line;
	struct place place;
	int more;

	while ((more = lines_next(lines, &line, &place)) > 0) {
		buf_printf(got, "%llu:", place.line);
		buf_slice(got, line);
		buf_putc(got, '|');
	}
	buf_int(got, more);
	lines_close(lines);
}

static bool
gives(const char *text, size_t n, size_t max, const char *wanted)
{
	char *name = file_with(text, n);
	char *operands[] = {name, NULL};
	struct buf got = {0}, said = {0};
	bool same;

	diag_capture(&said);
	read_all(operands, max, &got);
	diag_capture(NULL);
	same = slice_is(buf_view(&got), wanted);
	if (!same)
		printf("# %s\n", buf_cstr(&got));
	buf_release(&got);
	buf_release(&said);
	remove(name);
	free(name);
	return same;
}

#define GIVES(text, wanted) gives(text, sizeof(text) - 1, 100, wanted)

static void
test_shapes(void)
{
	ok(GIVES("", "0"), "an empty file has no lines");
	ok(GIVES("a\nb\n", "1:a|2:b|0"), "LF ends a line");
	ok(GIVES("a\nb", "1:a|2:b|0"), "the last one may lack it");
	ok(GIVES("a\r\nb\r\n", "1:a|2:b|0"), "CR LF does as well");
	ok(GIVES("\n \n\r\na\n", "4:a|0"), "blank lines are passed over");
	ok(GIVES("\xef\xbb\xbf"
		 "a\n\xef\xbb\xbf"
		 "b\n",
		 "1:a|2:\xef\xbb\xbf"
		 "b|0"),
	   "a byte order mark is taken off the start alone");
}

/* Lines longer than the window, and one byte longer than allowed. */
static void
test_long(void)
{
	size_t n = 3 << 20;
	char *text = xmalloc(n + 1);
	struct buf wanted = {0};

	memset(text, 'x', n);
	text[n] = '\n';
	buf_puts(&wanted, "1:");
	buf_put(&wanted, text, n);
	buf_puts(&wanted, "|0");
	ok(gives(text, n + 1, n, buf_cstr(&wanted)),
	   "a line may be longer than the window");
	ok(gives(text, n + 1, n - 1, "-1"), "but not than the record limit");
	ok(gives("aaaa\n", 5, 3, "-1"), "nor may a short one");
	buf_release(&wanted);
	free(text);
}

static void
test_operands(void)
{
	char *one = file_with("a\n", 2), *two = file_with("b", 1);
	char *operands[] = {one, two, NULL};
	struct buf got = {0};

	read_all(operands, 100, &got);
	ok(slice_is(buf_view(&got), "1:a|1:b|0"),
	   "numbers begin anew in each operand");
	buf_release(&got);
	remove(one);
	remove(two);
	free(one);
	free(two);
}

/* What was written to a pipe is ready, line by line, and no more. */
static void
test_ready(void)
{
	char *const none[] = {NULL};
	struct lines *lines;
	struct slice line, whole;
	struct place place;
	int ends[2];

	if (pipe(ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0)
		return;
	if (write(ends[1], "a\nb\r\nc", 6) != 6)
		return;
	lines = lines_open(none, 100);
	ok(!lines_ready(lines), "nothing is ready before the first read");
	lines_next(lines, &line, &place);
	ok(lines_ready(lines), "what came with the first line is");
	ok(lines_whole(lines, &whole) && slice_is(whole, "a\n"),
	   "a line can be had with its LF");
	lines_next(lines, &line, &place);
	ok(!lines_whole(lines, &whole), "but not where more was taken off");
	ok(!lines_ready(lines), "a piece of a line is not ready");
	ok(slice_equal(slice_of(place.stream), slice_of("<stdin>")),
	   "no operand is stdin");
	if (write(ends[1], "\n\n \r\n", 5) != 5)
		return;
	lines_next(lines, &line, &place);
	ok(slice_is(line, "c") && !lines_ready(lines),
	   "blank lines alone are not ready");
	if (write(ends[1], "\nd\n", 3) != 3)
		return;
	lines_next(lines, &line, &place);
	ok(slice_is(line, "d") && place.line == 7,
	   "those passed over are counted");
	close(ends[1]);
	lines_close(lines);
}

/* What has come of a FIFO, piece by piece, and of the file behind it. */
static void
test_come(void)
{
	char *fifo = xstrdup("/tmp/lines_test.XXXXXX");
	char *file = file_with("f", 1);
	char *operands[] = {fifo, file, NULL};
	struct lines *lines;
	struct slice line;
	struct place place;
	int fd = -1, to;

	if (!mkdtemp(fifo) || rmdir(fifo) || mkfifo(fifo, 0600))
		return;
	lines = lines_open(operands, 100);
	ok(!lines_come(lines, &fd) && fd >= 0,
	   "a FIFO is not waited for where nobody writes");
	to = open(fifo, O_WRONLY);
	ok(write(to, "a", 1) == 1 && !lines_come(lines, &fd),
	   "nor where a line has begun");
	ok(write(to, "b\n", 2) == 2 && lines_come(lines, &fd),
	   "a whole one has come");
	ok(lines_next(lines, &line, &place) == 1 && slice_is(line, "ab"),
	   "and is returned");
	ok(write(to, " ", 1) == 1 && close(to) == 0 && lines_come(lines, &fd) &&
		   lines_next(lines, &line, &place) == 1 && slice_is(line, "f"),
	   "a blank last line is passed over, one without LF is not");
	ok(lines_come(lines, &fd) && lines_next(lines, &line, &place) == 0,
	   "the end has come, too");
	lines_close(lines);
	remove(fifo);
	remove(file);
	free(fifo);
	free(file);
}

/* Lines are had again from where they began, forwards and backwards. */
static void
test_seek(void)
{
	enum { COUNT = 40000, STEP = 17389 }; /* of more than one window */
	struct buf text = {0}, wanted = {0};
	uint64_t *at = xcalloc(COUNT, sizeof(*at));
	char *name, *operands[] = {NULL, NULL};
	struct lines *lines;
	struct slice line;
	struct place place;
	size_t i, n, good = 0;

	buf_puts(&text, "\xef\xbb\xbf");
	for (i = 0; i < COUNT; i++)
		buf_printf(&text, "%s line %zu of the file, or so\n",
			   i % 2 ? "\n" : "", i);
	name = operands[0] = file_with(text.data, text.len);
	lines = lines_open(operands, 100);
	for (i = 0; lines_next(lines, &line, &place) > 0; i++)
		at[i] = lines_at(lines);
	ok(i == COUNT && at[1] == 31, "lines tell where they begin");
	lines_close(lines);
	lines = lines_open(operands, 100);
	for (i = 0; i < COUNT; i++) {
		n = i * STEP % COUNT;
		buf_reset(&wanted);
		buf_printf(&wanted, "line %zu of the file, or so", n);
		good += lines_seek(lines, at[n], n + 1) == 0 &&
			lines_next(lines, &line, &place) > 0 &&
			slice_equal(line, buf_view(&wanted)) &&
			place.line == n + 1 && lines_at(lines) == at[n];
	}
	ok(good == COUNT, "%d lines from where they begin", COUNT);
	lines_close(lines);
	remove(name);
	free(name);
	free(at);
	buf_release(&text);
	buf_release(&wanted);
}

int
main(void)
{
	test_shapes();
	test_long();
	test_operands();
	test_ready();
	test_come();
	test_seek();
	return done_testing();
}
