/*
 * Members, ends of containers and compact text by the fast scanners against
 * plain versions, on valid, spoilt and truncated lines.
 */
#include <stdlib.h>

#include "json_random.h"
#include "tap.h"
#include "json/json_parts.h"

enum { SEED = 7, DOCUMENTS = 3000, SPOILT = 6, ROOM = 8 };

static const char *
skip_space(const char *p, const char *end)
{
	while (p != end && json_is_space(*p))
		p++;
	return p;
}

static const char *
plain_value_end(const char *p, const char *end)
{
	struct json_fault fault;

	if (p != end && (*p == '{' || *p == '['))
		return json_container_end_plain(p, end, &fault);
	return json_value_end(p, end, &fault);
}

/* Reads the member at p; returns the byte behind it, or NULL. */
static const char *
plain_member(const char *p, const char *end, struct json_member *member)
{
	struct json_fault fault;
	const char *q;

	if (p == end || *p != '"' || !(q = json_string_end(p, end, &fault)))
		return NULL;
	member->key = (struct slice){p + 1, (size_t)(q - p) - 2};
	p = skip_space(q, end);
	if (json_has_nul(member->key) || p == end || *p != ':')
		return NULL;
	p = skip_space(p + 1, end);
	q = plain_value_end(p, end);
	member->value = (struct slice){p, q ? (size_t)(q - p) : 0};
	return q;
}

/* json_members, but for duplicate keys. */
static int
plain_members(struct slice line, struct json_member *members)
{
	const char *end = line.p + line.n, *p = skip_space(line.p, end);
	struct json_fault fault;
	int count = 0;

	if (p == end || *p != '{' || !json_container_end_plain(p, end, &fault))
		return -1;
	p = skip_space(p + 1, end);
	if (p != end && *p == '}')
		return skip_space(p + 1, end) == end ? 0 : -1;
	for (;;) {
		if (count == ROOM)
			return -1;
		p = plain_member(p, end, &members[count]);
		if (!p)
			return -1;
		count++;
		p = skip_space(p, end);
		if (p == end || (*p != ',' && *p != '}'))
			return -1;
		if (*p++ == '}')
			return skip_space(p, end) == end ? count : -1;
		p = skip_space(p, end);
	}
}

static bool
has_duplicate(const struct json_member *members, int count)
{
	for (int i = 0; i < count; i++)
		for (int j = 0; j < i; j++)
			if (json_same_key(members[i].key, members[j].key))
				return true;
	return false;
}

static bool
same_member(const struct json_member *a, const struct json_member *b)
{
	return a->key.p == b->key.p && a->key.n == b->key.n &&
	       a->value.p == b->value.p && a->value.n == b->value.n;
}

static bool
members_agree(struct slice line)
{
	struct json_member right[ROOM], found[ROOM];
	struct json_error error = {0, NULL};
	int count = plain_members(line, right);
	int got = json_members(line, found, ROOM, &error);

	if (count >= 0 && has_duplicate(right, count))
		count = -1;
	if (got != count || (got < 0 && (!error.what || error.offset > line.n)))
		return false;
	for (int i = 0; i < count; i++)
		if (!same_member(&right[i], &found[i]))
			return false;
	return true;
}

/* json_scan_inner_members finds in a value what json_members does. */
static bool
inner_agrees(const struct json_scan *scan, struct slice line,
	     struct slice value)
{
	struct json_member right[ROOM], found[ROOM];
	struct json_error a = {0, NULL}, b = {0, NULL};
	int count = json_members(value, right, ROOM, &a);
	int got = json_scan_inner_members(scan, line.p, value, found, ROOM, &b);

	if (got != count || a.offset != b.offset || a.what != b.what)
		return false;
	for (int i = 0; i < count; i++)
		if (!same_member(&right[i], &found[i]))
			return false;
	return true;
}

/* json_scan_members finds in valid text what json_members does. */
static bool
scan_finds(const struct json_scan *scan, struct slice line)
{
	struct json_member right[ROOM], found[ROOM];
	struct json_error error;
	const int count = json_members((struct slice){line.p, scan->size},
				       right, ROOM, &error);

	if (json_scan_members(scan, line.p, found, ROOM, &error) != count)
		return false;
	for (int i = 0; i < count; i++)
		if (!same_member(&right[i], &found[i]) ||
		    !inner_agrees(scan, line, found[i].value))
			return false;
	return true;
}

/* By a scan whose memory ends where it ends, too. */
static bool
scan_agrees(struct slice line, uint32_t step)
{
	struct json_scan *scan = xcalloc(1, sizeof(*scan));
	size_t n = 0;
	bool good;
	int got;

	json_scan_begin(scan);
	do {
		n += step ? random_below(step) : line.n;
		n = n < line.n ? n : line.n;
		got = json_scan(scan, line.p, n, n == line.n);
	} while (!got);
	good = got < 0 || scan_finds(scan, line);
	free(scan);
	return good;
}

static bool
ends_agree(struct slice line)
{
	struct json_fault a, b;
	const char *end = line.p + line.n, *found, *right;

	if (!line.n || (*line.p != '{' && *line.p != '['))
		return true;
	found = json_container_end(line.p, end, &a);
	right = json_container_end_plain(line.p, end, &b);
	if (found != right)
		return false;
	return right ? json_kernel()->skip(line.p, end) == right
		     : a.at == b.at && a.what == b.what;
}

