/* Several members of a JSON object, found in one walk. */
#ifndef LOOKUP_H
#define LOOKUP_H

#include "json/json.h"

/*
 * Sets values[i] to the value of the member that keys[i] names, or to an empty
 * slice where there is none: json_find for each of `n` keys, at the cost of
 * one. What is not an object has none.
 */
void members_find(struct slice object, const struct slice *keys, size_t n,
		  struct slice *values);

#endif
