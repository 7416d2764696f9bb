/*
 * Colours of categories: red, green and blue from 0 to 255, red in the lowest
 * byte.
 */
#ifndef COLOR_H
#define COLOR_H

#include "base/buf.h"

/*
 * The colour that a release gives a category: its `color`, of which the first
 * three numbers count, rounded and held to their range. False where none is.
 */
bool color_read(struct slice category, uint32_t *color);
/*
 * The i-th of an endless row of distinct ones, none of them black; those that
 * people tell apart best come first.
 */
uint32_t color_distinct(size_t i);

#endif
