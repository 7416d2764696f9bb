#include "base/ending.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

enum { FUNCTIONS = 4 };

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};

enum { NUMBERS = sizeof(numbers) / sizeof(*numbers) };

/* Read by a signal handler: a place is filled before it is counted. */
static void (*functions[FUNCTIONS])(bool early);
static atomic_int count;
static atomic_flag done = ATOMIC_FLAG_INIT;

static void
run(bool early)
{
	if (atomic_flag_test_and_set(&done))
		return;
	for (int i = 0; i < atomic_load(&count); i++)
		functions[i](early);
}

void
ending_run(void)
{
	run(true);
}

static void
run_at_exit(void)
{
	run(false);
}

/* A second signal of the kind ends the program at once: SA_RESETHAND. */
static void
end_by_signal(int number)
{
	run(true);
	signal(number, SIG_DFL);
	raise(number);
}

static void
install(void)
{
	struct sigaction old,
		action = {
			.sa_handler = end_by_signal,
			.sa_flags = (int)(SA_RESETHAND | SA_NODEFER),
		};

	sigemptyset(&action.sa_mask);
	atexit(run_at_exit);
	for (size_t i = 0; i < NUMBERS; i++)
		if (sigaction(numbers[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_DFL)
			sigaction(numbers[i], &action, NULL);
}

void
ending_add(void (*function)(bool early))
{
	static atomic_flag installed = ATOMIC_FLAG_INIT;
	int n = atomic_load(&count);

	if (n == FUNCTIONS)
		abort();
	functions[n] = function;
	atomic_store(&count, n + 1);
	if (!atomic_flag_test_and_set(&installed))
		install();
}

void
ending_block(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < NUMBERS; i++)
		if (numbers[i] != SIGPIPE)
			sigaddset(&set, numbers[i]);
	pthread_sigmask(SIG_BLOCK, &set, before);
}

void
ending_unblock(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}
