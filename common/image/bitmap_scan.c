#include "image/bitmap_scan.h"
#include "base/cpu.h"
#include "base/inline.h"
#include "image/bitmap_scan_bits.h"

#include <stdbool.h>
#include <string.h>

/* 8 bytes, or what is not equal in them to those one pixel before. */
INLINE uint64_t
word_at(const unsigned char *p, size_t channels, bool changes)
{
	uint64_t word, left = 0;

	memcpy(&word, p, 8);
	if (changes)
		memcpy(&left, p - channels, 8);
	return word ^ left;
}

INLINE bool
is_pixel(const unsigned char *p, size_t channels, bool changes)
{
	unsigned found = 0;
	size_t i;

	for (i = 0; i < channels; i++)
		found |= changes ? p[i] ^ *(p + i - channels) : p[i];
	return found != 0;
}

/* Pixels that a plain scan skips where nothing is in them: 24 or 32 bytes. */
enum { PLAIN_STEP = 8 };

INLINE bool
is_idle(const unsigned char *p, size_t channels, bool changes)
{
	uint64_t any = 0;
	size_t i;

	for (i = 0; i < PLAIN_STEP * channels; i += 8)
		any |= word_at(p + i, channels, changes);
	return any == 0;
}

INLINE size_t
scan_plainly(const unsigned char *row, size_t width, uint32_t *at,
	     size_t channels, bool changes)
{
	size_t n = 0, x = 1, end;

	while (x < width) {
		end = x + PLAIN_STEP;
		if (end <= width &&
		    is_idle(row + x * channels, channels, changes)) {
			x = end;
			continue;
		}
		for (; x < end && x < width; x++)
			if (is_pixel(row + x * channels, channels, changes))
				at[n++] = (uint32_t)x;
	}
	return n;
}

static size_t
nonzero4(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_plainly(row, width, at, 4, false);
}

static size_t
changes4(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_plainly(row, width, at, 4, true);
}

static size_t
nonzero3(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_plainly(row, width, at, 3, false);
}

static size_t
changes3(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_plainly(row, width, at, 3, true);
}

struct scan
scan_choose_plain(unsigned channels)
{
	struct scan scan = {nonzero4, changes4};

	if (channels == 3)
		scan = (struct scan){nonzero3, changes3};
	return scan;
}

#ifdef __x86_64__

/*
 * With AVX2 and AVX-512 a row is taken in blocks of 64 pixels. The last block
 * begins at a pixel of the row and reaches up to 63 pixels of at most 4 bytes
 * behind it.
 */
enum { BLOCK_PIXELS = 64 };
_Static_assert(SCAN_SLOP >= (BLOCK_PIXELS - 1) * 4, "blocks end in the slop");
_Static_assert((int)SCAN_EXTRA >= (int)BITS_EXTRA, "what is scratch has room");

/* 32 bytes, or what is not equal in them to those one pixel before. */
AVX2 INLINE __m256i
vector_at(const unsigned char *p, size_t channels, bool changes)
{
	__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);

	if (changes)
		v = _mm256_xor_si256(
			v,
			_mm256_loadu_si256(
				(const __m256i *)(const void *)(p - channels)));
	return v;
}

/* All ones where a pixel of 4 bytes is to be left out, of 8 pixels. */
AVX2 INLINE __m256i
same8(const unsigned char *p, bool changes)
{
	return _mm256_cmpeq_epi32(vector_at(p, 4, changes),
				  _mm256_setzero_si256());
}

/* Bits of 32 pixels of 4 bytes. Packing mixes the halves of vectors. */
AVX2 INLINE uint64_t
bits32_of4(const unsigned char *p, bool changes)
{
	const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
	__m256i low =
		_mm256_packs_epi32(same8(p, changes), same8(p + 32, changes));
	__m256i high = _mm256_packs_epi32(same8(p + 64, changes),
					  same8(p + 96, changes));
	__m256i same =
		_mm256_permutevar8x32_epi32(_mm256_packs_epi16(low, high),
					    order);

	return ~(uint32_t)_mm256_movemask_epi8(same);
}

