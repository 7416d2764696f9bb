#include "base/nearest.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Longer words are no slips of the keyboard. */
enum { LONGEST = 63 };

static unsigned char
lower(char c)
{
	unsigned char byte = (unsigned char)c;

	return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Slips between two words: letters left out, put in, taken for another or
 * swapped with their neighbour (optimal string alignment).
 */
static unsigned
count_slips(const char *a, size_t a_size, const char *b, size_t b_size)
{
	unsigned rows[3][LONGEST + 1];
	size_t i, k;

	for (k = 0; k <= b_size; k++)
		rows[0][k] = (unsigned)k;
	for (i = 1; i <= a_size; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3];
		const unsigned *before = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (k = 1; k <= b_size; k++) {
			unsigned char x = lower(a[i - 1]), y = lower(b[k - 1]);

			row[k] = least(above[k], row[k - 1]) + 1;
			row[k] = least(row[k], above[k - 1] + (x != y));
			if (i > 1 && k > 1 && x == lower(b[k - 2]) &&
			    y == lower(a[i - 2]))
				row[k] = least(row[k], before[k - 2] + 1);
		}
	}
	return rows[a_size % 3][b_size];
}

/* Does a word of three letters or more begin another? */
static bool
begins(const char *word, const char *other)
{
	size_t n = 0;

	while (word[n] && lower(word[n]) == lower(other[n]))
		n++;
	return n >= 3 && !word[n];
}

/* The only word that begins as typed; or that is most of what was typed. */
static const char *
find_beginning(const char *typed, const char *const *words)
{
	const char *longer = NULL, *shorter = NULL;
	size_t found = 0;

	for (; *words; words++) {
		if (begins(typed, *words)) {
			longer = *words;
			found++;
		}
		if (begins(*words, typed) && 2 * strlen(*words) > strlen(typed))
			shorter = *words;
	}
	return found == 1 ? longer : found ? NULL : shorter;
}

const char *
nearest_word(const char *typed, const char *const *words)
{
	size_t typed_size = strlen(typed);
	/* A third of the letters may be wrong. */
	unsigned fewest = (unsigned)typed_size / 3 + 1;
	const char *const *word, *nearest = NULL;

	if (typed_size > LONGEST)
		return NULL;
	for (word = words; *word; word++) {
		size_t size = strlen(*word);
		unsigned slips;

		if (size > LONGEST)
			continue;
		slips = count_slips(typed, typed_size, *word, size);
		if (slips < fewest) {
			fewest = slips;
			nearest = *word;
		}
	}
	return nearest ? nearest : find_beginning(typed, words);
}
