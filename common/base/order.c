#include "base/order.h"

#include <stdint.h>

int
order_int64(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}
