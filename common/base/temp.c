#include "base/temp.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEMPS = 512 }; /* names that are known at a time */

/*
 * The temporary names in use, in memory that a signal handler may read at any
 * time. A slot is filled while it is BUSY and read once it is IN_USE.
 */
static struct temp {
	atomic_int state;
	int dirfd;
	char name[TEMP_NAME];
} temps[TEMPS];

enum { FREE, BUSY, IN_USE };

static void
unlink_temps(void)
{
	for (size_t i = 0; i < TEMPS; i++)
		if (atomic_load(&temps[i].state) == IN_USE)
			unlinkat(temps[i].dirfd, temps[i].name, 0);
}

static void
end_by_signal(int number)
{
	unlink_temps();
	signal(number, SIG_DFL);
	raise(number);
}

/* Signals that a program handles itself, or that are ignored, stay so. */
static void
install_cleanup(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	static atomic_flag installed = ATOMIC_FLAG_INIT;
	struct sigaction action = {.sa_handler = end_by_signal}, old;

	if (atomic_flag_test_and_set(&installed))
		return;
	sigfillset(&action.sa_mask);
	atexit(unlink_temps);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (sigaction(numbers[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_DFL)
			sigaction(numbers[i], &action, NULL);
}

struct temp *
temp_remember(int dirfd, const char *name)
{
	install_cleanup();
	for (size_t i = 0; i < TEMPS; i++) {
		int free_state = FREE;

		if (!atomic_compare_exchange_strong(&temps[i].state,
						    &free_state, BUSY))
			continue;
		temps[i].dirfd = dirfd;
		strcpy(temps[i].name, name);
		atomic_store(&temps[i].state, IN_USE);
		return &temps[i];
	}
	return NULL;
}

void
temp_forget(struct temp *temp)
{
	if (temp)
		atomic_store(&temp->state, FREE);
}
