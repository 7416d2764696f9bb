/*
 * Giving up what a program does not need: once it has opened what it writes,
 * it can change no other file, run no program, reach no process and, unless it
 * fetches, connect to nobody. So whatever a decoder's mistake lets a hostile
 * file do, it ends there. Reading is not restricted: records name files
 * anywhere.
 *
 * Linux's Landlock does it, of as much as the kernel knows; where it knows
 * nothing of it, or SEG_NO_SANDBOX is set in the environment, all goes on
 * unrestricted. There is no list of system calls (seccomp): it would break with
 * the next C library, and what it could deny beyond this is little.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>

/* What may still be done below a directory. */
enum sandbox_right {
	SANDBOX_NAMES, /* files that are open get their names, files go */
	SANDBOX_FILES, /* whatever can be done with files and directories */
};

/* Before sandbox_enter; of no effect after it. The descriptor may be closed. */
void sandbox_allow(int dirfd, enum sandbox_right right);
/*
 * Allows all files to be written: for hard links, which Linux refuses from
 * where less is allowed to where more is.
 */
void sandbox_allow_files(void);
/* TCP may be used. */
void sandbox_allow_network(void);

/*
 * From here on, for good, and for the threads made from here on: before any
 * is made. True where the kernel holds us to it. The second call does nothing.
 */
bool sandbox_enter(void);

#endif
