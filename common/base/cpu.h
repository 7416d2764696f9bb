/*
 * Which instructions the kernels may use: those functions of which there are
 * several, one for each instruction set, with the same results. All kernels
 * choose by what stands here.
 *
 * The variable SEG_KERNEL (plain, sse2, avx2 or avx512) forces a lower level
 * than the machine's, so that a fault can be told from the field, and the tests
 * can run under each.
 */
#ifndef CPU_H
#define CPU_H

#include "base/buf.h"

enum cpu_level {
	CPU_PLAIN,  /* C alone, whatever the compiler makes of it */
	CPU_SSE2,   /* every x86-64 */
	CPU_AVX2,   /* with BMI, BMI2, POPCNT and PCLMULQDQ */
	CPU_AVX512, /* with AVX512BW, too */
};

/* The level to use: the machine's, or the one forced. */
enum cpu_level cpu_level(void);

/* False where SEG_KERNEL cannot be obeyed: appends why. */
bool cpu_check(struct buf *why);

#endif
