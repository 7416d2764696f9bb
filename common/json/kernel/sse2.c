/* The fast scanners for any x86-64. */
#include "json/kernel/block.h"

#ifdef __x86_64__
#include <emmintrin.h>

#define KERNEL json_sse2
#define KERNEL_NAME "sse2"

typedef uint8_t vector __attribute__((vector_size(16)));

INLINE uint64_t
mask16(vector v)
{
	return (unsigned)_mm_movemask_epi8((__m128i)v);
}

#include "json/kernel/bits.h"
#include "json/kernel/vector.h"

#include "json/kernel/scanner.h"
#endif
