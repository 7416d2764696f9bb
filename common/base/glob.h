/*
 * Shell patterns, whose ? takes a character of UTF-8 and not a byte of it,
 * whatever the user's locale is.
 */
#ifndef GLOB_H
#define GLOB_H

#include <stdbool.h>

/* Once, before threads are started. */
void glob_prepare(void);
/* Whether the pattern fits the whole text; a / is a character as any other. */
bool glob_matches(const char *pattern, const char *text);

#endif
