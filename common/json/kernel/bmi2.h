/* Mask arithmetic by instructions that came with AVX2; see json_kernel.h. */
#ifndef BMI2_H
#define BMI2_H

INLINE uint64_t
parity(uint64_t mask)
{
	__m128i product =
		_mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)mask),
				     _mm_set1_epi8(-1), 0);

	return (uint64_t)_mm_cvtsi128_si64(product);
}

/* With the bytes between brackets squeezed out, a pair is two bits. */
INLINE struct pairs
find_pairs(uint64_t open, uint64_t close, uint64_t curly)
{
	uint64_t all = open | close;
	uint64_t opens = _pext_u64(open, all), closes = _pext_u64(close, all);
	uint64_t kind = _pext_u64(curly, all);
	uint64_t pair = opens & closes >> 1;
	uint64_t wrong = pair & (kind ^ kind >> 1);

	return (struct pairs){_pdep_u64(pair, all), _pdep_u64(pair << 1, all),
			      _pdep_u64(wrong << 1, all)};
}

#endif
