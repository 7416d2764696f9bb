/*
 * Streams of bytes: the one place where they are opened and widened. Pipes are
 * widened to 1 MiB: with the 64 KiB they come with, two programs spend most of
 * a gigabyte waiting for each other.
 */
#ifndef STREAM_H
#define STREAM_H

#include "base/buf.h"

/*
 * First thing in main: SIGPIPE ends the program as other filters do, and
 * standard descriptors that came closed answer with an error instead of being
 * given to the next file that is opened.
 */
void stream_start(void);

/*
 * Opens an operand for reading; "-" is stdin. Returns the descriptor or -1
 * with the message said, also for the file that standard output goes to. *name
 * is how messages call it, borrowed. Someone at a terminal is told that `what`,
 * such as "records", is read from there.
 */
int stream_open(const char *operand, const char *what, const char **name);
/*
 * Likewise, not waiting for who writes into a FIFO: a read of it is tried only
 * once stream_has_come.
 */
int stream_open_soon(const char *operand, const char *what, const char **name);
/* True where a read does not wait: bytes, the end or an error have come. */
bool stream_has_come(int fd);
/* Closes it, but for stdin. */
void stream_close(int fd);
/*
 * Reads up to n bytes: their number, 0 at the end, -1 with the message said.
 */
ptrdiff_t stream_read(int fd, const char *name, char *p, size_t n);

/*
 * Bytes that the operands have in all (none, or "-", is stdin), from where they
 * stand; 0 where one is no regular file.
 */
uint64_t stream_size(char *const *operands);
/* Bytes that stream_read has read so far, of all streams. From any thread. */
uint64_t stream_taken(void);
/* Takes the number of bytes off that, which are to be read again. */
void stream_untake(uint64_t n);

/*
 * A file without a name, in $TMPDIR or /tmp, gone when it is closed: a
 * descriptor to write and read, or -1 with the message said.
 */
int stream_temporary(void);
/*
 * Opens n such files ahead, for a program that will have no right to; those
 * that cannot be are missed no sooner than they are asked for. False where
 * n is above 16.
 */
bool stream_reserve(size_t n);
/* Widens a pipe; of no effect on anything else. */
void stream_widen(int fd);
/*
 * After a read or write that failed: true where it is to be done again, after
 * a signal or, for a descriptor that some other process made non-blocking,
 * once it is ready for the `events` of poll(2).
 */
bool stream_try_again(int fd, short events);

#endif
