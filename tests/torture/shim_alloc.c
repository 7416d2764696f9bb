/* Allocations and threads that fail. */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "shim.h"

typedef void *(*malloc_function)(size_t);
typedef void *(*calloc_function)(size_t, size_t);
typedef void *(*realloc_function)(void *, size_t);

static malloc_function real_malloc;
static calloc_function real_calloc;
static realloc_function real_realloc;
static int (*real_memalign)(void **, size_t, size_t);
static int (*real_create)(pthread_t *, const pthread_attr_t *,
			  void *(*)(void *), void *);

/* Some programs are not ours and have no malloc that calls the above. */
static int owns_malloc;

static void
find_functions(void)
{
	void *real, *first;

	SHIM_FIND(real_create, "pthread_create");
	SHIM_FIND(real_memalign, "posix_memalign");
	SHIM_FIND(real_realloc, "__libc_realloc");
	SHIM_FIND(real_calloc, "__libc_calloc");
	SHIM_FIND(real_malloc, "__libc_malloc");
	real = dlsym(RTLD_NEXT, "malloc");
	first = dlsym(RTLD_DEFAULT, "malloc");
	owns_malloc = first && first != real;
}

/* For what dlsym itself allocates. */
static _Alignas(64) char early[65536];
static size_t early_used;

static void *
early_alloc(size_t n)
{
	char *p = early + early_used;

	early_used += (n + 63) / 64 * 64;
	if (early_used > sizeof(early))
		abort();
	return p;
}

/* A place in a program or library, wherever that was loaded. */
static uint64_t
hash_frame(void *frame, uint64_t hash)
{
	const uint64_t prime = 0x100000001b3;
	uintptr_t at = (uintptr_t)frame;
	const char *name;
	Dl_info found;

	if (dladdr(frame, &found)) {
		at -= (uintptr_t)found.dli_fbase;
		for (name = found.dli_fname; *name; name++)
			hash = (hash ^ (unsigned char)*name) * prime;
	}
	return (hash ^ at) * prime;
}

static void
note_place(void)
{
	const uint64_t n = shim_seen->counts[ALLOC];
	void *frames[DEPTH];
	uint64_t hash = 0;
	int depth, i;

	shim_order.kind = NO_KIND; /* it may itself allocate */
	depth = backtrace(frames, DEPTH);
	shim_order.kind = PLACES;
	for (i = 0; i < depth; i++)
		hash = hash_frame(frames[i], hash);
	if (n && n <= PLACES_MOST)
		shim_seen->places[n - 1] = hash;
}

static int
fails_alloc(void)
{
	int due;

	if (!shim_seen)
		return 0;
	due = shim_is_due(ALLOC);
	if (shim_order.kind == PLACES)
		note_place();
	if (!due)
		return 0;
	shim_seen->fd = -2;
	errno = ENOMEM;
	return 1;
}

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t n);
void *__libc_realloc(void *p, size_t n);

/* Libraries allocate before there is a main. */
static int
is_early(void)
{
	static int finding;

	if (real_malloc || finding)
		return !real_malloc;
	finding = 1;
	find_functions();
	return 0;
}

void *
__libc_malloc(size_t n)
{
	if (is_early())
		return early_alloc(n);
	return fails_alloc() ? NULL : real_malloc(n);
}

void *
__libc_calloc(size_t count, size_t n)
{
	if (is_early())
		return early_alloc(count * n);
	return fails_alloc() ? NULL : real_calloc(count, n);
}

void *
__libc_realloc(void *p, size_t n)
{
	if (is_early())
		abort();
	return fails_alloc() ? NULL : real_realloc(p, n);
}

int
posix_memalign(void **p, size_t alignment, size_t n)
{
	return fails_alloc() ? ENOMEM : real_memalign(p, alignment, n);
}

int
pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
	       void *(*begin)(void *), void *context)
{
	if (shim_seen && shim_is_due(THREAD)) {
		shim_seen->fd = -2;
		return EAGAIN;
	}
	return real_create(thread, attributes, begin, context);
}

int
shim_malloc_is_own(void)
{
	return owns_malloc;
}

void
shim_find(void)
{
	is_early();
}
