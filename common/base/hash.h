/*
 * Hashes of bytes: the same on every machine and in every run, so what is cut
 * by one stays as it was.
 */
#ifndef HASH_H
#define HASH_H

#include "base/buf.h"

/* What hash_add begins with. */
#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)

/* Adds bytes to what has been hashed so far. */
uint64_t hash_add(uint64_t hash, struct slice bytes);
/* The hash of all that was added, every bit of it mixed. */
uint64_t hash_finish(uint64_t hash);

#endif
