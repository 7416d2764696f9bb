#include "image/bitmap_turn.h"

#include <stdbool.h>
#include <string.h>

#include "base/cpu.h"
#include "base/inline.h"
#include "image/bitmap_scan_bits.h"

enum { SIDE = TURN_SIDE };

typedef uint64_t quad __attribute__((vector_size(32)));

/* Exchanges the high parts of some rows with the low ones of others. */
#define EXCHANGE(a, b, shift, low)                           \
	do {                                                 \
		quad moved = ((a) >> (shift) ^ (b)) & (low); \
		(b) ^= moved;                                \
		(a) ^= moved << (shift);                     \
	} while (0)

/*
 * Rows become columns. Quarters of a square matrix that are off its diagonal
 * change places, and likewise those of each quarter, down to single bits.
 */
INLINE void
turn_tile(uint64_t *tile)
{
	quad q[SIDE / 4];
	int i;

	memcpy(q, tile, sizeof(q));
#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		EXCHANGE(q[i], q[i + 8], 32, UINT64_C(0xffffffff));
#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		EXCHANGE(q[i + i / 4 * 4], q[i + i / 4 * 4 + 4], 16,
			 UINT64_C(0x0000ffff0000ffff));
#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		EXCHANGE(q[i + i / 2 * 2], q[i + i / 2 * 2 + 2], 8,
			 UINT64_C(0x00ff00ff00ff00ff));
#pragma GCC unroll 8
	for (i = 0; i < 16; i += 2) {
		quad a, b;

		EXCHANGE(q[i], q[i + 1], 4, UINT64_C(0x0f0f0f0f0f0f0f0f));
		a = __builtin_shufflevector(q[i], q[i + 1], 0, 1, 4, 5);
		b = __builtin_shufflevector(q[i], q[i + 1], 2, 3, 6, 7);
		EXCHANGE(a, b, 2, UINT64_C(0x3333333333333333));
		q[i] = __builtin_shufflevector(a, b, 0, 4, 2, 6);
		q[i + 1] = __builtin_shufflevector(a, b, 1, 5, 3, 7);
		EXCHANGE(q[i], q[i + 1], 1, UINT64_C(0x5555555555555555));
		a = __builtin_shufflevector(q[i], q[i + 1], 0, 4, 1, 5);
		b = __builtin_shufflevector(q[i], q[i + 1], 2, 6, 3, 7);
		q[i] = a;
		q[i + 1] = b;
	}
	memcpy(tile, q, sizeof(q));
}

/* What differs from the row above, from the last row on upwards. */
INLINE void
find_changes(uint64_t *words, size_t rows)
{
	size_t y;

	for (y = rows - 4; y > 0; y -= 4) {
		quad row, above;

		memcpy(&row, words + y, sizeof(row));
		memcpy(&above, words + y - 1, sizeof(above));
		row ^= above;
		memcpy(words + y, &row, sizeof(row));
	}
	for (y = 3; y > 0; y--)
		words[y] ^= words[y - 1];
}

/* Writes x and the number of each bit; like put_bits. */
INLINE size_t
put_bits_plainly(uint32_t *at, size_t x, uint64_t bits)
{
	size_t n = 0;

	for (; bits; bits &= bits - 1)
		at[n++] = (uint32_t)(x + (size_t)__builtin_ctzll(bits));
	return n;
}

typedef size_t put_function(uint32_t *at, size_t x, uint64_t bits);

/* Turns a tile, unless there is nothing in it; then false. */
INLINE bool
turn_some(uint64_t *tile)
{
	quad any = {0}, some;
	size_t y;

#pragma GCC unroll 16
	for (y = 0; y < SIDE; y += 4) {
		memcpy(&some, tile + y, sizeof(some));
		any |= some;
	}
	if (!(any[0] | any[1] | any[2] | any[3]))
		return false;
	turn_tile(tile);
	return true;
}

INLINE size_t
turn(uint64_t *words, size_t rows, size_t columns, uint32_t *places,
     put_function *put)
{
	uint16_t turned[(UINT16_MAX + 1) / SIDE];
	size_t n = 0, count = 0, x, y, i;

	find_changes(words, rows);
	for (y = 0; y < rows; y += SIDE) {
		turned[count] = (uint16_t)y;
		count += turn_some(words + y);
	}
	for (x = 0; x < columns; x++)
		for (i = 0; i < count; i++)
			n += put(places + n, x << 16 | turned[i],
				 words[turned[i] + x]);
	return n;
}

static size_t
turn_plainly(uint64_t *words, size_t rows, size_t columns, uint32_t *places)
{
	return turn(words, rows, columns, places, put_bits_plainly);
}

turn_function *
turn_choose_plain(void)
{
	return turn_plainly;
}

#ifdef __x86_64__

_Static_assert((int)TURN_EXTRA >= (int)BITS_EXTRA, "what is scratch has room");

AVX2 static size_t
turn_avx2(uint64_t *words, size_t rows, size_t columns, uint32_t *places)
{
	return turn(words, rows, columns, places, put_bits);
}

AVX512 static size_t
turn_avx512(uint64_t *words, size_t rows, size_t columns, uint32_t *places)
{
	return turn(words, rows, columns, places, put_bits_together);
}

#endif

turn_function *
turn_choose(void)
{
#ifdef __x86_64__
	if (cpu_level() >= CPU_AVX512 && __builtin_cpu_supports("avx512vbmi2"))
		return turn_avx512;
	if (cpu_level() >= CPU_AVX2)
		return turn_avx2;
#endif
	return turn_plainly;
}
