/*
 * Blocks of 64 bytes by the vectors of GCC and Clang, which become whatever
 * the machine has; see json_kernel.h. Wants mask16(v) before it: a bit for
 * each byte that is all ones, where the others are zero.
 */
#ifndef VECTOR_H
#define VECTOR_H

struct chunk {
	vector v[4];
};

INLINE struct chunk
load(const char *p)
{
	struct chunk chunk;

	memcpy(chunk.v, p, sizeof(chunk.v));
	return chunk;
}

INLINE uint64_t
mask(struct chunk chunk)
{
	return mask16(chunk.v[0]) | mask16(chunk.v[1]) << 16 |
	       mask16(chunk.v[2]) << 32 | mask16(chunk.v[3]) << 48;
}

INLINE uint64_t
equal(struct chunk chunk, int c)
{
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		chunk.v[i] = (vector)(chunk.v[i] == (uint8_t)c);
	return mask(chunk);
}

INLINE uint64_t
high(struct chunk chunk)
{
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		chunk.v[i] = (vector)(chunk.v[i] >= 0x80);
	return mask(chunk);
}

INLINE uint64_t
folded(struct chunk chunk, int c)
{
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		chunk.v[i] |= 0x20;
	return equal(chunk, c);
}

INLINE uint64_t
between(struct chunk chunk, int low, int high)
{
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		chunk.v[i] = (vector)(chunk.v[i] - (uint8_t)low <=
				      (uint8_t)(high - low));
	return mask(chunk);
}

INLINE uint64_t
spaces(struct chunk chunk)
{
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		chunk.v[i] =
			(vector)((chunk.v[i] == ' ') | (chunk.v[i] == '\t') |
				 (chunk.v[i] == '\n') | (chunk.v[i] == '\r'));
	return mask(chunk);
}

#endif
