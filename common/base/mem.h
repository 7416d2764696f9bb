/*
 * Memory that cannot fail.
 *
 * Out of memory ends the program in one place (mem.c) with a message and
 * status 2, for our own allocations and for those of the libraries, json-c
 * among them, which does not survive a failed allocation by itself.
 */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>

/* Never return NULL. The array form checks the product for overflow. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *p, size_t count, size_t size);
char *xstrdup(const char *s);

/* Ends the program: "out of memory", status 2. Async-signal-safe. */
_Noreturn void mem_exhausted(void);

#endif
