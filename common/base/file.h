/*
 * Files that are whole or not there: written under no name or a temporary one
 * in their directory, and given their name when all is well.
 */
#ifndef FILE_H
#define FILE_H

#include "base/buf.h"

/* A file being written. */
struct file;

/*
 * Starts a file that is to be `path` (relative to the directory `dirfd`, or
 * AT_FDCWD). What is there and no regular file, such as /dev/null or a pipe,
 * is written to directly. NULL with errno set on failure. What AT_FDCWD begins
 * may be named after sandbox_enter, too.
 */
struct file *file_create(int dirfd, const char *path);
/* Starts a file in a directory that file_publish_as alone will name. */
struct file *file_create_in(int dirfd);
/* Where its bytes go. */
int file_fd(const struct file *file);
/*
 * From now on its bytes are on the disk before it gets its name, and the name
 * is before that is told of.
 */
void file_syncs(struct file *file);
/*
 * Gives it its name, over what was there, and frees it; after -1 (errno set)
 * nothing has changed at `path` and the file is gone, but where it is not known
 * whether its name has come to the disk.
 */
int file_publish(struct file *file);
/*
 * Likewise under another name, in a directory of the same file system; `name`
 * has no slash.
 */
int file_publish_as(struct file *file, int dirfd, const char *name);
/* Drops it. Takes NULL. Files not published are gone at exit, too. */
void file_drop(struct file *file);

/*
 * The directory that `path` lies in, made where it is missing if `make`: a
 * descriptor, or -1 with errno set. `path` is relative, has neither "." nor
 * "..", and no part of it may be a symbolic link (ENOTDIR).
 */
int file_open_parent(int dirfd, const char *path, bool make);
/* Removes temporary files left in a directory by runs killed an hour ago. */
void file_sweep(int dirfd);

#endif
