/* The fast scanners for other machines. */
#include "json/kernel/block.h"

#define KERNEL json_portable
#define KERNEL_NAME "portable"

typedef uint8_t vector __attribute__((vector_size(16)));
typedef uint64_t words __attribute__((vector_size(16)));

INLINE uint64_t
mask16(vector v)
{
	const vector bits = {1, 2, 4, 8, 16, 32, 64, 128,
			     1, 2, 4, 8, 16, 32, 64, 128};
	words halves = (words)(v & bits);
	const uint64_t sum = UINT64_C(0x0101010101010101);

	return halves[0] * sum >> 56 | halves[1] * sum >> 56 << 8;
}

#include "json/kernel/bits.h"
#include "json/kernel/vector.h"

#include "json/kernel/scanner.h"
