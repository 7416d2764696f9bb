#include "record/broken_off.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/ending.h"
#include "base/out.h"
#include "record/record.h"

/* What is written where there is no time to make a record. */
static struct buf prepared;

/*
 * A full pipe is waited for: a reader that is slow must know, too. Should it
 * never read on, a second signal ends the program. Written in one piece, as
 * pipes promise for what is no longer than PIPE_BUF.
 */
static void
write_last(struct slice text)
{
	struct pollfd ready = {.fd = STDOUT_FILENO, .events = POLLOUT};

	while (poll(&ready, 1, -1) < 0 && errno == EINTR)
		;
	while (write(STDOUT_FILENO, text.p, text.n) < 0 && errno == EINTR)
		;
}

static void
end_stream(bool early)
{
	struct slice text = {prepared.data, prepared.len};
	struct buf record = {0};

	if (out_stdout_is_done())
		return;
	/* The LF that begins it ends a line that was cut. */
	if (!early && *diag_last()) {
		buf_putc(&record, '\n');
		record_put_error(&record, (struct slice){0}, diag_last(),
				 (struct slice){0});
		text = buf_view(&record);
	}
	if (!out_stdout_torn()) {
		text.p++;
		text.n--;
	}
	write_last(text);
	buf_release(&record);
}

void
broken_off_put(struct buf *to)
{
	record_put_error(to, (struct slice){0}, "ended before its input did",
			 (struct slice){0});
}

void
broken_off_watch(void)
{
	if (isatty(STDOUT_FILENO))
		return;
	buf_putc(&prepared, '\n');
	broken_off_put(&prepared);
	ending_add(end_stream);
}
