/* SHA-256, and short hashes made of it. */
#ifndef DIGEST_H
#define DIGEST_H

#include "base/buf.h"

enum { DIGEST_SIZE = 32 };

/* A digest of bytes that come piece by piece. */
struct digest;

struct digest *digest_open(void);
void digest_close(struct digest *digest);
/* Starts anew. */
void digest_reset(struct digest *digest);
void digest_put(struct digest *digest, const void *p, size_t n);
/* Ends it; digest_reset comes next. */
void digest_get(struct digest *digest, unsigned char sum[DIGEST_SIZE]);

/*
 * The first 64 bits of the SHA-256 of `bytes`: nobody can choose names that
 * meet by more than guessing.
 */
uint64_t digest_hash(struct slice bytes);
/* Appends n bytes in lower-case hexadecimal. */
void digest_put_hex(struct buf *to, const unsigned char *p, size_t n);

#endif
