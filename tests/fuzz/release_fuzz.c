/*
 * Any bytes as a release: nothing but records comes out, and what is not read
 * to its end has been said and ends with a record that has only `error`.
 *
 *	clang -g -O1 -fsanitize=fuzzer,address -D_GNU_SOURCE -Icommon \
 *		tests/fuzz/release_fuzz.c common/base/{diag,mem,stream,utf8}.c \
 *		common/json/{,kernel/}*.c common/record/{record,release*}.c \
 *		-ljson-c -lm -o release_fuzz
 *	mkdir corpus && cp tests/demo/release.json corpus
 *	./release_fuzz corpus
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/diag.h"
#include "record/release.h"
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
put_stdin(const uint8_t *data, size_t n)
{
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("release", 0);
		dup2(fd, STDIN_FILENO);
	}
	if (ftruncate(STDIN_FILENO, 0) != 0 ||
	    pwrite(STDIN_FILENO, data, n, 0) != (ssize_t)n ||
	    lseek(STDIN_FILENO, 0, SEEK_SET) != 0)
		abort();
}

/* Every line must be an object; the last one of a broken stream, an error. */
static void
check(struct slice records, bool broken)
{
	struct json_member members[300];
	struct json_error error;
	int count = 0;

	while (records.n) {
		const char *lf = memchr(records.p, '\n', records.n);
		struct slice line = {records.p, (size_t)(lf - records.p)};

		if (!lf)
			abort();
		count = json_members(line, members, 300, &error);
		if (count < 0)
			abort();
		records.p += line.n + 1;
		records.n -= line.n + 1;
	}
	if (broken && (count != 1 || !slice_is(members[0].key, "error")))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct release_choice choices[] = {
		{.max_record = 1 << 16},
		{.max_record = 1 << 16, .all = true},
	};
	struct buf records = {0}, said = {0};
	struct release *release;
	int got = -1;

	put_stdin(data, n);
	diag_capture(&said);
	release = release_open("-", &choices[n % 2], &records);
	while (release && (got = release_next(release, &records)) > 0)
		;
	diag_capture(NULL);
	release_close(release);
	check(buf_view(&records), got < 0);
	if (got < 0 && !said.len)
		abort();
	buf_release(&records);
	buf_release(&said);
	return 0;
}
