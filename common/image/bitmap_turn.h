/*
 * A matrix of bits, from rows to what differs in its columns.
 */
#ifndef BITMAP_TURN_H
#define BITMAP_TURN_H

#include <stddef.h>
#include <stdint.h>

/* Bits of a word, and words of a tile. */
enum { TURN_SIDE = 64 };

/* Places that are scratch behind the last one. */
enum { TURN_EXTRA = 64 };

/*
 * Takes words, one for each row, and writes the places of the bits that differ
 * from the one above, as 65536 x + y, in the order of these numbers, of the
 * first so many columns. Above the first row is nothing. `rows` are a multiple
 * of 64, and the words are scratch then. Returns how many there are; `places`
 * must have room for all bits of those columns, and TURN_EXTRA more.
 */
typedef size_t
turn_function(uint64_t *words, size_t rows, size_t columns, uint32_t *places);

/* As fast as this processor can; and the plain version. */
turn_function *turn_choose(void);
turn_function *turn_choose_plain(void);

#endif
