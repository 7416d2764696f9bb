#include "base/temp.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ending.h"

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
unlink_temps(bool early)
{
	(void)early;
	for (size_t i = 0; i < TEMPS; i++)
		if (atomic_load(&temps[i].state) == IN_USE)
			unlinkat(temps[i].dirfd, temps[i].name, 0);
}

static void
install_cleanup(void)
{
	static atomic_flag installed = ATOMIC_FLAG_INIT;

	if (!atomic_flag_test_and_set(&installed))
		ending_add(unlink_temps);
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
		snprintf(temps[i].name, sizeof(temps[i].name), "%s", name);
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
