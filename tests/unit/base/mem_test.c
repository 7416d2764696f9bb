/* Out of memory in several threads at once: one last word, and a whole end. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/ending.h"
#include "base/mem.h"
#include "tap.h"

enum { THREADS = 8, TIMES = 20 };

static const char ended[] = "ended\n";

/* Takes its time, as what removes temporary files does. */
static void
end_slowly(bool early)
{
	(void)early;
	usleep(20000);
	(void)!write(STDERR_FILENO, ended, strlen(ended));
}

static void *
exhaust(void *barrier)
{
	pthread_barrier_wait(barrier);
	mem_exhausted();
}

static void
run_child(void)
{
	pthread_barrier_t barrier;
	pthread_t thread;

	ending_add(end_slowly);
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (int i = 1; i < THREADS; i++)
		pthread_create(&thread, NULL, exhaust, &barrier);
	exhaust(&barrier);
}

/* Everything that a child says, and its status. */
static int
run(struct buf *said)
{
	int ends[2], status = -1;
	ssize_t n;
	pid_t child;

	buf_reset(said);
	if (pipe(ends) < 0 || (child = fork()) < 0)
		return -1;
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		run_child();
	}
	close(ends[1]);
	while ((n = read(ends[0], buf_reserve(said, 256), 256)) > 0)
		said->len += (size_t)n;
	close(ends[0]);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
main(void)
{
	static const char text[] = "mem_test: out of memory\nended\n";
	struct buf said = {0};
	int i, status = 2, right = 0;

	for (i = 0; i < TIMES && status == 2; i++) {
		status = run(&said);
		right += slice_is(buf_view(&said), text);
	}
	ok(status == 2, "the status is 2");
	ok(right == TIMES,
	   "the message is said once, and what is to be done at last is done");
	buf_release(&said);
	return done_testing();
}
