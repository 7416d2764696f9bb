/*
 * Regular files and nothing else: a FIFO or a device that stands where a file
 * is expected would wait for ever, or take what is meant for others.
 */
#ifndef REGULAR_H
#define REGULAR_H

#include <errno.h>

/* The errno of what is no regular file; see regular_error. */
#define REGULAR_NOT ENOTSUP

/*
 * Opens a file, never waiting; O_CLOEXEC is added to the flags, and with
 * O_CREAT its mode is 0666 but for the umask. A descriptor, or -1 with errno,
 * which is EISDIR or REGULAR_NOT where it is no regular file.
 */
int regular_open(int dirfd, const char *path, int flags);
/* As strerror(3). */
const char *regular_error(int error);

#endif
