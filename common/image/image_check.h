/*
 * Is a file that was downloaded an image, and all of one? Told from its bytes
 * alone; nothing is decoded.
 */
#ifndef IMAGE_CHECK_H
#define IMAGE_CHECK_H

#include "base/buf.h"

enum image_check {
	IMAGE_CHECK_WHOLE, /* its own structure shows that nothing is missing */
	IMAGE_CHECK_UNKNOWN, /* an image, in a format without an end to look for
			      */
	/* a JPEG with data to its last byte: without the end marker, or more */
	IMAGE_CHECK_UNENDED,
	IMAGE_CHECK_CUT,     /* begins well, but is cut short or damaged */
	IMAGE_CHECK_FOREIGN, /* no image, or not the kind wanted */
};

/*
 * Looks at a whole file: PNG to IEND, with the checksum of each chunk; JPEG
 * to its end marker; WebP by its length; others by their first bytes. With
 * `png` nothing but PNG will do. Where it is cut or foreign, appends why.
 */
enum image_check
image_check_check(struct slice file, bool png, struct buf *why);

#endif
