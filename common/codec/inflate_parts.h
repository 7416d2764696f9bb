/*
 * What the two halves of inflate share: inflate.c, which reads a stream's
 * grammar and its symbols wherever input and room end, and inflate_fast.c,
 * which decodes symbols while there is plenty of both.
 */
#ifndef INFLATE_PARTS_H
#define INFLATE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/inline.h"
#include "codec/huffman.h"

/*
 * Bits that have been taken from the input: `bits` has `count` valid ones, the
 * next one lowest, and none above them but in a struct on its way through
 * decode_fast.
 */
struct bit_reader {
	uint64_t bits;
	unsigned count;
	const unsigned char *in, *end;
};

/* Where output goes. */
struct byte_writer {
	unsigned char *out;
	unsigned char *wanted;  /* the caller wants all up to here */
	unsigned char *end;     /* and has room up to here */
	unsigned char *enough;  /* up to here a turn of decode_fast has room */
	unsigned char *history; /* first byte that a match may refer to */
};

/* The codes of a block. */
struct tables {
	uint32_t literals[LITERAL_SIZE];
	uint32_t distances[DISTANCE_SIZE];
};

/* The longest match of one symbol; the most that decode_fast overshoots by. */
enum { MATCH_MAX = 258, FAST_OUT = 1024 };

/*
 * Decodes symbols while there is input and room for whole turns. Stops at the
 * end of the block, too, and at what is wrong with it.
 */
typedef void
decode_fast_function(struct bit_reader *reader, struct byte_writer *writer,
		     const struct tables *tables);
decode_fast_function inflate_decode_plainly;
#ifdef __x86_64__
decode_fast_function inflate_decode_avx2;
#endif

/* Copies as much of a match as fits; returns what does not. */
size_t
inflate_copy_match(struct byte_writer *writer, size_t distance, size_t length);

INLINE uint32_t
low_bits(uint64_t bits, unsigned n)
{
	return (uint32_t)(bits & ~(UINT64_MAX << n));
}

INLINE void
skip(struct bit_reader *r, unsigned n)
{
	r->bits >>= n;
	r->count -= n;
}

/* The value of an entry with its extra bits, which are dropped. */
INLINE uint32_t
take_value(struct bit_reader *r, uint32_t entry)
{
	uint32_t all = low_bits(r->bits, entry_bits(entry));

	skip(r, entry_bits(entry));
	return entry_value(entry) + (all >> entry_code_bits(entry));
}

INLINE uint32_t
look_up(const uint32_t *table, unsigned root, uint64_t bits)
{
	uint32_t entry = table[low_bits(bits, root)];

	if (__builtin_expect(entry & ENTRY_SECOND, 0))
		entry = table[entry_value(entry) +
			      low_bits(bits >> root, CODE_BITS_MAX - root)];
	return entry;
}

#endif
