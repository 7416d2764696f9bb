/* Random numbers for tests: the same ones each time (xorshift64*). */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>
#include <stdio.h>

static uint64_t random_state;

/* Starts a sequence and says which, as a TAP comment. */
static inline void
random_seed(uint64_t seed)
{
	printf("# seed %llu\n", (unsigned long long)seed);
	random_state = seed * 0x9e3779b97f4a7c15u + 1;
}

/* A number below `limit`, which is at least 1. */
static inline uint32_t
random_below(uint32_t limit)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (uint32_t)((random_state * 0x2545f4914f6cdd1du >> 32) *
				  (uint64_t)limit >>
			  32);
}

#endif
