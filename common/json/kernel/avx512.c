/* The fast scanners for x86-64 with AVX-512BW, BMI2 and PCLMULQDQ. */
#include "json/kernel/block.h"

#ifdef __x86_64__
#include <immintrin.h>

#ifdef __clang__
#pragma clang attribute                                                        \
	push(__attribute__((                                                   \
		     target("avx512f,avx512bw,avx2,bmi,bmi2,popcnt,pclmul"))), \
	     apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx2,bmi,bmi2,popcnt,pclmul")
#endif

#define KERNEL json_avx512
#define KERNEL_NAME "avx512"

struct chunk {
	__m512i v;
};

INLINE struct chunk
load(const char *p)
{
	return (struct chunk){_mm512_loadu_si512(p)};
}

INLINE uint64_t
high(struct chunk chunk)
{
	return _mm512_movepi8_mask(chunk.v);
}

INLINE uint64_t
equal(struct chunk chunk, int c)
{
	return _mm512_cmpeq_epi8_mask(chunk.v, _mm512_set1_epi8((char)c));
}

INLINE uint64_t
folded(struct chunk chunk, int c)
{
	chunk.v = _mm512_or_si512(chunk.v, _mm512_set1_epi8(0x20));
	return equal(chunk, c);
}

INLINE uint64_t
between(struct chunk chunk, int low, int high)
{
	__m512i from = _mm512_set1_epi8((char)low);
	__m512i most = _mm512_set1_epi8((char)(high - low));

	return _mm512_cmple_epu8_mask(_mm512_sub_epi8(chunk.v, from), most);
}

/* The table has each white space at the place of its low four bits. */
INLINE uint64_t
spaces(struct chunk chunk)
{
	__m512i table = _mm512_broadcast_i32x4(
		_mm_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0,
			      '\r', 0, 0));

	return _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(table, chunk.v),
				      chunk.v);
}

#include "json/kernel/bmi2.h"
#include "json/kernel/scanner.h"

#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
