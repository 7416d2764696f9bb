#include "codec/deflate.h"

#include <stdlib.h>

#include "codec/deflate_parts.h"

const uint16_t deflate_length_base[LENGTH_CODES] = {
	3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23,        27,
	31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, MATCH_MAX,
};
const uint8_t deflate_length_extra[LENGTH_CODES] = {
	0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
	2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
};

struct deflate *
deflate_open(void)
{
	struct deflate *deflate = xcalloc(1, sizeof(*deflate));
	unsigned length, symbol = 0;

	for (length = MATCH_MIN; length <= MATCH_MAX; length++) {
		if (symbol + 1 < sizeof(deflate_length_extra) &&
		    length == deflate_length_base[symbol + 1])
			symbol++;
		deflate->symbols[length] = (uint8_t)symbol;
	}
	return deflate;
}

void
deflate_close(struct deflate *deflate)
{
	free(deflate);
}

/* The code that needs no description (RFC 1951, 3.2.6). */
static void
make_fixed(struct prefix_code *literals, struct prefix_code *distances)
{
	unsigned i;

	for (i = 0; i < LITERALS + 2; i++)
		literals->bits[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	for (i = 0; i < DISTANCES; i++)
		distances->bits[i] = 5;
	prefix_code_assign(literals, LITERALS + 2);
	prefix_code_assign(distances, DISTANCES);
}

static void
describe(struct description *all, unsigned symbol, unsigned extra)
{
	all->symbols[all->count] = (uint8_t)symbol;
	all->extra[all->count++] = (uint8_t)extra;
	all->weights[symbol]++;
}

/* Describes n times the same length. */
static void
describe_repeated(struct description *all, unsigned length, unsigned n)
{
	if (length && n) {
		describe(all, length, 0);
		n--;
	}
	while (n) {
		unsigned most = length ? 6 : 138, part = n < most ? n : most;

		if (part < 3) {
			describe(all, length, 0);
			n--;
			continue;
		}
		if (length)
			describe(all, 16, part - 3);
		else if (part < 11)
			describe(all, 17, part - 3);
		else
			describe(all, 18, part - 11);
		n -= part;
	}
}

void
deflate_describe(struct description *all, const struct prefix_code *literals,
		 const struct prefix_code *distances)
{
	uint8_t lengths[LITERALS + DISTANCES];
	unsigned n, i, from = 0;

	*all = (struct description){.literals = LITERALS,
				    .distances = DISTANCES};
	while (!literals->bits[all->literals - 1])
		all->literals--;
	while (all->distances > 1 && !distances->bits[all->distances - 1])
		all->distances--;
	memcpy(lengths, literals->bits, all->literals);
	memcpy(lengths + all->literals, distances->bits, all->distances);
	n = all->literals + all->distances;
	for (i = 1; i <= n; i++)
		if (i == n || lengths[i] != lengths[from]) {
			describe_repeated(all, lengths[from], i - from);
			from = i;
		}
	prefix_code_make(&all->code, all->weights, CODE_LENGTHS, 7);
}

/* The order in which the lengths of the lengths stand. */
static const uint8_t order[CODE_LENGTHS] = {
	16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
};

static unsigned
count_order(const struct description *all)
{
	unsigned n = CODE_LENGTHS;

	while (n > 4 && !all->code.bits[order[n - 1]])
		n--;
	return n;
}

static const uint8_t description_extra[CODE_LENGTHS] = {
	[16] = 2, [17] = 3, [18] = 7};

static uint64_t
description_cost(const struct description *all)
{
	uint64_t cost = 14 + 3 * (uint64_t)count_order(all);
	unsigned i;

	for (i = 0; i < CODE_LENGTHS; i++)
		cost += (uint64_t)all->weights[i] *
			(all->code.bits[i] + description_extra[i]);
	return cost;
}

void
deflate_put_description(struct deflate *d, const struct description *all)
{
	unsigned n = count_order(all), i;

	put_bits(d, all->literals - 257, 5);
	put_bits(d, all->distances - 1, 5);
	put_bits(d, n - 4, 4);
	for (i = 0; i < n; i++)
		put_bits(d, all->code.bits[order[i]], 3);
	for (i = 0; i < all->count; i++) {
		unsigned symbol = all->symbols[i];

		put_bits(d, all->code.words[symbol], all->code.bits[symbol]);
		put_bits(d, all->extra[i], description_extra[symbol]);
	}
}

/* The bits that the block takes in these codes, without extra bits. */
static uint64_t
block_cost(const struct deflate *d, const struct prefix_code *literals,
	   const struct prefix_code *distances)
{
	uint64_t cost = 0;
	unsigned i;

	for (i = 0; i < LITERALS; i++)
		cost += (uint64_t)d->literals[i] * literals->bits[i];
	for (i = 0; i < DISTANCES; i++)
		cost += (uint64_t)d->distances[i] * distances->bits[i];
	return cost;
}

static void
put_tokens(struct deflate *d, const struct prefix_code *literals,
	   const struct prefix_code *distances)
{
	size_t i;

	for (i = 0; i < d->count; i++) {
		token_word token = d->tokens[i];
		unsigned length = token & 0xffff, distance, symbol;

		if (!(token & MATCH)) {
			put_bits(d, literals->words[token],
				 literals->bits[token]);
			continue;
		}
		distance = token >> 16 & 3;
		symbol = d->symbols[length];
		put_bits(d, literals->words[257 + symbol],
			 literals->bits[257 + symbol]);
		put_bits(d, length - deflate_length_base[symbol],
			 deflate_length_extra[symbol]);
		put_bits(d, distances->words[distance],
			 distances->bits[distance]);
	}
	put_bits(d, literals->words[END], literals->bits[END]);
}

void
deflate_reset_block(struct deflate *d)
{
	d->count = 0;
	memset(d->literals, 0, sizeof(d->literals));
	memset(d->distances, 0, sizeof(d->distances));
}

void
deflate_put_block(struct deflate *d, bool last)
{
	struct prefix_code literals, distances, fixed, fixed_distances;
	struct description all;

	d->literals[END] = 1;
	prefix_code_make(&literals, d->literals, LITERALS, PREFIX_BITS);
	prefix_code_make(&distances, d->distances, DISTANCES, PREFIX_BITS);
	deflate_describe(&all, &literals, &distances);
	make_fixed(&fixed, &fixed_distances);
	put_bits(d, last, 1);
	if (block_cost(d, &fixed, &fixed_distances) <=
	    block_cost(d, &literals, &distances) + description_cost(&all)) {
		put_bits(d, 1, 2);
		put_tokens(d, &fixed, &fixed_distances);
	} else {
		put_bits(d, 2, 2);
		deflate_put_description(d, &all);
		put_tokens(d, &literals, &distances);
	}
	deflate_reset_block(d);
}

void
deflate_begin(struct deflate *d, struct buf *to)
{
	d->to = to;
	d->adler = ADLER_START;
	d->bits = 0;
	d->held = 0;
	deflate_reset_block(d);
	/* A window of 32 KiB, no dictionary, the usual effort. */
	buf_put(to, "\x78\x9c", 2);
}

static inline void
put_literal(struct deflate *d, unsigned char byte)
{
	if (d->count == TOKENS)
		deflate_put_block(d, false);
	d->tokens[d->count++] = byte;
	d->literals[byte]++;
}

static inline void
put_match(struct deflate *d, unsigned distance, unsigned length)
{
	if (d->count == TOKENS)
		deflate_put_block(d, false);
	d->tokens[d->count++] = MATCH | (distance - 1) << 16 | length;
	d->literals[257 + d->symbols[length]]++;
	d->distances[distance - 1]++;
}

/* Repeats what stands `n` bytes back, length bytes of it. */
static void
repeat(struct deflate *d, const unsigned char *pixel, unsigned n,
       uint64_t length)
{
	unsigned at = 0, part;

	while (length >= MATCH_MIN) {
		part = length < MATCH_MAX ? (unsigned)length : MATCH_MAX;
		/* No rest may be too short for a match. */
		if (length - part && length - part < MATCH_MIN)
			part -= MATCH_MIN;
		put_match(d, n, part);
		length -= part;
		at = (at + part) % n;
	}
	for (; length; length--) {
		put_literal(d, pixel[at]);
		at = at + 1 == n ? 0 : at + 1;
	}
}

/* Adds a run to the checksum as two sums: bytes, and bytes times places. */
static void
add_checksum(struct deflate *d, const unsigned char *pixel, unsigned n,
	     uint64_t count)
{
	const uint64_t bytes = n * count;
	uint64_t sum = 0, weighed = 0;
	unsigned k;

	for (k = 0; k < n; k++) {
		sum += pixel[k] * count;
		weighed += pixel[k] * (count * (bytes - k) -
				       n * (count * (count - 1) / 2));
	}
	adler_add_sums(&d->adler, bytes, sum, weighed);
}

void
deflate_run(struct deflate *d, const unsigned char *pixel, unsigned n,
	    uint64_t count)
{
	const uint64_t most = (1 << 26) / DEFLATE_PIXEL;
	unsigned k;

	while (count) {
		uint64_t part = count < most ? count : most;

		for (k = 0; k < n; k++)
			put_literal(d, pixel[k]);
		repeat(d, pixel, n, (part - 1) * n);
		add_checksum(d, pixel, n, part);
		count -= part;
	}
}

void
deflate_end(struct deflate *d)
{
	uint32_t sum = adler_value(&d->adler);
	unsigned i;

	deflate_put_block(d, true);
	/* Full bytes, then what is left of the last one. */
	for (; d->held; d->held -= d->held < 8 ? d->held : 8) {
		buf_putc(d->to, (char)d->bits);
		d->bits >>= 8;
	}
	for (i = 0; i < 4; i++)
		buf_putc(d->to, (char)(sum >> (24 - 8 * i)));
}
