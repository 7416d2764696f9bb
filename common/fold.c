/* Case and accents taken off, for comparing paths. */
#include "path.h"

void
path_put_folded(struct buf *to, struct slice path)
{
	for (size_t i = 0; i < path.n; i++) {
		char c = path.p[i];

		buf_putc(to, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
	}
}
