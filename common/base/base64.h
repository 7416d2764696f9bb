/* Bytes as text of 64 letters (RFC 4648, section 4). */
#ifndef BASE64_H
#define BASE64_H

#include "base/buf.h"

/* Appends bytes in base64, filled up with '='. */
void base64_put(struct buf *to, struct slice bytes);

#endif
