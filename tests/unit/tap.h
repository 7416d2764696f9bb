/* The Test Anything Protocol, for tests in C. */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_count, tap_failures;

/* One test: what must hold, and its name. Returns `good`. */
__attribute__((format(printf, 2, 3))) static inline bool
ok(bool good, const char *format, ...)
{
	va_list args;

	tap_failures += !good;
	printf("%sok %d - ", good ? "" : "not ", ++tap_count);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	return good;
}

/* Prints the plan; what main returns. */
static inline int
done_testing(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures != 0;
}

#endif
