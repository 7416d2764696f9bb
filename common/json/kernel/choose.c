/* Which of the fast scanners this machine gets. */
#include <stdatomic.h>

#include "base/cpu.h"
#include "json/json_parts.h"

static const struct json_kernel *_Atomic chosen;

const struct json_kernel *const *
json_kernels(void)
{
	static const struct json_kernel *const all[] = {
#ifdef __x86_64__
		&json_avx512, &json_avx2, &json_sse2,
#endif
		&json_portable, NULL};
	const struct json_kernel *const *first = all;

#ifdef __x86_64__
	first += CPU_AVX512 - cpu_level();
#endif
	return first;
}

void
json_use_kernel(const struct json_kernel *kernel)
{
	atomic_store_explicit(&chosen, kernel, memory_order_relaxed);
}

const struct json_kernel *
json_kernel(void)
{
	const struct json_kernel *kernel =
		atomic_load_explicit(&chosen, memory_order_relaxed);

	if (!kernel) {
		kernel = *json_kernels();
		json_use_kernel(kernel);
	}
	return kernel;
}
