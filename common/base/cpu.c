#include "base/cpu.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { LEVELS = CPU_AVX512 + 1 };

static const char *const names[LEVELS] = {
	[CPU_PLAIN] = "plain",
	[CPU_SSE2] = "sse2",
	[CPU_AVX2] = "avx2",
	[CPU_AVX512] = "avx512",
};

static enum cpu_level
machine_level(void)
{
#ifdef __x86_64__
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
	    !__builtin_cpu_supports("bmi2") ||
	    !__builtin_cpu_supports("popcnt") ||
	    !__builtin_cpu_supports("pclmul"))
		return CPU_SSE2;
	return __builtin_cpu_supports("avx512bw") ? CPU_AVX512 : CPU_AVX2;
#else
	return CPU_PLAIN;
#endif
}

/* The level that SEG_KERNEL names, or LEVELS. */
static unsigned
forced_level(const char *name)
{
	unsigned level;

	for (level = 0; level < LEVELS; level++)
		if (strcmp(name, names[level]) == 0)
			break;
	return level;
}

static enum cpu_level
find_level(void)
{
	const char *name = getenv("SEG_KERNEL");
	const enum cpu_level machine = machine_level();
	unsigned forced = name && *name ? forced_level(name) : machine;

	return forced < machine ? (enum cpu_level)forced : machine;
}

enum cpu_level
cpu_level(void)
{
	/* The level and 1; 0 until it is known. */
	static atomic_uint known;
	unsigned level = atomic_load_explicit(&known, memory_order_relaxed);

	if (!level) {
		level = (unsigned)find_level() + 1;
		atomic_store_explicit(&known, level, memory_order_relaxed);
	}
	return (enum cpu_level)(level - 1);
}

bool
cpu_check(struct buf *why)
{
	const char *name = getenv("SEG_KERNEL");
	unsigned forced;

	if (!name || !*name)
		return true;
	forced = forced_level(name);
	if (forced == LEVELS)
		buf_printf(why,
			   "SEG_KERNEL is plain, sse2, avx2 or avx512, not %s",
			   name);
	else if (forced > machine_level())
		buf_printf(why, "SEG_KERNEL is %s, and this machine has %s",
			   name, names[machine_level()]);
	else
		return true;
	return false;
}
