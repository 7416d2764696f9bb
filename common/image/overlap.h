/* What two instances of one image have in common. */
#ifndef OVERLAP_H
#define OVERLAP_H

#include "image/instance.h"

/* The pixels in both; none where their boxes do not touch. */
uint64_t overlap_pixels(const struct instance *a, const struct instance *b);

#endif
