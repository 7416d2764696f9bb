/*
 * Temporary names that are gone when the program ends, by exit or by a signal.
 */
#ifndef TEMP_H
#define TEMP_H

struct temp;

enum { TEMP_NAME = 48 }; /* bytes that a name may have, its NUL among them */

/*
 * Takes note of a name in a directory, whose descriptor stays open until
 * temp_forget. NULL where too many are known: that one stays behind.
 */
struct temp *temp_remember(int dirfd, const char *name);
/* It has another name now, or none. Takes NULL. */
void temp_forget(struct temp *temp);

#endif
