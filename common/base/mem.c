#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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
	static const char text[] = ": out of memory\n";
	const char *program = program_invocation_short_name;

	/* There is nothing to be done where even this fails. */
	if (write(STDERR_FILENO, program, strlen(program)) > 0)
		(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
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
	return slice_dup(slice_of(s));
}

struct slice
slice_of(const char *s)
{
	return (struct slice){s, strlen(s)};
}

bool
slice_equal(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
slice_is(struct slice s, const char *text)
{
	return slice_equal(s, slice_of(text));
}

bool
slice_ends(struct slice s, const char *text)
{
	size_t n = strlen(text);

	return s.n >= n && memcmp(s.p + s.n - n, text, n) == 0;
}

char *
slice_dup(struct slice s)
{
	char *copy = xmalloc(s.n + 1);

	if (s.n)
		memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	return copy;
}

void
buf_release(struct buf *b)
{
	if (!b)
		return;
	free(b->data);
	*b = (struct buf){0};
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
}

char *
buf_reserve(struct buf *b, size_t extra)
{
	size_t need, cap;

	if (extra <= b->cap - b->len)
		return b->data + b->len;
	if (__builtin_add_overflow(b->len, extra, &need))
		mem_exhausted();
	cap = b->cap ? b->cap : 256;
	while (cap < need)
		if (__builtin_mul_overflow(cap, 2, &cap))
			mem_exhausted();
	b->data = xreallocarray(b->data, cap, 1);
	b->cap = cap;
	return b->data + b->len;
}

void
buf_put(struct buf *b, const void *p, size_t n)
{
	if (!n)
		return;
	memcpy(buf_reserve(b, n), p, n);
	b->len += n;
}

void
buf_putc(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->len++;
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void
buf_slice(struct buf *b, struct slice s)
{
	buf_put(b, s.p, s.n);
}

void
buf_uint(struct buf *b, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	buf_put(b, digits + at, sizeof(digits) - at);
}

void
buf_int(struct buf *b, int64_t value)
{
	if (value < 0)
		buf_putc(b, '-');
	buf_uint(b, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void
buf_vprintf(struct buf *b, const char *format, va_list args)
{
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		return;
	buf_reserve(b, (size_t)n + 1);
	vsnprintf(b->data + b->len, (size_t)n + 1, format, args);
	b->len += (size_t)n;
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(b, format, args);
	va_end(args);
}

const char *
buf_cstr(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return b->data;
}

struct slice
buf_view(const struct buf *b)
{
	return (struct slice){b->data, b->len};
}
