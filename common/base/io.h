/* Reading and writing in full, whatever read(2) and write(2) take at a time. */
#ifndef IO_H
#define IO_H

#include "base/buf.h"

struct stat; /* of sys/stat.h */

/* openat(2), again after a signal; closed when another program is started. */
int io_open(int dirfd, const char *path, int flags, unsigned mode);
/*
 * pread(2) of n bytes, or as many as the file has from there: their number, or
 * -1 with errno.
 */
ptrdiff_t io_pread(int fd, void *p, size_t n, uint64_t at);
/* Writes all of n bytes: 0, or -1 with errno. */
int io_write(int fd, const void *p, size_t n);
/* Whether both tell of one file, whatever it is called. */
bool io_same_file(const struct stat *a, const struct stat *b);
/* ftruncate(2), again after a signal. */
int io_truncate(int fd, uint64_t size);
/*
 * Appends all that is left to read of a file to `to`: 0, or -1 with errno set
 * (EFBIG where that is more than `max` bytes).
 */
int io_read_rest(int fd, size_t max, struct buf *to);
/*
 * Appends the whole contents of a file to `to`: 0, or -1 with errno set
 * (EFBIG where it has more than `max` bytes).
 */
int io_read_file(int dirfd, const char *path, size_t max, struct buf *to);

#endif
