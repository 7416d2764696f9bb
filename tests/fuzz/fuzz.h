/* What fuzz targets share. A broken promise ends the run with its text. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(holds, text)                                   \
	do {                                                   \
		if (!(holds)) {                                \
			fprintf(stderr, "broken: %s\n", text); \
			abort();                               \
		}                                              \
	} while (0)

#endif
