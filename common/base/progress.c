#include "base/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/io.h"

/* Milliseconds between two looks. */
enum { EVERY = 200 };

void
progress_begin(struct progress *progress, bool quiet)
{
	*progress = (struct progress){
		.started = clock_ms(),
		.terminal = !quiet && isatty(STDERR_FILENO),
	};
}

int
progress_wait(const struct progress *progress)
{
	return progress->terminal ? EVERY : -1;
}

/* Appends a size in units of 1000, as disks and networks are sold. */
static void
put_size(struct buf *to, double bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	size_t i = 0;

	while (bytes >= 1000 && i + 1 < sizeof(units) / sizeof(*units)) {
		bytes /= 1000;
		i++;
	}
	buf_printf(to, i && bytes < 100 ? "%.1f %s" : "%.0f %s", bytes,
		   units[i]);
}

static void
put_counts(struct buf *to, const struct progress *progress)
{
	buf_printf(to, "%" PRIu64 " fetched (", progress->fetched);
	put_size(to, (double)progress->bytes);
	buf_printf(to, "), %" PRIu64 " already there, %" PRIu64 " failed",
		   progress->present, progress->failed);
}

static void
put_rate(struct buf *to, const struct progress *progress, int64_t now)
{
	double seconds = (double)(now - progress->started) / 1000;
	double left;

	if (seconds <= 0)
		return;
	buf_puts(to, ", ");
	put_size(to, (double)progress->received / seconds);
	buf_puts(to, "/s");
	if (!progress->total || !progress->records)
		return;
	left = seconds * (double)(progress->total - progress->records) /
	       (double)progress->records;
	buf_printf(to, ", %.0f s left", left);
}

void
progress_show(struct progress *progress)
{
	struct buf line = {0};
	int64_t now;

	if (!progress->terminal)
		return;
	now = clock_ms();
	if (progress->shown && now - progress->shown < EVERY)
		return;
	progress->shown = now;
	buf_printf(&line, "\r%s: ", diag_program());
	put_counts(&line, progress);
	put_rate(&line, progress, now);
	buf_puts(&line, "\033[K");
	(void)io_write(STDERR_FILENO, line.data, line.len);
	buf_release(&line);
}

void
progress_clear(struct progress *progress)
{
	if (progress->shown)
		(void)io_write(STDERR_FILENO, "\r\033[K", 4);
	progress->shown = 0;
}

void
progress_end(struct progress *progress, struct buf *to)
{
	progress_clear(progress);
	put_counts(to, progress);
}
