/*
 * The places in a row of filtered pixels where something happens.
 */
#ifndef BITMAP_SCAN_H
#define BITMAP_SCAN_H

#include <stddef.h>
#include <stdint.h>

/* Bytes behind a row that are read, too; entries of `at` behind the width. */
enum { SCAN_SLOP = 256, SCAN_EXTRA = 64 };

/*
 * Writes the x of the pixels, from 1 to width - 1, that are not zero or that
 * differ from the pixel on their left, and returns how many there are. `at`
 * must have room for width + SCAN_EXTRA numbers; behind the last it is scratch.
 */
typedef size_t
scan_function(const unsigned char *row, size_t width, uint32_t *at);

/* For rows of 3 or 4 bytes a pixel. */
struct scan {
	scan_function *nonzero;
	scan_function *changes;
};

/* As fast as this processor can; and the plain version. */
struct scan scan_choose(unsigned channels);
struct scan scan_choose_plain(unsigned channels);

#endif
