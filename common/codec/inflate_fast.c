#include "codec/inflate_parts.h"

#include <string.h>

/* 8 bytes, the first one lowest. */
INLINE uint64_t
load_word(const unsigned char *p)
{
	uint64_t word;

	memcpy(&word, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

INLINE void
store_word(unsigned char *p, uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	memcpy(p, &word, 8);
}

/*
 * Bytes that are copied at once at most, and what is copied of each match,
 * however short it is.
 */
enum { VECTOR = 32, WHOLE_MATCH = (MATCH_MAX / VECTOR + 1) * VECTOR };
typedef uint64_t narrow __attribute__((vector_size(16)));
typedef uint64_t wide __attribute__((vector_size(32)));

/* Copies from a distance that no vector repeats. */
static __attribute__((noinline)) void
copy_odd(unsigned char *out, size_t distance, size_t length)
{
	unsigned bits = (unsigned)distance * 8;
	size_t done, whole;
	uint64_t word;

	if (distance >= 8) {
		for (done = 0; done < length; done += 8)
			store_word(out + done,
				   load_word(out + done - distance));
		return;
	}
	/* A word of the pattern, and how much of it is whole patterns. */
	word = load_word(out - distance) & ~(UINT64_MAX << bits);
	whole = 8 - 8 % distance;
	for (; bits < 64; bits *= 2)
		word |= word << bits;
	for (done = 0; done < length; done += whole)
		store_word(out + done, word);
}

/* A match longer than any single one, WHOLE_MATCH bytes of it copied. */
INLINE void
copy_rest(unsigned char *out, size_t distance, size_t length)
{
	size_t done;

	while (distance < WHOLE_MATCH / 2)
		distance *= 2;
	for (done = WHOLE_MATCH; done < length; done += VECTOR)
		memcpy(out + done, out + done - distance, VECTOR);
}

/* WHOLE_MATCH bytes, or'ed with a word, 16 or 32 at a time. */
INLINE void
copy_narrow(unsigned char *out, const unsigned char *from, uint64_t word)
{
	narrow pattern = {word, word}, bytes;
	size_t i;

#pragma GCC unroll 18
	for (i = 0; i < WHOLE_MATCH; i += sizeof(bytes)) {
		memcpy(&bytes, from + i, sizeof(bytes));
		bytes |= pattern;
		memcpy(out + i, &bytes, sizeof(bytes));
	}
}

INLINE void
copy_wide(unsigned char *out, const unsigned char *from, uint64_t word)
{
	wide pattern = {word, word, word, word}, bytes;
	size_t i;

#pragma GCC unroll 9
	for (i = 0; i < WHOLE_MATCH; i += sizeof(bytes)) {
		memcpy(&bytes, from + i, sizeof(bytes));
		bytes |= pattern;
		memcpy(out + i, &bytes, sizeof(bytes));
	}
}

/*
 * The word at out - distance is loaded whatever the distance is. It begins in
 * what is there already, since no distance goes beyond it, and may end up to 7
 * bytes behind `out`, where there is room; of those bytes the mask keeps none.
 */
_Static_assert(WHOLE_MATCH >= 8, "room for the word");

/*
 * Copies a match, and up to WHOLE_MATCH bytes more. How long a match is and
 * whether it repeats a few bytes or comes from afar is hard to foretell for a
 * processor, so that makes no branches: what is copied are bytes from afar
 * or'ed with nothing, or zero bytes or'ed with the pattern.
 */
INLINE void
copy_fast(unsigned char *out, size_t distance, size_t length, bool use_wide)
{
	static const unsigned char zeros[WHOLE_MATCH];
	/* What to keep of 8 bytes and what spreads it over 8, by distance. */
	static const uint64_t masks[VECTOR + 1] = {
		[1] = 0xff, [2] = 0xffff, [4] = 0xffffffff, [8] = UINT64_MAX};
	static const uint64_t spread[VECTOR + 1] = {[1] = 0x0101010101010101,
						    [2] = 0x0001000100010001,
						    [4] = 0x0000000100000001,
						    [8] = 1,
						    [VECTOR] = 1};
	size_t near = distance < VECTOR ? distance : VECTOR;
	const unsigned char *from = near == VECTOR ? out - distance : zeros;
	uint64_t word =
		(load_word(out - distance) & masks[near]) * spread[near];

	if (__builtin_expect(spread[near] == 0, 0)) {
		copy_odd(out, distance, length);
		return;
	}
	if (use_wide)
		copy_wide(out, from, word);
	else
		copy_narrow(out, from, word);
	if (__builtin_expect(length > WHOLE_MATCH, 0))
		copy_rest(out, distance, length);
}

size_t
inflate_copy_match(struct byte_writer *w, size_t distance, size_t length)
{
	if ((size_t)(w->end - w->out) >= length + WHOLE_MATCH) {
		copy_fast(w->out, distance, length, false);
		w->out += length;
		return 0;
	}
	for (; length && w->out < w->end; length--, w->out++)
		*w->out = w->out[-(ptrdiff_t)distance];
	return length;
}

/*
 * The bits there are after refill, at least; it takes up to 7 bytes and looks
 * at 8. Before it, `count` is below 64, as the shift wants it: fill leaves no
 * more than 63 bits, and or'ed with 56 a number below 64 stays below.
 *
 * Bits above the valid ones are those of the bytes that are loaded again the
 * next time: or'ed with themselves they stay what they are.
 */
enum { REFILLED = 56, REFILL_BYTES = 7, WORD_BYTES = 8 };
_Static_assert((63 | REFILLED) < 64, "the number of bits stays below 64");
_Static_assert(63 >> 3 == REFILL_BYTES, "no bits: seven whole bytes are taken");
_Static_assert(CODE_BITS_MAX + LENGTH_EXTRA_MAX + CODE_BITS_MAX +
			       DISTANCE_EXTRA_MAX <=
		       REFILLED,
	       "a match is read without another refill");
_Static_assert(2 * CODE_BITS_MAX <= REFILLED,
	       "a literal, and the code behind it");

INLINE void
refill(struct bit_reader *r)
{
	r->bits |= load_word(r->in) << r->count;
	r->in += (63 - r->count) >> 3;
	r->count |= REFILLED;
}

/* What a turn of decode_loop reads at most: refill twice. */
enum { FAST_IN = 16 };
_Static_assert(FAST_IN >= REFILL_BYTES + WORD_BYTES,
	       "the second refill looks at bytes that are there");
_Static_assert(FAST_OUT >= 2 + MATCH_MAX + WHOLE_MATCH,
	       "a turn gives up to two bytes and a match and its overshoot");

/*
 * Long stretches of one value are the same bits over and over: a match of the
 * greatest length and a distance. Takes as many more of a match as follow,
 * given the `size` bits of the first one, and returns the bytes they stand
 * for, up to `room`.
 */
INLINE size_t
take_repeats(struct bit_reader *r, uint64_t match, unsigned size, size_t length,
	     size_t room)
{
	size_t more = 0;

	while ((r->bits ^ match) << (64 - size) == 0 && more + length <= room) {
		/* A match's bits are fewer than refill gives: it goes on. */
		if (r->count < size) {
			if (r->end - r->in < WORD_BYTES)
				break;
			refill(r);
			continue;
		}
		skip(r, size);
		more += length;
	}
	return more;
}

/*
 * A match whose length has the entry given, refilled before. False where its
 * distance is wrong: that is left for the careful reading to find again.
 */
INLINE bool
decode_match(const struct tables *tables, struct bit_reader *r,
	     struct byte_writer *w, uint32_t entry, bool use_wide)
{
	struct bit_reader before = *r;
	size_t length = take_value(r, entry), distance;

	entry = look_up(tables->distances, DISTANCE_ROOT, r->bits);
	distance = entry & ENTRY_BAD ? SIZE_MAX : take_value(r, entry);
	if (distance > (size_t)(w->out - w->history)) {
		*r = before;
		return false;
	}
	length += take_repeats(r, before.bits, before.count - r->count, length,
			       (size_t)(w->enough - w->out));
	copy_fast(w->out, distance, length, use_wide);
	w->out += length;
	return true;
}

INLINE void
decode_loop(struct bit_reader *from, struct byte_writer *to,
	    const struct tables *tables, bool use_wide)
{
	struct bit_reader r = *from;
	struct byte_writer w = *to;

	while (r.end - r.in >= FAST_IN && w.out < w.enough) {
		uint32_t entry;

		refill(&r);
		entry = look_up(tables->literals, LITERAL_ROOT, r.bits);
		if (entry & ENTRY_LITERAL) {
			*w.out++ = (unsigned char)entry_value(entry);
			skip(&r, entry_bits(entry));
			entry = look_up(tables->literals, LITERAL_ROOT, r.bits);
			if (entry & ENTRY_LITERAL) {
				*w.out++ = (unsigned char)entry_value(entry);
				skip(&r, entry_bits(entry));
				continue;
			}
			refill(&r);
		}
		if (entry & ENTRY_SPECIAL ||
		    !decode_match(tables, &r, &w, entry, use_wide))
			break;
	}
	r.bits &= (1ULL << r.count) - 1;
	*from = r;
	to->out = w.out;
}

void
inflate_decode_plainly(struct bit_reader *from, struct byte_writer *to,
		       const struct tables *tables)
{
	decode_loop(from, to, tables, false);
}

#ifdef __x86_64__
__attribute__((target("avx2,bmi2"))) void
inflate_decode_avx2(struct bit_reader *from, struct byte_writer *to,
		    const struct tables *tables)
{
	decode_loop(from, to, tables, true);
}
#endif
