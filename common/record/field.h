/* Values deep in a record, by the path that a person types. */
#ifndef FIELD_H
#define FIELD_H

#include "base/buf.h"

/*
 * The value at a dotted path below an object: "a.b" is a member of that name
 * or else b in a. False where there is none.
 */
bool field_find(struct slice object, const char *path, struct slice *value);

#endif
