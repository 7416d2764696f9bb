/* UTF-8, one code point at a time (Unicode 15, table 3-7). */
#ifndef UTF8_H
#define UTF8_H

#include "base/buf.h"

/*
 * The bytes of the well-formed sequence that text[0, n) begins with, and its
 * code point; 0 where there is none. n is at least 1.
 */
size_t utf8_decode(const char *text, size_t n, uint32_t *code);
/* Appends a code point, which is no surrogate. */
void utf8_put(struct buf *to, uint32_t code);
bool utf8_valid(struct slice text);
/* A text without the byte order mark that it may begin with. */
struct slice utf8_skip_mark(struct slice text);

#endif
