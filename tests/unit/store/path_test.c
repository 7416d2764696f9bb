#include <stdlib.h>
#include <strings.h>

#include "base/utf8.h"
#include "random.h"
#include "store/path.h"
#include "tap.h"

static struct buf
made(void (*put)(struct buf *, struct slice), const char *name, size_t n)
{
	struct buf path = {0};

	put(&path, (struct slice){name, n});
	buf_cstr(&path);
	return path;
}

static void
becomes(const char *name, const char *path)
{
	struct buf got = made(path_put, name, strlen(name));

	ok(slice_is(buf_view(&got), path), "a name becomes %s", path);
	if (!slice_is(buf_view(&got), path))
		printf("# got %s\n", got.data);
	buf_release(&got);
}

static void
test_table(void)
{
	static const char *const rows[][2] = {
		{"a.jpg", "a.jpg"},
		{"IMG_aceton (13).png", "IMG_aceton (13).png"},
		{"2024-07-09_15:39:35.JPG", "2024-07-09_15%3A39%3A35.JPG"},
		{"dir/sub/a.jpg", "dir/sub/a.jpg"},
		{"\303\244\346\227\245.png", "\303\244\346\227\245.png"},
		{"../x", ".%2E/x"},
		{"a/../../x", "a/.%2E/.%2E/x"},
		{"..", ".%2E"},
		{".", "%2E"},
		{"./a", "%2E/a"},
		{"", "%"},
		{"/etc/passwd", "%2Fetc/passwd"},
		{"//srv/x", "%2F%2Fsrv/x"},
		{"a//b", "a%2F%2Fb"},
		{"a/", "a%2F"},
		{"/", "%2F"},
		{"C:\\x", "C%3A%5Cx"},
		{"\\\\srv\\x", "%5C%5Csrv%5Cx"},
		{"a\nb\tc\033[31m\177", "a%0Ab%09c%1B[31m%7F"},
		{"<>:\"|?*", "%3C%3E%3A%22%7C%3F%2A"},
		{"100%.png", "100%25.png"},
		{"~root/x", "%7Eroot/x"},
		{"IMG~1.JPG", "IMG%7E1.JPG"},
		{"dot./x. /y ", "dot%2E/x.%20/y%20"},
		{"CON", "%43ON"},
		{"con.txt", "%63on.txt"},
		{"a/nul .jpg", "a/%6Eul .jpg"},
		{"com1", "%63om1"},
		{"LPT9.x.y", "%4CPT9.x.y"},
		{"com\302\271", "%63om\302\271"},
		{"console", "console"},
		{"com10", "com10"},
		{"bad\377utf8\303", "bad%FFutf8%C3"},
		{"\355\240\200", "%ED%A0%80"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		becomes(rows[i][0], rows[i][1]);
}

static void
test_nul(void)
{
	struct buf path = made(path_put, "a\0b", 3);

	ok(slice_is(buf_view(&path), "a%00b"), "a NUL byte is encoded");
	buf_release(&path);
}

static bool
is_device(const char *part, size_t n)
{
	static const char *const names[] = {"con", "prn", "aux", "nul"};
	size_t stem = 0;

	while (stem < n && part[stem] != '.')
		stem++;
	while (stem && part[stem - 1] == ' ')
		stem--;
	for (size_t i = 0; i < 4; i++)
		if (stem == 3 && strncasecmp(part, names[i], 3) == 0)
			return true;
	return stem == 4 && part[3] >= '0' && part[3] <= '9' &&
	       (strncasecmp(part, "com", 3) == 0 ||
		strncasecmp(part, "lpt", 3) == 0);
}

static bool
is_safe_part(const char *part, size_t n)
{
	if (n == 0 || n > 200 || part[n - 1] == '.' || part[n - 1] == ' ' ||
	    is_device(part, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)part[i];

		if (c < ' ' || c == 0x7f || strchr("<>:\"\\|?*", c))
			return false;
	}
	return true;
}

/* Every part is safe, so the whole stays below the directory. */
static bool
is_safe(struct slice path)
{
	size_t from = 0;

	if (path.n > 1100 || !utf8_valid(path))
		return false;
	for (size_t i = 0; i <= path.n; i++) {
		if (i < path.n && path.p[i] != '/')
			continue;
		if (!is_safe_part(path.p + from, i - from))
			return false;
		from = i + 1;
	}
	return true;
}

/* The name that a path without '~' was made from. */
static void
decode(struct slice path, struct buf *name)
{
	for (size_t i = 0; i < path.n; i++) {
		char hex[3] = {0};

		if (path.p[i] != '%') {
			buf_putc(name, path.p[i]);
			continue;
		}
		if (path.n == 1)
			return;
		memcpy(hex, path.p + i + 1, 2);
		buf_putc(name, (char)strtoul(hex, NULL, 16));
		i += 2;
	}
}

/* A name of pieces that are awkward somewhere. */
static void
random_name(struct buf *name)
{
	static const char *const pieces[] = {
		"a",
		"B",
		"..",
		".",
		"/",
		" ",
		"~",
		"%",
		"con",
		"\\",
		":",
		"\n",
		"%2",
		"2F",
		"\303\251",
		"\377",
		"\303",
		"aux",
		"nul.",
		"com1",
		"\360\237\215\251",
		"%2F",
		"0123456789012345678901234567890123456789",
	};
	const size_t count = sizeof(pieces) / sizeof(*pieces);
	unsigned n = random_below(24);

	while (n--)
		buf_puts(name, pieces[random_below((uint32_t)count)]);
}

static void
test_random(void)
{
	struct buf name = {0}, path = {0}, back = {0};
	int safe = 0, same = 0, cut = 0, i;
	const int runs = 20000;

	random_seed(20);

	for (i = 0; i < runs; i++) {
		buf_reset(&name);
		buf_reset(&path);
		buf_reset(&back);
		random_name(&name);
		path_put(&path, buf_view(&name));
		safe += is_safe(buf_view(&path));
		if (path.len && memchr(path.data, '~', path.len)) {
			cut++;
			continue;
		}
		decode(buf_view(&path), &back);
		same += slice_equal(buf_view(&back), buf_view(&name));
	}
	ok(safe == runs, "%d of %d random names give a safe path", safe, runs);
	ok(same == runs - cut && cut > 0 && cut < runs / 2,
	   "the name can be read back from %d of them, %d were cut", same, cut);
	buf_release(&name);
	buf_release(&path);
	buf_release(&back);
}

static void
test_long(void)
{
	char name[4000];
	struct buf one, two;

	memset(name, 'x', sizeof(name));
	one = made(path_put, name, 300);
	two = made(path_put, name, 301);
	ok(one.len < 200 && is_safe(buf_view(&one)), "a long part is cut");
	ok(!slice_equal(buf_view(&one), buf_view(&two)),
	   "two long parts that begin alike stay two");
	buf_release(&one);
	buf_release(&two);

	for (size_t i = 0; i < sizeof(name); i += 4)
		memcpy(name + i, "\360\237\215\251", 4);
	one = made(path_put, name, 400);
	ok(is_safe(buf_view(&one)), "no letter is cut in two");
	buf_release(&one);
	memset(name, '%', sizeof(name));
	one = made(path_put, name, 400);
	ok(is_safe(buf_view(&one)) && slice_ends(buf_view(&one), "") &&
		   memcmp(one.data + one.len - 20, "%25~", 4) == 0,
	   "no escape is cut in two");
	buf_release(&one);

	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = i % 2 ? '/' : 'a';
	one = made(path_put, name, 3999);
	ok(one.len < 200 && is_safe(buf_view(&one)),
	   "a very deep path is made one part");
	buf_release(&one);
}

static void
folds_alike(const char *a, const char *b)
{
	struct buf one = made(path_put_folded, a, strlen(a));
	struct buf two = made(path_put_folded, b, strlen(b));

	ok(slice_equal(buf_view(&one), buf_view(&two)), "%s is %s", a, b);
	buf_release(&one);
	buf_release(&two);
}

static void
test_part(void)
{
	struct buf path = made(path_put_part, "a/../b", 6);

	ok(slice_is(buf_view(&path), "a%2F..%2Fb"), "a part has no slash");
	buf_release(&path);
}

int
main(void)
{
	test_table();
	test_nul();
	test_random();
	test_long();
	test_part();
	folds_alike("Images/A.JPG", "images/a.jpg");
	return done_testing();
}
