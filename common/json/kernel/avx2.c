/* The fast scanners for x86-64 with AVX2, BMI2 and PCLMULQDQ. */
#include "json/kernel/block.h"

#ifdef __x86_64__
#include <immintrin.h>

#ifdef __clang__
#pragma clang attribute push(__attribute__((                                  \
				     target("avx2,bmi,bmi2,popcnt,pclmul"))), \
			     apply_to = function)
#else
#pragma GCC target("avx2,bmi,bmi2,popcnt,pclmul")
#endif

#define KERNEL json_avx2
#define KERNEL_NAME "avx2"

struct chunk {
	__m256i a, b;
};

INLINE struct chunk
load(const char *p)
{
	return (struct chunk){_mm256_loadu_si256((const __m256i *)p),
			      _mm256_loadu_si256((const __m256i *)(p + 32))};
}

INLINE uint64_t
mask(__m256i a, __m256i b)
{
	return (uint32_t)_mm256_movemask_epi8(a) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
}

INLINE uint64_t
high(struct chunk v)
{
	return mask(v.a, v.b);
}

INLINE uint64_t
equal(struct chunk v, int c)
{
	__m256i same = _mm256_set1_epi8((char)c);

	return mask(_mm256_cmpeq_epi8(v.a, same), _mm256_cmpeq_epi8(v.b, same));
}

INLINE uint64_t
folded(struct chunk v, int c)
{
	__m256i bit = _mm256_set1_epi8(0x20);

	v.a = _mm256_or_si256(v.a, bit);
	v.b = _mm256_or_si256(v.b, bit);
	return equal(v, c);
}

INLINE uint64_t
between(struct chunk v, int low, int high)
{
	__m256i from = _mm256_set1_epi8((char)low);
	__m256i most = _mm256_set1_epi8((char)(high - low));

	v.a = _mm256_sub_epi8(v.a, from);
	v.b = _mm256_sub_epi8(v.b, from);
	return mask(_mm256_cmpeq_epi8(_mm256_min_epu8(v.a, most), v.a),
		    _mm256_cmpeq_epi8(_mm256_min_epu8(v.b, most), v.b));
}

/* The table has each white space at the place of its low four bits. */
INLINE uint64_t
spaces(struct chunk v)
{
	__m256i table = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0,
			      '\r', 0, 0));

	return mask(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, v.a), v.a),
		    _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, v.b), v.b));
}

#include "json/kernel/bmi2.h"
#include "json/kernel/scanner.h"

#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
