/* Releases whole, cut at every byte and with bytes changed. */
#include "record/release.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/diag.h"
#include "random.h"
#include "release_reference.h"
#include "tap.h"

#define SAMPLES                                                               \
	"[{\"uuid\":\"u0\",\"name\":\"a b.jpg\",\"m1\":[1.50,-0,1e400],"      \
	"\"m2\":{\"x\":null,\"y\":true},\"labels\":{\"ground-truth\":"        \
	"{\"label_status\":\"REVIEWED\",\"attributes\":{\"annotations\":["    \
	"{\"id\":1,\"category_id\":2,\"attributes\":{}}]}},\"pred\":null}},"  \
	"{\"name\":\"caf\\u00e9 \\\"\xc3\xa9\\\"\",\"labels\":{\"pred\":{}}}" \
	",{\"name\":\"c\",\"index\":3}]"
#define CATEGORIES "{\"categories\":[{\"name\":\"cat\",\"id\":2}]}"

/* Shapes of several years. */
static const char *const fixtures[] = {
	"{\"name\":\"v1\",\"description\":\"x\",\"created_at\":\"2024\","
	"\"dataset\":{\"name\":\"d\",\"owner\":\"o\",\"task_type\":\"vector\","
	"\"task_attributes\":" CATEGORIES ",\"tasks\":{},\"labelsets\":["
	"{\"name\":\"ground-truth\"},{\"name\":\"pred\"}],"
	"\"samples\":" SAMPLES "},\"more\":1}",
	"{\"name\":\"v1\",\"dataset\":{\"name\":\"d\",\"tasks\":"
	"{\"ground-truth\":{\"task_type\":\"vector\",\"attributes\":" CATEGORIES
	"}},\"samples\":" SAMPLES "}}\n",
	"{\"samples\":" SAMPLES ",\"tasks\":[{\"name\":\"ground-truth\","
	"\"task_type\":\"vector\",\"attributes\":" CATEGORIES
	"}],\"name\":\"v1\"}",
};

enum { FIXTURES = sizeof(fixtures) / sizeof(*fixtures), FLIPS = 20000 };

/* What came of a release. */
struct outcome {
	struct buf records;
	struct buf said;
	bool good; /* read to its end */
	unsigned long long failed;
};

/* Puts a text where stdin is read from. */
static void
put_stdin(struct slice text)
{
	if (ftruncate(STDIN_FILENO, 0) != 0 ||
	    pwrite(STDIN_FILENO, text.p, text.n, 0) != (ssize_t)text.n ||
	    lseek(STDIN_FILENO, 0, SEEK_SET) != 0) {
		printf("Bail out! no file in memory\n");
		exit(2);
	}
}

static void
read_release(struct slice text, struct outcome *o)
{
	const struct release_choice choice = {.max_record = 1 << 20};
	struct release *release;
	int got = -1;

	buf_reset(&o->records);
	buf_reset(&o->said);
	put_stdin(text);
	diag_capture(&o->said);
	release = release_open("-", &choice, &o->records);
	while (release && (got = release_next(release, &o->records)) > 0)
		;
	diag_capture(NULL);
	o->good = got == 0;
	o->failed = release ? release_failed(release) : 0;
	release_close(release);
}

static void
outcome_release(struct outcome *o)
{
	buf_release(&o->records);
	buf_release(&o->said);
}

/* Takes a line with its LF off the front. */
static struct slice
take_line(struct slice *text)
{
	const char *lf = memchr(text->p, '\n', text->n);
	struct slice line = {text->p, lf ? (size_t)(lf + 1 - text->p) : 0};

	text->p += line.n;
	text->n -= line.n;
	return line;
}

static bool
has_error(struct slice line)
{
	return memmem(line.p, line.n, ",\"error\":{", 10) != NULL;
}

/*
 * The records end with one that has only an error, which was said; those
 * before it are the first of `whole`, or failed.
 */
static bool
is_broken(const struct outcome *o, struct slice whole)
{
	static const char error[] = "{\"error\":{\"program\":";
	struct slice got = buf_view(&o->records), line = take_line(&got);

	while (got.n) {
		if (!slice_equal(line, take_line(&whole)) && !has_error(line))
			return false;
		line = take_line(&got);
	}
	return !o->good && line.n > sizeof(error) &&
	       memcmp(line.p, error, sizeof(error) - 1) == 0 &&
	       memmem(o->said.data, o->said.len, "<stdin>", 7);
}

