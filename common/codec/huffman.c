#include "codec/huffman.h"

#include <string.h>

/* An entry without its code bits. */
#define ENTRY(value, flags, extra) ((uint32_t)(value) << 16 | (flags) | (extra))

/* Length codes 257 to 285 (RFC 1951, 3.2.5): least length, extra bits. */
static const uint16_t length_codes[][2] = {
	{3, 0},   {4, 0},   {5, 0},   {6, 0},   {7, 0},   {8, 0},
	{9, 0},   {10, 0},  {11, 1},  {13, 1},  {15, 1},  {17, 1},
	{19, 2},  {23, 2},  {27, 2},  {31, 2},  {35, 3},  {43, 3},
	{51, 3},  {59, 3},  {67, 4},  {83, 4},  {99, 4},  {115, 4},
	{131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0},
};

static uint32_t
literal_entry(unsigned symbol)
{
	const uint16_t *code;

	if (symbol < 256)
		return ENTRY(symbol, ENTRY_LITERAL, 0);
	if (symbol == 256)
		return ENTRY(0, ENTRY_END, 0);
	if (symbol > 285)
		return ENTRY(0, ENTRY_BAD, 0);
	code = length_codes[symbol - 257];
	return ENTRY(code[0], 0, code[1]);
}

/* Each two distance codes have one more extra bit than the two before. */
static uint32_t
distance_entry(unsigned symbol)
{
	unsigned extra = symbol < 4 ? 0 : symbol / 2 - 1;

	if (symbol > 29)
		return ENTRY(0, ENTRY_BAD, 0);
	if (symbol < 4)
		return ENTRY(symbol + 1, 0, 0);
	return ENTRY(((2 + symbol % 2) << extra) + 1, 0, extra);
}

static uint32_t
entry_of(enum huffman_kind kind, unsigned symbol)
{
	if (kind == HUFFMAN_LITERAL)
		return literal_entry(symbol);
	if (kind == HUFFMAN_DISTANCE)
		return distance_entry(symbol);
	return ENTRY(symbol, ENTRY_LITERAL, 0);
}

static unsigned
root_of(enum huffman_kind kind)
{
	static const uint8_t roots[] = {LITERAL_ROOT, DISTANCE_ROOT,
					LENGTHS_ROOT};

	return roots[kind];
}

/* Codes stand in the stream with their highest bit first. */
static unsigned
reverse_bits(unsigned code, unsigned length)
{
	unsigned v = code;

	v = (v & 0x5555) << 1 | (v >> 1 & 0x5555);
	v = (v & 0x3333) << 2 | (v >> 2 & 0x3333);
	v = (v & 0x0f0f) << 4 | (v >> 4 & 0x0f0f);
	v = (v & 0x00ff) << 8 | (v >> 8 & 0x00ff);
	return v >> (16 - length);
}

/*
 * The first code of each length (RFC 1951, 3.2.2), or false where the lengths
 * make no code.
 */
static bool
first_codes(unsigned first[CODE_BITS_MAX + 1], const uint8_t *lengths,
	    unsigned symbols, bool *complete)
{
	unsigned counts[CODE_BITS_MAX + 1] = {0}, code = 0, i;
	int left = 1;

	for (i = 0; i < symbols; i++)
		counts[lengths[i]]++;
	counts[0] = 0;
	for (i = 1; i <= CODE_BITS_MAX; i++) {
		code = (code + counts[i - 1]) << 1;
		first[i] = code;
		left = left * 2 - (int)counts[i];
		if (left < 0)
			return false;
	}
	*complete = left == 0;
	return left == 0 || left == 1 << CODE_BITS_MAX ||
	       (left == 1 << (CODE_BITS_MAX - 1) && counts[1] == 1);
}

/* Where a code is longer than `root` bits. `next` is the end of the table. */
static void
add_second(uint32_t *table, unsigned root, unsigned *next, uint32_t entry,
	   unsigned reversed)
{
	unsigned length = entry_code_bits(entry), i;
	unsigned size = 1U << (CODE_BITS_MAX - root);
	uint32_t *prefix = &table[reversed & ((1U << root) - 1)];

	if (!(*prefix & ENTRY_SECOND)) {
		*prefix = ENTRY(*next, ENTRY_SECOND, 0);
		*next += size;
	}
	for (i = reversed >> root; i < size; i += 1U << (length - root))
		table[entry_value(*prefix) + i] = entry;
}

bool
huffman_build(uint32_t *table, enum huffman_kind kind, const uint8_t *lengths,
	      unsigned symbols)
{
	unsigned codes[CODE_BITS_MAX + 1], symbol, i;
	unsigned root = root_of(kind), next = 1U << root;
	bool complete;

	if (!first_codes(codes, lengths, symbols, &complete) ||
	    (kind == HUFFMAN_LENGTHS && !complete))
		return false;
	for (i = 0; i < 1U << root; i++)
		table[i] = complete ? 0 : ENTRY(0, ENTRY_BAD, 0);
	for (symbol = 0; symbol < symbols; symbol++) {
		unsigned length = lengths[symbol], reversed;
		uint32_t entry;

		if (length == 0)
			continue;
		reversed = reverse_bits(codes[length]++, length);
		entry = (entry_of(kind, symbol) | length << 10) + length;
		if (length > root)
			add_second(table, root, &next, entry, reversed);
		else
			for (i = reversed; i < 1U << root; i += 1U << length)
				table[i] = entry;
	}
	return true;
}
