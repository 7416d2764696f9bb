/* Pieces come back in order, each worked on once, for any number of threads. */
#include "base/crew.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/buf.h"
#include "tap.h"

enum { PIECES = 3000 };

struct piece {
	int number, square, works;
	struct buf text;
};

struct seen {
	atomic_int opened, closed;
	int taken, wrong, released;
};

static struct seen seen;

static void *
open_worker(void *context)
{
	int *worker = xcalloc(1, sizeof(*worker));

	(void)context;
	seen.opened++;
	return worker;
}

static void
close_worker(void *context, void *worker)
{
	(void)context;
	seen.closed++;
	free(worker);
}

static void
release(void *piece)
{
	buf_release(&((struct piece *)piece)->text);
	seen.released++;
}

/* Takes unequal time, and longest where the next ones are quick. */
static void
work(void *worker, void *context)
{
	struct piece *piece = context;
	int i;

	++*(int *)worker;
	for (i = 0; i < (piece->number % 8 ? 1 : 200); i++)
		sched_yield();
	piece->square = piece->number * piece->number;
	piece->works++;
	buf_printf(&piece->text, "%d", piece->number);
}

static void
take(void *context, void *argument)
{
	struct piece *piece = argument;

	seen.wrong += context != &seen || piece->number != seen.taken ||
		      piece->square != seen.taken * seen.taken ||
		      piece->works != 1 ||
		      atoi(buf_cstr(&piece->text)) != seen.taken;
	seen.taken++;
	buf_reset(&piece->text);
}

static void
run(unsigned jobs, int pieces)
{
	const struct crew_rules rules = {
		.jobs = jobs,
		.piece_size = sizeof(struct piece),
		.worker_open = open_worker,
		.worker_close = close_worker,
		.release = release,
		.work = work,
		.take = take,
		.context = &seen,
	};
	struct crew *crew = crew_open(&rules);

	seen.opened = seen.closed = 0;
	seen.taken = seen.wrong = seen.released = 0;
	for (int i = 0; i < pieces; i++) {
		struct piece *piece = crew_piece(crew);

		piece->number = i;
		piece->works = 0;
		crew_send(crew);
	}
	crew_close(crew);
	ok(seen.taken == pieces && !seen.wrong,
	   "%d pieces in order with %u threads", pieces, jobs);
	ok(seen.opened == seen.closed &&
		   (unsigned)seen.opened <= (jobs ? jobs : 1) &&
		   (pieces == 0) == (seen.opened == 0) && seen.released > 0,
	   "what threads and pieces had is given back");
}

/* Where nothing is told of workers, the context is what they have. */
static void
count(void *context, void *piece)
{
	(void)piece;
	++*(atomic_int *)context;
}

int
main(void)
{
	atomic_int counted = 0;
	const struct crew_rules bare = {
		.jobs = 3,
		.piece_size = 1,
		.work = count,
		.context = &counted,
	};
	struct crew *crew;

	for (unsigned jobs = 0; jobs <= 9; jobs += jobs < 3 ? 1 : 6) {
		run(jobs, 0);
		run(jobs, 1);
		run(jobs, PIECES);
	}
	crew = crew_open(&bare);
	for (int i = 0; i < 100; i++) {
		crew_piece(crew);
		crew_send(crew);
	}
	crew_close(crew);
	ok(counted == 100, "only work is asked for");
	crew_close(NULL);
	ok(crew_processors() > 0, "there is a processor");
	return done_testing();
}
