/*
 * The prefix codes of deflate (RFC 1951, 3.2) as tables for decoding.
 *
 * A table is looked up with the next bits of the stream, the first one lowest.
 * Codes longer than the table's root bits go through a second table behind it.
 */
#ifndef HUFFMAN_H
#define HUFFMAN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * An entry, from its low end: 6 bits say how many bits the code takes with the
 * extra bits behind it, then come 4 flags; at bit 10, 4 bits with the length
 * of the code alone; in the upper half the value: the byte, the length or
 * distance that the extra bits are added to, or the place of the second table.
 */
enum {
	ENTRY_LITERAL = 1 << 6,
	ENTRY_SECOND = 1 << 7, /* go on in a second table */
	ENTRY_END = 1 << 8,    /* of the block */
	ENTRY_BAD = 1 << 9,    /* no code, or one that must not occur */
	ENTRY_SPECIAL = ENTRY_SECOND | ENTRY_END | ENTRY_BAD,
};

/* Bits looked up at first, and the longest code. */
enum {
	LITERAL_ROOT = 11,
	DISTANCE_ROOT = 8,
	LENGTHS_ROOT = 7,
	CODE_BITS_MAX = 15,
};

/* The most extra bits behind the code of a length, and of a distance. */
enum { LENGTH_EXTRA_MAX = 5, DISTANCE_EXTRA_MAX = 13 };

/* Symbols of each alphabet, those included that must not occur. */
enum { LITERAL_SYMBOLS = 288, DISTANCE_SYMBOLS = 32, LENGTHS_SYMBOLS = 19 };

/*
 * A second table serves at least two symbols, and all second tables have room
 * for the longest code: so much a table takes at most.
 */
#define HUFFMAN_SIZE(root, symbols) \
	((1 << (root)) + (symbols) / 2 * (1 << (CODE_BITS_MAX - (root))))

enum {
	LITERAL_SIZE = HUFFMAN_SIZE(LITERAL_ROOT, LITERAL_SYMBOLS),
	DISTANCE_SIZE = HUFFMAN_SIZE(DISTANCE_ROOT, DISTANCE_SYMBOLS),
	LENGTHS_SIZE = 1 << LENGTHS_ROOT,
};

/* What the symbols of an alphabet mean, as entries without code bits. */
enum huffman_kind { HUFFMAN_LITERAL, HUFFMAN_DISTANCE, HUFFMAN_LENGTHS };

/*
 * Makes the table of a code, given the length of each symbol's code in bits
 * (0: not used). False where they make no code that zlib would take: more than
 * fit, or fewer, unless it is a code of bytes or distances that has no symbol,
 * or one symbol with one bit.
 */
bool huffman_build(uint32_t *table, enum huffman_kind kind,
		   const uint8_t *lengths, unsigned symbols);

/* The bits a code takes with its extra bits; those of the code alone. */
static inline unsigned
entry_bits(uint32_t entry)
{
	return entry & 63;
}

static inline unsigned
entry_code_bits(uint32_t entry)
{
	return entry >> 10 & 15;
}

static inline uint32_t
entry_value(uint32_t entry)
{
	return entry >> 16;
}

#endif
