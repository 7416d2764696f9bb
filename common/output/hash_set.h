/*
 * A set of 64-bit hashes: 8 bytes each, in a table at most three quarters full,
 * so 11 to 21 bytes of memory. Of a million digests two are the same once in
 * 40 million data sets.
 */
#ifndef HASH_SET_H
#define HASH_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A zeroed one is empty. */
struct hash_set {
	uint64_t *table; /* open addressing; 0 is an empty place */
	size_t size, count;
};

void hash_set_release(struct hash_set *set);
/* 0 is taken for 1. */
bool hash_set_has(const struct hash_set *set, uint64_t hash);
/* Adds it, unless it is there. */
void hash_set_add(struct hash_set *set, uint64_t hash);

#endif
