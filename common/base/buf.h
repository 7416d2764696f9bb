/* Borrowed slices of bytes, and growing buffers of them. */
#ifndef BUF_H
#define BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

/* Bytes that belong to someone else; not terminated. */
struct slice {
	const char *p;
	size_t n;
};

/*
 * A growing run of bytes. A zeroed struct buf is a valid empty one; `data` may
 * be NULL while `cap` is 0. Not terminated, but for buf_cstr.
 */
struct buf {
	char *data;
	size_t len;
	size_t cap;
};

/* The slice of a C string, without its NUL. */
struct slice slice_of(const char *s);
bool slice_equal(struct slice a, struct slice b);
/* True when `s` has just the bytes of the C string `text`. */
bool slice_is(struct slice s, const char *text);
bool slice_ends(struct slice s, const char *text);
/* A copy of the bytes with a NUL behind it; the caller frees it. */
char *slice_dup(struct slice s);

void buf_release(struct buf *b);
/* Empties it and keeps the memory. */
void buf_reset(struct buf *b);
/* Makes room for `extra` more bytes and returns where they go (at len). */
char *buf_reserve(struct buf *b, size_t extra);
void buf_put(struct buf *b, const void *p, size_t n);
void buf_putc(struct buf *b, char c);
void buf_puts(struct buf *b, const char *s);
void buf_slice(struct buf *b, struct slice s);
/* Decimal digits of an integer; the fast one for ids and counts. */
void buf_uint(struct buf *b, uint64_t value);
void buf_int(struct buf *b, int64_t value);
void buf_printf(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
/* The contents with a NUL put behind them (which is not counted in len). */
const char *buf_cstr(struct buf *b);
struct slice buf_view(const struct buf *b);

#endif