/* The records are as wanted, where a sample may have failed. */
static bool
is_same(const struct outcome *o, struct slice wanted)
{
	struct slice got = buf_view(&o->records), line, want;
	unsigned long long failed = 0;

	while (wanted.n) {
		line = take_line(&got);
		want = take_line(&wanted);
		if (!slice_is(want, "failed\n") && !slice_equal(line, want))
			return false;
		if (!slice_is(want, "failed\n"))
			continue;
		failed++;
		if (!has_error(line))
			return false;
	}
	return o->good && !got.n && o->failed == failed;
}

/* True where a text gives what the reference makes of it. */
static bool
agrees(struct buf *text, struct outcome *o, struct slice whole)
{
	struct buf wanted = {0};
	struct slice view = buf_view(text);
	bool good;

	buf_cstr(text);
	read_release(view, o);
	if (reference_records(view, &wanted))
		good = is_same(o, buf_view(&wanted));
	else
		good = is_broken(o, whole);
	if (!good)
		printf("# %.*s\n# got: %.*s# wanted: %.*s\n# said: %.*s",
		       (int)view.n, view.p, (int)o->records.len,
		       o->records.data, (int)wanted.len, wanted.data,
		       (int)o->said.len, o->said.data);
	buf_release(&wanted);
	return good;
}

static void
set_text(struct buf *text, struct slice bytes)
{
	buf_reset(text);
	buf_slice(text, bytes);
	buf_cstr(text);
}

static void
test_cuts(struct slice fixture, struct slice whole)
{
	struct outcome o = {0};
	struct buf text = {0};
	size_t n, good = 0;

	for (n = 0; n < fixture.n; n++) {
		bool space = strchr(" \n", fixture.p[n]) != NULL;

		set_text(&text, (struct slice){fixture.p, n});
		read_release(buf_view(&text), &o);
		if (space && n + 1 == fixture.n)
			good += o.good;
		else
			good += is_broken(&o, whole);
	}
	ok(good == fixture.n, "%zu of %zu cuts are told, with what came before",
	   good, fixture.n);
	outcome_release(&o);
	buf_release(&text);
}

static void
test_flips(struct slice fixture, struct slice whole)
{
	struct outcome o = {0};
	struct buf text = {0};
	unsigned i, same = 0, fine = 0, failed = 0;

	for (i = 0; i < FLIPS / FIXTURES + 1; i++) {
		uint32_t at = random_below((uint32_t)fixture.n);

		set_text(&text, fixture);
		text.data[at] ^= (char)(1 + random_below(255));
		same += agrees(&text, &o, whole);
		fine += o.good;
		failed += o.failed > 0;
		if (same < i)
			break;
	}
	ok(same == i,
	   "%u texts with a byte changed, as the reference reads them", i);
	printf("# %u were releases, %u of them with samples that failed\n",
	       fine, failed);
	outcome_release(&o);
	buf_release(&text);
}

/* With an indent, and so with lines and white space to change. */
static void
indent(struct buf *to, const char *text)
{
	bool string = false;

	for (; *text; text++) {
		buf_putc(to, *text);
		if (string && *text == '\\')
			buf_putc(to, *++text);
		else
			string ^= *text == '"';
		if (!string && strchr("{[,", *text))
			buf_puts(to, "\n    ");
	}
}

static void
test_fixture(struct slice fixture)
{
	struct outcome o = {0};
	struct buf wanted = {0};

	ok(reference_records(fixture, &wanted) && wanted.len > 500,
	   "the reference knows the release");
	read_release(fixture, &o);
	ok(is_same(&o, buf_view(&wanted)), "its records are the reference's");
	test_cuts(fixture, buf_view(&wanted));
	test_flips(fixture, buf_view(&wanted));
	outcome_release(&o);
	buf_release(&wanted);
}

int
main(void)
{
	int fd = memfd_create("stdin", 0);
	struct buf text = {0};
	size_t i;

	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0) {
		printf("1..0 # SKIP no files in memory\n");
		return 0;
	}
	random_seed(20);
	for (i = 0; i < FIXTURES; i++) {
		test_fixture(slice_of(fixtures[i]));
		buf_reset(&text);
		indent(&text, fixtures[i]);
		test_fixture(slice_of(buf_cstr(&text)));
	}
	buf_release(&text);
	return done_testing();
}
