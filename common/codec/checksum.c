#include "codec/checksum.h"

#include <stdbool.h>
#include <string.h>

#include "base/cpu.h"

/* ISA-L's is ten times as fast; zlib's is everywhere. */
#if __has_include(<isa-l/crc.h>) && !defined(WITHOUT_ISAL)
#define WITH_ISAL 1
#include <isa-l/crc.h>
#else
#define WITH_ISAL 0
#include <zlib.h>
#endif

#ifdef __x86_64__
#include <immintrin.h>
#endif

/*
 * a is 1 and the sum of all bytes, b the sum of a after each byte, both modulo
 * ADLER_BASE. In 64 bits nothing overflows over ADLER_PIECE bytes: a stays
 * below 2^29 then and b below 2^50.
 */
enum { ADLER_BASE = 65521, ADLER_PIECE = 1 << 20, ADLER_BLOCK = 128 };

static void
adler_reduce(struct adler *adler)
{
	adler->a %= ADLER_BASE;
	adler->b %= ADLER_BASE;
}

static void
add_bytes(struct adler *adler, const unsigned char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		adler->a += p[i];
		adler->b += adler->a;
	}
}

static void
add_piece_plainly(struct adler *adler, const unsigned char *p, size_t n)
{
	add_bytes(adler, p, n);
	adler_reduce(adler);
}

typedef void add_piece_function(struct adler *, const unsigned char *, size_t);

static void
add_in_pieces(struct adler *adler, const unsigned char *p, size_t n,
	      add_piece_function *add)
{
	while (n) {
		size_t piece = n < ADLER_PIECE ? n : ADLER_PIECE;

		add(adler, p, piece);
		p += piece;
		n -= piece;
	}
}

void
adler_add_plainly(struct adler *adler, const unsigned char *p, size_t n)
{
	add_in_pieces(adler, p, n, add_piece_plainly);
}

#ifdef __x86_64__

#define AVX2 __attribute__((target("avx2")))

AVX2 static uint64_t
sum_lanes(__m256i lanes)
{
	__m128i half = _mm_add_epi64(_mm256_castsi256_si128(lanes),
				     _mm256_extracti128_si256(lanes, 1));

	return (uint64_t)_mm_cvtsi128_si64(half) +
	       (uint64_t)_mm_extract_epi64(half, 1);
}

/*
 * Of all blocks so far: the sum of the bytes; the sum of `sums` as it was
 * before each 32 bytes; the bytes times 32 to 1 by their place in those 32.
 * `weighed` has 32-bit lanes that ADLER_PIECE bytes cannot overflow.
 */
struct adler_lanes {
	__m256i sums, before, weighed;
};

AVX2 static inline void
add_vector(struct adler_lanes *lanes, __m256i bytes)
{
	const __m256i falling =
		_mm256_setr_epi8(32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21,
				 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9,
				 8, 7, 6, 5, 4, 3, 2, 1);
	__m256i zero = _mm256_setzero_si256();
	__m256i products =
		_mm256_madd_epi16(_mm256_maddubs_epi16(bytes, falling),
				  _mm256_set1_epi16(1));

	lanes->before = _mm256_add_epi64(lanes->before, lanes->sums);
	lanes->sums =
		_mm256_add_epi64(lanes->sums, _mm256_sad_epu8(bytes, zero));
	lanes->weighed = _mm256_add_epi32(lanes->weighed, products);
}

AVX2 static inline __m256i
load_vector(const unsigned char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

AVX2 static inline void
add_block(struct adler_lanes *lanes, const unsigned char *p)
{
	__m256i first = load_vector(p), second = load_vector(p + 32);
	__m256i third = load_vector(p + 64), fourth = load_vector(p + 96);
	__m256i any = _mm256_or_si256(_mm256_or_si256(first, second),
				      _mm256_or_si256(third, fourth));

	if (_mm256_testz_si256(any, any)) {
		lanes->before =
			_mm256_add_epi64(lanes->before,
					 _mm256_slli_epi64(lanes->sums, 2));
		return;
	}
	add_vector(lanes, first);
	add_vector(lanes, second);
	add_vector(lanes, third);
	add_vector(lanes, fourth);
}

AVX2 static void
add_piece_avx2(struct adler *adler, const unsigned char *p, size_t n)
{
	const __m256i low = _mm256_set1_epi64x(0xffffffff);
	__m256i zero = _mm256_setzero_si256();
	struct adler_lanes lanes = {zero, zero, zero};
	size_t blocks = n / ADLER_BLOCK, i;

	for (i = 0; i < blocks; i++)
		add_block(&lanes, p + i * ADLER_BLOCK);
	lanes.weighed = _mm256_add_epi64(_mm256_srli_epi64(lanes.weighed, 32),
					 _mm256_and_si256(lanes.weighed, low));
	adler->b += blocks * ADLER_BLOCK * adler->a +
		    32 * sum_lanes(lanes.before) + sum_lanes(lanes.weighed);
	adler->a += sum_lanes(lanes.sums);
	add_bytes(adler, p + blocks * ADLER_BLOCK, n % ADLER_BLOCK);
	adler_reduce(adler);
}

#endif

void
adler_add(struct adler *adler, const unsigned char *p, size_t n)
{
#ifdef __x86_64__
	if (cpu_level() >= CPU_AVX2) {
		add_in_pieces(adler, p, n, add_piece_avx2);
		return;
	}
#endif
	adler_add_plainly(adler, p, n);
}

void
adler_add_sums(struct adler *adler, uint64_t n, uint64_t sum, uint64_t weighed)
{
	adler->b += n * adler->a + weighed;
	adler->a += sum;
	adler_reduce(adler);
}

uint32_t
adler_value(const struct adler *adler)
{
	return (uint32_t)(adler->b % ADLER_BASE << 16 | adler->a % ADLER_BASE);
}

uint32_t
crc32_of(const unsigned char *p, size_t n)
{
#if WITH_ISAL
	return crc32_gzip_refl(0, p, n);
#else
	return (uint32_t)crc32_z(0, p, n);
#endif
}
