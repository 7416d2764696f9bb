/* What fuzz targets share. A broken promise ends the run with its text. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(holds, text)                                   \
	do {                                                   \
		if (!(holds)) {                                \
			fprintf(stderr, "broken: %s\n", text); \
			abort();                               \
		}                                              \
	} while (0)

/* The next line of the input, and the rest behind it. */
static inline struct slice
fuzz_line(struct slice *rest)
{
	const char *lf = memchr(rest->p, '\n', rest->n);
	struct slice line = {rest->p, lf ? (size_t)(lf - rest->p) : rest->n};

	rest->p += line.n + (lf != NULL);
	rest->n -= line.n + (lf != NULL);
	return line;
}

#endif
