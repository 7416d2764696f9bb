/*
 * GB/s of the json module on a file of JSON values (a release, or one record a
 * line, *.ndjson): json_bench FILE. Best of nine rounds, by processor time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "json/json_parts.h"

enum { ROUNDS = 9 };

/* Keeps what was found from being optimised away. */
static volatile size_t sink;

static void
fail(const char *what, const struct json_error *error)
{
	fprintf(stderr, "json_bench: %s at %zu\n", what, error->offset);
	exit(2);
}

static struct slice
next_value(struct slice *text)
{
	struct slice value;

	while (text->n && json_is_space(*text->p)) {
		text->p++;
		text->n--;
	}
	value = *text;
	if (text->n) {
		struct json_scan scan;

		json_scan_begin(&scan);
		if (json_scan(&scan, text->p, text->n, true) < 0)
			fail(scan.error.what, &scan.error);
		value.n = scan.size;
		text->p += scan.size;
		text->n -= scan.size;
	}
	return value;
}

static void
run_scan(struct slice text)
{
	while (text.n)
		sink += next_value(&text).n;
}

static void
run_plain(struct slice text)
{
	while (text.n) {
		struct json_scan scan;

		json_scan_begin(&scan);
		if (json_scan_plain(&scan, text.p, text.n, true) < 0)
			fail(scan.error.what, &scan.error);
		text.p += scan.size;
		text.n -= scan.size;
		while (text.n && json_is_space(*text.p)) {
			text.p++;
			text.n--;
		}
	}
}

static void
run_memcpy(struct slice text)
{
	static struct buf to;

	buf_reset(&to);
	buf_slice(&to, text);
	sink += to.len;
}

static void
run_compact(struct slice text)
{
	static struct buf to;

	buf_reset(&to);
	json_compact(&to, text);
	sink += to.len;
}

/* Calls `each` with every line. */
static void
each_line(struct slice text, void (*each)(struct slice))
{
	while (text.n) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n;

		each((struct slice){text.p, n});
		text.p += n + (end != NULL);
		text.n -= n + (end != NULL);
	}
}

static void
members_of(struct slice line)
{
	struct json_member members[64];
	struct json_error error;

	if (json_members(line, members, 64, &error) < 0)
		fail(error.what, &error);
	sink += members[0].value.n;
}

static void
find_in(struct slice line)
{
	struct slice value = {0};

	if (!json_find_path(line, &value, "label", "label_status", NULL))
		json_find(line, "release", &value);
	sink += value.n;
}

static void
last_of(struct slice line)
{
	struct slice value = {0};

	sink += json_find(line, "no such key", &value);
}

static void
run_members(struct slice text)
{
	each_line(text, members_of);
}

static void
run_find(struct slice text)
{
	each_line(text, find_in);
}

static void
run_miss(struct slice text)
{
	each_line(text, last_of);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
measure(const char *name, void (*run)(struct slice), struct slice text)
{
	double best = 1e9;

	for (int i = 0; i < ROUNDS; i++) {
		double start = now(), took;

		run(text);
		took = now() - start;
		best = took < best ? took : best;
	}
	printf("  %-24s %6.2f GB/s\n", name, (double)text.n / best / 1e9);
}

static struct slice
read_all(const char *path)
{
	static struct buf text;
	FILE *file = fopen(path, "r");
	size_t got;

	if (!file) {
		perror(path);
		exit(2);
	}
	do {
		got = fread(buf_reserve(&text, 1 << 20), 1, 1 << 20, file);
		text.len += got;
	} while (got);
	fclose(file);
	return buf_view(&text);
}

static void
measure_kernel(const struct json_kernel *kernel, struct slice text, bool lines)
{
	json_use_kernel(kernel);
	printf("%s\n", kernel->name);
	measure("json_scan", run_scan, text);
	measure("json_compact", run_compact, text);
	if (lines) {
		measure("json_members", run_members, text);
		measure("json_find, status", run_find, text);
		measure("json_find, no such key", run_miss, text);
	}
}

int
main(int argc, char **argv)
{
	struct slice text;
	bool lines;

	if (argc != 2) {
		fputs("usage: json_bench FILE\n", stderr);
		return 2;
	}
	text = read_all(argv[1]);
	lines = slice_ends(slice_of(argv[1]), ".ndjson");
	measure("memcpy", run_memcpy, text);
	measure("json_scan_plain", run_plain, text);
	for (const struct json_kernel *const *k = json_kernels(); *k; k++)
		measure_kernel(*k, text, lines);
	return 0;
}
