#include "base/outcome.h"

#include "base/diag.h"

static struct outcome_count *
find_count(struct outcome_count *counts, const char *what)
{
	struct outcome_count *at = counts;

	for (; at < counts + OUTCOME_KINDS && at->what; at++)
		if (at->what == what || strcmp(at->what, what) == 0)
			return at;
	if (at == counts + OUTCOME_KINDS)
		return NULL;
	at->what = what;
	return at;
}

static void
add(struct outcome_count *counts, const char *what, uint64_t n)
{
	struct outcome_count *count = find_count(counts, what);

	if (count)
		count->n += n;
}

void
outcome_out(struct outcome *outcome, const char *what, uint64_t n)
{
	add(outcome->out, what, n);
}

void
outcome_left_out(struct outcome *outcome, const char *why, uint64_t n)
{
	if (n)
		add(outcome->left_out, why, n);
}

bool
outcome_empty(const struct outcome *outcome)
{
	return outcome->in == 0 && outcome->failed == 0;
}

static void
put_count(struct buf *line, const char *before, uint64_t n, const char *what)
{
	buf_puts(line, before);
	buf_uint(line, n);
	buf_puts(line, what);
}

/* So many of what is called by a plural: 1 record, 2 records. */
static void
put_things(struct buf *line, const char *before, uint64_t n, const char *what)
{
	size_t letters = strlen(what);

	put_count(line, before, n, " ");
	if (n == 1 && what[letters - 1] == 's')
		letters--;
	buf_put(line, what, letters);
}

static void
put_line(const struct outcome *outcome, struct buf *line)
{
	const struct outcome_count *count;
	size_t i;

	buf_slice(line, buf_view(&outcome->lead));
	put_things(line, outcome->lead.len ? "; " : "", outcome->in,
		   outcome->unit ? outcome->unit : "records");
	buf_puts(line, " in");
	for (i = 0; i < OUTCOME_KINDS && outcome->out[i].what; i++) {
		count = &outcome->out[i];
		put_things(line, ", ", count->n, count->what);
	}
	buf_puts(line, i ? " out" : "");
	put_count(line, ", ", outcome->failed, " failed");
	if (outcome->before)
		put_count(line, ", ", outcome->before, " failed before");
	for (i = 0; i < OUTCOME_KINDS && outcome->left_out[i].what; i++) {
		count = &outcome->left_out[i];
		buf_puts(line, i ? ", " : "; left out: ");
		buf_puts(line, count->what);
		put_count(line, " ", count->n, "");
	}
}

/* Where nothing came in there may be nothing to tell. */
static bool
tells(const struct outcome *outcome, int status)
{
	if (!outcome_empty(outcome))
		return true;
	return status != STATUS_FATAL;
}

int
outcome_end(struct outcome *outcome, int status)
{
	struct buf line = {0};

	diag_warn_end();
	if (!outcome->quiet && tells(outcome, status)) {
		put_line(outcome, &line);
		diag_say(NULL, "%s", buf_cstr(&line));
		buf_release(&line);
	}
	buf_release(&outcome->lead);
	return status == STATUS_FAILED && outcome->exit_zero ? STATUS_OK
							     : status;
}
