/*
 * What the tests' own tools share. Failures end the program with status 2.
 */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline _Noreturn void
tool_fail(const char *what)
{
	fprintf(stderr, "test tool: %s\n", what);
	exit(2);
}

/* Zeroed memory. */
static inline void *
tool_alloc(size_t n)
{
	void *p = calloc(n ? n : 1, 1);

	if (!p)
		tool_fail("out of memory");
	return p;
}

/* The index of a word in a list that ends with NULL. */
static inline unsigned
tool_choose(const char *word, const char *const *words)
{
	for (unsigned i = 0; words[i]; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	tool_fail(word);
}

/* All of a file ("-" is stdin), which the caller frees. */
static inline uint8_t *
tool_slurp(const char *path, size_t *n)
{
	FILE *from = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	uint8_t *data = NULL;
	size_t room = 0, got;

	if (!from)
		tool_fail(path);
	*n = 0;
	do {
		room = 2 * room + 65536;
		if (!(data = realloc(data, room)))
			tool_fail("out of memory");
		got = fread(data + *n, 1, room - *n, from);
		*n += got;
	} while (*n == room);
	if (from != stdin)
		fclose(from);
	return data;
}

/* Prints ids row by row, as mkpng reads them. */
static inline void
tool_print_grid(const uint32_t *ids, uint32_t width, uint32_t height)
{
	for (size_t i = 0; i < (size_t)width * height; i++) {
		if (ids[i])
			printf("%u", ids[i]);
		else
			putchar('.');
		putchar((i + 1) % width ? ' ' : '\n');
	}
}

#endif
