/*
 * FNV-1a over 64 bits (Fowler, Noll, Vo; RFC 9923), whose high bits are then
 * mixed by the finalizer of SplitMix64 (Steele, Lea, Flood 2014), since short
 * names alike but for a last digit differ in the low bits alone.
 */
#include "base/hash.h"

uint64_t
hash_add(uint64_t hash, struct slice bytes)
{
	size_t i;

	for (i = 0; i < bytes.n; i++)
		hash = (hash ^ (unsigned char)bytes.p[i]) * 0x100000001b3;
	return hash;
}

uint64_t
hash_finish(uint64_t hash)
{
	hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
	hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
	return hash ^ (hash >> 31);
}
