/* Prefix codes as DEFLATE has them (RFC 1951, 3.2.2), made for writing. */
#ifndef PREFIX_CODE_H
#define PREFIX_CODE_H

#include <stdint.h>

enum { PREFIX_SYMBOLS = 288, PREFIX_BITS = 15 };

/* How many bits each symbol takes, 0 for none, and which, the first lowest. */
struct prefix_code {
	uint8_t bits[PREFIX_SYMBOLS];
	uint16_t words[PREFIX_SYMBOLS];
};

/* Gives each of n symbols the bits of its place among those of its length. */
void prefix_code_assign(struct prefix_code *code, unsigned n);
/* The best code for how often n symbols occur, with at most `most` bits. */
void prefix_code_make(struct prefix_code *code, const uint32_t *weights,
		      unsigned n, unsigned most);

#endif
