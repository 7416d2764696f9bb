/* Mask arithmetic that any machine can do; see json_kernel.h. */
#ifndef BITS_H
#define BITS_H

INLINE uint64_t
parity(uint64_t mask)
{
	for (unsigned n = 1; n < 64; n *= 2)
		mask ^= mask << n;
	return mask;
}

/* None: all brackets go by the stack. */
INLINE struct pairs
find_pairs(uint64_t open, uint64_t close, uint64_t curly)
{
	(void)open, (void)close, (void)curly;
	return (struct pairs){0};
}

#endif