/* Bits of 64 bytes, in rows of 3 bytes a pixel. */
AVX2 INLINE uint64_t
byte_bits(const unsigned char *p, bool changes)
{
	__m256i zero = _mm256_setzero_si256();
	__m256i low = _mm256_cmpeq_epi8(vector_at(p, 3, changes), zero);
	__m256i high = _mm256_cmpeq_epi8(vector_at(p + 32, 3, changes), zero);

	return ~((uint64_t)(uint32_t)_mm256_movemask_epi8(low) |
		 (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32);
}

/* Bits of 64 pixels of 3 bytes: each bit is three bits of bytes, or'ed. */
AVX2 INLINE uint64_t
bits64_of3(const unsigned char *p, bool changes)
{
	const uint64_t thirds = 0x9249249249249249;
	uint64_t a = byte_bits(p, changes), b = byte_bits(p + 64, changes);
	uint64_t c = byte_bits(p + 128, changes);

	a |= a >> 1 | b << 63 | a >> 2 | b << 62;
	b |= b >> 1 | c << 63 | b >> 2 | c << 62;
	c |= c >> 1 | c >> 2;
	return _pext_u64(a, thirds) | _pext_u64(b, thirds << 2) << 22 |
	       _pext_u64(c, thirds << 1) << 43;
}

AVX2 INLINE uint64_t
bits64(const unsigned char *p, size_t channels, bool changes)
{
	if (channels == 3)
		return bits64_of3(p, changes);
	return bits32_of4(p, changes) | bits32_of4(p + 128, changes) << 32;
}

AVX2 INLINE size_t
scan_avx2(const unsigned char *row, size_t width, uint32_t *at, size_t channels,
	  bool changes)
{
	size_t n = 0, x;
	for (x = 1; x < width; x += BLOCK_PIXELS) {
		uint64_t bits = bits64(row + x * channels, channels, changes);
		if (width - x < BLOCK_PIXELS)
			bits = _bzhi_u64(bits, (unsigned)(width - x));
		n += put_bits(at + n, x, bits);
	}
	return n;
}
AVX2 static size_t
nonzero4_avx2(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_avx2(row, width, at, 4, false);
}

AVX2 static size_t
changes4_avx2(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_avx2(row, width, at, 4, true);
}

AVX2 static size_t
nonzero3_avx2(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_avx2(row, width, at, 3, false);
}

AVX2 static size_t
changes3_avx2(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_avx2(row, width, at, 3, true);
}

/* Bits of 16 pixels of 4 bytes. */
AVX512 INLINE uint32_t
bits16_of4(const unsigned char *p, bool changes)
{
	__m512i v = _mm512_loadu_si512(p);

	if (changes)
		return _mm512_cmpneq_epi32_mask(v, _mm512_loadu_si512(p - 4));
	return _mm512_test_epi32_mask(v, v);
}

AVX512 INLINE uint64_t
bits64_avx512(const unsigned char *p, size_t channels, bool changes)
{
	if (channels == 3)
		return bits64_of3(p, changes);
	return bits16_of4(p, changes) |
	       (uint64_t)bits16_of4(p + 64, changes) << 16 |
	       (uint64_t)bits16_of4(p + 128, changes) << 32 |
	       (uint64_t)bits16_of4(p + 192, changes) << 48;
}

AVX512 INLINE size_t
scan_avx512(const unsigned char *row, size_t width, uint32_t *at,
	    size_t channels, bool changes)
{
	size_t n = 0, x;

	for (x = 1; x < width; x += BLOCK_PIXELS) {
		uint64_t bits =
			bits64_avx512(row + x * channels, channels, changes);

		if (width - x < BLOCK_PIXELS)
			bits = _bzhi_u64(bits, (unsigned)(width - x));
		n += put_bits_together(at + n, x, bits);
	}
	return n;
}

AVX512 static size_t
nonzero4_avx512(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_avx512(row, width, at, 4, false);
}

AVX512 static size_t
changes4_avx512(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_avx512(row, width, at, 4, true);
}

AVX512 static size_t
nonzero3_avx512(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_avx512(row, width, at, 3, false);
}

AVX512 static size_t
changes3_avx512(const unsigned char *row, size_t width, uint32_t *at)
{
	return scan_avx512(row, width, at, 3, true);
}

#endif

struct scan
scan_choose(unsigned channels)
{
#ifdef __x86_64__
	if (cpu_level() >= CPU_AVX512 && __builtin_cpu_supports("avx512vbmi2"))
		return channels == 3
			       ? (struct scan){nonzero3_avx512, changes3_avx512}
			       : (struct scan){nonzero4_avx512,
					       changes4_avx512};
	if (cpu_level() >= CPU_AVX2)
		return channels == 3
			       ? (struct scan){nonzero3_avx2, changes3_avx2}
			       : (struct scan){nonzero4_avx2, changes4_avx2};
#endif
	return scan_choose_plain(channels);
}
