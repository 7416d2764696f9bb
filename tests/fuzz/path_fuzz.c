/* Any name as a path: it stays below, and no two names have one. */
#include <string.h>

#include "fuzz.h"
#include "store/path.h"

/* No way out, and nothing a file system or a shell trips over. */
static void
check_path(const struct buf *path)
{
	const char *p = path->data, *end = p + path->len;

	PROMISE(path->len > 0 && path->len <= 1024, "of some length");
	PROMISE(*p != '/' && end[-1] != '/', "relative, a file's");
	while (p < end) {
		const char *slash = memchr(p, '/', (size_t)(end - p));
		const size_t n = (size_t)((slash ? slash : end) - p);

		PROMISE(n > 0 && n <= 255, "parts that file systems take");
		PROMISE(!(n == 1 && *p == '.') &&
				!(n == 2 && p[0] == '.' && p[1] == '.'),
			"no way up");
		for (size_t i = 0; i < n; i++)
			PROMISE((unsigned char)p[i] >= 32 && p[i] != '\\' &&
					p[i] != ':' && p[i] != 127,
				"no control characters, no signs of others");
		p += n + 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice whole = {(const char *)data, size}, a, b;
	const char *cut = memchr(data, '\n', size);
	struct buf path = {0}, other = {0};

	path_put(&path, whole);
	check_path(&path);
	buf_reset(&path);
	path_put_part(&path, whole);
	check_path(&path);
	PROMISE(!memchr(path.data, '/', path.len), "one part");
	if (cut) {
		a = (struct slice){whole.p, (size_t)(cut - whole.p)};
		b = (struct slice){cut + 1, size - a.n - 1};
		buf_reset(&path);
		path_put(&path, a);
		path_put(&other, b);
		PROMISE(slice_equal(a, b) ||
				!slice_equal(buf_view(&path), buf_view(&other)),
			"two names, two paths");
	}
	buf_release(&path);
	buf_release(&other);
	return 0;
}
