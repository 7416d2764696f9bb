/*
 * zlib streams (RFC 1950, RFC 1951), read piece by piece into memory of the
 * caller.
 *
 * Our own: label maps are long matches for the most part, and what a decoder
 * does for each of them decides. zlib takes 12 to 40 times as long for them as
 * this does, and ISA-L's igzip 3 to 6 times; libdeflate, which comes close,
 * cannot read in steps. What zlib takes and what it refuses is the rule, and
 * the tests hold this to it.
 */
#ifndef INFLATE_H
#define INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A stream being read. */
struct inflate;

/* Bytes of what comes before that a stream may refer to. */
enum { INFLATE_HISTORY = 32768 };
enum { INFLATE_AMPLE = 1024 };
/*
 * Where a stream comes from: sets the next piece, which stays where it is
 * until the next one is asked for. False after the last one.
 */
typedef bool
inflate_source(void *context, const unsigned char **piece, size_t *n);

struct inflate *inflate_open(void);
void inflate_close(struct inflate *inflate);
/* For tests: as on a processor without AVX2. */
void inflate_use_plain(struct inflate *inflate);

/* Begins a stream; what was left of the last one is forgotten. */
void
inflate_begin(struct inflate *inflate, inflate_source *source, void *context);

/*
 * Leaves the Adler-32 of the stream just begun to the caller, who compares it
 * with what inflate_checksum says after the end.
 */
void inflate_leave_checksum(struct inflate *inflate);
uint32_t inflate_checksum(const struct inflate *inflate);

/*
 * Puts the next bytes of the output at `to`: at least `want`, or fewer where
 * the stream ends (then it was whole, its checksum right and nothing behind
 * it), and at most `room`. It goes fastest where there is INFLATE_AMPLE more
 * room than it should give. What was given before, or the last INFLATE_HISTORY
 * bytes of it, must stand in front of `to`. Returns NULL and sets *n, or
 * returns what is wrong (static text).
 */
const char *inflate_read(struct inflate *inflate, unsigned char *to,
			 size_t want, size_t room, size_t *n);

#ifdef __cplusplus
}
#endif

#endif
