/*
 * zlib streams (RFC 1950, RFC 1951) written from what is known of the bytes:
 * runs of one byte, or of one pixel of a few bytes. Nothing is searched, so
 * the cost is that of the runs, not of the bytes in them.
 */
#ifndef DEFLATE_H
#define DEFLATE_H

#include "base/buf.h"

struct deflate;

struct deflate *deflate_open(void);
/* Takes NULL. */
void deflate_close(struct deflate *deflate);

/* Begins a stream, which is appended to `to` (borrowed until deflate_end). */
void deflate_begin(struct deflate *deflate, struct buf *to);
/*
 * Writes a pixel of n bytes, 1 to DEFLATE_PIXEL, `count` times over; a count
 * of 0 writes nothing.
 */
enum { DEFLATE_PIXEL = 4 };
void deflate_run(struct deflate *deflate, const unsigned char *pixel,
		 unsigned n, uint64_t count);
/*
 * Writes bytes of which nothing is known, such as those of a photograph: each
 * by its code, and long runs of 0 as such. Nothing is searched here either; on
 * photographs a search finds hardly more.
 */
void
deflate_bytes(struct deflate *deflate, const unsigned char *bytes, size_t n);
/* Writes the rest, with the checksum. */
void deflate_end(struct deflate *deflate);

#endif