/* The number of disagreements; each on memory without a byte to spare. */
static int
differences(struct slice text)
{
	char *copy = xmalloc(text.n);
	struct slice line = {copy, text.n};
	int count;

	if (text.n)
		memcpy(copy, text.p, text.n);
	count = !members_agree(line) + !ends_agree(line) +
		!scan_agrees(line, 0) + !scan_agrees(line, 150);
	if (count)
		printf("# %.*s\n", (int)text.n, text.p);
	free(copy);
	return count;
}

/* A line with one object, whose keys differ but for one in some. */
static void
make(struct buf *text)
{
	uint32_t n = random_below(ROOM + 2);
	bool spaced = random_below(2);

	buf_reset(text);
	buf_putc(text, '{');
	for (uint32_t i = 0; i < n; i++) {
		put_random_space(text, spaced);
		buf_puts(text, i ? "," : "");
		put_random_space(text, spaced);
		buf_printf(text, "\"%u", random_below(50) ? i : 0);
		if (random_below(2))
			put_random_text(text);
		buf_putc(text, '"');
		put_random_space(text, spaced);
		buf_putc(text, ':');
		put_random_space(text, spaced);
		if (random_below(2))
			put_random_scalar(text);
		else
			put_random_container(text, 1 + random_below(5), spaced);
	}
	put_random_space(text, spaced);
	buf_putc(text, '}');
	put_random_space(text, spaced);
}

static void
test_whole(const struct json_kernel *kernel)
{
	struct json_marks marks;
	struct buf text = {0};
	int wrong = 0, good = 0, left = 0;

	for (int i = 0; i < DOCUMENTS; i++) {
		struct json_member members[ROOM];
		const char *end;

		make(&text);
		end = text.data + text.len;
		wrong += differences(buf_view(&text));
		left += !kernel->mark(text.data, end, &marks);
		good += plain_members(buf_view(&text), members) > 0;
	}
	ok(!wrong, "%s: members of objects", kernel->name);
	ok(!left, "%s: none is left to the plain version", kernel->name);
	ok(good > DOCUMENTS / 2, "%s: most of them are good", kernel->name);
	buf_release(&text);
}

static void
test_spoilt(const struct json_kernel *kernel)
{
	int wrong = count_spoilt(make, differences, DOCUMENTS, SPOILT);

	ok(!wrong, "%s: members of spoilt objects", kernel->name);
}

static void
test_truncated(const struct json_kernel *kernel)
{
	int wrong = count_truncated(make, differences, DOCUMENTS / 20, 1000);

	ok(!wrong, "%s: members of truncated objects", kernel->name);
}

/* Objects with more members, and levels, than the fast version will have. */
static void
test_large(const struct json_kernel *kernel)
{
	struct json_member members[300];
	struct json_error error;
	struct json_scan scan;
	struct buf text = {0};
	int wrong = 0;

	for (int n = 60; n < 300; n += 3) {
		buf_reset(&text);
		for (int i = 0; i < n; i++)
			buf_printf(&text, "%c\"%d\":%d", i ? ',' : '{', i, i);
		buf_putc(&text, '}');
		wrong += json_members(buf_view(&text), members, 300, &error) !=
			 n;
		json_scan_begin(&scan);
		json_scan(&scan, text.data, text.len, true);
		wrong += json_scan_members(&scan, text.data, members, 300,
					   &error) != n;
	}
	for (int depth = 55; depth < 75; depth++) {
		buf_reset(&text);
		buf_puts(&text, "{\"a\":");
		for (int i = 1; i < depth; i++)
			buf_putc(&text, '[');
		for (int i = 1; i < depth; i++)
			buf_putc(&text, ']');
		buf_putc(&text, '}');
		wrong += json_members(buf_view(&text), members, 1, &error) !=
			 (depth <= JSON_DEPTH ? 1 : -1);
	}
	ok(!wrong, "%s: large and deep objects", kernel->name);
	buf_release(&text);
}

static void
plain_compact(struct buf *to, struct slice text)
{
	bool string = false;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			string = !string;
		if (string && text.p[i] == '\\')
			buf_putc(to, text.p[i++]);
		if (string || !json_is_space(text.p[i]))
			buf_putc(to, text.p[i]);
	}
}

static void
test_compact(const struct json_kernel *kernel)
{
	struct buf text = {0}, right = {0}, found = {0};
	int wrong = 0;

	for (int i = 0; i < DOCUMENTS; i++) {
		char *copy;

		make(&text);
		copy = xmalloc(text.len);
		memcpy(copy, text.data, text.len);
		buf_release(&found);
		buf_reset(&right);
		buf_puts(&found, "before");
		buf_puts(&right, "before");
		json_compact(&found, (struct slice){copy, text.len});
		plain_compact(&right, buf_view(&text));
		wrong += !slice_equal(buf_view(&found), buf_view(&right));
		free(copy);
	}
	ok(!wrong, "%s: compact text", kernel->name);
	buf_release(&text);
	buf_release(&right);
	buf_release(&found);
}

/* Behind its brace stands no mark of its members' level. */
static void
test_empty(const struct json_kernel *kernel)
{
	ok(!differences(slice_of("{\"a\":{\"b\":1},\"c\":{}}")),
	   "%s: an object without members behind one with some", kernel->name);
}

int
main(void)
{
	for (const struct json_kernel *const *k = json_kernels(); *k; k++) {
		json_use_kernel(*k);
		random_seed(SEED);
		test_whole(*k);
		test_spoilt(*k);
		test_truncated(*k);
		test_large(*k);
		test_compact(*k);
		test_empty(*k);
	}
	return done_testing();
}
