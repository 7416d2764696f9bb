/*
 * Fingerprints of JSON values, to tell whether two are the same. Not for
 * secrets: whoever wants to can make two values that meet.
 */
#ifndef FINGERPRINT_H
#define FINGERPRINT_H

#include "base/buf.h"

struct fingerprint {
	uint64_t a, b;
};

/* Of bytes as they are; `seed` is what came before them. */
uint64_t fingerprint_bytes(uint64_t seed, struct slice bytes);
/* The same in 128 bits. */
struct fingerprint fingerprint_text(struct slice bytes);

/*
 * Of what a valid JSON value means: the order of members, the spelling of
 * strings and numbers, and what changes in a URL each time it is signed count
 * for nothing. `scratch` is a buffer to work in.
 */
struct fingerprint fingerprint_value(struct slice value, struct buf *scratch);
bool fingerprint_same(struct slice a, struct slice b, struct buf *scratch);

#endif
