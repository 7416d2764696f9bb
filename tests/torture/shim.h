/* What the files of the shim share; see shim.c. */
#ifndef SHIM_H
#define SHIM_H

#include <stdint.h>

enum kind {
	ALLOC,
	THREAD,
	READ,
	WRITE,
	OPEN,
	SYNC,
	RENAME,
	CLOSE,
	TRUNCATE,
	MKDIR,
	MAP,
	STAT,
	KINDS,
	NO_KIND,
	PLACES
};

/* What is to fail. */
extern struct order {
	enum kind kind; /* NO_KIND: nothing */
	uint64_t number;
	int error, cut, feed;
	char dir[4096];
} shim_order;

enum { PLACES_MOST = 1 << 16, DEPTH = 10 };

/* What happened, seen by the server. */
struct seen {
	uint64_t counts[KINDS];
	int fd;
	/* Of each allocation, a hash of who called whom to come there. */
	uint64_t places[PLACES_MOST];
};

extern struct seen *shim_seen;

/* True where this call of a kind is the one to fail; counts it. */
int shim_is_due(enum kind kind);
/* Finds the functions behind the shim's own; again is nothing. */
void shim_find(void);
/* True where the program has a malloc of its own, above the shim. */
int shim_malloc_is_own(void);
/* Turns calls into the kernel into a signal: 1, or 0 with errno. */
int shim_filter(void);
/* A function pointer out of dlsym's result, which is none in ISO C. */
#define SHIM_FIND(pointer, name)                           \
	do {                                               \
		void *found = dlsym(RTLD_NEXT, name);      \
		if (!found)                                \
			abort();                           \
		memcpy(&(pointer), &found, sizeof(found)); \
	} while (0)

#endif
