/* Numbers in bytes, in a file's order instead of the machine's. */
#ifndef WORD_H
#define WORD_H

#include <stdint.h>

/* Four bytes, the most significant one first. */
static inline uint32_t
word_be32(const void *p)
{
	const unsigned char *b = p;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	       (uint32_t)b[2] << 8 | b[3];
}

#endif
