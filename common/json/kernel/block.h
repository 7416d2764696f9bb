/* What the fast scanners share that needs no instruction set. */
#ifndef BLOCK_H
#define BLOCK_H

#include "base/inline.h"
#include "json/json_parts.h"

/* A condition whose code is to be out of the way. */
#define SELDOM(mask) __builtin_expect((mask) != 0, 0)

/*
 * Brackets with no bracket between them; `bad` are closing ones that are not
 * of their opening one's kind.
 */
struct pairs {
	uint64_t open, close, bad;
};

/* A mask of the bytes behind these; the last bit goes to the next block. */
INLINE uint64_t
next_byte(uint64_t mask, uint64_t *carry)
{
	uint64_t next = mask << 1 | *carry;

	*carry = mask >> 63;
	return next;
}

/*
 * The byte behind each run of set bits that begins at a bit of `start`: the
 * sum carries through the run. A bit that is not in a run stays where it is.
 * *carry: a run goes on in the next block, where it is a start at bit 0.
 */
INLINE uint64_t
behind_run(uint64_t start, uint64_t run, uint64_t *carry)
{
	unsigned long long sum;

	*carry = __builtin_uaddll_overflow(start, run, &sum);
	return sum & ~run;
}

/* The first bytes behind these that are not white space. */
INLINE uint64_t
follow(uint64_t mask, uint64_t space, uint64_t *carry)
{
	uint64_t start = next_byte(mask, carry), over;
	uint64_t next = behind_run(start, space, &over);

	*carry |= over;
	return next;
}

#endif
