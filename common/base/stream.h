/*
 * Streams of bytes in and out: the one place where they are opened, widened
 * and checked. Pipes are widened to 1 MiB: with the 64 KiB they come with, two
 * programs spend most of a gigabyte waiting for each other.
 */
#ifndef STREAM_H
#define STREAM_H

#include "base/mem.h"

/*
 * First thing in main: SIGPIPE ends the program as other filters do, and
 * standard descriptors that came closed answer with an error instead of being
 * given to the next file that is opened.
 */
void stream_start(void);

/*
 * Opens an operand for reading; "-" is stdin. Returns the descriptor or -1
 * with the message said. *name is how messages call it, borrowed.
 */
int stream_open(const char *operand, const char **name);
/* Closes it, but for stdin. */
void stream_close(int fd);
/*
 * Reads up to n bytes: their number, 0 at the end, -1 with the message said.
 */
ptrdiff_t stream_read(int fd, const char *name, char *p, size_t n);

/*
 * A file without a name, in $TMPDIR or /tmp, gone when it is closed: a
 * descriptor to write and read, or -1 with the message said.
 */
int stream_temporary(void);

/* Buffered output to a descriptor. */
struct out;

/* `name` is for messages and borrowed; the descriptor is not closed. */
struct out *out_open(int fd, const char *name);
void out_put(struct out *out, struct slice bytes);
/*
 * Like out_put, for bytes that stay where they are until the next out_flush:
 * neighbouring ones are written from there, in one piece.
 */
void out_borrow(struct out *out, struct slice bytes);
/* 0, or -1 when this or an earlier write failed; the message has been said. */
int out_flush(struct out *out);
bool out_failed(const struct out *out);
/* Flushes and frees; as out_flush. */
int out_close(struct out *out);
/* Closes stdout and checks it (NFS reports a full disk no sooner). */
int out_close_stdout(struct out *out);

#endif
