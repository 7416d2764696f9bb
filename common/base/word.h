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

/* Eight bytes, the least significant one first; one store where that is so. */
static inline void
word_put_le64(void *to, uint64_t word)
{
	unsigned char *b = to;

	b[0] = (unsigned char)word;
	b[1] = (unsigned char)(word >> 8);
	b[2] = (unsigned char)(word >> 16);
	b[3] = (unsigned char)(word >> 24);
	b[4] = (unsigned char)(word >> 32);
	b[5] = (unsigned char)(word >> 40);
	b[6] = (unsigned char)(word >> 48);
	b[7] = (unsigned char)(word >> 56);
}

#endif
