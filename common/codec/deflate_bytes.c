/* Bytes of which nothing is known, in blocks of codes for each. */
#include "base/word.h"
#include "codec/deflate_parts.h"

enum {
	PIECE = 1 << 16, /* bytes of a block */
	WORD_BITS = 13,  /* of a code, so that two of them fit */
	ZEROS = 16,      /* a run that is worth one, or more */
};

/* How many bytes are 0 from p on: at least ZEROS, or 0 for fewer. */
static inline size_t
zero_run(const unsigned char *p, size_t left)
{
	uint64_t words[2];
	size_t n = ZEROS;

	if (left < ZEROS)
		return 0;
	memcpy(words, p, sizeof(words));
	if (words[0] | words[1])
		return 0;
	while (n < left && p[n] == 0)
		n++;
	return n;
}

/* The match, of distance 1, that comes next in a run of n bytes behind one. */
static unsigned
next_match(size_t n)
{
	unsigned length = n < MATCH_MAX ? (unsigned)n : MATCH_MAX;

	if (n > length && n - length < MATCH_MIN)
		length -= MATCH_MIN;
	return length;
}

/* Counts the symbols of a piece. */
static void
count_bytes(struct deflate *d, const unsigned char *p, size_t n)
{
	/* Four counts, as one would wait for itself where bytes are equal. */
	uint32_t counts[4][256] = {{0}};
	size_t at = 0, end, run, k;
	unsigned length;

	while (n - at >= 8) {
		run = zero_run(p + at, n - at);
		if (run) {
			counts[0][0]++;
			at += run--;
			for (; run; run -= length) {
				length = next_match(run);
				d->literals[257 + d->symbols[length]]++;
				d->distances[0]++;
			}
			continue;
		}
		for (end = at + 8; at < end; at += 4) {
			counts[0][p[at]]++;
			counts[1][p[at + 1]]++;
			counts[2][p[at + 2]]++;
			counts[3][p[at + 3]]++;
		}
	}
	for (; at < n; at++)
		counts[0][p[at]]++;
	for (k = 0; k < 256; k++)
		d->literals[k] += counts[0][k] + counts[1][k] + counts[2][k] +
				  counts[3][k];
}

/* Puts a run of n zeros, which is worth it. */
static void
put_zeros(struct deflate *d, size_t n, const struct prefix_code *literals,
	  const struct prefix_code *distances)
{
	unsigned length, symbol;

	put_bits(d, literals->words[0], literals->bits[0]);
	for (n--; n; n -= length) {
		length = next_match(n);
		symbol = d->symbols[length];
		put_bits(d, literals->words[257 + symbol],
			 literals->bits[257 + symbol]);
		put_bits(d, length - deflate_length_base[symbol],
			 deflate_length_extra[symbol]);
		put_bits(d, distances->words[0], distances->bits[0]);
	}
}

/* Writes whole bytes of those that are held, so that fewer than 8 bits stay. */
static inline char *
write_held(char *to, uint64_t *bits, unsigned *held)
{
	word_put_le64(to, *bits);
	to += *held / 8;
	*bits >>= *held & ~7U;
	*held &= 7;
	return to;
}

/*
 * Puts so many eights of bytes. Fewer than 8 bits are held, so that four codes
 * of WORD_BITS fit besides; there is room for eight bytes behind.
 */
static char *
put_eights(char *to, const uint32_t *codes, const unsigned char *p, size_t n,
	   struct deflate *d)
{
	const unsigned char *end = p + 8 * n;
	uint64_t bits = d->bits;
	unsigned held = d->held;

	_Static_assert(7 + 4 * WORD_BITS < 64, "four codes fit");
	for (; p < end; p += 4) {
		const uint32_t a = codes[p[0]], b = codes[p[1]],
			       c = codes[p[2]], e = codes[p[3]];
		const unsigned first = (a & 255) + (b & 255);
		/* In pairs, so that each waits for no more than one other. */
		const uint64_t ab = a >> 8 | (uint64_t)(b >> 8) << (a & 255);
		const uint64_t ce = c >> 8 | (uint64_t)(e >> 8) << (c & 255);

		bits |= (ab | ce << first) << held;
		held += first + (c & 255) + (e & 255);
		to = write_held(to, &bits, &held);
	}
	d->bits = bits;
	d->held = held;
	return to;
}

/* Puts eights of bytes at the end of the output. */
static void
append_eights(struct deflate *d, const uint32_t *codes, const unsigned char *p,
	      size_t n)
{
	char *to = buf_reserve(d->to, 8 + 8 + n * WORD_BITS + 8);

	to = write_held(to, &d->bits, &d->held);
	to = put_eights(to, codes, p, n, d);
	d->to->len = (size_t)(to - d->to->data);
}

/* Puts the symbols of a piece. */
static void
put_bytes(struct deflate *d, const unsigned char *p, size_t n,
	  const struct prefix_code *literals,
	  const struct prefix_code *distances)
{
	uint32_t codes[256];
	size_t at = 0, from, run = 0, k;

	for (k = 0; k < 256; k++)
		codes[k] =
			(uint32_t)literals->words[k] << 8 | literals->bits[k];
	while (n - at >= 8) {
		for (from = at; n - at >= 8; at += 8) {
			run = zero_run(p + at, n - at);
			if (run)
				break;
		}
		append_eights(d, codes, p + from, (at - from) / 8);
		if (run)
			put_zeros(d, run, literals, distances);
		at += run;
		run = 0;
	}
	for (; at < n; at++)
		put_bits(d, literals->words[p[at]], literals->bits[p[at]]);
	put_bits(d, literals->words[END], literals->bits[END]);
}

void
deflate_bytes(struct deflate *d, const unsigned char *bytes, size_t n)
{
	struct prefix_code literals, distances;
	struct description all;
	size_t part;

	adler_add(&d->adler, bytes, n);
	if (d->count)
		deflate_put_block(d, false);
	for (; n; n -= part, bytes += part) {
		part = n < PIECE ? n : PIECE;
		count_bytes(d, bytes, part);
		d->literals[END] = 1;
		prefix_code_make(&literals, d->literals, LITERALS, WORD_BITS);
		prefix_code_make(&distances, d->distances, DISTANCES,
				 PREFIX_BITS);
		deflate_describe(&all, &literals, &distances);
		put_bits(d, 0, 1);
		put_bits(d, 2, 2);
		deflate_put_description(d, &all);
		put_bytes(d, bytes, part, &literals, &distances);
		deflate_reset_block(d);
	}
}
