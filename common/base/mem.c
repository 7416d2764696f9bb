#include "base/mem.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/ending.h"

/*
 * json-c 0.16 answers a failed allocation with a crash or, worse, with a value
 * that lacks members. So under glibc the allocator itself does not fail: these
 * definitions take precedence over the C library's in every library of the
 * process. The sanitizers bring an allocator of their own.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OWN_ALLOCATOR 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
	__has_feature(thread_sanitizer)
#define OWN_ALLOCATOR 0
#endif
#endif
#ifndef OWN_ALLOCATOR
#ifdef __GLIBC__
#define OWN_ALLOCATOR 1
#else
#define OWN_ALLOCATOR 0
#endif
#endif

#if OWN_ALLOCATOR
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

void *
malloc(size_t size)
{
	void *p = __libc_malloc(size);

	if (!p)
		mem_exhausted();
	return p;
}

void *
calloc(size_t count, size_t size)
{
	void *p = __libc_calloc(count, size);

	if (!p)
		mem_exhausted();
	return p;
}

void *
realloc(void *old, size_t size)
{
	void *p = __libc_realloc(old, size);

	if (!p && size)
		mem_exhausted();
	return p;
}
#endif

void
mem_exhausted(void)
{
	static char text[] = ": out of memory\n";
	static atomic_flag said = ATOMIC_FLAG_INIT;
	static _Thread_local bool ends;
	const char *program = program_invocation_short_name;
	struct iovec parts[] = {
		{program_invocation_short_name, strlen(program)},
		{text, sizeof(text) - 1},
	};

	if (!atomic_flag_test_and_set(&said)) {
		ends = true;
		/* There is nothing to be done where even this fails. */
		(void)!writev(STDERR_FILENO, parts, 2);
		ending_run();
	}
	/* Another thread is at it, which the end of this one would cut off. */
	if (!ends)
		for (;;)
			pause();
	_exit(2);
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		mem_exhausted();
	return p;
}

void *
xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		mem_exhausted();
	return p;
}

void *
xreallocarray(void *p, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		mem_exhausted();
	p = realloc(p, bytes ? bytes : 1);
	if (!p)
		mem_exhausted();
	return p;
}

char *
xstrdup(const char *s)
{
	const size_t size = strlen(s) + 1;

	return memcpy(xmalloc(size), s, size);
}
