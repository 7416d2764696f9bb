/*
 * The two checksums of PNG: Adler-32 of zlib streams (RFC 1950) and the CRC-32
 * of chunks (PNG, 5.5).
 */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An Adler-32 in the making, not reduced until it is asked for. */
struct adler {
	uint64_t a, b;
};

#define ADLER_START ((struct adler){1, 0})

/*
 * Adds n bytes. Stretches of zero bytes cost little more than reading them,
 * and label maps are full of them.
 */
void adler_add(struct adler *adler, const unsigned char *p, size_t n);
/*
 * Adds n bytes, fewer than 2^27, of which only is known: their sum, and the sum
 * of each one times the number of bytes from it to the end.
 */
void
adler_add_sums(struct adler *adler, uint64_t n, uint64_t sum, uint64_t weighed);
uint32_t adler_value(const struct adler *adler);

/* The plain version, for the tests to compare with. */
void adler_add_plainly(struct adler *adler, const unsigned char *p, size_t n);

/* The CRC of n bytes. */
uint32_t crc32_of(const unsigned char *p, size_t n);

#ifdef __cplusplus
}
#endif

#endif
