/*
 * Scalars through json-c: a part of the json module, apart from the others
 * because json-c has names of its own that begin with json_.
 */
#ifndef JSON_C_H
#define JSON_C_H

#include "base/buf.h"

/*
 * Appends the text of a valid string, given with its quotes. Lone surrogates
 * become U+FFFD. False where json-c refuses it.
 */
bool json_decode_string(struct slice raw, struct buf *text);
/* False where a valid number is beyond the range of double. */
bool json_decode_number(struct slice raw, double *number);

#endif
