/*
 * COCO's run-length encodings of an instance, column-major over a bitmap of
 * width x height pixels; the count of zeros comes first.
 */
#ifndef RLE_H
#define RLE_H

#include "base/buf.h"
#include "image/instance.h"

/* Appends {"size":[h,w],"counts":"..."}: the compressed form, as JSON. */
void rle_put_compressed(struct buf *to, const struct instance *instance,
			uint32_t width, uint32_t height);
/* Appends {"size":[h,w],"counts":[...]}: the plain form, as JSON. */
void rle_put_counts(struct buf *to, const struct instance *instance,
		    uint32_t width, uint32_t height);

#endif
