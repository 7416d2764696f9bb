#include "base/progress.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/stream.h"
#include "base/terminal.h"

/* Milliseconds: between two looks, and before the first. */
enum { EVERY = 100, FIRST = 1000 };

void
progress_begin(struct progress *progress, bool quiet, char *const *operands)
{
	int64_t now = clock_ms();

	*progress = (struct progress){
		.on = !quiet && terminal_is_smart(),
		.started = now,
		.next = now + FIRST,
	};
	if (progress->on && operands)
		progress->size = stream_size(operands);
}

int
progress_wait(const struct progress *progress)
{
	return progress->on ? EVERY : -1;
}

bool
progress_due(struct progress *progress)
{
	int64_t now;

	if (!progress->on)
		return false;
	now = clock_ms();
	if (now < progress->next)
		return false;
	progress->next = now + EVERY;
	return true;
}

void
progress_show(struct slice text)
{
	struct buf line = {0};

	buf_printf(&line, "%s: ", diag_program());
	buf_slice(&line, text);
	terminal_show(buf_view(&line));
	buf_release(&line);
}

void
progress_end(struct progress *progress)
{
	if (progress->on)
		terminal_leave();
	progress->on = false;
}

/* As disks and networks are sold. */
void
progress_put_size(struct buf *to, uint64_t bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	double size = (double)bytes;
	size_t i = 0;

	while (size >= 1000 && i + 1 < sizeof(units) / sizeof(*units)) {
		size /= 1000;
		i++;
	}
	buf_printf(to, i && size < 100 ? "%.1f %s" : "%.0f %s", size, units[i]);
}

static double
seconds_so_far(const struct progress *progress)
{
	double seconds = (double)(clock_ms() - progress->started) / 1000;

	return seconds > 0.001 ? seconds : 0.001;
}

void
progress_put_speed(const struct progress *progress, uint64_t bytes,
		   struct buf *to)
{
	double speed = (double)bytes / seconds_so_far(progress);

	buf_puts(to, ", ");
	progress_put_size(to, (uint64_t)speed);
	buf_puts(to, "/s");
}

void
progress_put_records(const struct progress *progress, uint64_t records,
		     struct buf *to)
{
	double rate = (double)records / seconds_so_far(progress);

	buf_printf(to, "%" PRIu64 " records, ", records);
	buf_printf(to, rate < 10 ? "%.1f/s" : "%.0f/s", rate);
}

static void
put_time(struct buf *to, double seconds)
{
	if (seconds < 100)
		buf_printf(to, "%.0f s", seconds);
	else if (seconds < 6000)
		buf_printf(to, "%.0f min", seconds / 60);
	else
		buf_printf(to, "%.0f h", seconds / 3600);
}

void
progress_put_left(const struct progress *progress, uint64_t done,
		  uint64_t total, struct buf *to)
{
	double share;

	/* A file may grow. */
	if (!total || !done || done > total)
		return;
	share = (double)done / (double)total;
	buf_printf(to, ", %.0f %%, ", 100 * share);
	put_time(to, seconds_so_far(progress) * (1 - share) / share);
	buf_puts(to, " left");
}

void
progress_put_input(const struct progress *progress, struct buf *to)
{
	progress_put_left(progress, stream_taken(), progress->size, to);
}
