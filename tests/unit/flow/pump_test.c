/* The flow: the same lines and messages, in order, for any number of jobs. */
#include "flow/pump.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

enum { RECORDS = 2000 };

static char input[] = "/tmp/pump_test.XXXXXX";
static char messages[] = "/tmp/pump_test.XXXXXX";

/* One line in seven is broken, one in eleven failed before. */
static void
write_input(void)
{
	struct buf text = {0};
	int fd = mkstemp(input), i;

	for (i = 0; i < RECORDS; i++) {
		if (i % 7 == 3)
			buf_printf(&text, "{\"index\":%d\n", i);
		else if (i % 11 == 5)
			buf_printf(
				&text,
				"{\"index\":%d,\"error\":{},\"release\":{}}\n",
				i);
		else
			buf_printf(&text, "{\"index\":%d,\"release\":{}}\n", i);
	}
	if (fd < 0 || write(fd, text.data, text.len) != (ssize_t)text.len) {
		printf("Bail out! no temporary file\n");
		exit(2);
	}
	close(fd);
	buf_release(&text);
}

/* Does something else with every fifth record, and takes unequal time. */
static enum verdict
work(void *context, const struct record *record, struct buf *to)
{
	int64_t index = 0;
	int i;

	(void)context;
	json_int(record->index, &index);
	for (i = 0; i < index * 7919 % 50; i++)
		sched_yield();
	switch (index % 5) {
	case 0:
		return PUMP_PASS;
	case 1:
		return PUMP_DROP;
	case 2:
		diag_say(&record->place, "two of %lld", (long long)index);
		buf_puts(to, "{\"first\":1}\n{\"second\":2}\n");
		return PUMP_WRITE;
	default:
		return pump_fail(record, to, slice_of(""), "no %lld",
				 (long long)index);
	}
}

static int
take(void *context, struct slice line, const struct place *place)
{
	struct buf *got = context;

	buf_printf(got, "%llu:", place->line);
	buf_slice(got, line);
	buf_putc(got, '\n');
	return 0;
}

static int
stop_at_hundred(void *context, struct slice line, const struct place *place)
{
	take(context, line, place);
	return place->line >= 100;
}

/* Runs with stderr going to the file of messages. */
static int
run(struct pump *pump, unsigned jobs, struct buf *got, struct buf *said)
{
	char *operands[] = {input, NULL};
	int saved = dup(STDERR_FILENO), fd, status;
	ssize_t n;

	fd = open(messages, O_RDWR | O_TRUNC);
	dup2(fd, STDERR_FILENO);
	buf_reset(got);
	pump->context = got;
	pump->jobs = jobs;
	pump->failed = 0;
	status = pump_run(pump, operands);
	dup2(saved, STDERR_FILENO);
	close(saved);
	buf_reset(said);
	while ((n = pread(fd, buf_reserve(said, 4096), 4096,
			  (off_t)said->len)) > 0)
		said->len += (size_t)n;
	close(fd);
	return status;
}

static size_t
count_lines(const struct buf *text)
{
	size_t n = 0, i;

	for (i = 0; i < text->len; i++)
		n += text->data[i] == '\n';
	return n;
}

/* How many of the input's records these are. */
static size_t
count_input(bool broken, bool failed, int rest)
{
	size_t n = 0;
	int i;

	for (i = 0; i < RECORDS; i++) {
		bool is_broken = i % 7 == 3;
		bool is_failed = !is_broken && i % 11 == 5;

		if (is_broken || is_failed)
			n += (is_broken && broken) || (is_failed && failed);
		else
			n += i % 5 == rest || (rest == 4 && i % 5 == 3);
	}
	return n;
}

static void
test_same_for_all_jobs(void)
{
	struct pump pump = {.work = work, .take = take};
	struct buf one = {0}, many = {0}, said = {0}, said_many = {0};
	size_t wanted = count_input(true, true, 0) + 2 * count_input(0, 0, 2) +
			count_input(0, 0, 4);
	unsigned jobs;

	ok(run(&pump, 1, &one, &said) == STATUS_FATAL,
	   "broken lines end in status 2");
	ok(count_lines(&one) == wanted, "every record that goes on does");
	ok(pump.failed == count_input(true, true, 4),
	   "records with an error are counted");
	ok(count_lines(&said) ==
		   count_input(true, false, 4) + count_input(0, 0, 2),
	   "each broken or failed line is said");
	for (jobs = 2; jobs <= 5; jobs++) {
		run(&pump, jobs, &many, &said_many);
		ok(slice_equal(buf_view(&one), buf_view(&many)),
		   "%u jobs give the same lines", jobs);
		ok(slice_equal(buf_view(&said), buf_view(&said_many)),
		   "and the same messages");
	}
	buf_release(&one);
	buf_release(&many);
	buf_release(&said);
	buf_release(&said_many);
}

static void
test_drops_failed(void)
{
	struct pump pump = {.work = work, .take = take, .drops_failed = true};
	struct buf got = {0}, said = {0};

	run(&pump, 2, &got, &said);
	ok(count_lines(&got) == count_input(0, 0, 0) + 2 * count_input(0, 0, 2),
	   "records with an error can be left out");
	buf_release(&got);
	buf_release(&said);
}

static void
test_stop(void)
{
	struct pump pump = {.work = work, .take = stop_at_hundred};
	struct buf got = {0}, said = {0}, many = {0};

	ok(run(&pump, 1, &got, &said) == STATUS_FATAL,
	   "a taker that fails ends the run");
	ok(got.len && count_lines(&got) < 150, "at once");
	ok(run(&pump, 3, &many, &said) == STATUS_FATAL &&
		   slice_equal(buf_view(&got), buf_view(&many)),
	   "with several jobs, too");
	buf_release(&got);
	buf_release(&said);
	buf_release(&many);
}

int
main(void)
{
	int fd = mkstemp(messages);

	/* Files are written between one run and the next. */
	setenv("SEG_NO_SANDBOX", "1", 1);
	if (fd >= 0)
		close(fd);
	diag_init("pump_test");
	write_input();
	test_same_for_all_jobs();
	test_drops_failed();
	test_stop();
	remove(input);
	remove(messages);
	return done_testing();
}
