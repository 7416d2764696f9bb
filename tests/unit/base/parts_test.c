/* Parts of a file that end with the same byte, larger and smaller than reads.
 */
#include "base/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "tap.h"

/* A file without a name that has these bytes. */
static int
file_with(const struct buf *text)
{
	FILE *file = tmpfile();
	int fd = file ? dup(fileno(file)) : -1;

	if (fd < 0 || io_write(fd, text->data, text->len) < 0) {
		printf("Bail out! no temporary file\n");
		exit(2);
	}
	fclose(file);
	return fd;
}

/* True where the parts of a text, each with its end, and the rest are the text.
 */
static bool
is_whole(const struct buf *text, char end, size_t count)
{
	struct parts parts = {.fd = file_with(text), .end = end};
	struct buf got = {0};
	struct slice part;
	size_t n = 0;
	int more;
	bool good;

	while ((more = parts_next(&parts, &part)) > 0) {
		n += !memchr(part.p, end, part.n);
		buf_slice(&got, part);
		buf_putc(&got, end);
	}
	buf_slice(&got, parts_rest(&parts));
	good = more == 0 && n == count &&
	       slice_equal(buf_view(&got), buf_view(text));
	buf_release(&got);
	parts_release(&parts);
	close(parts.fd);
	return good;
}

static void
put_many(struct buf *to, char c, size_t n)
{
	while (n--)
		buf_putc(to, c);
}

static void
test_sizes(void)
{
	static const size_t sizes[] = {0, 1, 2, 65534, 65535, 65536, 65537};
	size_t i, k;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct buf text = {0};

		for (k = 0; k < 3; k++) {
			put_many(&text, 'x', sizes[i]);
			buf_putc(&text, '\0');
		}
		ok(is_whole(&text, '\0', 3), "three parts of %zu bytes",
		   sizes[i]);
		put_many(&text, 'y', sizes[i]);
		ok(is_whole(&text, '\0', 3), "and a rest of %zu", sizes[i]);
		buf_release(&text);
	}
}

static void
test_rest(void)
{
	struct buf text = {0};

	ok(is_whole(&text, '\n', 0), "an empty file has no part");
	buf_puts(&text, "no end");
	ok(is_whole(&text, '\n', 0), "what does not end is no part");
	buf_puts(&text, "\n\n\n");
	ok(is_whole(&text, '\n', 3), "parts may be empty");
	buf_release(&text);
}

static void
test_errors(void)
{
	struct parts parts = {.fd = open("/", O_RDONLY), .end = '\n'};
	struct slice part;

	ok(parts_next(&parts, &part) == -1 && errno == EISDIR,
	   "an error is none of its ends");
	parts_release(&parts);
	close(parts.fd);
}

int
main(void)
{
	test_sizes();
	test_rest();
	test_errors();
	return done_testing();
}
