#include "flow/dataset.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "record/no_record.h"

enum { PARTIAL = 600, ALLOW_EMPTY, EXPECT, SYNC };

const struct opt dataset_option_rows[] = {
	{PARTIAL, "partial", NULL,
	 "publish even if records failed or input broke off"},
	{ALLOW_EMPTY, "allow-empty", NULL, "publish even if no record came"},
	{EXPECT, "expect", "N", "publish only if N records came"},
	{SYNC, "fsync", NULL, "wait until what is published is on the disk"},
	{0},
};

bool
dataset_take_option(struct dataset *dataset, const struct opts *o, int key)
{
	if (key == PARTIAL) {
		dataset->partial = true;
	} else if (key == ALLOW_EMPTY) {
		dataset->allow_empty = true;
	} else if (key == SYNC) {
		dataset->syncs = true;
	} else if (key == EXPECT) {
		dataset->expects = true;
		dataset->expected = opts_uint(o, 0, UINT64_MAX);
	} else {
		return false;
	}
	return true;
}

static const char *
name_of(const struct dataset *dataset)
{
	return dataset->output ? dataset->output : "<stdout>";
}

static bool
counts_right(const struct dataset *dataset, const struct outcome *outcome)
{
	if (!dataset->expects || outcome->in == dataset->expected)
		return true;
	diag_say(NULL, "%s: %s: %llu records came, and %llu were expected",
		 name_of(dataset),
		 dataset->output ? "not written" : "not to be used",
		 (unsigned long long)outcome->in,
		 (unsigned long long)dataset->expected);
	return false;
}

enum { HEAD = 1 << 16 /* bytes by which a release is known */ };

/* What a file that is there is, where it is no data set; or NULL. */
static const char *
tell_source(const char *path)
{
	const char *what = NULL;
	int fd = io_open(AT_FDCWD, path, O_RDONLY, 0);
	struct buf head = {0};
	ssize_t n = 0;

	if (fd >= 0)
		n = read(fd, buf_reserve(&head, HEAD), HEAD);
	if (fd >= 0)
		close(fd);
	if (n > 0)
		what = head_source((struct slice){head.data, (size_t)n});
	buf_release(&head);
	return what;
}

/* Whether an input, which may be stdin or NULL, is that file. */
static bool
is_file(const char *input, const struct stat *file)
{
	struct stat from;

	if (!input || (strcmp(input, "-") == 0 ? fstat(STDIN_FILENO, &from)
					       : stat(input, &from)) < 0)
		return false;
	return io_same_file(&from, file);
}

void
dataset_check_inputs(const struct opts *o, const char *output, const char *also)
{
	char *const *operand = o->rest;
	const char *what;
	struct stat file;
	bool is;

	if (stat(output, &file) < 0 || !S_ISREG(file.st_mode))
		return;
	is = is_file(*operand ? NULL : "-", &file) || is_file(also, &file);
	for (; *operand; operand++)
		is |= is_file(*operand, &file);
	if (is)
		opts_fail(o, "-o %s is the input, too", output);
	/* What begins the pipe is no operand here. */
	what = tell_source(output);
	if (what)
		opts_fail(o, "-o %s is %s, which would be lost", output, what);
}

bool
dataset_publishes(const struct dataset *dataset, const struct outcome *outcome,
		  int *status)
{
	if (!counts_right(dataset, outcome)) {
		*status = STATUS_FATAL;
		return false;
	}
	if (!dataset->output)
		return true;
	if (*status != STATUS_OK && !dataset->partial) {
		diag_say(NULL, "%s: not written; --partial would",
			 dataset->output);
		return false;
	}
	if (outcome->in || dataset->allow_empty ||
	    (dataset->expects && !dataset->expected))
		return true;
	diag_say(NULL, "%s: not written: no record came; --allow-empty would",
		 dataset->output);
	*status = STATUS_FATAL;
	return false;
}
