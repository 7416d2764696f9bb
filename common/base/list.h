/* Lists that a person types: words with commas between. */
#ifndef LIST_H
#define LIST_H

#include "base/buf.h"

/* A text without the white space around it. */
struct slice slice_trim(struct slice text);
/*
 * Takes the next word of a list off it, without the white space around it;
 * words that are empty are passed over. False behind the last one.
 */
bool list_next(const char **list, struct slice *word);

#endif
