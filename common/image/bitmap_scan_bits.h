/*
 * The numbers of the bits that are set in a word, for bitmap_scan.c and
 * bitmap_turn.c.
 */
#ifndef BITMAP_SCAN_BITS_H
#define BITMAP_SCAN_BITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/inline.h"

/* Numbers that are written from the place of the first one on, at most. */
enum { BITS_EXTRA = 64 };

#ifdef __x86_64__
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

/*
 * Writes x and the number of each bit, and how many there are is the result.
 * Most often they are none or one, which a processor could not foretell: so two
 * are always written, and what was none is written over.
 */
AVX2 INLINE size_t
put_bits(uint32_t *at, size_t x, uint64_t bits)
{
	size_t n = (size_t)__builtin_popcountll(bits), i = 2;

	at[0] = (uint32_t)(x + _tzcnt_u64(bits));
	bits = _blsr_u64(bits);
	at[1] = (uint32_t)(x + _tzcnt_u64(bits));
	bits = _blsr_u64(bits);
	for (; __builtin_expect(i < n, 0); i++) {
		at[i] = (uint32_t)(x + _tzcnt_u64(bits));
		bits = _blsr_u64(bits);
	}
	return n;
}

/*
 * The same, where AVX-512 moves together those of 64 bytes that a mask tells.
 * 16 are always written, so only that there are more is a branch, and that is
 * seldom.
 */
#define AVX512                                                         \
	__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2," \
			      "avx2,bmi,bmi2,popcnt")))

enum { NUMBERS = 16 };

AVX512 INLINE void
put_numbers(uint32_t *at, size_t x, __m128i numbers)
{
	_mm512_storeu_si512(at,
			    _mm512_add_epi32(_mm512_set1_epi32((int)x),
					     _mm512_cvtepu8_epi32(numbers)));
}

AVX512 INLINE size_t
put_bits_together(uint32_t *at, size_t x, uint64_t bits)
{
	const __m512i all =
		_mm512_set_epi64(0x3f3e3d3c3b3a3938, 0x3736353433323130,
				 0x2f2e2d2c2b2a2928, 0x2726252423222120,
				 0x1f1e1d1c1b1a1918, 0x1716151413121110,
				 0x0f0e0d0c0b0a0908, 0x0706050403020100);
	__m512i numbers = _mm512_maskz_compress_epi8(bits, all);
	size_t n = (size_t)__builtin_popcountll(bits);

	put_numbers(at, x, _mm512_castsi512_si128(numbers));
	if (__builtin_expect(n > NUMBERS, 0)) {
		at += NUMBERS;
		put_numbers(at, x, _mm512_extracti32x4_epi32(numbers, 1));
		at += NUMBERS;
		put_numbers(at, x, _mm512_extracti32x4_epi32(numbers, 2));
		at += NUMBERS;
		put_numbers(at, x, _mm512_extracti32x4_epi32(numbers, 3));
	}
	return n;
}

#endif
#endif
